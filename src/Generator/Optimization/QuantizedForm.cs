using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using AotCompiler.Ir;
using AotCompiler.Operators;
using AotCompiler.Operators.Quantization;

namespace AotCompiler.Optimization;

/// <summary>
/// The one form of quantised graphs. Codes without their zero point are whole numbers; convolutions and products run on those, and
/// the scales follow: conv(sx·X, sw·W) = sx·sw · conv(X, W). Where no sum can reach 2²⁴, f32 holds every partial sum, so that the
/// kernels for f32 compute what integer accumulators would, bit by bit and in any order. Requantisation is element-wise work behind,
/// which fuses into their registers (docs/adr/0018-quantised-graphs.md).
/// </summary>
internal sealed class QuantizedForm : GraphPass
{
    public override bool Run(Graph graph, CancellationToken cancellation)
    {
        if (!graph.Nodes.Any(static n => n.Operator is QuantizationOperator))
        {
            return false;
        }

        var rewriter = new GraphRewriter(graph);
        var centred = new CentredCodes(rewriter);
        foreach (Node node in graph.Nodes.Reverse().ToArray())
        {
            cancellation.ThrowIfCancellationRequested();
            HoistQuantization(node, rewriter);
        }

        graph.Sort();
        foreach (Node node in graph.Nodes.ToArray())
        {
            cancellation.ThrowIfCancellationRequested();
            SinkDequantization(node, rewriter);
        }

        foreach (Node node in graph.Nodes.ToArray())
        {
            cancellation.ThrowIfCancellationRequested();
            QuantizedProduct.TryRewrite(node, centred, rewriter);
        }

        // All readers of codes take the same whole numbers, so that codes themselves need not be stored.
        foreach (Node node in graph.Nodes.ToArray())
        {
            if (!node.IsRemoved && node.Operator is DequantizeOperator && CentredCodes.Applies(node) && !centred.IsOwn(node))
            {
                Value whole = centred.Of(node);
                rewriter.ReplaceNode(node, QuantizedProduct.Rescaled(whole, node.Required(1), node.Name, rewriter));
            }
        }

        foreach (Node node in graph.Nodes.ToArray())
        {
            Requantization.TryJoin(node, rewriter);
        }

        graph.Sort();
        return true;
    }

    /// <summary>
    /// quantize(move(x)) = move(quantize(x)): quantisation meets the kernel or the DequantizeLinear that made x. A node that was moved up is
    /// looked at again where it stands then.
    /// </summary>
    private static void HoistQuantization(Node node, GraphRewriter rewriter)
    {
        const int MaxSteps = 32;
        var work = new Stack<Node>();
        work.Push(node);
        for (int step = 0; step < MaxSteps && work.Count > 0; step++)
        {
            Node next = work.Pop();
            if (next.IsRemoved || next.Operator is not QuantizeOperator || !IsPerTensor(next) || ElementMoves.Sources(next.Required(0)) is not { } sources || !rewriter.HasSingleUse(next.Required(0)))
            {
                continue;
            }

            Node move = next.Required(0).Producer!;
            if (!ElementMoves.KeepsCount(move) && sources.Any(static v => v.Producer?.Operator is not DequantizeOperator))
            {
                continue;
            }

            Value?[] inputs = move.Inputs.Take(move.OperatorInputCount).ToArray();
            for (int i = 0; i < sources.Count; i++)
            {
                inputs[i] = rewriter.InsertLike(next, new[] { sources[i], next.Required(1), next.Input(2) });
                work.Push(inputs[i]!.Producer!);
            }

            rewriter.ReplaceNode(next, rewriter.InsertLike(move, inputs));
            move.Remove();
        }
    }

    /// <summary>move(dequantize(x)) = dequantize(move(x)): dequantisation meets the product that wants the codes.</summary>
    private static void SinkDequantization(Node move, GraphRewriter rewriter)
    {
        if (move.IsRemoved
            || (move.Operator is not IReshapingOperator && move.Operator.Name != "Transpose")
            || ElementMoves.Sources(move.Output) is not { Count: 1 } sources
            || sources[0].Producer is not { Operator: DequantizeOperator } source
            || !IsPerTensor(source)
            || !CentredCodes.Applies(source))
        {
            return;
        }

        Value?[] inputs = move.Inputs.Take(move.OperatorInputCount).ToArray();
        inputs[0] = source.Required(0);
        Value codes = rewriter.InsertLike(move, inputs);
        rewriter.ReplaceNode(move, rewriter.InsertLike(source, new[] { codes, source.Required(1), source.Input(2) }));
    }

