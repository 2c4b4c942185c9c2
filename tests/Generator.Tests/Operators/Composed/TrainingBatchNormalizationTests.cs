using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Composed;

public sealed class TrainingBatchNormalizationTests
{
    [Theory]
    [InlineData((int)OnnxDataType.Float)]
    [InlineData((int)OnnxDataType.Double)]
    public void NormalisesByTheBatchAndMovesTheStatistics(int type) => OperatorCheck.Run(
        Inputs((OnnxDataType)type, [4, 3, 5, 7], 3)
            .Node("BatchNormalization", ["x", "scale", "bias", "mean", "var"], ["y", "meanOut", "varOut"], ("training_mode", 1), ("momentum", 0.7f), ("epsilon", 1e-3f))
            .Output("y").Output("meanOut").Output("varOut"),
        relative: 1e-4,
        absolute: 1e-5,
        low: 0.1f);

    /// <summary>Two elements a channel: (1, 3) has mean 2 and variance 1.</summary>
    [Fact]
    public void ByHand() => OperatorCheck.Interpret(new ModelBuilder()
        .Initializer("x", [2, 1], 1f, 3f).Initializer("scale", [1], 2f).Initializer("bias", [1], 5f).Initializer("mean", [1], 10f).Initializer("var", [1], 20f)
        .Node("BatchNormalization", ["x", "scale", "bias", "mean", "var"], ["y", "m", "v"], ("training_mode", 1), ("epsilon", 0f))
        .Node("Concat", ["flat", "m", "v"], ["all"], ("axis", 0))
        .Initializer("minus", [1], -1L)
        .Node("Reshape", ["y", "minus"], ["flat"])
        .Output("all")).AsSpan<float>().ToArray().ShouldBe([3f, 7f, 9.2f, 18.1f], 1e-5);

    /// <summary>Outputs that follow the newest form's: mean 2 and reciprocal deviation 1 of (1, 3).</summary>
    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(9)]
    public void BeforeOpset14TheOutputsSayIt(int opset) => OperatorCheck.Interpret(new ModelBuilder(opset)
        .Initializer("x", [2, 1], 1f, 3f).Initializer("scale", [1], 2f).Initializer("bias", [1], 5f).Initializer("mean", [1], 10f).Initializer("var", [1], 20f)
        .Node("BatchNormalization", ["x", "scale", "bias", "mean", "var"], ["y", "m", "v", "sm", "sv"], ("epsilon", 0f))
        .Node("Reshape", ["y", "minus"], ["flat"])
        .Node("Concat", ["flat", "m", "v", "sm", "sv"], ["all"], ("axis", 0))
        .Initializer("minus", [1], -1L)
        .Output("all")).AsSpan<float>().ToArray().ShouldBe([3f, 7f, 9.2f, 18.1f, 2f, 1f], 1e-5);

    /// <summary>f16 whose squares are beyond 65504: statistics are those of f32, and each result is rounded once.</summary>
    [Theory]
    [InlineData((int)OnnxDataType.Float16, 1000.0)]
    [InlineData((int)OnnxDataType.Float16, 1.0)]
    [InlineData((int)OnnxDataType.BFloat16, 300.0)]
    public void NarrowFloatsAreRoundedOnce(int type, double size)
    {
        var element = (ElementType)type;
        CompiledModel model = CompiledModel.Compile(Inputs((OnnxDataType)type, [8, 2], 2)
            .Node("BatchNormalization", ["x", "scale", "bias", "mean", "var"], ["y", "meanOut", "varOut"], ("training_mode", 1)).Output("y").Output("meanOut").Output("varOut").ToBytes());
        Tensor[] inputs = [.. new[] { 16, 2, 2, 2, 2 }.Select((count, at) => Narrow(element, at == 0 ? new Shape(8, 2) : new Shape(2), i => at == 0 ? size * Math.Sin(i) : 1 + at + i))];
        double Read(int input, int i) => ElementEvaluation.Read(inputs[input], i);
        IReadOnlyList<Tensor> actual = model.Run(inputs);
        for (int c = 0; c < 2; c++)
        {
            double[] x = [.. Enumerable.Range(0, 8).Select(n => Read(0, (2 * n) + c))];
            double mean = x.Average();
            double variance = x.Average(v => (v - mean) * (v - mean));
            actual[1].ShouldBeRounded(c, (Read(3, c) * 0.9) + (mean * 0.1));
            actual[2].ShouldBeRounded(c, (Read(4, c) * 0.9) + (variance * 0.1));
            for (int n = 0; n < 8; n++)
            {
                actual[0].ShouldBeRounded((2 * n) + c, ((x[n] - mean) / Math.Sqrt(variance + 1e-5) * Read(1, c)) + Read(2, c));
            }
        }
    }

    [Fact]
    public void OfAnyNumberOfChannels()
    {
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float, ["n", "c", 5]);
        foreach (string name in new[] { "scale", "bias", "mean", "var" })
        {
            model.Input(name, OnnxDataType.Float, ["c"]);
        }

        RunTimeSizesCheck.Run(
            model.Node("BatchNormalization", ["x", "scale", "bias", "mean", "var"], ["y", "m", "v"], ("training_mode", 1)).Output("y").Output("m").Output("v"),
            "n=1..3;c=1..6",
            ["n=1;c=1", "n=3;c=6", "n=2;c=4"],
            low: 0.1f,
            relative: 1e-4);
    }

    [Fact]
    public void ParametersArePerChannel() => OperatorCheck.Fails(Inputs(OnnxDataType.Float, [4, 3, 5], 4)
        .Node("BatchNormalization", ["x", "scale", "bias", "mean", "var"], ["y"], ("training_mode", 1))
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    private static ModelBuilder Inputs(OnnxDataType type, long[] shape, long channels)
    {
        ModelBuilder model = new ModelBuilder().Input("x", type, shape);
        foreach (string name in new[] { "scale", "bias", "mean", "var" })
        {
            model.Input(name, type, channels);
        }

        return model;
    }

    private static Tensor Narrow(ElementType type, Shape shape, Func<int, double> element)
    {
        var bytes = new byte[shape.ElementCount * type.Size()];
        for (int i = 0; i < shape.ElementCount; i++)
        {
            ElementEvaluation.Write(bytes, type, i, element(i));
        }

        return Tensor.FromBytes(type, shape, bytes, "input");
    }
}

internal static class RoundedElement
{
    /// <summary>Fails unless an element is a number rounded to the tensor's type, or its neighbour where the number lies on a border within f32's precision.</summary>
    public static void ShouldBeRounded(this Tensor tensor, int index, double expected)
    {
        double spacing = Math.Pow(2, Math.Floor(Math.Log2(Math.Max(Math.Abs(expected), 1e-4))) - (tensor.Type == ElementType.Float16 ? 10 : 7));
        Math.Abs(ElementEvaluation.Read(tensor, index) - expected).ShouldBeLessThan(spacing * 0.501, $"element {index}");
    }
}
