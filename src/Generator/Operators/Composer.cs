using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>
/// Writes a <see cref="ComposedOperator"/> as an expression: <c>compose.Mul(compose.Sub(x, offset), scale)</c>. All parts are named after
/// the node.
/// </summary>
internal sealed class Composer
{
    private readonly Value?[] _results;

    public Composer(StructureContext context, Node node)
    {
        Context = context;
        Node = node;
        _results = new Value?[node.Outputs.Count];
    }

    /// <summary>The graph that gets the parts, and the bodies in the node's attributes.</summary>
    public StructureContext Context { get; }

    /// <summary>The node that the expression stands for.</summary>
    public Node Node { get; }

    /// <summary>What <see cref="Return(Value[])"/> said.</summary>
    public IReadOnlyList<Value?> Results => _results;

    /// <summary>Writes parts of the node into a body.</summary>
    public Composer In(Graph body) => new(Context.In(body), Node);

    /// <summary>Any operator of the standard without attributes.</summary>
    public Value Op(string op, params Value?[] inputs) => Op(op, inputs, Array.Empty<(string, object)>());

    /// <summary>Any operator of the standard, output 0.</summary>
    public Value Op(string op, IEnumerable<Value?> inputs, params (string Name, object Value)[] attributes) => Op(OperatorRegistry.Get(op), inputs, attributes);

    /// <summary>Any operator, output 0.</summary>
    public Value Op(Operator op, IEnumerable<Value?> inputs, params (string Name, object Value)[] attributes) => Ops(op, 1, inputs, attributes)[0];

    /// <summary>Any operator, its first outputs.</summary>
    public IReadOnlyList<Value> Ops(Operator op, int outputs, IEnumerable<Value?> inputs, params (string Name, object Value)[] attributes)
    {
        var map = new AttributeMap($"'{op.Name}' node \"{Node.Name}\"");
        foreach ((string key, object value) in attributes)
        {
            map.Set(key, value);
        }

        return op is ComposedOperator composed
            ? composed.Expand(Context, Node.Name, Node.LatestOpset, map, inputs, Enumerable.Repeat(Node.Name, outputs).ToArray()).Select(static v => v!).ToArray()
            : Context.Insert(op, map, inputs, outputs);
    }

    /// <summary>An operator of the standard with some of the node's own attributes, as far as it has them.</summary>
    public Value Like(string op, IEnumerable<string> attributes, params Value?[] inputs) =>
        Op(op, inputs, attributes.Where(Node.Attributes.Has).Select(a => (a, Node.Attributes.Raw(a)!)).ToArray());

    /// <summary>A constant.</summary>
    public Value Constant(Tensor tensor, string role = "constant") => Context.Constant(tensor, role);

    public Value Add(Value a, Value b) => Op("Add", a, b);

    public Value Sub(Value a, Value b) => Op("Sub", a, b);

    public Value Mul(Value a, Value b) => Op("Mul", a, b);

    public Value Div(Value a, Value b) => Op("Div", a, b);

    public Value MatMul(Value a, Value b) => Op("MatMul", a, b);

    public Value Where(Value condition, Value a, Value b) => Op("Where", condition, a, b);

    /// <summary>An f32 number.</summary>
    public Value Scalar(float value) => Constant(Tensor.Scalar(value), "number");

    /// <summary>An f32 constant; a vector where no shape is given.</summary>
    public Value Floats(float[] values, Shape? shape = null, string role = "constant") =>
        Constant(Tensor.Create(ElementType.Float32, shape ?? new Shape(values.Length), values), role);

    /// <summary>A scalar constant of the element type of another value.</summary>
    public Value Scalar(double value, ElementType type) => Numbers(type, Shape.Scalar, new[] { value });

    /// <summary>A constant of any element type, from real numbers.</summary>
    public Value Numbers(ElementType type, Shape shape, IReadOnlyList<double> values) =>
        Constant(Tensor.FromBytes(type, shape, BytesOf(type, values), $"{Node.Operator.Name}.constant"));

    /// <summary>A constant that may be large: its numbers are computed when somebody reads them.</summary>
    /// <param name="type">Their element type.</param>
    /// <param name="shape">Their shape.</param>
    /// <param name="recipe">What they are computed from, all of it.</param>
    /// <param name="values">Computes them, row-major.</param>
    public Value Numbers(ElementType type, Shape shape, string recipe, Func<double[]> values) =>
        Constant(Tensor.Lazy(type, shape, $"{Node.Operator.Name}({recipe})", () => BytesOf(type, values())));

