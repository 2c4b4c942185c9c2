using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class ResizeTests
{
    public static TheoryData<string, string> CoordinatesAndModes()
    {
        var data = new TheoryData<string, string>();
        foreach (string coordinates in new[] { "half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric", "tf_half_pixel_for_nn" })
        {
            foreach (string mode in new[] { "nearest", "linear", "cubic" })
            {
                data.Add(coordinates, mode);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(CoordinatesAndModes))]
    public void EveryCoordinateMode(string coordinates, string mode)
    {
        foreach (float[] scales in new[] { new[] { 1f, 1f, 2f, 2f }, [1f, 1f, 0.6f, 1.7f], [1f, 1f, 1f, 3f], [1f, 1f, 0.5f, 0.5f] })
        {
            OperatorCheck.Run(Model(scales, [1, 3, 5, 7], ("mode", mode), ("coordinate_transformation_mode", coordinates)), absolute: 1e-5);
        }
    }

    [Theory]
    [InlineData("round_prefer_floor")]
    [InlineData("round_prefer_ceil")]
    [InlineData("floor")]
    [InlineData("ceil")]
    public void EveryNearestMode(string mode) =>
        OperatorCheck.Run(Model([1f, 1f, 1.5f, 2f], [2, 3, 6, 17], ("mode", "nearest"), ("nearest_mode", mode)));

    [Theory]
    [InlineData("linear")]
    [InlineData("cubic")]
    public void AntialiasAndExcludeOutside(string mode)
    {
        OperatorCheck.Run(Model([1f, 1f, 0.3f, 0.4f], [1, 2, 16, 19], ("mode", mode), ("antialias", 1)), absolute: 1e-5);
        OperatorCheck.Run(Model([1f, 1f, 1.3f, 0.4f], [1, 2, 16, 19], ("mode", mode), ("exclude_outside", 1)), absolute: 1e-5);
    }

    [Theory]
    [InlineData("linear", 0)]
    [InlineData("linear", 1)]
    [InlineData("cubic", 0)]
    public void AntialiasWhereTheRunKnowsTheSizes(string mode, int excludes) => RunTimeSizesCheck.Run(
        new ModelBuilder(21).Input("x", OnnxDataType.Float, [1, 2, "h", "w"]).Initializer("sizes", [2], 6L, 5)
            .Node("Resize", ["x", "", "", "sizes"], ["y"], ("mode", mode), ("antialias", 1), ("exclude_outside", excludes), ("axes", new long[] { 2, 3 })).Output("y"),
        "h=1..30;w=4..17",
        ["h=1;w=4", "h=6;w=9", "h=13;w=5", "h=30;w=17"]);

    [Theory]
    [InlineData("linear", 0.3f)]
    [InlineData("cubic", 0.6f)]
    [InlineData("linear", 1.4f)]
    public void AntialiasWithAScaleWhereTheRunKnowsTheSizes(string mode, float scale) => RunTimeSizesCheck.Run(
        new ModelBuilder(21).Input("x", OnnxDataType.Float, [1, 2, "h", 3]).Initializer("scales", [1], scale)
            .Node("Resize", ["x", "", "scales"], ["y"], ("mode", mode), ("antialias", 1), ("axes", new long[] { 2 })).Output("y"),
        "h=4..31",
        ["h=4", "h=17", "h=31"]);

    [Theory]
    [InlineData("nearest")]
    [InlineData("linear")]
    public void CroppingWhereTheRunKnowsTheSizes(string mode) => RunTimeSizesCheck.Run(
        new ModelBuilder(21).Input("x", OnnxDataType.Float, [1, 2, "h", "w"]).Initializer("roi", [4], -0.2f, 0.3f, 0.9f, 1.4f).Initializer("sizes", [2], 6L, 7)
            .Node("Resize", ["x", "roi", "", "sizes"], ["y"], ("mode", mode), ("coordinate_transformation_mode", "tf_crop_and_resize"), ("extrapolation_value", 5f), ("axes", new long[] { 2, 3 })).Output("y"),
        "h=2..11;w=3..8",
        ["h=2;w=3", "h=6;w=7", "h=11;w=4"]);

    [Theory]
    [InlineData("not_larger")]
    [InlineData("not_smaller")]
    public void OneRatioForAllAxesWhereTheRunKnowsTheSizes(string policy) => RunTimeSizesCheck.Run(
        new ModelBuilder(21).Input("x", OnnxDataType.Float, [1, 2, "h", "h"]).Initializer("sizes", [2], 6L, 8)
            .Node("Resize", ["x", "", "", "sizes"], ["y"], ("mode", "linear"), ("keep_aspect_ratio_policy", policy), ("axes", new long[] { 2, 3 })).Output("y"),
        "h=4..16",
        ["h=4", "h=9", "h=16"]);

    [Theory]
    [InlineData(new[] { 1f, 1f, 2f, 2f }, "nearest")]
    [InlineData(new[] { 1f, 1f, 2f, 3f }, "linear")]
    [InlineData(new[] { 1f, 1f, 1.4f, 0.7f }, "nearest")]
    [InlineData(new[] { 1f, 1f, 0.7f, 1.4f }, "cubic")]
    public void StaysInChannelBlocks(float[] scales, string mode)
    {
        ModelBuilder model = BlockedModels.Start(40, 9, 10)
            .Initializer("s", [4], scales)
            .Node("Resize", ["b", "", "s"], ["r"], ("mode", mode))
            .Node("Relu", ["r"], ["a"])
            .Node("Conv", ["a", "w"], ["y"])
            .Output("y");
        BlockedModels.Run(model, "r", absolute: 1e-5);
    }

    [Fact]
    public void IntegerNearestIsOneCopy() => ScheduleCheck.RunAndCountCopies(
        Model([1f, 1f, 2f, 2f], [1, 2, 5, 40], ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor"))).ShouldBe(1);

    [Theory]
    [InlineData((int)OnnxDataType.UInt8)]
    [InlineData((int)OnnxDataType.Int64)]
    [InlineData((int)OnnxDataType.Double)]
    public void NearestTakesAnyType(int type)
    {
        OperatorCheck.Run(new ModelBuilder()
            .Input("x", (OnnxDataType)type, 2, 5)
            .Initializer("s", [2], 2f, 2f)
            .Node("Resize", ["x", "", "s"], ["y"])
            .Output("y"));
        OperatorCheck.Run(new ModelBuilder()
            .Input("x", (OnnxDataType)type, 2, 5)
            .Initializer("s", [2], 1f, 1.6f)
            .Node("Resize", ["x", "", "s"], ["y"])
            .Output("y"));
    }

    [Fact]
    public void LinearF64() => OperatorCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Double, 3, 5)
        .Initializer("s", [2], 2f, 1.5f)
        .Node("Resize", ["x", "", "s"], ["y"], ("mode", "linear"))
        .Output("y"));

    [Fact]
    public void ThreeDimensionsAndOne()
    {
        OperatorCheck.Run(Model([1f, 1f, 2f, 1.5f, 0.5f], [1, 2, 3, 4, 6], ("mode", "linear")));
        OperatorCheck.Run(Model([2.5f], [7], ("mode", "linear")));
    }

    [Fact]
    public void SizesAxesAndPolicies()
    {
        foreach (string policy in new[] { "stretch", "not_larger", "not_smaller" })
        {
            OperatorCheck.Run(new ModelBuilder()
                .Input("x", OnnxDataType.Float, 1, 2, 5, 8)
                .Initializer("s", [2], 7L, 9L)
                .Node("Resize", ["x", "", "", "s"], ["y"], ("mode", "linear"), ("axes", new long[] { 3, -2 }), ("keep_aspect_ratio_policy", policy))
                .Output("y"));
        }
    }

    [Fact]
    public void CropsAndExtrapolates() => OperatorCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 1, 1, 4, 4)
        .Initializer("roi", [8], 0f, 0f, 0.4f, 0.6f, 1f, 1f, 1.2f, 1.7f)
        .Initializer("s", [4], 1L, 1L, 3L, 3L)
        .Node("Resize", ["x", "roi", "", "s"], ["y"], ("mode", "linear"), ("coordinate_transformation_mode", "tf_crop_and_resize"), ("extrapolation_value", 10f))
        .Output("y"));

    [Fact]
    public void Opset10()
    {
        ModelBuilder model = new ModelBuilder(10)
            .Input("x", OnnxDataType.Float, 1, 1, 2, 4)
            .Initializer("s", [4], 1f, 1f, 0.6f, 0.6f)
            .Node("Resize", ["x", "s"], ["y"])
            .Output("y");
        ScheduleCheck.Evaluate(model, ScheduleCheck.Counting(1, 1, 2, 4)).Floats().ToArray().ShouldBe([0f, 2f]);
        OperatorCheck.Run(model);
    }

    [Fact]
    public void UpsamplesLinearly() =>
        ScheduleCheck.Evaluate(Model([2f], [2], ("mode", "linear")), ScheduleCheck.Counting(2)).Floats().ToArray().ShouldBe([0f, 0.25f, 0.75f, 1f]);

    [Theory]
    [InlineData(0f)]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(1e9f)]
    public void RefusesAbsurdScales(float scale) =>
        OperatorCheck.Fails(Model([scale], [2])).Code.ShouldBeOneOf(DiagnosticCodes.ShapeMismatch, DiagnosticCodes.TooLarge);

    [Theory]
    [InlineData(OnnxDataType.UInt8, OnnxDataType.Float)]
    [InlineData(OnnxDataType.Int32, OnnxDataType.Double)]
    public void InterpolatesWholeNumbers(object type, object real) => EquivalenceCheck.Run(
        new ModelBuilder().Input("x", (OnnxDataType)type, 1, 2, 3, 5).Initializer("s", [4], 1f, 1f, 2f, 2f).Node("Resize", ["x", "", "s"], ["y"], ("mode", "linear")).Output("y", (OnnxDataType)type, 1, 2, 6, 10),
        new ModelBuilder().Input("x", (OnnxDataType)type, 1, 2, 3, 5).Initializer("s", [4], 1f, 1f, 2f, 2f).Node("Cast", ["x"], ["f"], ("to", (int)(OnnxDataType)real)).Node("Resize", ["f", "", "s"], ["r"], ("mode", "linear")).Node("Cast", ["r"], ["y"], ("to", (int)(OnnxDataType)type)).Output("y"),
        low: 0,
        high: 100);

    [Fact]
    public void RefusesOtherModes() => OperatorCheck.Fails(Model([2f], [2], ("mode", "area"))).Code.ShouldBe(DiagnosticCodes.FeatureUnsupported);

    [Fact]
    public void IgnoresARegionThatItsModeDoesNotRead() => OperatorCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2, 3)
        .Input("roi", OnnxDataType.Float, 4)
        .Initializer("s", [2], 2f, 2f)
        .Node("Resize", ["x", "roi", "s"], ["y"])
        .Output("y"));

    /// <summary>Pixels are taken where their centres are, without half a pixel subtracted: the case of the specification's version 11.</summary>
    [Fact]
    public void TensorFlowsHalfPixels() => ScheduleCheck.Evaluate(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 1, 4, 4)
            .Initializer("size", [4], 1L, 1L, 3L, 2L)
            .Node("Resize", ["x", "", "", "size"], ["y"], ("mode", "nearest"), ("coordinate_transformation_mode", "tf_half_pixel_for_nn"))
            .Output("y"),
        Tensor.Create(ElementType.Float32, new Shape(1, 1, 4, 4), Enumerable.Range(1, 16).Select(static i => (float)i).ToArray())).Floats().ToArray()
        .ShouldBe([6f, 8, 10, 12, 14, 16]);

    [Fact]
    public void HandlesEmptyTensors() => OperatorCheck.Run(Model([2f, 2f], [0, 3]));

    [Theory]
    [InlineData("nearest", "half_pixel", "round_prefer_floor", 0)]
    [InlineData("nearest", "asymmetric", "floor", 0)]
    [InlineData("nearest", "asymmetric", "ceil", 0)]
    [InlineData("nearest", "tf_half_pixel_for_nn", "floor", 0)]
    [InlineData("nearest", "pytorch_half_pixel", "round_prefer_ceil", 0)]
    [InlineData("linear", "half_pixel", "floor", 0)]
    [InlineData("linear", "pytorch_half_pixel", "floor", 0)]
    [InlineData("linear", "align_corners", "floor", 0)]
    [InlineData("linear", "half_pixel_symmetric", "floor", 1)]
    [InlineData("cubic", "half_pixel", "floor", 0)]
    [InlineData("cubic", "align_corners", "floor", 1)]
    public void ResizesToTheRunTimeSizeOfAnotherInput(string mode, string coordinates, string nearest, int excludeOutside) => RunTimeSizesCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, [1, 3, "h", "w"])
            .Input("other", OnnxDataType.Float, [1, 3, "H", "W"])
            .Node("Shape", ["other"], ["size"])
            .Node(
                "Resize",
                ["x", "", "", "size"],
                ["r"],
                ("mode", mode),
                ("coordinate_transformation_mode", coordinates),
                ("nearest_mode", nearest),
                ("exclude_outside", excludeOutside))
            .Node("Add", ["r", "other"], ["y"])
            .Output("y"),
        "h=1..12;w=1..12;H=1..24;W=1..24",
        ["h=1;w=1;H=24;W=24", "h=12;w=12;H=1;W=1", "h=5;w=12;H=7;W=3", "h=12;w=11;H=12;W=24"]);

    [Fact]
    public void AlignsCornersOfRunTimeSizesWithConstantScales() => RunTimeSizesCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, ["n", 20, "h", 5])
            .Initializer("s", [4], 1f, 1f, 2f, 2f)
            .Initializer("w", [20, 20, 1, 1], Enumerable.Range(0, 400).Select(static i => (i % 7) - 3f).ToArray())
            .Node("Conv", ["x", "w"], ["c"])
            .Node("Resize", ["c", "", "s"], ["r"], ("mode", "linear"), ("coordinate_transformation_mode", "align_corners"))
            .Node("Conv", ["r", "w"], ["y"])
            .Output("y"),
        "n=1..2;h=1..9",
        ["n=1;h=1", "n=2;h=4", "n=1;h=9"]);

    private static ModelBuilder Model(float[] scales, long[] shape, params (string, object)[] attributes) => new ModelBuilder()
        .Input("x", OnnxDataType.Float, shape)
        .Initializer("s", [scales.Length], scales)
        .Node("Resize", ["x", "", "s"], ["y"], attributes)
        .Output("y");
}
