using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Reduction;

/// <summary>ReduceSum and its kin: some dimensions become one element. A member of the family is its function.</summary>
internal abstract class ReduceOperator : Operator
{
    protected ReduceOperator(string name)
        : base(name)
    {
    }

    public override (int Min, int Max) InputCount => (1, 2);

    /// <summary>What the elements of a result become.</summary>
    protected abstract ReductionFunction Function { get; }

    /// <summary>Element types that are allowed.</summary>
    protected virtual IReadOnlyList<ElementType> AllowedTypes => TypeSets.Numbers;

    /// <summary>The attribute axes became input 1 in opset 18 (of ReduceSum in 13), where <c>noop_with_empty_axes</c> came too.</summary>
    public override void Upgrade(UpgradeContext context) => context.AttributeToInput("axes", 1);

    public override void Infer(InferContext context)
    {
        context.RequireType(0, AllowedTypes.ToArray());
        if (context.Has(1))
        {
            context.RequireType(1, ElementType.Int64, ElementType.Int32);
        }

        long[]? given = context.Has(1) && context.Shape(1).ElementCount > 0 ? context.RequireInts(1, "axes") : null;
        Shape shape = context.Shape(0);
        if (given is not null)
        {
            context.Axes(given, shape.Rank);
        }

        ReducedDimensions reduced = ReducedDimensions.Of(context.Node);
        context.SetOutput(0, context.Type(0), reduced.Result(shape));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs) =>
        new[] { ReduceEvaluation.Run(Function, inputs[0]!, ReducedDimensions.Of(node).Axes, node.Output.Shape) };

    public override bool WritesStrided(Node node) => true;

    /// <summary>Blocked if only spatial dimensions are reduced and kept as 1.</summary>
    public override LayoutKind ChooseLayout(Node node, LayoutQuery layouts) =>
        layouts.IsBlocked(node.Required(0)) && LayoutQuery.CanBlock(node.Output)
            && node.Output.Shape.Rank == node.Required(0).Shape.Rank && ReducedDimensions.Of(node).Axes.All(static a => a >= 2)
            ? LayoutKind.Blocked
            : LayoutKind.Plain;

    public override void Lower(Node node, LoweringContext context)
    {
        TensorView output = context.Allocate(node.Output);
        if (node.Output.Shape.ElementCount > 0)
        {
            Value value = node.Required(0);
            TensorView input = output.Layout.IsBlocked ? context.ReadBlocked(value, Halo.None(value.Shape.Rank - 2)) : context.ReadPlain(value);
            context.Add(ReducedDimensions.Of(node).Step(node, Function, input, output));
        }
    }
}

/// <summary>Which dimensions a node reduces, and whether they stay as 1.</summary>
/// <param name="Axes">Ascending, in 0..rank-1.</param>
/// <param name="Keep">True if reduced dimensions stay as 1.</param>
internal sealed record ReducedDimensions(int[] Axes, bool Keep)
{
    /// <summary>From input 1 and the attributes of a node of the Reduce family; input 1 is checked already.</summary>
    public static ReducedDimensions Of(Node node)
    {
        int rank = node.Required(0).Shape.Rank;
        long[] given = node.Input(1)?.Constant?.ToInt64Array() ?? System.Array.Empty<long>();
        int[] axes = given.Length > 0 ? given.Select(a => (int)(a < 0 ? a + rank : a)).OrderBy(static a => a).ToArray()
            : node.Attributes.Flag("noop_with_empty_axes", false) ? System.Array.Empty<int>()
            : Enumerable.Range(0, rank).ToArray();
        return new ReducedDimensions(axes, node.Attributes.Flag("keepdims", true));
    }

    /// <summary>The shape that remains.</summary>
    public Shape Result(Shape shape) => new(Enumerable.Range(0, shape.Rank)
        .Where(i => Keep || !Axes.Contains(i))
        .Select(i => Axes.Contains(i) ? 1 : shape[i]));

    /// <summary>The step that reduces a view into another of the same layout kind.</summary>
    public ReduceStep Step(Node node, ReductionFunction function, TensorView input, TensorView output)
    {
        IReadOnlyList<IterationDimension> from = input.Layout.Dimensions();
        IReadOnlyList<IterationDimension> to = output.Layout.Dimensions();
        int[] kept = Enumerable.Range(0, from.Count).Where(i => !Axes.Contains(i)).ToArray();
        return new ReduceStep(
            node,
            function,
            input,
            output,
            kept.Select(i => from[i]).ToArray(),
            kept.Select((i, position) => to[Keep ? i : position]).ToArray(),
            Axes.Select(i => from[i]).ToArray());
    }
}

/// <summary>Plain evaluation of reductions.</summary>
internal static class ReduceEvaluation
{
    /// <summary>Reduces the axes; the result has the given shape, with or without the reduced dimensions.</summary>
    public static Tensor Run(ReductionFunction function, Tensor input, IReadOnlyList<int> axes, Shape result)
    {
        ElementType type = input.Type;
        bool integral = type.IsInteger() || type == ElementType.Bool;
        int count = (int)result.ElementCount;
        int[] targets = Targets(input.Shape, axes);
        double[] shifts = function.ShiftsByMaximum ? Maxima(input, targets, count) : new double[count];
        double[] reals = Enumerable.Repeat(function.StartReal, count).ToArray();
        long[] integers = Enumerable.Repeat(integral ? function.StartInteger(type) : 0, count).ToArray();
        for (int i = 0; i < targets.Length; i++)
        {
            int at = targets[i];
            if (integral)
            {
                integers[at] = function.StepInteger(integers[at], ElementEvaluation.ReadInteger(input, i), type == ElementType.UInt64);
            }
            else
            {
                reals[at] = function.StepReal(reals[at], ElementEvaluation.Read(input, i) - shifts[at]);
            }
        }

        long elements = axes.Aggregate(1L, (product, axis) => product * input.Shape[axis]);
        var bytes = new byte[count * type.Size()];
        for (int i = 0; i < count; i++)
        {
            if (integral)
            {
                ElementEvaluation.WriteInteger(bytes, type, i, function.FinishInteger(integers[i], elements, type == ElementType.UInt64));
            }
            else
            {
                ElementEvaluation.Write(bytes, type, i, function.FinishReal(reals[i], elements) + shifts[i]);
            }
        }

        return Tensor.FromBytes(type, result, bytes, $"Reduce{function.Key}({input.Recipe})");
    }

    /// <summary>For each element of the input the row-major index of the result it goes into.</summary>
    public static int[] Targets(Shape input, IReadOnlyList<int> axes)
    {
        var strides = new int[input.Rank];
        int stride = 1;
        for (int i = input.Rank - 1; i >= 0; i--)
        {
            if (!axes.Contains(i))
            {
                strides[i] = stride;
                stride *= input[i];
            }
        }

        var targets = new int[input.ElementCount];
        for (int e = 0; e < targets.Length; e++)
        {
            int rest = e;
            for (int i = input.Rank - 1; i >= 0; i--)
            {
                targets[e] += rest % input[i] * strides[i];
                rest /= input[i];
            }
        }

        return targets;
    }

    private static double[] Maxima(Tensor input, int[] targets, int count)
    {
        double[] maxima = Enumerable.Repeat(double.NegativeInfinity, count).ToArray();
        for (int i = 0; i < targets.Length; i++)
        {
            maxima[targets[i]] = System.Math.Max(maxima[targets[i]], ElementEvaluation.Read(input, i));
        }

        return maxima.Select(static m => double.IsNaN(m) || double.IsInfinity(m) ? 0 : m).ToArray();
    }
}
