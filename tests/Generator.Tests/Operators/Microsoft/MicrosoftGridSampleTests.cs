using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class MicrosoftGridSampleTests
{
    [Fact]
    public void Is_the_standard_one() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 1, 2, 5, 6).Input("g", OnnxDataType.Float, 1, 3, 4, 2)
            .Node("com.microsoft", "GridSample", ["x", "g"], ["y"], ("mode", "bilinear"), ("padding_mode", "border")).Output("y"),
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 1, 2, 5, 6).Input("g", OnnxDataType.Float, 1, 3, 4, 2)
            .Node("GridSample", ["x", "g"], ["y"], ("mode", "linear"), ("padding_mode", "border")).Output("y"), low: -1, high: 1, tolerance: 1e-4);
}
