using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Selection;

/// <summary>
/// Unique: the different elements, or the different slices along an axis, ascending or as they first occur; where each first occurs, which
/// of them each input element is, and how often each occurs.
/// </summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__Unique.html · Types: all. How many there are is found in the data: at most as many as there are elements or
/// slices. NaN is equal to NaN and above all numbers.
/// </remarks>
internal sealed class Unique : Operator
{
    public Unique()
        : base("Unique")
    {
    }

    public override int Since => 11;

    public override (int Min, int Max) InputCount => (1, 1);

    public override (int Min, int Max) OutputCount => (1, 4);

    public override bool FindsCounts => true;

    public override void Infer(InferContext context)
    {
        context.RequireType(0, TypeSets.AllAndText);
        Shape shape = context.Shape(0);
        int? axis = context.Attributes.Has("axis") ? context.Axis(context.Attributes.Int("axis", 0), shape.Rank) : null;
        long candidates = axis is { } a ? shape[a] : shape.ElementCount;
        if (axis is not null && shape.ElementCount == 0)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "slices without elements cannot be compared");
        }

        int count = candidates == 0 ? 0
            : context.Known(0) is { } known ? new UniqueSlices(known, axis, Sorted(context.Node)).First.Count
            : context.ComputedSize(0, candidates);
        context.SetOutput(0, context.Type(0), axis is { } along ? shape.With(along, count) : new Shape(count));
        foreach (int output in new[] { 1, 3 })
        {
            context.SetOutput(output, ElementType.Int64, new Shape(count));
        }

        context.SetOutput(2, ElementType.Int64, context.MakeShape(new[] { candidates }));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        Tensor x = inputs[0]!;
        int? axis = AxisOf(node);
        var slices = new UniqueSlices(x, axis, Sorted(node));
        Shape flat = axis is null ? new Shape((int)x.Shape.ElementCount) : x.Shape;
        int at = axis ?? 0;
        long inner = flat.Product(at + 1, flat.Rank);
        int count = slices.First.Count;
        Tensor y = ElementMovement.Pick(x, flat.With(at, count), i =>
            (((i / inner / count * flat[at]) + slices.First[(int)(i / inner % count)]) * inner) + (i % inner));
        return new[] { y, List(slices.First), List(slices.Group), List(slices.Occurrences) };
    }

    public override void Lower(Node node, LoweringContext context)
    {
        Value input = node.Required(0);
        TensorView x = context.ReadPlain(input);
        int axis = AxisOf(node) ?? 0;
        if (AxisOf(node) is null && input.Shape.Rank != 1)
        {
            Shape flat = new(new[] { Extent.Of(input.Shape.ElementSize) });
            x = x.Layout.TryReshape(flat) is { } layout ? x.With(layout)
                : input.Shape.IsDynamic ? context.Repack(node, x, flat)
                : context.ReadDense(input).With(Layout.Dense(flat));
        }

        var lists = new[] { new Shape(x.Shape[axis]) }.SelectMany(s => new[] { "order", "merged", "first", "ranks" }.Select(n => context.Scratch($"{node.Name}.{n}", ElementType.Int32, s)));
        context.Add(new UniqueStep(node, x, axis, Sorted(node), node.Outputs.Select(context.Allocate).ToArray(), lists.ToArray()));
    }

    public override bool WritesStrided(Node node) => true;

    private static bool Sorted(Node node) => node.Attributes.Flag("sorted", true);

    private static int? AxisOf(Node node)
    {
        if (!node.Attributes.Has("axis"))
        {
            return null;
        }

        Shape.TryNormalizeAxis(node.Attributes.Int("axis", 0), node.Required(0).Shape.Rank, out int axis);
        return axis;
    }

    private static Tensor List(IReadOnlyList<int> numbers) => Tensor.Vector(numbers.Select(static n => (long)n).ToArray());
}

/// <summary>The different slices of a constant along an axis, or its different elements.</summary>
internal sealed class UniqueSlices
{
    public UniqueSlices(Tensor x, int? axis, bool sorted)
    {
        Func<int, int, int> compare = ElementComparer(x);
        int length = axis is { } a ? x.Shape[a] : (int)x.Shape.ElementCount;
        int[][] slices = Enumerable.Range(0, length).Select(i => Elements(x.Shape, axis, i)).ToArray();
        int Compare(int i, int j) => slices[i].Zip(slices[j], compare).FirstOrDefault(static c => c != 0);
        int[] order = Enumerable.Range(0, length).OrderBy(static i => i, Comparer<int>.Create(Compare)).ToArray();
        var groups = new List<List<int>>();
        for (int i = 0; i < length; i++)
        {
            if (i == 0 || Compare(order[i - 1], order[i]) != 0)
            {
                groups.Add(new List<int>());
            }

            groups[groups.Count - 1].Add(order[i]);
        }

        List<int>[] listed = sorted ? groups.ToArray() : groups.OrderBy(static g => g[0]).ToArray();
        First = listed.Select(static g => g[0]).ToArray();
        Occurrences = listed.Select(static g => g.Count).ToArray();
        var group = new int[length];
        for (int g = 0; g < listed.Length; g++)
        {
            foreach (int member in listed[g])
            {
                group[member] = g;
            }
        }

        Group = group;
    }

    /// <summary>Where each first occurs.</summary>
    public IReadOnlyList<int> First { get; }

    /// <summary>How often each occurs.</summary>
    public IReadOnlyList<int> Occurrences { get; }

    /// <summary>For each slice of the input its number among the different ones.</summary>
    public IReadOnlyList<int> Group { get; }

    private static int[] Elements(Shape shape, int? axis, int slice)
    {
        if (axis is not { } a)
        {
            return new[] { slice };
        }

        int inner = (int)shape.Product(a + 1, shape.Rank);
        int outer = (int)shape.Product(0, a);
        return Enumerable.Range(0, outer * inner).Select(i => (((i / inner * shape[a]) + slice) * inner) + (i % inner)).ToArray();
    }

    private static Func<int, int, int> ElementComparer(Tensor x)
    {
        if (x.Type == ElementType.String)
        {
            string[] text = x.ToStrings().ToArray();
            return (a, b) => string.CompareOrdinal(text[a], text[b]);
        }

        if (x.Type == ElementType.UInt64)
        {
            return (a, b) => ((ulong)ElementEvaluation.ReadInteger(x, a)).CompareTo((ulong)ElementEvaluation.ReadInteger(x, b));
        }

        if (x.Type.IsInteger())
        {
            return (a, b) => ElementEvaluation.ReadInteger(x, a).CompareTo(ElementEvaluation.ReadInteger(x, b));
        }

        // CompareTo puts NaN first; here it comes last.
        return (a, b) =>
        {
            (double left, double right) = (ElementEvaluation.Read(x, a), ElementEvaluation.Read(x, b));
            return double.IsNaN(left) || double.IsNaN(right) ? double.IsNaN(left).CompareTo(double.IsNaN(right)) : left < right ? -1 : left > right ? 1 : 0;
        };
    }
}
