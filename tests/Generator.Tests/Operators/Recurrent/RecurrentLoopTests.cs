using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;

namespace AotCompiler.Tests.Operators.Recurrent;

/// <summary>Recurrent operators in f64 against the definition that those in f32 are tested against.</summary>
public sealed class RecurrentLoopTests
{
    private static readonly string[] _parameterised = ["HardSigmoid", "ScaledTanh", "Affine", "Elu", "LeakyRelu", "ThresholdedRelu"];

    public static TheoryData<string, int, bool> Cells => new()
    {
        { "RNN", 1, false }, { "RNN", 1, true }, { "GRU", 3, false }, { "GRU", 3, true }, { "LSTM", 4, false }, { "LSTM", 4, true },
    };

    [Theory]
    [MemberData(nameof(Cells))]
    public void BothDirectionsWithAllInputs(string op, int gates, bool batchFirst) => Check(op, gates, models => models.Full(dynamic: true, batchFirst));

    [Theory]
    [MemberData(nameof(Cells))]
    public void TakesActivationsAndClips(string op, int gates, bool other) => Check(op, gates, models => models.Full(dynamic: true, batchFirst: false,
    [
        ("clip", 0.5f),
        ("activations", _parameterised.Take(2 * Math.Max(1, gates - 1)).ToArray()),
        ("activation_alpha", new[] { 0.3f, 1.1f, 0.9f, 0.5f, 0.2f, 0.1f }),
        ("activation_beta", new[] { 0.4f, 0.6f, 0.1f }),
        .. gates == 4 ? new (string, object)[] { ("input_forget", other ? 1 : 0) } : [],
        .. gates == 3 ? new (string, object)[] { ("linear_before_reset", other ? 1 : 0) } : [],
    ]));

    [Theory]
    [MemberData(nameof(Cells))]
    public void ShortSequencesEndInZeros(string op, int gates, bool reverse) => Check(op, gates, models => models.WithLengths(reverse ? "reverse" : "forward", 3, 5));

    private static void Check(string op, int gates, Func<RecurrentModels, ModelBuilder> build)
    {
        string[] outputs = ["y", "yh", .. gates == 4 ? new[] { "yc" } : []];
        RecurrentModels Models(OnnxDataType type) => new(op, gates, outputs) { Type = type, Hidden = 6 };
        byte[] wide = build(Models(OnnxDataType.Double)).ToBytes();
        Graph graph = OperatorCheck.Import(wide);
        var random = new Random(3);
        Tensor[] inputs = graph.Inputs.Select(v => OperatorCheck.RandomTensor(v, random, -0.6f, 0.6f)).ToArray();
        Graph narrow = OperatorCheck.Import(build(Models(OnnxDataType.Float)).ToBytes());
        IReadOnlyList<Tensor> expected = GraphInterpreter.Run(narrow, inputs.Select(static t => Converted(t, ElementType.Float32)).ToArray());
        OperatorCheck.RunOn(wide, graph, inputs, expected.Select(t => Converted(t, ElementType.Float64)).ToArray(), relative: 1e-5, absolute: 1e-5);
    }

    private static Tensor Converted(Tensor tensor, ElementType type)
    {
        var bytes = new byte[tensor.Shape.ElementCount * type.Size()];
        for (int i = 0; i < tensor.Shape.ElementCount; i++)
        {
            ElementEvaluation.Write(bytes, type, i, ElementEvaluation.Read(tensor, i));
        }

        return Tensor.FromBytes(type, tensor.Shape, bytes, "converted");
    }
}
