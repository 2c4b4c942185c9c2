using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class SqueezeTests
{
    [Theory]
    [InlineData(21, new long[] { 0 }, new[] { 3, 1, 5 })]
    [InlineData(21, new long[] { -2, 0 }, new[] { 3, 5 })]
    [InlineData(11, new long[] { 2 }, new[] { 1, 3, 5 })]
    [InlineData(21, null, new[] { 3, 5 })]
    public void DropsDimensions(int opset, long[]? axes, int[] expected)
    {
        ModelBuilder model = new ModelBuilder(opset).Input("x", OnnxDataType.Float, 1, 3, 1, 5);
        if (opset < 13)
        {
            model.Node("Squeeze", ["x"], ["y"], ("axes", axes!));
        }
        else if (axes is null)
        {
            model.Node("Squeeze", ["x"], ["y"]);
        }
        else
        {
            model.Initializer("axes", [axes.Length], axes).Node("Squeeze", ["x", "axes"], ["y"]);
        }

        OperatorCheck.Run(model.Output("y"));
        OperatorCheck.Import(model.ToBytes()).Outputs[0].Value.Shape.ShouldBe(new Shape(expected));
    }

    [Fact]
    public void RefusesOtherSizes() => OperatorCheck.Fails(new ModelBuilder(11)
        .Input("x", OnnxDataType.Float, 2, 3)
        .Node("Squeeze", ["x"], ["y"], ("axes", new long[] { 1 }))
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
