using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class MicrosoftPadTests
{
    [Fact]
    public void Is_the_standard_one() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 3, 4).Initializer("p", [1, 4], 1L, 0L, 0L, 2L).Initializer("p1", [4], 1L, 0L, 0L, 2L).Initializer("v", [1], 5f).Initializer("v0", [], 5f)
            .Node("com.microsoft", "Pad", ["x", "p", "v"], ["y"]).Output("y"),
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 3, 4).Initializer("p", [1, 4], 1L, 0L, 0L, 2L).Initializer("p1", [4], 1L, 0L, 0L, 2L).Initializer("v", [1], 5f).Initializer("v0", [], 5f)
            .Node("Pad", ["x", "p1", "v0"], ["y"]).Output("y"));
}
