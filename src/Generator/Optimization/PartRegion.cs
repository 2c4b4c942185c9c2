using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;
using AotCompiler.Operators.Normalization;

namespace AotCompiler.Optimization;

/// <summary>
/// The values of which nothing but a part is read, back to where others read more, with the parts that each is made of: what can be
/// computed for the part only.
/// </summary>
internal sealed class PartRegion
{
    /// <summary>Values of a region at most, which bounds the search.</summary>
    private const int MaxValues = 128;

    private readonly GraphRewriter _rewriter;
    private readonly Dictionary<Value, AxisPart> _parts = new();
    private readonly Dictionary<Value, int> _reads = new();
    private readonly Dictionary<Value, AxisPart?[]> _inputParts = new();
    private readonly Dictionary<Value, (bool Passes, bool Pays)> _judgements = new();
    private readonly Dictionary<(Value Value, AxisPart Part), Value> _made = new();

    private PartRegion(GraphRewriter rewriter)
    {
        _rewriter = rewriter;
    }

    /// <summary>The region behind a part of a value.</summary>
    /// <param name="root">The value.</param>
    /// <param name="part">What is taken of it.</param>
    /// <param name="rewriter">The graph.</param>
    /// <param name="isShared">True if the value's other readers are dealt with by the caller.</param>
    /// <returns>Null if no product in the region or before it would be smaller.</returns>
    public static PartRegion? Find(Value root, AxisPart part, GraphRewriter rewriter, bool isShared = false)
    {
        var region = new PartRegion(rewriter);
        region.Reach(root, part, isShared);
        return region.Judge(root) is { Passes: true, Pays: true } ? region : null;
    }

    /// <summary>Makes the part of a value of the region: of the parts of what it is made of where that is worth it.</summary>
    public Value Make(Value value, AxisPart part)
    {
        if (!_made.TryGetValue((value, part), out Value? result))
        {
            result = Judge(value).Passes && _parts[value] == part ? Rebuild(value, part) : part.TakeFrom(value, _rewriter);
            _made.Add((value, part), result);
        }

        return result;
    }

    private Value Rebuild(Value value, AxisPart part)
    {
        Node node = value.Producer!;
        Value?[] inputs = node.Inputs.Select((input, i) => _inputParts[value][i] is { } own ? Make(input!, own) : input).ToArray();
        return node.Operator is IReshapingOperator
            ? _rewriter.Reshape(inputs[0]!, part.Of(value.Shape), node.Name)
            : _rewriter.InsertLike(node, inputs);
    }

    /// <summary>Notes that a node of the region reads a part. Once all readers are known and read the same, the value belongs to the region.</summary>
    private void Reach(Value value, AxisPart part, bool isShared = false)
    {
        if (!_parts.TryGetValue(value, out AxisPart? known))
        {
            _parts.Add(value, known = part);
        }

        _reads[value] = known == part ? (_reads.TryGetValue(value, out int reads) ? reads : 0) + 1 : int.MinValue;
        bool isAll = isShared || (_reads[value] == value.Uses.Count && !_rewriter.Graph.IsOutput(value));
        if (!isAll || _inputParts.Count == MaxValues || InputParts(value, part) is not { } parts)
        {
            return;
        }

        _inputParts.Add(value, parts);
        IReadOnlyList<Value?> inputs = value.Producer!.Inputs;
        for (int i = 0; i < parts.Length; i++)
        {
            if (parts[i] is { } own)
            {
                Reach(inputs[i]!, own);
            }
        }
    }

    private AxisPart?[]? InputParts(Value value, AxisPart part) =>
        value.Producer is { Epilogue: null } node && ReferenceEquals(node.Output, value) && _rewriter.OnlyFirstOutputUsed(node)
            ? PartRules.InputParts(node, part)
            : null;

    /// <summary>
    /// Whether a value's part is better made of parts than taken from the whole, and whether that leads to a smaller product. Without one it is where a single
    /// part is taken instead, as for functions of one value, and for a normalisation: what it reads is often read once more, by the sum around it, and both take the same part.
    /// </summary>
    private (bool Passes, bool Pays) Judge(Value value)
    {
        if (_judgements.TryGetValue(value, out (bool Passes, bool Pays) judgement))
        {
            return judgement;
        }

        if (!_inputParts.TryGetValue(value, out AxisPart?[]? parts))
        {
            judgement = (false, RecurrentEnds.IsEnd(value, _parts[value], _rewriter));
        }
        else
        {
            Node node = value.Producer!;
            bool possible = true;
            bool pays = PartRules.IsProduct(node);
            for (int i = 0; i < parts.Length; i++)
            {
                (bool Passes, bool Pays) input = parts[i] is null ? default : Judge(node.Inputs[i]!);
                possible &= parts[i] is not { } own || input.Passes || own.IsTakenFrom(node.Inputs[i]!.Shape);
                pays |= input.Pays;
            }

            bool isSmaller = parts.Count(static p => p is not null) == 1 || node.Operator is LayerNormalization or RMSNormalization;
            judgement = (possible && (pays || isSmaller), possible && pays);
        }

        _judgements.Add(value, judgement);
        return judgement;
    }
}