    /// <summary>An i64 vector.</summary>
    public Value Ints(params long[] values) => Constant(Tensor.Vector(values), "ints");

    /// <summary>The value under another shape of as many elements.</summary>
    public Value Reshape(Value value, params long[] dimensions) => !value.Shape.IsDynamic && value.Shape.Dimensions.Select(static d => (long)d).SequenceEqual(dimensions)
        ? value
        : Op("Reshape", value, Ints(dimensions));

    /// <summary>The value under another shape of as many elements, whose sizes may be known only at run time.</summary>
    public Value Reshape(Value value, Shape shape) => Context.Reshape(value, shape);

    /// <summary>The value under another shape as Reshape's target says it: 0 copies a dimension, -1 takes the rest. Sizes may be known only at run time.</summary>
    public Value Split(Value value, params long[] target) => Op("Reshape", value, Ints(target));

    /// <summary>The length of an axis as an i64 scalar, which may be known only at run time.</summary>
    public Value Length(Value value, int axis) => value.Shape.IsDynamicAt(axis)
        ? Squeeze(Slice(Op("Shape", value), 0, axis, axis + 1), 0)
        : Scalar(value.Shape[axis], ElementType.Int64);

    /// <summary>(length + offset) · factor as a scalar of a floating-point type or i64, where the length may be known only at run time.</summary>
    public Value LengthNumber(Extent length, ElementType type, double offset = 0, double factor = 1)
    {
        if (!length.IsDynamic)
        {
            return Scalar((length.Maximum + offset) * factor, type);
        }

        Value number = Cast(Context.Dimension(length), type);
        number = offset == 0 ? number : Add(number, Scalar(offset, type));
        return factor == 1 ? number : Mul(number, Scalar(factor, type));
    }

    /// <summary>0, 1, … along an axis of a value as i64, whose length may be known only at run time.</summary>
    public Value Positions(Value value, int axis) => value.Shape.IsDynamicAt(axis)
        ? Op("Range", Scalar(0, ElementType.Int64), Length(value, axis), Scalar(1, ElementType.Int64))
        : Ints(Enumerable.Range(0, value.Shape[axis]).Select(static i => (long)i).ToArray());

    public Value Transpose(Value value, params int[] permutation) =>
        Op("Transpose", new[] { value }, ("perm", permutation.Select(static p => (long)p).ToArray()));

    /// <summary>The cells start, …, end - 1 of an axis, each step-th of them.</summary>
    public Value Slice(Value value, int axis, long start, long end, long step = 1) =>
        start == 0 && end == value.Shape[axis] && step == 1 && !value.Shape.IsDynamicAt(axis) ? value : Op("Slice", value, Ints(start), Ints(end), Ints(axis), Ints(step));

    public Value Concat(int axis, params Value[] values) => values.Length == 1 ? values[0] : Op("Concat", values, ("axis", (long)axis));

    public Value Unsqueeze(Value value, params long[] axes) => Op("Unsqueeze", value, Ints(axes));

    public Value Squeeze(Value value, params long[] axes) => Op("Squeeze", value, Ints(axes));

    public Value Expand(Value value, params long[] dimensions) => Op("Expand", value, Ints(dimensions));

    /// <summary>The value repeated to another shape, whose sizes may be known only at run time.</summary>
    public Value Expand(Value value, Shape shape) => value.Shape.Equals(shape) ? value : Op("Expand", value, Context.ShapeValue(shape));

    public Value Cast(Value value, ElementType type) => value.Type == type ? value : Op("Cast", new[] { value }, ("to", (long)(int)type));

    /// <summary>A reduction over axes; over all without any.</summary>
    public Value Reduce(string op, Value value, bool keep, params long[] axes) =>
        Op(op, axes.Length == 0 ? new[] { value } : new[] { value, Ints(axes) }, ("keepdims", keep ? 1L : 0L));

