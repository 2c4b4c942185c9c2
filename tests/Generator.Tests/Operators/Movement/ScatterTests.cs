using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class ScatterTests
{
    [Fact]
    public void WritesElements() => OperatorCheck.Run(
        new ModelBuilder(9)
            .Input("x", OnnxDataType.Float, 4, 3)
            .Input("i", OnnxDataType.Int64, 2, 3)
            .Input("u", OnnxDataType.Float, 2, 3)
            .Node("Scatter", ["x", "i", "u"], ["y"])
            .Output("y"),
        low: 0,
        high: 4);
}
