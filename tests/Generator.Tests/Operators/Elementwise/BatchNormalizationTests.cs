using System;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class BatchNormalizationTests
{
    [Theory]
    [InlineData(15, new long[] { 2, 20, 5, 7 })]
    [InlineData(15, new long[] { 4, 37 })]
    [InlineData(9, new long[] { 2, 3, 5 })]
    [InlineData(7, new long[] { 1, 3, 2, 3, 5 })]
    public void TakesConstantParameters(int opset, long[] shape) => OperatorCheck.Run(Constant(new ModelBuilder(opset).Input("x", OnnxDataType.Float, shape), shape[1])
        .Node("BatchNormalization", ["x", "s", "b", "m", "v"], ["y"], ("epsilon", 1e-3f)).Output("y"));

    [Theory]
    [InlineData((int)OnnxDataType.Float)]
    [InlineData((int)OnnxDataType.Double)]
    public void TakesParametersAtRunTime(int type) => OperatorCheck.Run(
        new ModelBuilder().Input("x", (OnnxDataType)type, 2, 5, 3, 7).Input("s", (OnnxDataType)type, 5).Input("b", (OnnxDataType)type, 5).Input("m", (OnnxDataType)type, 5).Input("v", (OnnxDataType)type, 5)
            .Node("BatchNormalization", ["x", "s", "b", "m", "v"], ["y"]).Output("y"),
        low: 0.1f);

    [Fact]
    public void BecomesScaleAndShift() => ElementwiseCheck.Optimised(Constant(new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3, 4, 4), 3)
        .Node("BatchNormalization", ["x", "s", "b", "m", "v"], ["y"]).Output("y")).ShouldNotContain("BatchNormalization");

    [Fact]
    public void TakesParametersPerElementInOldOpsets() => OperatorCheck.Run(
        new ModelBuilder(7).Input("x", OnnxDataType.Float, 2, 3, 4).Input("s", OnnxDataType.Float, 3, 4).Input("b", OnnxDataType.Float, 3, 4)
            .Input("m", OnnxDataType.Float, 3, 4).Input("v", OnnxDataType.Float, 3, 4)
            .Node("BatchNormalization", ["x", "s", "b", "m", "v"], ["y"], ("spatial", 0)).Output("y"),
        low: 0.1f);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void OfAnyNumberOfChannels(bool isImage)
    {
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float, isImage ? ["n", "c", 5, 3] : ["n", "c"]);
        foreach (string name in new[] { "scale", "bias", "mean", "var" })
        {
            model.Input(name, OnnxDataType.Float, ["c"]);
        }

        RunTimeSizesCheck.Run(
            model.Node("BatchNormalization", ["x", "scale", "bias", "mean", "var"], ["y"]).Output("y"),
            "n=1..3;c=1..6",
            ["n=1;c=1", "n=3;c=6", "n=2;c=4"],
            low: 0.1f);
    }

    [Fact]
    public void RefusesStatisticsOfInference() => OperatorCheck.Fails(Constant(new ModelBuilder(15).Input("x", OnnxDataType.Float, 2, 3, 4), 3)
        .Node("BatchNormalization", ["x", "s", "b", "m", "v"], ["y", "rm", "rv"]).Output("y")).Code.ShouldBe(DiagnosticCodes.GraphMalformed);

    [Fact]
    public void RefusesParametersOfAnotherLength() => OperatorCheck.Fails(Constant(new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3, 4), 5)
        .Node("BatchNormalization", ["x", "s", "b", "m", "v"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    private static ModelBuilder Constant(ModelBuilder model, long channels) => model
        .Initializer("s", [channels], Weights.Random((int)channels, 1))
        .Initializer("b", [channels], Weights.Random((int)channels, 2))
        .Initializer("m", [channels], Weights.Random((int)channels, 3))
        .Initializer("v", [channels], Weights.Random((int)channels, 4).Select(static v => 0.5f + Math.Abs(v)).ToArray());

    [Fact]
    public void ParametersMayHaveOtherTypes() => OperatorCheck.Run(
        new ModelBuilder(15)
            .Input("x", OnnxDataType.Float16, 2, 3, 4)
            .Initializer("s", [3], 1f, 2, 3)
            .Initializer("b", [3], 0f, 1, -1)
            .Initializer("m", [3], 0.5, 0, -0.5)
            .Initializer("v", [3], 1.0, 2, 0.5)
            .Node("BatchNormalization", ["x", "s", "b", "m", "v"], ["y"])
            .Output("y"),
        relative: 2e-3,
        absolute: 2e-3);
}
