using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Composed;

public sealed class AffineGridTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Of_images(int corners) => OperatorCheck.Run(new ModelBuilder(20)
        .Input("t", OnnxDataType.Float, 2, 2, 3).Initializer("s", [4], 2L, 3, 5, 6).Node("AffineGrid", ["t", "s"], ["y"], ("align_corners", corners)).Output("y"));

    [Fact]
    public void Of_volumes() => OperatorCheck.Run(new ModelBuilder(20)
        .Input("t", OnnxDataType.Float, 1, 3, 4).Initializer("s", [5], 1L, 3, 2, 3, 4).Node("AffineGrid", ["t", "s"], ["y"]).Output("y"));

    [Theory]
    [InlineData(2305843009213693953L, 3L)]
    [InlineData(1L, 8796093022272L)]
    [InlineData(1L, 0L)]
    public void Refuses_sizes_that_are_no_lengths(long batch, long height) => OperatorCheck.Fails(new ModelBuilder(20)
        .Input("t", OnnxDataType.Float, 1, 2, 3).Initializer("s", [4], batch, 3, height, 6).Node("AffineGrid", ["t", "s"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
