using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;

namespace AotCompiler.Tests.Operators.Experimental;

public sealed class ScaledTanhTests
{
    [Fact]
    public void Scales_inside_and_outside() => EquivalenceCheck.Run(
        new ModelBuilder(7).Input("x", OnnxDataType.Float, 2, 9).Node("ScaledTanh", ["x"], ["y"], ("alpha", 1.5f), ("beta", 0.5f)).Output("y"),
        new ModelBuilder(7).Input("x", OnnxDataType.Float, 2, 9).Initializer("a", [], 1.5f).Initializer("b", [], 0.5f)
            .Node("Mul", ["x", "b"], ["p"]).Node("Tanh", ["p"], ["t"]).Node("Mul", ["t", "a"], ["y"]).Output("y"));
}
