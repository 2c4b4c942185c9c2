using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class ConstantOfShapeTests
{
    [Fact]
    public void FillsWithZeroByDefault() => ScheduleCheck.Evaluate(Model([2, 3])).Floats().ToArray().ShouldAllBe(static v => v == 0f);

    [Fact]
    public void FillsWithAnyType()
    {
        ModelBuilder model = new ModelBuilder()
            .Initializer("s", [1], 5L)
            .Node("ConstantOfShape", ["s"], ["y"], ("value", Protos.Tensor("", [1], 42L)))
            .Output("y");
        ScheduleCheck.Evaluate(model).ToInt64Array().ShouldBe([42, 42, 42, 42, 42]);
        OperatorCheck.Run(model);
    }

    [Fact]
    public void LargeResultsStayRecipes()
    {
        Graph graph = OperatorCheck.Import(Model([4096, 25088]).ToBytes());
        graph.Nodes.ShouldBeEmpty();
        graph.Outputs[0].Value.Constant!.IsCheap.ShouldBeFalse();
    }

    [Theory]
    [InlineData(new long[] { 65536, 65536 })]
    [InlineData(new long[] { 1L << 40 })]
    [InlineData(new long[] { -1 })]
    public void RefusesAbsurdShapes(long[] shape) => OperatorCheck.Fails(Model(shape)).Code.ShouldBeOneOf(DiagnosticCodes.TooLarge, DiagnosticCodes.ShapeMismatch);

    [Fact]
    public void RefusesShapesKnownAtRunTime() => OperatorCheck.Fails(new ModelBuilder()
        .Input("s", OnnxDataType.Int64, 2)
        .Node("ConstantOfShape", ["s"], ["y"])
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeNotConstant);

    private static ModelBuilder Model(long[] shape) =>
        new ModelBuilder().Initializer("s", [shape.Length], shape).Node("ConstantOfShape", ["s"], ["y"]).Output("y");
}
