using AotCompiler.Diagnostics;
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
}
