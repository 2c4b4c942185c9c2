using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class MicrosoftTriluTests
{
    [Fact]
    public void Is_the_standard_one() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 4, 5).Initializer("k", [], 1L)
            .Node("com.microsoft", "Trilu", ["x", "k"], ["y"], ("upper", 0)).Output("y"),
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 4, 5).Initializer("k", [], 1L)
            .Node("Trilu", ["x", "k"], ["y"], ("upper", 0)).Output("y"));
}
