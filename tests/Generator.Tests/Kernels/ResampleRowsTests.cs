using System.Linq;
using AotCompiler.Kernels;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Kernels;

/// <summary>Weighted sums along rows that are long enough for vectors of every width, with what is left over.</summary>
public sealed class ResampleRowsTests
{
    [Theory]
    [InlineData(61, 2f, "linear", "half_pixel")]
    [InlineData(97, 0.37f, "linear", "align_corners")]
    [InlineData(40, 0.5f, "linear", "half_pixel")]
    [InlineData(64, 1.7f, "cubic", "half_pixel")]
    [InlineData(129, 0.31f, "cubic", "asymmetric")]
    [InlineData(3, 21f, "linear", "half_pixel")]
    [InlineData(5, 13f, "cubic", "pytorch_half_pixel")]
    public void Of_two_or_four(int length, float scale, string mode, string coordinates) => Check(
        Model(length, [1f, 1f, scale], ("mode", mode), ("coordinate_transformation_mode", coordinates)), mode == "linear" ? 2 : 4);

    [Theory]
    [InlineData("linear", 0.4f, 0, 6)]
    [InlineData("linear", 0.21f, 1, 10)]
    [InlineData("cubic", 0.6f, 0, 8)]
    public void Of_any_number(string mode, float scale, int excludes, int taps) => Check(
        Model(120, [1f, 1f, scale], ("mode", mode), ("antialias", 1), ("exclude_outside", excludes)), taps);

    [Fact]
    public void Of_a_part_between_numbers_of_the_model() => OperatorCheck.Run(
        new ModelBuilder().Input("x", OnnxDataType.Float, 3, 40).Initializer("roi", [4], 0f, -0.2f, 1f, 1.1f).Initializer("sizes", [2], 3L, 75)
            .Node("Resize", ["x", "roi", "", "sizes"], ["y"], ("mode", "linear"), ("coordinate_transformation_mode", "tf_crop_and_resize"), ("extrapolation_value", 5f)).Output("y"),
        absolute: 1e-5);

    [Theory]
    [InlineData("linear", "half_pixel", 0)]
    [InlineData("cubic", "align_corners", 0)]
    [InlineData("linear", "tf_crop_and_resize", 0)]
    [InlineData("linear", "half_pixel", 1)]
    [InlineData("cubic", "half_pixel", 1)]
    public void Of_lengths_of_the_run(string mode, string coordinates, int antialias) => RunTimeSizesCheck.Run(
        new ModelBuilder(21).Input("x", OnnxDataType.Float, ["n", 3, "w"]).Input("other", OnnxDataType.Float, ["W"]).Initializer("roi", [2], -0.1f, 1.2f).Node("Shape", ["other"], ["sizes"])
            .Node("Resize", ["x", "roi", "", "sizes"], ["y"], ("mode", mode), ("coordinate_transformation_mode", coordinates), ("antialias", antialias), ("axes", new long[] { 2 }))
            .Node("Add", ["y", "other"], ["z"]).Output("z"),
        "n=1..3;w=4..90;W=1..100",
        ["n=1;w=4;W=100", "n=3;w=90;W=1", "n=2;w=90;W=41", "n=3;w=37;W=67"],
        relative: 1e-4);

    [Fact]
    public void Of_a_scale_where_the_run_knows_the_length() => RunTimeSizesCheck.Run(
        new ModelBuilder(21).Input("x", OnnxDataType.Float, [2, "h", "w"]).Initializer("scales", [2], 0.75f, 2f)
            .Node("Resize", ["x", "", "scales"], ["y"], ("mode", "linear"), ("axes", new long[] { 1, 2 })).Output("y"),
        "h=4..9;w=1..50",
        ["h=4;w=1", "h=9;w=50", "h=5;w=33"]);

    /// <summary>Rows first cost more where there are fewer of them afterwards.</summary>
    [Theory]
    [InlineData(0.5f, 0.5f, 2)]
    [InlineData(2f, 2f, 3)]
    [InlineData(2f, 0.5f, 3)]
    public void The_cheaper_order_is_taken(float vertical, float horizontal, int first) => ScheduleCheck.Steps(
        new ModelBuilder().Input("x", OnnxDataType.Float, 1, 1, 32, 32).Initializer("s", [4], 1f, 1f, vertical, horizontal).Node("Resize", ["x", "", "s"], ["y"], ("mode", "linear")).Output("y"))
        .First().Name.ShouldEndWith($"axis {first}");

    private static void Check(ModelBuilder model, int taps)
    {
        OperatorCheck.Run(model, absolute: 2e-5);
        ScheduleCheck.Steps(model).Single().ShouldBeOfType<ResampleRowsStep>().Kernel.ShouldBe($"weighted sums of {taps} along rows");
    }

    private static ModelBuilder Model(int length, float[] scales, params (string, object)[] attributes) => new ModelBuilder(18)
        .Input("x", OnnxDataType.Float, 2, 5, length).Initializer("s", [3], scales).Node("Resize", ["x", "", "s"], ["y"], attributes).Output("y");
}
