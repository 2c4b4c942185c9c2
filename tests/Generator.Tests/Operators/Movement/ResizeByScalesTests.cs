using System;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

/// <summary>Resize whose scales, sizes or region only a run knows, compared with the same numbers as constants.</summary>
public sealed class ResizeByScalesTests
{
    private static readonly long[] _spatial = [2, 3];

    [Theory]
    [InlineData("nearest", "half_pixel", 0)]
    [InlineData("nearest", "asymmetric", 0)]
    [InlineData("linear", "half_pixel", 0)]
    [InlineData("linear", "align_corners", 0)]
    [InlineData("linear", "pytorch_half_pixel", 1)]
    [InlineData("cubic", "half_pixel_symmetric", 0)]
    [InlineData("cubic", "half_pixel", 1)]
    public void ScalesThatAreData(string mode, string coordinates, int antialias)
    {
        (string, object)[] attributes = [("mode", mode), ("coordinate_transformation_mode", coordinates), ("antialias", antialias), ("axes", _spatial)];
        ModelBuilder Model() => new ModelBuilder(21).Input("x", OnnxDataType.Float, 2, 3, 7, 9);
        CompiledModel dynamic = DataSizesCheck.Compile(
            Model().Input("s", OnnxDataType.Float, 2).Node("Resize", ["x", "", "s"], ["y"], attributes).Output("y"), "y.shape.value=1..24");
        foreach (float[] scales in new float[][] { [1.3f, 2.2f], [0.4f, 1f], [0.15f, 2.6f], [2f, 0.5f] })
        {
            CompiledModel same = CompiledModel.Compile(Model().Initializer("s", [2], scales).Node("Resize", ["x", "", "s"], ["y"], attributes).Output("y").ToBytes());
            Tensor x = Counting(same.Graph.Inputs[0].Shape);
            OperatorCheck.AssertClose(dynamic.RunAt([], x, DataSizesCheck.Floats(scales))[0], same.Run(x)[0], 1e-5, 1e-5, $"{scales[0]}, {scales[1]}");
        }
    }

    /// <summary>A factor that is cut off needs no declaration; the axes before it stay as they are.</summary>
    [Theory]
    [InlineData(0.5f)]
    [InlineData(1.7f)]
    [InlineData(9f)]
    public void ScalesWithBounds(float factor)
    {
        ModelBuilder model = new ModelBuilder(21)
            .Input("x", OnnxDataType.Float, ["batch", 3, 5, "w"]).Input("f", OnnxDataType.Float, 1)
            .Initializer("least", [], 0.25f).Initializer("most", [], 3f).Initializer("ones", [2], 1f, 1f)
            .Node("Clip", ["f", "least", "most"], ["c"]).Node("Concat", ["ones", "c", "c"], ["s"], ("axis", 0))
            .Node("Resize", ["x", "", "s"], ["r"], ("mode", "linear")).Node("Relu", ["r"], ["y"]).Output("y");
        Tensor x = Counting(new Shape(2, 3, 5, 6));
        CompiledModel compiled = DataSizesCheck.Compile(model, "batch=1..3;w=1..8");
        float used = Math.Min(3, factor);
        CompiledModel same = CompiledModel.Compile(new ModelBuilder(21)
            .Input("x", OnnxDataType.Float, 2, 3, 5, 6).Initializer("s", [4], 1f, 1f, used, used)
            .Node("Resize", ["x", "", "s"], ["r"], ("mode", "linear")).Node("Relu", ["r"], ["y"]).Output("y").ToBytes());
        OperatorCheck.AssertClose(compiled.RunAt([2, 6], x, DataSizesCheck.Floats(factor))[0], same.Run(x)[0], 1e-5, 1e-5, $"{factor}");
    }

