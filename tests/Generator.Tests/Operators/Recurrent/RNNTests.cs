using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Recurrent;

public sealed class RNNTests
{
    private static readonly RecurrentModels _models = new("RNN", 1, "y", "yh");

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void BothDirectionsWithAllInputs(bool dynamic, bool batchFirst) => OperatorCheck.Run(_models.Full(dynamic, batchFirst), relative: 1e-4, absolute: 1e-5);

    [Theory]
    [InlineData(6, 48)]
    [InlineData(13, 33)]
    public void SequencesWalkTogether(int batch, int hidden) => OperatorCheck.Run(
        new RecurrentModels("RNN", 1, "y", "yh") { Batch = batch, Hidden = hidden, Steps = 4 }.Full(), relative: 1e-4, absolute: 1e-5);

    [Fact]
    public void ManyUnits() => OperatorCheck.Run(new RecurrentModels("RNN", 1, "y") { Hidden = 200, Batch = 1, Steps = 2 }.Plain("reverse", ("activations", new[] { "Relu" })), relative: 1e-4, absolute: 1e-4);

    [Fact]
    public void EmptyTensors()
    {
        OperatorCheck.Run(new RecurrentModels("RNN", 1, "y", "yh") { Steps = 0 }.Plain());
        OperatorCheck.Run(new RecurrentModels("RNN", 1, "y", "yh") { Batch = 0 }.Plain());
        OperatorCheck.Run(new RecurrentModels("RNN", 1, "y", "yh") { Features = 0 }.Plain());
    }

    [Fact]
    public void LengthsOutsideTheSequenceAreAnErrorOfTheRun()
    {
        byte[] model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 3, 1, 2)
            .Input("w", OnnxDataType.Float, 1, 4, 2)
            .Input("r", OnnxDataType.Float, 1, 4, 4)
            .Input("lengths", OnnxDataType.Int32, 1)
            .Node("RNN", ["x", "w", "r", "", "lengths"], ["y"], ("hidden_size", 4))
            .Output("y").ToBytes();
        Graph graph = OperatorCheck.Import(model);
        Tensor[] inputs = graph.Inputs.Take(3).Select(v => OperatorCheck.RandomTensor(v, new System.Random(1))).ToArray();
        CompiledModel compiled = CompiledModel.Compile(model);
        OperatorCheck.RunOn(model, [.. inputs, Tensor.Create(ElementType.Int32, new Shape(1), new[] { 2 })]);
        Should.Throw<System.ArgumentOutOfRangeException>(() => compiled.Run([.. inputs, Tensor.Create(ElementType.Int32, new Shape(1), new[] { 4 })]));
        Should.Throw<System.ArgumentOutOfRangeException>(() => compiled.Run([.. inputs, Tensor.Create(ElementType.Int32, new Shape(1), new[] { -1 })]));
    }

    [Fact]
    public void RefusesWeightsOfAnotherSize() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2, 1, 3)
        .Input("w", OnnxDataType.Float, 1, 4, 2)
        .Input("r", OnnxDataType.Float, 1, 4, 4)
        .Node("RNN", ["x", "w", "r"], ["y"], ("hidden_size", 4))
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    /// <summary>Of states that are zeros the first step takes no product; of others it does.</summary>
    [Theory]
    [InlineData(0f)]
    [InlineData(0.5f)]
    public void ConstantStates(float state)
    {
        ModelBuilder model = _models.StartingFrom(state);
        RecurrentModels.SkipsFirstProducts(model).ShouldBe(state == 0);
        OperatorCheck.Run(model, relative: 1e-4, absolute: 1e-5);
    }
}
