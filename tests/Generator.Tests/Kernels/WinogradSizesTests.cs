using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Kernels;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Kernels;

/// <summary>Winograd's minimal filtering of maps whose sizes each run chooses: tiles that end behind a map count as zeros what is not there.</summary>
public sealed class WinogradSizesTests
{
    private const string Any = "height=1..40;width=1..70";
    private static readonly string[] _sizes =
        ["height=40;width=70", "height=1;width=1", "height=4;width=12", "height=5;width=13", "height=6;width=14", "height=7;width=15", "height=38;width=69", "height=11;width=66"];

    [Theory]
    [InlineData(16, 32, 3, 1, 1)]
    [InlineData(40, 20, 3, 1, 1)]
    [InlineData(8, 24, 3, 1, 1)]
    [InlineData(16, 16, 5, 1, 2)]
    [InlineData(64, 64, 3, 2, 1)]
    public void KernelsAndChannels(int channels, int outputs, int kernel, int stride, int pad)
    {
        ModelBuilder model = Layers(channels, outputs, kernel, stride, pad, ["height", "width"]).Output("y");
        Steps(model, Any).ShouldHaveSingleItem();
        RunTimeSizesCheck.Run(model, Any, _sizes, relative: 2e-4);
    }

    /// <summary>One of both, and the number of maps.</summary>
    [Theory]
    [InlineData("height=1..40", "height", "30", new[] { "height=40", "height=1", "height=17", "height=18", "height=19" })]
    [InlineData("width=1..70", "20", "width", new[] { "width=70", "width=1", "width=33", "width=34", "width=35" })]
    public void OneDimension(string ranges, string height, string width, string[] sizes)
    {
        ModelBuilder model = Layers(16, 32, 3, 1, 1, [Size(height), Size(width)]).Output("y");
        Steps(model, ranges).ShouldHaveSingleItem();
        RunTimeSizesCheck.Run(model, ranges, sizes, relative: 2e-4);
    }

    [Theory]
    [InlineData("batch=1..4", "batch", "18", "22", new[] { "batch=1", "batch=4", "batch=3" })]
    [InlineData("batch=1..3;height=1..30;width=1..50", "batch", "height", "width", new[] { "batch=1;height=30;width=50", "batch=3;height=30;width=50", "batch=2;height=9;width=21" })]
    [InlineData("height=1..30", "2", "height", "22", new[] { "height=30", "height=7" })]
    public void SeveralImages(string ranges, string batch, string height, string width, string[] sizes)
    {
        ModelBuilder model = Layers(24, 32, 3, 1, 1, [Size(height), Size(width)], Size(batch)).Output("y");
        Steps(model, ranges).ShouldHaveSingleItem();
        RunTimeSizesCheck.Run(model, ranges, sizes, relative: 2e-4);
    }

    /// <summary>Functions in registers and on the tile's sums, and a residual.</summary>
    [Theory]
    [InlineData("Relu")]
    [InlineData("Tanh")]
    public void FunctionsAndResiduals(string function)
    {
        ModelBuilder model = Layers(16, 16, 3, 1, 1, ["height", "width"]).Node("Add", ["y", "a"], ["sum"]).Node(function, ["sum"], ["z"]).Output("z");
        Steps(model, Any).ShouldHaveSingleItem();
        RunTimeSizesCheck.Run(model, Any, _sizes, relative: 2e-4);
    }

    /// <summary>Maps that are always small, and few channels.</summary>
    [Theory]
    [InlineData(16, 16, "height=1..3;width=1..3")]
    [InlineData(1, 16, Any)]
    public void OthersAreSummedDirectly(int channels, int outputs, string ranges) =>
        Steps(Layers(channels, outputs, 3, 1, 1, ["height", "width"]).Output("y"), ranges).ShouldBeEmpty();

    private static object Size(string text) => int.TryParse(text, out int number) ? number : text;

    private static WinogradStep[] Steps(ModelBuilder model, string ranges) =>
        ScheduleCheck.Steps(model, new CompilerOptions { Dimensions = OptionParser.Dimensions(ranges) }).OfType<WinogradStep>().ToArray();

    /// <summary>A 1×1 convolution "a", so that the input of the other one is in blocks of channels, then the other one.</summary>
    private static ModelBuilder Layers(int channels, int outputs, int kernel, int stride, int pad, object[] size, object? batch = null) => new ModelBuilder()
        .Input("x", OnnxDataType.Float, [batch ?? 1, 3, .. size])
        .Initializer("w1", [channels, 3, 1, 1], Weights.Random(channels * 3, 1))
        .Initializer("w2", [outputs, channels, kernel, kernel], Weights.Random(outputs * channels * kernel * kernel, 2))
        .Initializer("b2", [outputs], Weights.Random(outputs, 3))
        .Node("Conv", ["x", "w1"], ["a"])
        .Node("Conv", ["a", "w2", "b2"], ["y"], ("pads", new long[] { pad, pad, pad, pad }), ("strides", new long[] { stride, stride }));
}
