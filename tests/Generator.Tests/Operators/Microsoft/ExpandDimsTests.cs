using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class ExpandDimsTests
{
    [Fact]
    public void Unsqueezes() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 3, 37).Initializer("a", [], -1).Initializer("a1", [1], -1L)
            .Node("com.microsoft", "ExpandDims", ["x", "a"], ["y"]).Output("y"),
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 3, 37).Initializer("a", [], -1).Initializer("a1", [1], -1L)
            .Node("Unsqueeze", ["x", "a1"], ["y"]).Output("y"));
}
