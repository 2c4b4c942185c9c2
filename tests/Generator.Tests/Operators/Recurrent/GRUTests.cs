using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Recurrent;

public sealed class GRUTests
{
    private static readonly RecurrentModels _models = new("GRU", 3, "y", "yh");

    [Theory]
    [InlineData(0, false, false)]
    [InlineData(1, false, true)]
    [InlineData(0, true, true)]
    [InlineData(1, true, false)]
    public void BothDirectionsWithAllInputs(int linearBeforeReset, bool dynamic, bool batchFirst) =>
        OperatorCheck.Run(_models.Full(dynamic, batchFirst, ("linear_before_reset", linearBeforeReset)), relative: 1e-4, absolute: 1e-5);

    [Fact]
    public void ClipsAndTakesOtherActivations() => OperatorCheck.Run(
        _models.Plain("reverse", ("clip", 0.5f), ("activations", new[] { "Softplus", "ThresholdedRelu" }), ("activation_alpha", new[] { 0.1f })),
        relative: 1e-4,
        absolute: 1e-5);

    /// <summary>Some sequences walk together, the others behind them; weights beyond the first-level cache are walked to and fro.</summary>
    [Theory]
    [InlineData(1, 64)]
    [InlineData(3, 21)]
    [InlineData(5, 61)]
    [InlineData(6, 48)]
    [InlineData(13, 33)]
    [InlineData(50, 16)]
    public void SequencesWalkTogether(int batch, int hidden) => OperatorCheck.Run(
        new RecurrentModels("GRU", 3, "y", "yh") { Batch = batch, Hidden = hidden, Steps = 4 }.Full(batchFirst: batch == 3, attributes: ("linear_before_reset", 1)), relative: 1e-4, absolute: 1e-5);

    /// <summary>The candidates' products are taken with the states that the reset gates leave, of some sequences together.</summary>
    [Theory]
    [InlineData(5, 61)]
    [InlineData(13, 33)]
    public void ResetStatesWalkTogether(int batch, int hidden) => OperatorCheck.Run(
        new RecurrentModels("GRU", 3, "y", "yh") { Batch = batch, Hidden = hidden, Steps = 4 }.Full(), relative: 1e-4, absolute: 1e-5);

    /// <summary>Of states that are zeros the first step takes no product; of others it does.</summary>
    [Theory]
    [InlineData(0f, 0)]
    [InlineData(0f, 1)]
    [InlineData(0.5f, 1)]
    public void ConstantStates(float state, int linearBeforeReset)
    {
        ModelBuilder model = _models.StartingFrom(state, ("linear_before_reset", linearBeforeReset));
        RecurrentModels.SkipsFirstProducts(model).ShouldBe(state == 0);
        OperatorCheck.Run(model, relative: 1e-4, absolute: 1e-5);
    }

    [Theory]
    [InlineData("forward")]
    [InlineData("reverse")]
    public void ShortSequencesEndInZeros(string direction) => OperatorCheck.Run(_models.WithLengths(direction, 0, 4), relative: 1e-4, absolute: 1e-5);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Int32, 2, 1, 1)
        .Input("w", OnnxDataType.Int32, 1, 3, 1)
        .Input("r", OnnxDataType.Int32, 1, 3, 1)
        .Node("GRU", ["x", "w", "r"], ["y"], ("hidden_size", 1))
        .Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
