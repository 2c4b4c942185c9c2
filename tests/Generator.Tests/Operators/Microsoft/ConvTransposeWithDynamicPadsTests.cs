using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class ConvTransposeWithDynamicPadsTests
{
    [Fact]
    public void Takes_pads_as_an_input() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 1, 2, 5, 5).Input("w", OnnxDataType.Float, 2, 3, 3, 3).Initializer("p", [4], 1L, 0L, 1L, 1L)
            .Node("com.microsoft", "ConvTransposeWithDynamicPads", ["x", "w", "p"], ["y"], ("strides", new long[] { 2, 2 })).Output("y"),
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 1, 2, 5, 5).Input("w", OnnxDataType.Float, 2, 3, 3, 3).Initializer("p", [4], 1L, 0L, 1L, 1L)
            .Node("ConvTranspose", ["x", "w"], ["y"], ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 0, 1, 1 })).Output("y"), tolerance: 1e-4);
}
