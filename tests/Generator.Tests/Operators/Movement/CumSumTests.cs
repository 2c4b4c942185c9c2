using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class CumSumTests
{
    [Theory]
    [InlineData(0L, 0, 0)]
    [InlineData(1L, 1, 0)]
    [InlineData(2L, 0, 1)]
    [InlineData(-1L, 1, 1)]
    public void SumsAlongAnAxis(long axis, int exclusive, int reverse)
    {
        foreach (OnnxDataType type in new[] { OnnxDataType.Float, OnnxDataType.Double, OnnxDataType.Int64, OnnxDataType.Int32 })
        {
            OperatorCheck.Run(new ModelBuilder()
                .Input("x", type, 3, 4, 19)
                .Initializer("a", [], axis)
                .Node("CumSum", ["x", "a"], ["y"], ("exclusive", exclusive), ("reverse", reverse))
                .Output("y"));
        }
    }

    [Theory]
    [InlineData(0, 0, new[] { 0f, 1f, 3f, 6f })]
    [InlineData(1, 0, new[] { 0f, 0f, 1f, 3f })]
    [InlineData(0, 1, new[] { 6f, 6f, 5f, 3f })]
    [InlineData(1, 1, new[] { 6f, 5f, 3f, 0f })]
    public void Evaluates(int exclusive, int reverse, float[] expected) => ScheduleCheck.Evaluate(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 4)
            .Initializer("a", [], 0)
            .Node("CumSum", ["x", "a"], ["y"], ("exclusive", exclusive), ("reverse", reverse))
            .Output("y"),
        ScheduleCheck.Counting(4)).Floats().ToArray().ShouldBe(expected);

    /// <summary>Neighbouring sums share registers where the axis is not the innermost; vectors of all widths and single ones.</summary>
    [Theory]
    [InlineData(1L, 0, 0, true)]
    [InlineData(0L, 0, 1, true)]
    [InlineData(1L, 1, 0, true)]
    [InlineData(0L, 1, 1, true)]
    [InlineData(2L, 0, 0, false)]
    public void NeighboursShareRegisters(long axis, int exclusive, int reverse, bool columns)
    {
        foreach (OnnxDataType type in new[] { OnnxDataType.Float, OnnxDataType.Double, OnnxDataType.Int64, OnnxDataType.UInt32 })
        {
            ModelBuilder model = new ModelBuilder()
                .Input("x", type, 3, 7, 93)
                .Initializer("a", [], axis)
                .Node("CumSum", ["x", "a"], ["y"], ("exclusive", exclusive), ("reverse", reverse))
                .Output("y");
            ScheduleCheck.Steps(model)[0].Kernel.EndsWith(", columns", System.StringComparison.Ordinal).ShouldBe(columns);
            OperatorCheck.Run(model);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(-2)]
    public void TheAxisMayBeData(int axis)
    {
        byte[] model = new ModelBuilder().Input("x", OnnxDataType.Float, 2, 4, 5).Input("a", OnnxDataType.Int32).Node("CumSum", ["x", "a"], ["y"], ("reverse", 1)).Output("y").ToBytes();
        byte[] constant = new ModelBuilder().Input("x", OnnxDataType.Float, 2, 4, 5).Initializer("a", [], axis).Node("CumSum", ["x", "a"], ["y"], ("reverse", 1)).Output("y").ToBytes();
        Tensor x = ScheduleCheck.Counting(2, 4, 5);
        Tensor position = Tensor.Create(ElementType.Int32, Shape.Scalar, [axis]);
        OperatorCheck.RunOn(model, [x, position]);
        CompiledModel.Compile(model).Run([x, position])[0].Floats().ToArray().ShouldBe(CompiledModel.Compile(constant).Run([x])[0].Floats().ToArray());
    }

    [Fact]
    public void HandlesEmptyAndSingleAxes()
    {
        OperatorCheck.Run(new ModelBuilder().Input("x", OnnxDataType.Float, 0, 3).Initializer("a", [], 0L).Node("CumSum", ["x", "a"], ["y"]).Output("y"));
        OperatorCheck.Run(new ModelBuilder().Input("x", OnnxDataType.Float, 1, 3).Initializer("a", [], 0L).Node("CumSum", ["x", "a"], ["y"], ("exclusive", 1)).Output("y"));
    }
}
