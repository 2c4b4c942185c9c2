using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class LayerNormalizationTests
{
    [Fact]
    public void NormalisesTrailingDimensions()
    {
        var model = new ModelBuilder(opset: 17);
        (long[] Shape, long Axis)[] cases = [([3, 7], -1), ([2, 5, 83], 2), ([2, 5, 83], 1), ([2, 3, 4, 5], 0), ([4, 1], 1), ([0, 3], 1)];
        for (int i = 0; i < cases.Length; i++)
        {
            (long[] shape, long axis) = cases[i];
            long[] normalized = shape[(int)(axis < 0 ? axis + shape.Length : axis)..];
            model.Input($"x{i}", OnnxDataType.Float, shape).Input($"s{i}", OnnxDataType.Float, normalized).Input($"b{i}", OnnxDataType.Float, normalized)
                .Node("LayerNormalization", [$"x{i}", $"s{i}", $"b{i}"], [$"y{i}", $"mean{i}", $"inverse{i}"], ("axis", axis), ("epsilon", 0.01f))
                .Node("LayerNormalization", [$"x{i}", $"s{i}"], [$"z{i}"], ("axis", axis))
                .Output($"y{i}").Output($"mean{i}").Output($"inverse{i}").Output($"z{i}");
        }

        OperatorCheck.Run(model
            .Input("d", OnnxDataType.Double, 3, 5).Input("ds", OnnxDataType.Double, 5)
            .Node("LayerNormalization", ["d", "ds"], ["dy", "dm"]).Output("dy").Output("dm"));
    }

    [Theory]
    [InlineData(10_000f)]
    [InlineData(-3e6f)]
    public void KeepsPrecisionUnderALargeMean(float mean)
    {
        ModelBuilder model = new ModelBuilder(opset: 17)
            .Input("x", OnnxDataType.Float, 5, 771)
            .Initializer("s", [771], System.Linq.Enumerable.Repeat(1f, 771).ToArray())
            .Node("LayerNormalization", ["x", "s"], ["y"])
            .Output("y");
        OperatorCheck.Run(model, low: mean - 2, high: mean + 2, absolute: 1e-5);
    }

    [Fact]
    public void RefusesWhatDoesNotFit()
    {
        Refuses(17, 4, 1).ShouldBe(DiagnosticCodes.ShapeMismatch);
        Refuses(17, 5, 7).ShouldBe(DiagnosticCodes.FeatureUnsupported);
    }

    [Fact]
    public void StandsInOlderModelsThatOnnxRuntimeHasOptimised() => OperatorCheck.Run(new ModelBuilder(11)
        .Input("x", OnnxDataType.Float, 3, 37).Input("s", OnnxDataType.Float, 37)
        .Node("LayerNormalization", ["x", "s"], ["y"]).Output("y"));

    private static string Refuses(int opset, long scale, long stash) => OperatorCheck.Fails(new ModelBuilder(opset)
        .Input("x", OnnxDataType.Float, 3, 5)
        .Input("s", OnnxDataType.Float, scale)
        .Node("LayerNormalization", ["x", "s"], ["y"], ("stash_type", stash))
        .Output("y")).Code;

    [Theory]
    [InlineData((int)OnnxDataType.Float16)]
    [InlineData((int)OnnxDataType.BFloat16)]
    public void StatisticsMayHave16Bits(int type) => OperatorCheck.Run(
        new ModelBuilder(opset: 17)
            .Input("x", OnnxDataType.Float, 3, 7).Input("s", OnnxDataType.Float, 7)
            .Node("LayerNormalization", ["x", "s"], ["y", "mean", "factor"], ("stash_type", type))
            .Output("y").Output("mean", (OnnxDataType)type).Output("factor", (OnnxDataType)type),
        relative: 1e-2,
        absolute: 1e-2);
}
