using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;
using AotCompiler.Operators.Reduction;

namespace AotCompiler.Operators.Selection;

/// <summary>TopK: the k largest or smallest elements along an axis, best first, and their positions; of equal elements the earlier is the better. The order among NaN is unspecified.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__TopK.html · Types: f32, f64, integers · Opsets: 10 made k an input; 11 added largest and sorted (results are always sorted); 24 added bfloat16. A k that is only known at run time is a count; it can be at most the length of the axis.</remarks>
internal sealed class TopK : Operator
{
    public TopK()
        : base("TopK")
    {
    }

    public override (int Min, int Max) InputCount => (2, 2);

    public override (int Min, int Max) OutputCount => (1, 2);

    public override void Upgrade(UpgradeContext context)
    {
        if (context.Attributes.Raw("k") is long k)
        {
            context.Attributes.Set("k", new[] { k });
        }

        context.AttributeToInput("k", 1);
    }

    public override bool FindsCounts => true;

    public override void Infer(InferContext context)
    {
        context.RequireType(0, TypeSets.Numbers);
        Shape shape = context.Shape(0);
        int axis = context.Axis(context.Attributes.Int("axis", -1), shape.Rank);
        Shape result = shape.With(axis, Count(context, axis, shape[axis]));
        context.SetOutput(0, context.Type(0), result);
        context.SetOutput(1, ElementType.Int64, result);
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        Tensor input = inputs[0]!;
        int axis = AxisOf(node);
        Shape result = node.Output.Shape.With(axis, (int)inputs[1]!.ToInt64Array()[0]);
        long stride = input.Shape.RowMajorStrides()[axis];
        var bytes = new byte[result.ElementCount * input.Type.Size()];
        var positions = new long[result.ElementCount];
        Comparison<int> compare = Comparer(input, node.Attributes.Flag("largest", true));
        int[] slices = ReduceEvaluation.Targets(input.Shape, new[] { axis });
        foreach (IGrouping<int, int> slice in Enumerable.Range(0, slices.Length).GroupBy(i => slices[i]))
        {
            int[] order = slice.OrderBy(static i => i, System.Collections.Generic.Comparer<int>.Create(compare)).ToArray();
            for (int j = 0; j < result[axis]; j++)
            {
                int at = (int)((slice.Key / stride * result[axis] * stride) + (j * stride) + (slice.Key % stride));
                positions[at] = order[j] / stride % input.Shape[axis];
                input.Bytes.Slice(order[j] * input.Type.Size(), input.Type.Size()).CopyTo(bytes.AsSpan(at * input.Type.Size()));
            }
        }

        Tensor values = Tensor.FromBytes(input.Type, result, bytes, "TopK values");
        return node.Outputs.Count == 1 ? new[] { values } : new[] { values, Tensor.Create(ElementType.Int64, result, positions, "TopK positions") };
    }

    public override void Lower(Node node, LoweringContext context)
    {
        TensorView values = context.Allocate(node.Output);
        TensorView indices = node.Outputs.Count > 1
            ? context.Allocate(node.Outputs[1])
            : context.Scratch($"{node.Name}.positions", ElementType.Int64, node.Output.Shape);
        if (node.Output.Shape.ElementCount == 0)
        {
            return;
        }

        int axis = AxisOf(node);
        bool largest = node.Attributes.Flag("largest", true);
        TensorView input = context.ReadPlain(node.Required(0));
        (Extent k, Extent length) = (values.Shape.Extent(axis), input.Shape.Extent(axis));
        if (node.ComputedSizes.Count == 0 && RankStep.Applies(input.Type, k, length))
        {
            TensorView Keys(string name) => context.Scratch($"{node.Name}.{name}", ElementType.UInt64, new Shape(RankStep.KeyCount(k, length)));
            context.Add(new RankStep(node, input, values, indices, new[] { Keys("keys"), Keys("other") }, axis, largest));
            return;
        }

        TensorView? wanted = node.ComputedSizes.Count == 0 ? null : context.ReadDense(node.Required(1));
        context.Add(new TopKStep(node, input, wanted, values, indices, axis, largest));
    }

    public override bool WritesStrided(Node node) => true;

    private static int Count(InferContext context, int axis, int length)
    {
        context.RequireType(1, ElementType.Int64, ElementType.Int32);
        if (context.Shape(1).ElementCount != 1)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "k must be one number");
        }

        if (context.Node.ComputedSizes.Count > 0 || context.Input(1) is { Constant: null, Sizes: null })
        {
            return context.ComputedSize(0, length);
        }

        long k = context.RequireInts(1, "k")[0];
        return k >= 0 && k <= length ? (int)k : throw context.Fail(DiagnosticCodes.ShapeMismatch, $"k is {k} where axis {axis} has {length} elements");
    }

    private static int AxisOf(Node node)
    {
        Shape.TryNormalizeAxis(node.Attributes.Int("axis", -1), node.Required(0).Shape.Rank, out int axis);
        return axis;
    }

    /// <summary>Orders element indices: the better first.</summary>
    private static Comparison<int> Comparer(Tensor input, bool largest)
    {
        int sign = largest ? -1 : 1;
        return input.Type switch
        {
            ElementType.UInt64 => (a, b) => sign * ((ulong)ElementEvaluation.ReadInteger(input, a)).CompareTo((ulong)ElementEvaluation.ReadInteger(input, b)),
            _ when input.Type.IsInteger() => (a, b) => sign * ElementEvaluation.ReadInteger(input, a).CompareTo(ElementEvaluation.ReadInteger(input, b)),
            _ => (a, b) => sign * ElementEvaluation.Read(input, a).CompareTo(ElementEvaluation.Read(input, b)),
        };
    }
}
