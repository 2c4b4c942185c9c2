using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class UnsqueezeTests
{
    [Theory]
    [InlineData(21, new long[] { 0 }, new[] { 1, 3, 5 })]
    [InlineData(21, new long[] { -1, 1 }, new[] { 3, 1, 5, 1 })]
    [InlineData(11, new long[] { 2, 0 }, new[] { 1, 3, 1, 5 })]
    public void InsertsDimensions(int opset, long[] axes, int[] expected)
    {
        ModelBuilder model = new ModelBuilder(opset).Input("x", OnnxDataType.Float, 3, 5);
        if (opset < 13)
        {
            model.Node("Unsqueeze", ["x"], ["y"], ("axes", axes));
        }
        else
        {
            model.Initializer("axes", [axes.Length], axes).Node("Unsqueeze", ["x", "axes"], ["y"]);
        }

        OperatorCheck.Run(model.Output("y"));
        OperatorCheck.Import(model.ToBytes()).Outputs[0].Value.Shape.ShouldBe(new Shape(expected));
    }

    [Theory]
    [InlineData(new long[] { 0, 0 })]
    [InlineData(new long[] { 3 })]
    public void RefusesBadAxes(long[] axes) => OperatorCheck.Fails(new ModelBuilder(11)
        .Input("x", OnnxDataType.Float, 2)
        .Node("Unsqueeze", ["x"], ["y"], ("axes", axes))
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
