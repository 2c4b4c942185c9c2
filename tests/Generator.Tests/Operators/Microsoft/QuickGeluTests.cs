using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class QuickGeluTests
{
    [Fact]
    public void Is_swish() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 3, 37)
            .Node("com.microsoft", "QuickGelu", ["x"], ["y"]).Output("y"),
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 3, 37)
            .Node("Swish", ["x"], ["y"], ("alpha", 1.702f)).Output("y"));

    [Fact]
    public void Takes_its_factor() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 3, 37)
            .Node("com.microsoft", "QuickGelu", ["x"], ["y"], ("alpha", 1f)).Output("y"),
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 3, 37)
            .Node("Swish", ["x"], ["y"]).Output("y"));
}