    private static bool IsPerTensor(Node node) => node.Epilogue is null && node.Required(1).Shape.ElementCount == 1 && node.Input(2) is null or { Shape.ElementCount: 1 };
}

/// <summary>Operators that move elements, or choose among them by order, so that a monotonic function of each element may be applied before instead of behind.</summary>
internal static class ElementMoves
{
    /// <summary>The values whose elements a value is made of; null if its producer computes.</summary>
    public static IReadOnlyList<Value>? Sources(Value value) => value.Producer is not { Epilogue: null, Outputs.Count: 1 } node ? null
        : node.Operator is IReshapingOperator || node.Operator.Name is "Transpose" or "MaxPool" ? new[] { node.Required(0) }
        : node.Operator.Name == "Concat" ? Enumerable.Range(0, node.OperatorInputCount).Select(node.Required).ToArray()
        : null;

    /// <summary>True if the result has as many elements as the sources.</summary>
    public static bool KeepsCount(Node node) => node.Operator.Name != "MaxPool";
}

/// <summary>Codes minus their zero point as f32, made once for all that read them.</summary>
internal sealed class CentredCodes
{
    /// <summary>Moves between codes and their reader that are looked through.</summary>
    private const int MaxDepth = 16;

    private readonly GraphRewriter _rewriter;
    private readonly Dictionary<(Value Codes, double ZeroPoint), Value> _known = new();
    private readonly HashSet<Node> _own = new();

    public CentredCodes(GraphRewriter rewriter)
    {
        _rewriter = rewriter;
    }

    /// <summary>True for a DequantizeLinear of 8-bit codes with one zero point that is known now.</summary>
    public static bool Applies(Node dequantize) => dequantize.Epilogue is null
        && dequantize.Required(0).Type is ElementType.UInt8 or ElementType.Int8
        && dequantize.Output.Type == ElementType.Float32
        && QuantizationSettings.ZeroPoint(dequantize) is not null;

    /// <summary>True for a node that this class made.</summary>
    public bool IsOwn(Node node) => _own.Contains(node);

    /// <summary>The whole numbers that a DequantizeLinear scales.</summary>
    public Value Of(Node dequantize)
    {
        Value codes = dequantize.Required(0);
        return codes.IsConstant || !Applies(dequantize)
            ? GraphRewriter.Fold(Insert(codes, dequantize.Input(2), dequantize.Name))
            : Of(codes, dequantize.Input(2), QuantizationSettings.ZeroPoint(dequantize)!.Value, 0);
    }

    /// <summary>Codes as they are, as whole numbers from 0 to 255: less the lowest code of their type.</summary>
    public Value AsTheyAre(Value codes)
    {
        long low = codes.Type.Range().Low;
        Value? zeroPoint = low == 0 ? null : _rewriter.Constant(ElementEvaluation.Fill(codes.Type, Shape.Scalar, low), $"{codes.Name}.low");
        return Of(codes, zeroPoint, low, 0);
    }

    /// <summary>Smallest and largest of those numbers.</summary>
    public static (double Low, double High) Range(Node dequantize)
    {
        (long low, long high) = dequantize.Required(0).Type.Range();
        return QuantizationSettings.ZeroPoint(dequantize) is { } zero ? (low - zero, high - zero) : (low - high, high - low);
    }

    private Value Of(Value codes, Value? zeroPoint, double zero, int depth)
    {
        if (_known.TryGetValue((codes, zero), out Value? known))
        {
            return known;
        }

        Value result;
        if (depth < MaxDepth && ElementMoves.Sources(codes) is { } sources)
        {
            Node move = codes.Producer!;
            Value?[] inputs = move.Inputs.Take(move.OperatorInputCount).ToArray();
            for (int i = 0; i < sources.Count; i++)
            {
                inputs[i] = Of(sources[i], zeroPoint, zero, depth + 1);
            }

            result = _rewriter.InsertLike(move, inputs);
        }
        else
        {
            result = Insert(codes, zeroPoint, codes.Name);
        }

        _known[(codes, zero)] = result;
        return result;
    }

    private Value Insert(Value codes, Value? zeroPoint, string name)
    {
        Value one = _rewriter.Constant(Tensor.Scalar(1), $"{name}.one");
        Value result = _rewriter.Insert("DequantizeLinear", name, new[] { codes, one, zeroPoint });
        _own.Add(result.Producer!);
        return result;
    }
}
