using System.Collections.Generic;
using System.Linq;
using System.Threading;
using AotCompiler.Ir;
using AotCompiler.Operators;

namespace AotCompiler.Optimization;

/// <summary>
/// Gives values of 16-bit floats the type f32: the model's inputs are widened where they enter, its outputs rounded where they
/// leave, constants widened at compile time, so that all kernels work on f32 alone. What lies between keeps the precision of
/// f32; a Cast of the model to a 16-bit type still rounds (docs/adr/0016-element-types.md).
/// </summary>
internal sealed class HalfWidening : GraphPass
{
    public override bool Run(Graph graph, CancellationToken cancellation)
    {
        bool any = graph.Inputs.Concat(graph.States.Select(static s => s.Input)).Any(static v => v.Type.IsHalf())
            || graph.Nodes.Any(static n => n.Inputs.Concat(n.Outputs).Any(static v => v is not null && v.Type.IsHalf()));
        if (!any)
        {
            return false;
        }

        new Widening(graph).Run(cancellation);
        graph.Sort();
        return true;
    }

    /// <summary>The work on one graph.</summary>
    private sealed class Widening
    {
        private readonly Graph _graph;
        private readonly GraphRewriter _rewriter;

        /// <summary>f32 values in the place of 16-bit ones that stay: inputs, constants, results of Cast.</summary>
        private readonly Dictionary<Value, Value> _wide = new();

        /// <summary>The types that values had which are f32 now.</summary>
        private readonly Dictionary<Value, ElementType> _declared = new();

        public Widening(Graph graph)
        {
            _graph = graph;
            _rewriter = new GraphRewriter(graph);
        }

        public void Run(CancellationToken cancellation)
        {
            foreach (Node node in _graph.Nodes.ToArray())
            {
                cancellation.ThrowIfCancellationRequested();
                Visit(node);
            }

            foreach (GraphOutput output in _graph.Outputs)
            {
                if (_declared.TryGetValue(output.Value, out ElementType type))
                {
                    output.Value = Cast(output.Value, type);
                }
            }

            foreach (GraphState state in _graph.States)
            {
                if (_declared.TryGetValue(state.Output, out ElementType type))
                {
                    state.Output = Cast(state.Output, type);
                }
            }
        }

        private void Visit(Node node)
        {
            ElementType[] declared = node.Outputs.Select(static v => v.Type).ToArray();
            for (int i = 0; i < node.OperatorInputCount; i++)
            {
                if (node.Inputs[i] is { } input)
                {
                    node.SetInput(i, node.Operator.ReadsBits ? Narrow(input) : Widen(input));
                }
            }

            ShapeInference.Run(node, _rewriter.Graph);
            if (!node.Operator.ConvertsTypes && node.Outputs.Any(static v => v.Type.IsHalf()) && node.Attributes.Int("dtype", 0) is var type && ((ElementType)(int)type).IsHalf())
            {
                node.Attributes.Set("dtype", (long)ElementType.Float32);
                ShapeInference.Run(node, _rewriter.Graph);
            }

            for (int i = 0; i < declared.Length; i++)
            {
                if (declared[i].IsHalf() && !node.Outputs[i].Type.IsHalf())
                {
                    _declared[node.Outputs[i]] = declared[i];
                }
            }
        }

        private Value Widen(Value value)
        {
            if (!value.Type.IsHalf())
            {
                return value;
            }

            if (!_wide.TryGetValue(value, out Value? wide))
            {
                wide = value.Constant is { } constant
                    ? _rewriter.Constant(NodeEvaluation.Widen(constant), value.Name)
                    : Cast(value, ElementType.Float32);
                _wide[value] = wide;
            }

            return wide;
        }

        private Value Narrow(Value value) => _declared.TryGetValue(value, out ElementType type) ? Cast(value, type) : value;

        private Value Cast(Value value, ElementType type) => _rewriter.Insert("Cast", value.Name, new[] { value }, ("to", (long)type));
    }
}
