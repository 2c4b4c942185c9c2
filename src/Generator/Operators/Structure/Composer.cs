using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>Writes down an operator as an expression of others; what is constant folds at once.</summary>
internal sealed class Composer
{
    public Composer(StructureContext context)
    {
        Context = context;
    }

    public StructureContext Context { get; }

    /// <summary>Any operator with one output.</summary>
    public Value Op(string op, IEnumerable<Value?> inputs, params (string Name, object Value)[] attributes) => Context.Insert(op, inputs, attributes);

    /// <summary>Any operator without attributes.</summary>
    public Value Op(string op, params Value?[] inputs) => Context.Insert(op, inputs);

    public Value Add(Value a, Value b) => Op("Add", a, b);

    public Value Sub(Value a, Value b) => Op("Sub", a, b);

    public Value Mul(Value a, Value b) => Op("Mul", a, b);

    public Value Div(Value a, Value b) => Op("Div", a, b);

    public Value MatMul(Value a, Value b) => Op("MatMul", a, b);

    public Value Where(Value condition, Value a, Value b) => Op("Where", condition, a, b);

    /// <summary>A scalar constant of the element type of another value.</summary>
    public Value Scalar(double value, ElementType type) => Numbers(type, Shape.Scalar, new[] { value });

    /// <summary>A constant of any element type, from real numbers.</summary>
    public Value Numbers(ElementType type, Shape shape, IReadOnlyList<double> values)
    {
        var bytes = new byte[shape.ElementCount * type.Size()];
        for (int i = 0; i < values.Count; i++)
        {
            ElementEvaluation.Write(bytes, type, i, values[i]);
        }

        return Context.Constant(Tensor.FromBytes(type, shape, bytes, $"{Context.Operator.Name}.constant"), "constant");
    }

    /// <summary>An i64 vector.</summary>
    public Value Ints(params long[] values) => Context.Constant(Tensor.Vector(values), "ints");

    /// <summary>The value under another shape of as many elements.</summary>
    public Value Reshape(Value value, params long[] dimensions) => value.Shape.Dimensions.Select(static d => (long)d).SequenceEqual(dimensions)
        ? value
        : Op("Reshape", value, Ints(dimensions));

    public Value Transpose(Value value, params int[] permutation) =>
        Op("Transpose", new[] { value }, ("perm", permutation.Select(static p => (long)p).ToArray()));

    /// <summary>The cells start, …, end - 1 of an axis, each step-th of them.</summary>
    public Value Slice(Value value, int axis, long start, long end, long step = 1) =>
        start == 0 && end == value.Shape[axis] && step == 1 ? value : Op("Slice", value, Ints(start), Ints(end), Ints(axis), Ints(step));

    public Value Concat(int axis, params Value[] values) => values.Length == 1 ? values[0] : Op("Concat", values, ("axis", (long)axis));

    public Value Unsqueeze(Value value, params long[] axes) => Op("Unsqueeze", value, Ints(axes));

    public Value Squeeze(Value value, params long[] axes) => Op("Squeeze", value, Ints(axes));

    public Value Expand(Value value, params long[] dimensions) => Op("Expand", value, Ints(dimensions));

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
        : throw Context.Fail(DiagnosticCodes.TypeUnsupported, $"element type {value.Type.ShortName()} is not supported", "Convert the model to a supported type.");

    /// <summary>Fails unless a condition holds.</summary>
    public void Check(bool condition, string reason)
    {
        if (!condition)
        {
            throw Context.Fail(DiagnosticCodes.ShapeMismatch, reason);
        }
    }

    /// <summary>The integers behind an input that decides a shape; null if it is absent.</summary>
    public long[]? ConstantInts(int index, string role)
    {
        if (Context.OptionalTensor(index) is not { } value)
        {
            return null;
        }

        if (value.Type is not (ElementType.Int64 or ElementType.Int32))
        {
            throw Context.Fail(DiagnosticCodes.ShapeMismatch, $"input {index} ('{role}') must be i64 or i32");
        }

        return (value.Constant ?? throw Context.FailNotConstant($"input {index} ('{role}') decides a shape but is only known at run time")).ToInt64Array();
    }

    /// <summary>Says what an output is.</summary>
    public void Return(int index, Value value) => Context.SetOutput(index, new TensorValue(value));
}
