using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Recurrent;

public sealed class LSTMTests
{
    private static readonly RecurrentModels _models = new("LSTM", 4, "y", "yh", "yc");

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void BothDirectionsWithAllInputs(bool dynamic, bool batchFirst) => OperatorCheck.Run(_models.Full(dynamic, batchFirst), relative: 1e-4, absolute: 1e-5);

    [Fact]
    public void ClipsCouplesAndTakesOtherActivations()
    {
        string[] activations = ["HardSigmoid", "ScaledTanh", "Affine", "Elu", "LeakyRelu", "Softsign"];
        OperatorCheck.Run(
            _models.Full(attributes: [("clip", 0.7f), ("input_forget", 1), ("activations", activations), ("activation_alpha", new[] { 0.3f, 1.1f, 0.9f, 0.5f, 0.2f }), ("activation_beta", new[] { 0.4f, 0.6f, 0.1f })]),
            relative: 1e-4,
            absolute: 1e-5);
    }

    /// <summary>Some sequences walk together, the others behind them; weights beyond the first-level cache are walked to and fro.</summary>
    [Theory]
    [InlineData(1, 64)]
    [InlineData(3, 21)]
    [InlineData(5, 61)]
    [InlineData(6, 48)]
    [InlineData(13, 33)]
    [InlineData(50, 16)]
    public void SequencesWalkTogether(int batch, int hidden) => OperatorCheck.Run(
        new RecurrentModels("LSTM", 4, "y", "yh", "yc") { Batch = batch, Hidden = hidden, Steps = 4 }.Full(batchFirst: batch == 3), relative: 1e-4, absolute: 1e-5);

    /// <summary>Of states that are zeros the first step takes no product; of others it does.</summary>
    [Theory]
    [InlineData(0f, 1)]
    [InlineData(0f, 3)]
    [InlineData(0.5f, 1)]
    public void ConstantStates(float state, int batch)
    {
        ModelBuilder model = new RecurrentModels("LSTM", 4, "y", "yh", "yc") { Batch = batch }.StartingFrom(state);
        RecurrentModels.SkipsFirstProducts(model).ShouldBe(state == 0);
        OperatorCheck.Run(model, relative: 1e-4, absolute: 1e-5);
    }

    [Theory]
    [InlineData("forward")]
    [InlineData("reverse")]
    public void ShortSequencesEndInZeros(string direction) => OperatorCheck.Run(_models.WithLengths(direction, 3, 5), relative: 1e-4, absolute: 1e-5);

    [Fact]
    public void OutputsMayBeAbsent() =>
        OperatorCheck.Run(new RecurrentModels("LSTM", 4, "", "yh") { Hidden = 32, Batch = 1 }.Plain(), relative: 1e-4, absolute: 1e-5);

    [Fact]
    public void OneUnitByHand()
    {
        // i = o = f = sigmoid(0) = 1/2, c = tanh(x): C = C'/2 + tanh(x)/2.
        Graph graph = OperatorCheck.Import(new ModelBuilder()
            .Input("x", OnnxDataType.Float, 2, 1, 1)
            .Initializer("w", [1, 4, 1], 0f, 0f, 0f, 1f)
            .Initializer("r", [1, 4, 1], new float[4])
            .Node("LSTM", ["x", "w", "r"], ["y", "", "yc"], ("hidden_size", 1))
            .Output("y").Output("yc").ToBytes());
        Tensor[] result = GraphInterpreter.Run(graph, [Tensor.Create(ElementType.Float32, new Shape(2, 1, 1), new[] { 1f, -0.5f })]).ToArray();
        double first = System.Math.Tanh(1) / 2;
        double second = (first / 2) + (System.Math.Tanh(-0.5) / 2);
        result[0].Floats()[0].ShouldBe((float)(System.Math.Tanh(first) / 2), 1e-6);
        result[0].Floats()[1].ShouldBe((float)(System.Math.Tanh(second) / 2), 1e-6);
        result[1].Floats()[0].ShouldBe((float)second, 1e-6);
    }

    [Fact]
    public void RefusesUnknownActivationsAndDirections()
    {
        OperatorCheck.Fails(_models.Plain("sideways")).Code.ShouldBe(DiagnosticCodes.GraphMalformed);
        OperatorCheck.Fails(_models.Plain("forward", ("activations", new[] { "Sigmoid", "Tanh" }))).Code.ShouldBe(DiagnosticCodes.GraphMalformed);
        OperatorCheck.Fails(_models.Plain("forward", ("activations", new[] { "Sigmoid", "Tanh", "Sine" }))).Code.ShouldBe(DiagnosticCodes.GraphMalformed);
        OperatorCheck.Fails(_models.Plain("bidirectional")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
    }

    [Theory]
    [InlineData((int)OnnxDataType.Float16)]
    [InlineData((int)OnnxDataType.BFloat16)]
    public void TakesNarrowFloats(int type) => OperatorCheck.Run(
        new ModelBuilder(22)
            .Input("x", (OnnxDataType)type, 3, 2, 4)
            .Input("w", (OnnxDataType)type, 1, 12, 4)
            .Input("r", (OnnxDataType)type, 1, 12, 3)
            .Input("b", (OnnxDataType)type, 1, 24)
            .Input("h", (OnnxDataType)type, 1, 2, 3)
            .Input("c", (OnnxDataType)type, 1, 2, 3)
            .Node("LSTM", ["x", "w", "r", "b", "", "h", "c"], ["y", "yh", "yc"], ("hidden_size", 3))
            .Output("y")
            .Output("yh")
            .Output("yc"),
        relative: 1e-2,
        absolute: 1e-2);

    /// <summary>As ONNX Runtime has it: with C = 4 · sigmoid(0) the state is tanh(2) / 2, not tanh(0.4) / 2.</summary>
    [Fact]
    public void TheCellIsNotClipped()
    {
        byte[] model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 1, 1).Input("h", OnnxDataType.Float, 1, 1, 1).Input("c", OnnxDataType.Float, 1, 1, 1)
            .Initializer("w", [1, 4, 1], new float[4])
            .Initializer("r", [1, 4, 1], new float[4])
            .Node("LSTM", ["x", "w", "r", "", "", "h", "c"], ["y"], ("hidden_size", 1), ("clip", 0.4f))
            .Output("y").ToBytes();
        Tensor[] inputs = new[] { 1f, 0f, 4f }.Select(static v => Tensor.Create(ElementType.Float32, new Shape(1, 1, 1), new[] { v })).ToArray();
        GraphInterpreter.Run(OperatorCheck.Import(model), inputs)[0].Floats()[0].ShouldBe((float)(System.Math.Tanh(2) / 2), 1e-6);
        OperatorCheck.RunOn(model, inputs);
    }
}
