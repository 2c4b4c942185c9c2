using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;

namespace AotCompiler.Tests.Operators.Experimental;

public sealed class AffineTests
{
    [Fact]
    public void Scales_and_shifts() => EquivalenceCheck.Run(
        new ModelBuilder(7).Input("x", OnnxDataType.Float, 2, 3).Node("Affine", ["x"], ["y"], ("alpha", 2.5f), ("beta", -1f)).Output("y"),
        new ModelBuilder(7).Input("x", OnnxDataType.Float, 2, 3).Initializer("a", [], 2.5f).Initializer("b", [], -1f)
            .Node("Mul", ["x", "a"], ["p"]).Node("Add", ["p", "b"], ["y"]).Output("y"));
}
