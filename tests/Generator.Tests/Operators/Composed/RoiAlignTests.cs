using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Composed;

public sealed class RoiAlignTests
{
    [Theory]
    [InlineData("avg", "half_pixel")]
    [InlineData("max", "output_half_pixel")]
    public void Pools(string mode, string coordinates) => OperatorCheck.Run(
        new ModelBuilder(16).Input("x", OnnxDataType.Float, 2, 3, 8, 9).Initializer("r", [2, 4], 0f, 1, 5, 6, 2, 0, 7.5f, 9).Initializer("b", [2], 0L, 1)
            .Node("RoiAlign", ["x", "r", "b"], ["y"], ("mode", mode), ("coordinate_transformation_mode", coordinates), ("output_height", 3), ("output_width", 2), ("sampling_ratio", 2), ("spatial_scale", 0.9f)).Output("y"),
        relative: 1e-4, absolute: 1e-4);

    [Fact]
    public void An_adaptive_number_of_samples_is_refused() => OperatorCheck.Fails(new ModelBuilder(16)
        .Input("x", OnnxDataType.Float, 1, 1, 8, 9).Input("r", OnnxDataType.Float, 2, 4).Input("b", OnnxDataType.Int64, 2).Node("RoiAlign", ["x", "r", "b"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.FeatureUnsupported);
}
