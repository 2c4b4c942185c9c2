using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Lowering;

/// <summary>What is known of values' layouts while the graph is walked in order.</summary>
internal sealed class LayoutQuery
{
    private readonly Dictionary<Value, LayoutKind> _kinds = new();

    /// <summary>What <see cref="EndsPlain"/> found, which depends on the graph alone: without it, each of several readers would ask all behind it again.</summary>
    private Dictionary<Value, bool> _endsPlain = new();

    /// <summary>The layout kind of a value; plain where nothing else was chosen (graph inputs, constants).</summary>
    public LayoutKind KindOf(Value value) => _kinds.TryGetValue(value, out LayoutKind kind) ? kind : LayoutKind.Plain;

    public bool IsBlocked(Value? value) => value is not null && KindOf(value) == LayoutKind.Blocked;

    /// <summary>False where all code is scalar.</summary>
    public bool HasVectors { get; private init; } = true;

    /// <summary>Walks the graph once and lets every operator choose.</summary>
    public static LayoutQuery Assign(Graph graph, bool hasVectors = true)
    {
        var query = new LayoutQuery { HasVectors = hasVectors };
        foreach (Node node in graph.Nodes)
        {
            LayoutKind kind = node.Operator.ChooseLayout(node, query);
            if (kind == LayoutKind.Blocked)
            {
                foreach (Value output in node.Outputs.Where(CanBlock))
                {
                    query._kinds[output] = kind;
                }
            }
        }

        return query;
    }

    /// <summary>
    /// True if blocks of a value would only be copied out of them: nobody who reads it, be it behind operators that keep the layout they get,
    /// has a use for blocks.
    /// </summary>
    public bool EndsPlain(Value value)
    {
        if (!_endsPlain.TryGetValue(value, out bool result))
        {
            result = value.Uses.All(use => WantsPlain(use.Node, value));
            _endsPlain[value] = result;
        }

        return result;
    }

    private bool WantsPlain(Node reader, Value value) => KindIf(reader, blocked: true) == LayoutKind.Plain
        || (KindIf(reader, blocked: false) == LayoutKind.Plain
            && reader.Inputs.All(v => v is null || v.IsConstant || ReferenceEquals(v, value))
            && reader.Outputs.All(EndsPlain));

    /// <summary>What a node would choose if it found all its inputs in blocks, or none.</summary>
    private LayoutKind KindIf(Node node, bool blocked)
    {
        var query = new LayoutQuery { HasVectors = HasVectors, _endsPlain = _endsPlain };
        foreach (Value? input in node.Inputs)
        {
            if (blocked && input is not null && CanBlock(input))
            {
                query._kinds[input] = LayoutKind.Blocked;
            }
        }

        return node.Operator.ChooseLayout(node, query);
    }

    /// <summary>True if the blocked layout is defined for the value: f32 with channels and one or two spatial dimensions.</summary>
    public static bool CanBlock(Value value) => value.Type == ElementType.Float32 && value.Shape.Rank is 3 or 4 && value.Shape.ElementCount > 0
        && !value.Shape.IsDynamicAt(1);
}