    /// <summary>The longer side gets 24 cells, as detectors scale their images: the lengths are no expressions of the sizes.</summary>
    [Fact]
    public void ScalesComputedFromSizes() => RunTimeSizesCheck.Run(
        new ModelBuilder(21)
            .Input("x", OnnxDataType.Float, [1, 3, "h", "w"])
            .Initializer("target", [], 24f).Initializer("two", [1], 2L).Initializer("three", [1], 3L).Initializer("four", [1], 4L).Initializer("ones", [2], 1f, 1f)
            .Node("Shape", ["x"], ["dims"])
            .Node("Slice", ["dims", "two", "three"], ["height"]).Node("Slice", ["dims", "three", "four"], ["width"])
            .Node("Cast", ["height"], ["hf"], ("to", (int)OnnxDataType.Float)).Node("Cast", ["width"], ["wf"], ("to", (int)OnnxDataType.Float))
            .Node("Max", ["hf", "wf"], ["longest"]).Node("Div", ["target", "longest"], ["f"])
            .Node("Concat", ["ones", "f", "f"], ["s"], ("axis", 0))
            .Node("Resize", ["x", "", "s"], ["r"], ("mode", "linear"), ("coordinate_transformation_mode", "align_corners"))
            .Node("Relu", ["r"], ["y"])
            .Output("y"),
        "h=8..40;w=8..48",
        ["h=8;w=8", "h=40;w=48", "h=13;w=31", "h=33;w=12"],
        relative: 1e-4);

    /// <summary>Sizes of one ratio where height and width are free: 20 and 30 are the most that the axes get, or the least.</summary>
    [Theory]
    [InlineData("not_larger", "linear")]
    [InlineData("not_smaller", "nearest")]
    [InlineData("not_larger", "cubic")]
    public void OneRatioForFreeAxes(string policy, string mode) => RunTimeSizesCheck.Run(
        new ModelBuilder(21).Input("x", OnnxDataType.Float, [1, 2, "h", "w"]).Initializer("sizes", [2], 20L, 30)
            .Node("Resize", ["x", "", "", "sizes"], ["r"], ("mode", mode), ("keep_aspect_ratio_policy", policy), ("axes", _spatial)).Node("Relu", ["r"], ["y"]).Output("y"),
        "h=8..40;w=8..48",
        ["h=8;w=8", "h=40;w=48", "h=13;w=31", "h=33;w=12"],
        relative: 1e-4);

    [Theory]
    [InlineData("not_larger")]
    [InlineData("not_smaller")]
    public void OneRatioOfSizesThatAreData(string policy)
    {
        ModelBuilder Model() => new ModelBuilder(21).Input("x", OnnxDataType.UInt8, 1, 2, 6, 9);
        (string, object)[] attributes = [("mode", "linear"), ("keep_aspect_ratio_policy", policy), ("axes", _spatial)];
        CompiledModel dynamic = DataSizesCheck.Compile(
            Model().Input("sizes", OnnxDataType.Int64, 2).Node("Resize", ["x", "", "", "sizes"], ["y"], attributes).Output("y", OnnxDataType.UInt8), "sizes.value=1..20");
        Tensor x = OperatorCheck.RandomTensor(dynamic.Graph.Inputs[0], new Random(3), 0, 200);
        foreach (long[] sizes in new long[][] { [12, 10], [3, 20], [6, 9], [1, 2] })
        {
            CompiledModel same = CompiledModel.Compile(
                Model().Initializer("sizes", [2], sizes).Node("Resize", ["x", "", "", "sizes"], ["y"], attributes).Output("y", OnnxDataType.UInt8).ToBytes());
            OperatorCheck.AssertClose(dynamic.RunAt([], x, Tensor.Vector(sizes))[0], same.Run(x)[0], 0, 0, $"{sizes[0]}, {sizes[1]}");
        }
    }

