using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class FlattenTests
{
    [Theory]
    [InlineData(0, 1, 120)]
    [InlineData(1, 2, 60)]
    [InlineData(2, 6, 20)]
    [InlineData(4, 120, 1)]
    [InlineData(-1, 24, 5)]
    [InlineData(-4, 1, 120)]
    public void JoinsDimensions(int axis, int rows, int columns)
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 2, 3, 4, 5)
            .Node("Flatten", ["x"], ["a"], ("axis", axis))
            .Node("Relu", ["a"], ["y"])
            .Output("y");
        OperatorCheck.Run(model);
        OperatorCheck.Import(model.ToBytes()).Outputs[0].Value.Shape.ShouldBe(new Shape(rows, columns));
    }

    [Fact]
    public void FlattensAScalar() => OperatorCheck.Run(new ModelBuilder().Input("x", OnnxDataType.Float).Node("Flatten", ["x"], ["y"], ("axis", 0)).Output("y"));

    [Fact]
    public void RefusesABadAxis() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2, 3)
        .Node("Flatten", ["x"], ["y"], ("axis", 3))
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
