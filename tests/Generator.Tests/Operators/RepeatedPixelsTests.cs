using System.Linq;
using AotCompiler.Kernels;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

/// <summary>Element-wise work reads enlarged maps whose pixels are only repeated where they are repeated from.</summary>
public sealed class RepeatedPixelsTests
{
    [Theory]
    [InlineData(24, 9, 7, 2, 2, "Add")]
    [InlineData(16, 5, 6, 4, 1, "Mul")]
    [InlineData(20, 3, 4, 1, 3, "Sub")]
    public void NothingIsCopied(int channels, int height, int width, int down, int across, string op)
    {
        ModelBuilder model = Model(channels, height, width, down, across).Node(op, ["up", "z"], ["y"]).Output("y").Output("z");
        OperatorCheck.Run(model, absolute: 1e-5);
        ScheduleCheck.Steps(model).Count(static s => s.Node?.Operator.Name == "Resize").ShouldBe(0);
    }

    /// <summary>With further functions and operands, among them one per channel, and with two readers.</summary>
    [Fact]
    public void LongerProgramsAndSeveralReaders()
    {
        ModelBuilder model = Model(24, 9, 7, 2, 2)
            .Node("Add", ["up", "z"], ["a"])
            .Node("Sigmoid", ["a"], ["b1"])
            .Node("GlobalAveragePool", ["z"], ["g"])
            .Node("Mul", ["b1", "g"], ["y"])
            .Node("Mul", ["z", "up"], ["m"])
            .Initializer("f", [24, 24, 3, 3], Weights.Random(24 * 24 * 9, 3))
            .Node("Conv", ["m", "f"], ["c"], ("pads", new long[] { 1, 1, 1, 1 }))
            .Output("y")
            .Output("c");
        OperatorCheck.Run(model, absolute: 1e-4);
        ScheduleCheck.Steps(model).Count(static s => s.Node?.Operator.Name == "Resize").ShouldBe(0);
    }

    /// <summary>Interpolated pixels, an output of the model, a reader that is not element-wise, and a sum of two enlarged maps.</summary>
    [Theory]
    [InlineData("linear", "")]
    [InlineData("nearest", "output")]
    [InlineData("nearest", "pool")]
    [InlineData("nearest", "twice")]
    public void OtherMapsAreMade(string mode, string reader)
    {
        ModelBuilder model = Model(24, 9, 7, 2, 2, mode).Node("Add", ["up", "z"], ["y"]).Output("y").Output("z");
        model = reader switch
        {
            "output" => model.Output("up"),
            "pool" => model.Node("GlobalAveragePool", ["up"], ["p"]).Output("p"),
            "twice" => model.Node("Neg", ["b"], ["n"]).Node("Resize", ["n", "", "scales"], ["up2"], ("mode", mode)).Node("Mul", ["up", "up2"], ["q"]).Output("q"),
            _ => model,
        };
        OperatorCheck.Run(model, absolute: 1e-5);
        ScheduleCheck.Steps(model).Count(static s => s.Node?.Operator.Name == "Resize").ShouldBeGreaterThan(0);
    }

    private static ModelBuilder Model(int channels, int height, int width, int down, int across, string mode = "nearest") => BlockedModels.Start(channels, height, width)
        .Initializer("scales", [4], [1f, 1f, down, across])
        .Node("Resize", ["b", "", "scales"], ["up"], ("mode", mode), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor"))
        .Input("x2", OnnxDataType.Float, 1, 8, height * down, width * across)
        .Initializer("w2", [channels, 8, 1, 1], Weights.Random(channels * 8, 2))
        .Node("Conv", ["x2", "w2"], ["z"]);
}
