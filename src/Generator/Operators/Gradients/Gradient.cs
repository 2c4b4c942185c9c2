using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Gradients;

/// <summary>
/// Gradient: the derivatives of the tensor <c>y</c>, summed over its elements, by the tensors <c>xs</c>. The part of the graph between
/// them is run backwards: each node passes the derivative of its output on to its inputs by the rule of <see cref="GradientRules"/>. Where the
/// node's inputs are other tensors than those that <c>xs</c> and <c>zs</c> name, the part is evaluated anew on them.
/// </summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx_aionnxpreviewtraining_Gradient.html · Types: floating point · Opsets: 1.</remarks>
internal sealed class Gradient : ComposedOperator
{
    public Gradient()
        : base("Gradient", "ai.onnx.preview.training")
    {
    }

    public override (int Min, int Max) InputCount => (1, int.MaxValue);

    public override (int Min, int Max) OutputCount => (1, int.MaxValue);

    public override IReadOnlyList<string> TensorAttributes => new[] { "xs", "zs", "y" };

    protected override void Compose(Node node, Composer compose)
    {
        string[] xs = node.Attributes.Strings("xs") ?? System.Array.Empty<string>();
        string[] zs = node.Attributes.Strings("zs") ?? System.Array.Empty<string>();
        if (xs.Length == 0 || xs.Length + zs.Length != node.Inputs.Count || node.Outputs.Count > xs.Length)
        {
            throw compose.Fail(DiagnosticCodes.GraphMalformed, $"it has {node.Inputs.Count} inputs and {node.Outputs.Count} outputs where 'xs' names {xs.Length} tensors and 'zs' {zs.Length}");
        }

        Value[] named = xs.Concat(zs).Select(n => Named(compose, n)).ToArray();
        Value y = Named(compose, node.Attributes.String("y", string.Empty));
        IReadOnlyList<Node> path = PathTo(y, named.Take(xs.Length), named);
        for (int i = 0; i < xs.Length; i++)
        {
            // What depends on constants alone is folded when it is read: nothing is left to differentiate.
            if (named[i].IsConstant)
            {
                throw compose.Fail(DiagnosticCodes.FeatureUnsupported, $"'{xs[i]}' in 'xs' is a constant", "Make it an input of the model.");
            }
        }

        var values = new Dictionary<Value, Value>();
        for (int i = 0; i < named.Length; i++)
        {
            values[named[i]] = node.Required(i);
        }

        if (values.Any(static pair => !ReferenceEquals(pair.Key, pair.Value)))
        {
            Evaluate(path, values, compose);
        }

        var backward = new Backward(compose, values);
        backward.Seed(y);
        foreach (Node part in path.Reverse())
        {
            backward.Pass(part);
        }

        for (int i = 0; i < node.Outputs.Count; i++)
        {
            compose.Return(i, backward.Of(named[i]));
        }
    }

    private static Value Named(Composer compose, string name) => compose.Context.Named(name) is TensorValue tensor
        ? tensor.Value
        : throw compose.Fail(DiagnosticCodes.GraphMalformed, $"'{name}' in its attributes is no tensor of the graph");

    /// <summary>The nodes through which y depends on the starts, in an order in which each follows its inputs; what lies before a boundary does not count.</summary>
    private static IReadOnlyList<Node> PathTo(Value y, IEnumerable<Value> starts, IReadOnlyCollection<Value> boundary)
    {
        var order = new List<Node>();
        var depends = new Dictionary<Value, bool>();
        foreach (Value value in boundary)
        {
            depends[value] = false;
        }

        foreach (Value value in starts)
        {
            depends[value] = true;
        }

        var stack = new Stack<Value>();
        stack.Push(y);
        while (stack.Count > 0)
        {
            Value value = stack.Peek();
            Value[] open = depends.ContainsKey(value) || value.Producer is null
                ? System.Array.Empty<Value>()
                : value.Producer.Inputs.Where(i => i is not null && !depends.ContainsKey(i)).Select(static i => i!).ToArray();
            if (open.Length > 0)
            {
                stack.Push(open[0]);
                continue;
            }

            stack.Pop();
            if (!depends.ContainsKey(value))
            {
                Node? producer = value.Producer;
                bool found = producer is not null && producer.Inputs.Any(i => i is not null && depends[i]);
                foreach (Value output in producer?.Outputs ?? new[] { value })
                {
                    depends[output] = found;
                }

                if (found)
                {
                    order.Add(producer!);
                }
            }
        }

        return order;
    }

    /// <summary>Runs the nodes on other values.</summary>
    private static void Evaluate(IReadOnlyList<Node> path, Dictionary<Value, Value> values, Composer compose)
    {
        foreach (Node node in path)
        {
            Value?[] inputs = node.Inputs.Select(i => i is not null && values.TryGetValue(i, out Value? other) ? other : i).ToArray();
            IReadOnlyList<Value> outputs = compose.Context.Insert(node.Operator, node.Attributes.Clone(), inputs, node.Outputs.Count);
            for (int i = 0; i < outputs.Count; i++)
            {
                values[node.Outputs[i]] = outputs[i];
            }
        }
    }

    /// <summary>The derivatives of y that are known, by the values of the graph as it was read.</summary>
    private sealed class Backward
    {
        private readonly Composer _compose;
        private readonly Dictionary<Value, Value> _values;
        private readonly Dictionary<Value, Value> _derivatives = new();

        /// <param name="compose">Adds the parts.</param>
        /// <param name="values">What to use instead of values of the graph.</param>
        public Backward(Composer compose, Dictionary<Value, Value> values)
        {
            _compose = compose;
            _values = values;
        }

        public void Seed(Value y) => _derivatives[y] = Fill(y, 1);

        public void Pass(Node node)
        {
            Value?[] outputs = node.Outputs.Select(o => _derivatives.TryGetValue(o, out Value? known) ? known : null).ToArray();
            if (outputs.All(static o => o is null))
            {
                return;
            }

            Value?[] inputs = node.Inputs.Select(i => i is null ? null : Now(i)).ToArray();
            if (inputs.Concat(node.Outputs).Any(static v => v?.Shape.IsDynamic ?? false))
            {
                throw _compose.Fail(DiagnosticCodes.FeatureUnsupported, $"{node} has sizes that each run decides", "Give the dimensions one value each.");
            }

            var step = new BackwardNode(_compose, node, inputs, node.Outputs.Select(Now).ToArray(), outputs.Select((o, i) => o ?? Fill(node.Outputs[i], 0)).ToArray());
            IReadOnlyList<Value?> passed = GradientRules.Apply(step);
            for (int i = 0; i < passed.Count; i++)
            {
                if (passed[i] is { } part && node.Inputs[i] is { } input)
                {
                    _derivatives[input] = _derivatives.TryGetValue(input, out Value? sum) ? _compose.Add(sum, part) : part;
                }
            }
        }

        /// <summary>Zeros for what y does not depend on.</summary>
        public Value Of(Value x) => _derivatives.TryGetValue(x, out Value? derivative) ? derivative : Fill(x, 0);

        private Value Now(Value value) => _values.TryGetValue(value, out Value? other) ? other : value;

        private Value Fill(Value like, double number)
        {
            if (!like.Type.IsFloat() || like.Shape.IsDynamic)
            {
                throw _compose.Fail(DiagnosticCodes.FeatureUnsupported, $"{like} has no derivative here", "Use floating-point tensors of fixed shape.");
            }

            return _compose.Constant(ElementEvaluation.Fill(like.Type, like.Shape, number));
        }
    }
}
