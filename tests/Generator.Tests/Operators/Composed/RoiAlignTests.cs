using System;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;
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

    [Theory]
    [InlineData("avg", "half_pixel")]
    [InlineData("avg", "output_half_pixel")]
    [InlineData("max", "half_pixel")]
    public void Takes_as_many_samples_as_a_region_is_large(string mode, string coordinates)
    {
        // Bins of 2.5×1, 1.5×0.5, 2.5×1 and nothing: 3×1, 2×1, 3×1 and no samples, or one where regions have at least one pixel.
        float[] regions = [0, 1, 2, 6, 3, 2, 4, 5, 1, 0, 3, 5, 4, 4, 4, 4];
        ModelBuilder Model(float[] rois, int width, long ratio) => new ModelBuilder(16)
            .Input("x", OnnxDataType.Float, 2, 3, 8, 9).Initializer("r", [rois.Length / 4, 4], rois).Initializer("b", [rois.Length / 4], Enumerable.Range(0, rois.Length / 4).Select(static i => i % 2L).ToArray())
            .Node("RoiAlign", ["x", "r", "b"], ["y"], ("mode", mode), ("coordinate_transformation_mode", coordinates), ("output_height", 2), ("output_width", width), ("sampling_ratio", ratio)).Output("y");
        OperatorCheck.Run(Model(regions, 2, 0), relative: 1e-4, absolute: 1e-4);

        // One square region whose bins are 3 pixels wide has 3 samples along each axis.
        float[] square = [1, 0, 7, 6];
        Tensor x = OperatorCheck.RandomTensor(new Value("x", ElementType.Float32, new Shape(2, 3, 8, 9)), new Random(1));
        GraphInterpreter.Run(OperatorCheck.Import(Model(square, 2, 0).ToBytes()), [x])[0].Floats().ToArray()
            .ShouldBe(GraphInterpreter.Run(OperatorCheck.Import(Model(square, 2, 3).ToBytes()), [x])[0].Floats().ToArray());
    }

    [Fact]
    public void A_region_without_samples_is_zero()
    {
        Tensor y = OperatorCheck.Interpret(new ModelBuilder(16).Initializer("x", [1, 1, 2, 2], 1f, 2, 3, 4).Initializer("r", [2, 4], 1f, 1, 1, 1, 0, 0, 2, 2).Initializer("b", [2], 0L, 0)
            .Node("RoiAlign", ["x", "r", "b"], ["y"]).Output("y"));
        y.Floats().ToArray().ShouldBe([0f, 2.5f]);
    }

    /// <summary>Regions of 80 sizes, constants, and the same 40 by 40.</summary>
    [Theory]
    [InlineData("avg")]
    [InlineData("max")]
    public void Takes_regions_of_many_sizes(string mode)
    {
        float[] regions = Enumerable.Range(0, 80).SelectMany(static i => new[] { i % 3, i % 2, (i % 3) + 1.5f + (i % 10), (i % 2) + 1.5f + (i / 10) }).ToArray();
        (string, object)[] attributes = [("mode", mode), ("output_height", 1), ("output_width", 1)];
        ModelBuilder Model() => new ModelBuilder(16).Input("x", OnnxDataType.Float, 1, 3, 12, 13).Initializer("none", [80], new long[80]).Initializer("half", [40], new long[40]);
        EquivalenceCheck.Run(
            Model().Initializer("r", [80, 4], regions).Node("RoiAlign", ["x", "r", "none"], ["y"], attributes).Output("y"),
            Model().Initializer("r", [40, 4], regions[..160]).Initializer("s", [40, 4], regions[160..])
                .Node("RoiAlign", ["x", "r", "half"], ["a"], attributes).Node("RoiAlign", ["x", "s", "half"], ["b"], attributes).Node("Concat", ["a", "b"], ["y"], ("axis", 0)).Output("y"));
    }
}
