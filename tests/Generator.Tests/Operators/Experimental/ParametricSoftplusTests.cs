using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;

namespace AotCompiler.Tests.Operators.Experimental;

public sealed class ParametricSoftplusTests
{
    [Fact]
    public void Scales_inside_and_outside() => EquivalenceCheck.Run(
        new ModelBuilder(7).Input("x", OnnxDataType.Float, 2, 9).Node("ParametricSoftplus", ["x"], ["y"], ("alpha", 1.5f), ("beta", 2f)).Output("y"),
        new ModelBuilder(7).Input("x", OnnxDataType.Float, 2, 9).Initializer("a", [], 1.5f).Initializer("b", [], 2f)
            .Node("Mul", ["x", "b"], ["p"]).Node("Softplus", ["p"], ["t"]).Node("Mul", ["t", "a"], ["y"]).Output("y"));
}
