using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>Writes nodes as a formula, for operators that others define: <c>f.Op("Mul", f.Op("Sub", x, f.Floats(offset)), f.Floats(scale))</c>.</summary>
internal sealed class Formula
{
    private readonly GraphRewriter _rewriter;
    private readonly string _name;

    /// <param name="rewriter">The graph that is edited.</param>
    /// <param name="name">Name of the node that is replaced; all new nodes are named after it.</param>
    public Formula(GraphRewriter rewriter, string name)
    {
        _rewriter = rewriter;
        _name = name;
    }

    /// <summary>A node of the standard domain without attributes.</summary>
    public Value Op(string op, params Value?[] inputs) => Op(op, inputs, System.Array.Empty<(string, object)>());

    /// <summary>A node of the standard domain.</summary>
    public Value Op(string op, Value?[] inputs, params (string Name, object Value)[] attributes) =>
        Op(OperatorRegistry.Get(op), inputs, attributes);

    /// <summary>A node of any operator.</summary>
    public Value Op(Operator op, Value?[] inputs, params (string Name, object Value)[] attributes) =>
        _rewriter.Insert(op, $"{_name}.{op.Name}", inputs, attributes);

    /// <summary>A constant.</summary>
    public Value Constant(Tensor tensor, string role = "constant") => _rewriter.Constant(tensor, $"{_name}.{role}");

    /// <summary>An f32 scalar.</summary>
    public Value Scalar(float value) => Constant(Tensor.Scalar(value));

    /// <summary>An f32 constant; a vector where no shape is given.</summary>
    public Value Floats(float[] values, Shape? shape = null, string role = "constant") =>
        Constant(Tensor.Create(ElementType.Float32, shape ?? new Shape(values.Length), values), role);

    /// <summary>An i64 vector.</summary>
    public Value Integers(params long[] values) => Constant(Tensor.Vector(values));

    /// <summary>The value in another element type; itself if it has the type.</summary>
    public Value Cast(Value value, ElementType type) => value.Type == type ? value : Op("Cast", new[] { value }, ("to", (long)type));

    /// <summary>The value under another shape; itself if it has the shape.</summary>
    public Value Reshape(Value value, params int[] shape) => _rewriter.Reshape(value, new Shape(shape), $"{_name}.Reshape");

    /// <summary>Values side by side along an axis.</summary>
    public Value Concat(int axis, params Value[] values) =>
        values.Length == 1 ? values[0] : Op("Concat", values.Cast<Value?>().ToArray(), ("axis", (long)axis));
}
