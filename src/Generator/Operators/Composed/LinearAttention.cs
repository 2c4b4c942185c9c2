using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>LinearAttention: a matrix per head that each time step decays, corrects and reads, in time linear in the length.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__LinearAttention.html. A Loop over time whose state is the matrices; what does not depend on
/// them is computed for all steps before. Query heads that share a matrix are rows of one product.
/// </remarks>
internal sealed class LinearAttention : ComposedOperator
{
    public LinearAttention()
        : base("LinearAttention")
    {
    }

    public override int Since => 27;

    public override (int Min, int Max) InputCount => (3, 6);

    public override (int Min, int Max) OutputCount => (1, 2);

    /// <summary>Batch and time; the sizes of heads are numbers.</summary>
    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => axis == 0 || (axis == 1 && input != 3);

    protected override void Compose(Node node, Composer compose)
    {
        string rule = node.Attributes.String("update_rule", "gated_delta");
        bool gated = rule is "gated" or "gated_delta";
        bool corrected = rule is "delta" or "gated_delta";
        compose.Check(rule == "linear" || gated || corrected, $"the update_rule '{rule}' is none of linear, gated, delta, gated_delta");
        compose.Check((node.Input(4) is not null) == gated && (node.Input(5) is not null) == corrected, $"the update_rule '{rule}' and the inputs 4 ('decay') and 5 ('beta') do not fit");
        long queryHeads = node.Attributes.Int("q_num_heads", 0);
        long heads = node.Attributes.Int("kv_num_heads", 0);
        Value q = node.Required(0);
        compose.Check(q.Shape.Rank == 3 && heads > 0 && queryHeads > 0 && queryHeads % heads == 0 && q.Shape[2] % queryHeads == 0, "the heads do not fit the queries");
        compose.Check(node.Required(1).Shape.Rank == 3 && node.Required(2).Shape.Rank == 3, "keys and values must have 3 dimensions");
        (Extent batch, Extent length, long size) = (q.Shape.Extent(0), q.Shape.Extent(1), q.Shape[2] / queryHeads);
        float given = node.Attributes.Float("scale", 0);
        double scale = given == 0 ? 1 / Math.Sqrt(size) : given;

        // Time first, then [batch, heads, rows, columns].
        Value queries = compose.Mul(InTime(compose, q, heads, queryHeads / heads, size), compose.Scalar(scale, ElementType.Float32));
        Value keys = InTime(compose, node.Required(1), heads, 1, size);
        Value values = InTime(compose, node.Required(2), heads, 1, node.Required(2).Shape[2] / heads);
        var walked = new List<Value> { queries, keys, values };
        if (gated)
        {
            Value decay = node.Required(4);
            long perKey = decay.Shape.Rank == 3 ? decay.Shape[2] / heads : 0;
            compose.Check(perKey == 1 || perKey == size, "the decay must have one value per head, or one per head and key element");
            walked.Add(compose.Op("Exp", InTime(compose, decay, heads, perKey, 1)));
        }

        if (corrected)
        {
            Value beta = node.Required(5);
            compose.Check(beta.Shape.Rank == 3 && (beta.Shape[2] == 1 || beta.Shape[2] == heads), "beta must have one value per head, or one");
            walked.Add(InTime(compose, beta, beta.Shape[2], 1, 1));
        }

        compose.Check(walked.All(v => v.Shape.Extent(0) == length && v.Shape.Extent(1) == batch), "the inputs have different batches or lengths");
        var stateShape = new Shape(new[] { batch, (int)heads, (int)size, values.Shape.Extent(4) });
        Value? past = node.Input(3);
        compose.Check(past is null || past.Shape.Equals(stateShape), $"the state must have the shape {stateShape}");
        Value state = past is null ? compose.Expand(compose.Scalar(0), stateShape) : compose.Cast(past, ElementType.Float32);
        IReadOnlyList<Value> results = Walk(compose, state, walked, length, gated, corrected);
        Value y = compose.Reshape(compose.Transpose(results[1], 1, 0, 2, 3, 4), new Shape(new[] { batch, length, checked((int)(queryHeads * values.Shape[4])) }));
        compose.Return(0, compose.Cast(y, q.Type));
        compose.Return(1, compose.Cast(results[0], past?.Type ?? q.Type));
    }

    /// <summary>[batch, time, heads · rows · columns] as f32 [time, batch, heads, rows, columns].</summary>
    private static Value InTime(Composer compose, Value value, long heads, long rows, long columns)
    {
        compose.Check(value.Shape.Rank == 3 && value.Shape[2] == heads * rows * columns, "an input does not have the size that the heads ask for");
        var parts = new Shape(new[] { value.Shape.Extent(0), value.Shape.Extent(1), (int)heads, (int)rows, (int)columns });
        Value split = compose.Reshape(compose.Cast(value, ElementType.Float32), parts);
        return compose.Transpose(split, 1, 0, 2, 3, 4);
    }

    private static IReadOnlyList<Value> Walk(Composer compose, Value state, List<Value> walked, Extent length, bool gated, bool corrected)
    {
        string name = compose.Node.Name;
        var body = new Graph(name);
        var rewriter = new GraphRewriter(body);
        Value Op(string op, params Value[] inputs) => rewriter.Insert(op, name, inputs);
        body.Inputs.Add(new Value(body.UniqueName("iteration"), ElementType.Int64, Shape.Scalar));
        var present = new Value(body.UniqueName("state"), state.Type, state.Shape);
        Value[] parts = walked.Select(v => new Value(body.UniqueName("part"), v.Type, new Shape(v.Shape.Extents.Skip(1)))).ToArray();
        body.Inputs.Add(present);
        body.Inputs.AddRange(parts);
        (Value query, Value key, Value value) = (parts[0], parts[1], parts[2]);
        Value decayed = gated ? Op("Mul", present, parts[3]) : present;
        if (corrected)
        {
            value = Op("Mul", parts[parts.Length - 1], Op("Sub", value, Op("MatMul", key, decayed)));
        }

        Value column = rewriter.Insert("Transpose", name, new[] { key }, ("perm", new long[] { 0, 1, 3, 2 }));
        Value next = Op("Add", decayed, Op("Mul", column, value));
        Value read = Op("MatMul", query, next);
        Value always = Value.FromConstant(body.UniqueName("condition"), Tensor.FromBytes(ElementType.Bool, Shape.Scalar, new byte[] { 1 }, "true"));
        body.Outputs.AddRange(new[] { always, next, read }.Select(static v => new GraphOutput(v.Name, v)));
        var form = new LoopForm(body, 1, walked.Count, length.IsDynamic ? -1 : length.Maximum, -1, new bool[walked.Count], new bool[1]);
        var definition = (Loop)OperatorRegistry.Get("Loop");
        return compose.Context.InsertNode(definition, form.ToAttributes(name), new Value?[] { length.IsDynamic ? compose.Context.Dimension(length) : null, null, state }.Concat(walked), new[] { $"{name}.state", $"{name}.read" });
    }
}
