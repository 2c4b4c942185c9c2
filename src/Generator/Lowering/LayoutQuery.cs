using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Lowering;

/// <summary>What is known of values' layouts while the graph is walked in order.</summary>
internal sealed class LayoutQuery
{
    private readonly Dictionary<Value, LayoutKind> _kinds = new();

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

    /// <summary>True if the blocked layout is defined for the value: f32 with channels and one or two spatial dimensions.</summary>
    public static bool CanBlock(Value value) => value.Type == ElementType.Float32 && value.Shape.Rank is 3 or 4 && value.Shape.ElementCount > 0
        && !value.Shape.IsDynamicAt(1);
}