    [Theory]
    [InlineData((int)OnnxDataType.Float, "linear")]
    [InlineData((int)OnnxDataType.Float, "nearest")]
    [InlineData((int)OnnxDataType.Double, "cubic")]
    [InlineData((int)OnnxDataType.UInt8, "nearest")]
    [InlineData((int)OnnxDataType.Int64, "linear")]
    [InlineData((int)OnnxDataType.Float16, "linear")]
    public void ARegionThatIsData(int type, string mode)
    {
        (string, object)[] attributes = [("mode", mode), ("coordinate_transformation_mode", "tf_crop_and_resize"), ("extrapolation_value", 5f), ("axes", _spatial)];
        ModelBuilder Model() => new ModelBuilder(21).Input("x", (OnnxDataType)type, 2, 2, 6, 8).Initializer("sizes", [2], 5L, 11);
        CompiledModel dynamic = CompiledModel.Compile(
            Model().Input("roi", OnnxDataType.Float, 4).Node("Resize", ["x", "roi", "", "sizes"], ["y"], attributes).Output("y", (OnnxDataType)type).ToBytes());
        Tensor x = OperatorCheck.RandomTensor(dynamic.Graph.Inputs[0], new Random(3), 0, 100);
        foreach (float[] roi in new float[][] { [0f, 0f, 1f, 1f], [0.2f, -0.3f, 0.7f, 1.5f], [0.9f, 0.1f, 0.1f, 0.6f] })
        {
            CompiledModel same = CompiledModel.Compile(
                Model().Initializer("roi", [4], roi).Node("Resize", ["x", "roi", "", "sizes"], ["y"], attributes).Output("y", (OnnxDataType)type).ToBytes());
            OperatorCheck.AssertClose(dynamic.Run(x, DataSizesCheck.Floats(roi))[0], same.Run(x)[0], 1e-3, 1e-4, string.Join(" ", roi));
        }
    }

    /// <summary>Axes of one cell have no loops; values outside may be negative.</summary>
    [Theory]
    [InlineData((int)OnnxDataType.Float)]
    [InlineData((int)OnnxDataType.Int8)]
    [InlineData((int)OnnxDataType.Int32)]
    public void ARegionOfOneCell(int type) => OperatorCheck.Run(
        new ModelBuilder(21).Input("x", (OnnxDataType)type, 1, 1, 3, 4).Input("roi", OnnxDataType.Float, 4).Initializer("sizes", [2], 1L, 3L)
            .Node("Resize", ["x", "roi", "", "sizes"], ["y"], ("mode", "nearest"), ("coordinate_transformation_mode", "tf_crop_and_resize"), ("extrapolation_value", -7f), ("axes", _spatial))
            .Output("y", (OnnxDataType)type),
        low: -2,
        high: 2);

    [Fact]
    public void AgreesWithThePlainEvaluation() => DataSizesCheck.Check(
        new ModelBuilder(21).Input("x", OnnxDataType.Float, 1, 2, 6, 8).Input("roi", OnnxDataType.Float, 4).Input("s", OnnxDataType.Float, 2)
            .Node("Resize", ["x", "roi", "s"], ["y"], ("mode", "linear"), ("coordinate_transformation_mode", "tf_crop_and_resize"), ("axes", _spatial)).Output("y"),
        "y.shape.value[2]=1..9;y.shape.value[3]=4..20",
        Counting(new Shape(1, 2, 6, 8)),
        DataSizesCheck.Floats(0.1f, 0.2f, 0.9f, 0.8f),
        DataSizesCheck.Floats(1.4f, 0.6f));

    [Fact]
    public void SaysWhatMustBeDeclared() => OperatorCheck.Fails(
            new ModelBuilder(21).Input("x", OnnxDataType.Float, 1, 2, 6, 8).Input("s", OnnxDataType.Float, 4).Node("Resize", ["x", "", "s"], ["big"]).Output("big"))
        .Message.ShouldContain("big.shape.value[0]=1..512");

    [Theory]
    [InlineData(5f)]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    public void AScaleBeyondTheDeclarationEndsTheRun(float scale) => Should.Throw<ArgumentOutOfRangeException>(() => DataSizesCheck.Compile(
            new ModelBuilder(21).Input("x", OnnxDataType.Float, 6).Input("s", OnnxDataType.Float, 1).Node("Resize", ["x", "", "s"], ["y"]).Output("y"), "y.shape.value=1..20")
        .RunAt([], DataSizesCheck.Floats(1, 2, 3, 4, 5, 6), DataSizesCheck.Floats(scale)));

    private static Tensor Counting(Shape shape) => Tensor.Create(ElementType.Float32, shape, Enumerable.Range(0, (int)shape.ElementCount).Select(static i => (float)Math.Sin(i)).ToArray());
}
