using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;

namespace AotCompiler.Tests.Operators;

public sealed class MicrosoftQuantizeLinearTests
{
    [Fact]
    public void IsTheStandardOperator() => OperatorCheck.Run(
        new ModelBuilder().Import("com.microsoft", 1).Input("x", OnnxDataType.Float, 3, 37).Initializer("s", [], [0.02f]).RawInitializer("z", OnnxDataType.Int16, [], [5, 0])
            .Node("com.microsoft", "QuantizeLinear", ["x", "s", "z"], ["y"]).Output("y"));
}
