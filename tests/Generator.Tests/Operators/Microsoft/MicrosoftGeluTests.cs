using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class MicrosoftGeluTests
{
    [Fact]
    public void Is_the_exact_one() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 3, 37)
            .Node("com.microsoft", "Gelu", ["x"], ["y"]).Output("y"),
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 3, 37)
            .Node("Gelu", ["x"], ["y"]).Output("y"));
}