    /// <summary>The value with cells of a constant before and behind some axes.</summary>
    /// <param name="value">The value.</param>
    /// <param name="before">Cells before, one entry per axis.</param>
    /// <param name="after">Cells behind.</param>
    public Value Pad(Value value, IReadOnlyList<long> before, IReadOnlyList<long> after) =>
        before.Concat(after).All(static p => p == 0) ? value : Op("Pad", value, Ints(before.Concat(after).ToArray()));

    /// <summary>Element i along the axis is row i of the indices.</summary>
    public Value Gather(Value value, Value indices, int axis) => Op("Gather", new[] { value, indices }, ("axis", (long)axis));

    /// <summary>One element per element of the indices, which has the value's rank.</summary>
    public Value GatherElements(Value value, Value indices, int axis) => Op("GatherElements", new[] { value, indices }, ("axis", (long)axis));

    /// <summary>Fails unless the value has one of the types.</summary>
    public Value Require(Value value, params ElementType[] types) => types.Contains(value.Type)
        ? value
        : throw Fail(DiagnosticCodes.TypeUnsupported, $"element type {value.Type.ShortName()} is not supported", "Convert the model to a supported type.");

    /// <summary>Fails unless the type is one of floating-point numbers.</summary>
    public void RequireFloat(ElementType type)
    {
        if (!TypeSets.Floats.Contains(type))
        {
            throw Fail(DiagnosticCodes.TypeUnsupported, $"element type {type.ShortName()} is not supported", "Convert the model to a supported type.");
        }
    }

    /// <summary>Fails unless a condition holds.</summary>
    public void Check(bool condition, string reason)
    {
        if (!condition)
        {
            throw Fail(DiagnosticCodes.ShapeMismatch, reason);
        }
    }

    /// <summary>The integers behind an input that decides a shape; null if it is absent.</summary>
    public long[]? ConstantInts(int index, string role)
    {
        if (Node.Input(index) is not { } value)
        {
            return null;
        }

        if (value.Type is not (ElementType.Int64 or ElementType.Int32))
        {
            throw Fail(DiagnosticCodes.ShapeMismatch, $"input {index} ('{role}') must be i64 or i32");
        }

        return (value.Constant ?? throw new UndecidedSizeException(Node, index, role)).ToInt64Array();
    }

    /// <summary>The integers behind an input that decides a shape, as expressions where they are sizes.</summary>
    public Size[] Sizes(int index, string role)
    {
        Value value = Node.Required(index);
        return value is { IsConstant: false, Sizes.Elements: { } sizes } && value.Type is ElementType.Int64 or ElementType.Int32
            ? sizes.ToArray()
            : ConstantInts(index, role)!.Select(Size.Of).ToArray();
    }

    /// <summary>The one integer of an input that must be constant; null if it is absent.</summary>
    public long? ConstantInt(int index, string role) => ConstantInts(index, role) switch
    {
        null => null,
        { Length: 1 } one => one[0],
        _ => throw Fail(DiagnosticCodes.ShapeMismatch, $"input {index} ('{role}') must be one number"),
    };

    /// <summary>An error that names the node, operator, opset, inputs, reason and next step.</summary>
    public ModelException Fail(string code, string reason, string nextStep = "Check the model with its exporter.") =>
        new(code, NodeContext.Describe(Node, reason, nextStep));

    /// <summary>An error about what must be known at compile time.</summary>
    public ModelException FailNotConstant(string reason) =>
        Fail(DiagnosticCodes.ShapeNotConstant, reason, "Bind the model's free dimensions, or export it with constant shapes, lengths and positions.");

    /// <summary>True if somebody reads the output.</summary>
    public bool Wants(int output) => output < Node.Outputs.Count && Node.Outputs[output].Name.Length > 0;

    /// <summary>Says what the first outputs are; those that the model leaves out are ignored.</summary>
    public void Return(params Value[] values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            Return(i, values[i]);
        }
    }

    /// <summary>Says what an output is; ignored if the model leaves it out.</summary>
    public void Return(int index, Value value)
    {
        if (index < _results.Length)
        {
            _results[index] = value;
        }
    }

    private static byte[] BytesOf(ElementType type, IReadOnlyList<double> values)
    {
        var bytes = new byte[values.Count * (long)type.Size()];
        for (int i = 0; i < values.Count; i++)
        {
            ElementEvaluation.Write(bytes, type, i, values[i]);
        }

        return bytes;
    }
}
