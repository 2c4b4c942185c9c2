using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;

namespace AotCompiler.Tests.Operators.Experimental;

public sealed class ScaleTests
{
    [Fact]
    public void Is_a_product() => EquivalenceCheck.Run(
        new ModelBuilder(7).Input("x", OnnxDataType.Float, 2, 3).Node("Scale", ["x"], ["y"], ("scale", 0.25f)).Output("y"),
        new ModelBuilder(7).Input("x", OnnxDataType.Float, 2, 3).Initializer("a", [], 0.25f).Node("Mul", ["x", "a"], ["y"]).Output("y"));
}
