using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;
using AotCompiler.Operators.Normalization;

namespace AotCompiler.Operators.Reduction;

/// <summary>ArgMax and ArgMin: the position of an extreme element along one axis, as i64. NaN is passed over; if there is nothing else the position is 0.</summary>
internal abstract class ArgOperator : Operator
{
    private readonly bool _largest;

    protected ArgOperator(string name, bool largest)
        : base(name)
    {
        _largest = largest;
    }

    public override (int Min, int Max) InputCount => (1, 1);

    public override void Infer(InferContext context)
    {
        context.RequireType(0, TypeSets.Numbers);
        Shape shape = context.Shape(0);
        int axis = context.Axis(context.Attributes.Int("axis", 0), shape.Rank);
        Shape result = Dimensions(context.Node).Result(shape);
        if (shape[axis] == 0 && result.ElementCount > 0)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"axis {axis} has no elements to choose from");
        }

        context.SetOutput(0, ElementType.Int64, result);
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        Tensor input = inputs[0]!;
        int axis = Dimensions(node).Axes[0];
        int[] targets = ReduceEvaluation.Targets(input.Shape, new[] { axis });
        long stride = input.Shape.RowMajorStrides()[axis];
        var positions = new long[node.Output.Shape.ElementCount];
        var best = new int[positions.Length];
        for (int i = 0; i < targets.Length; i++)
        {
            int at = targets[i];
            long position = i / stride % input.Shape[axis];
            if (position == 0 || IsBetter(input, i, best[at], SelectsLast(node)))
            {
                positions[at] = position;
                best[at] = i;
            }
        }

        return new[] { Tensor.Create(ElementType.Int64, node.Output.Shape, positions, $"{Name}({input.Recipe})") };
    }

    /// <summary>Softmax and LogSoftmax keep the order of a slice, so the position can be found before them.</summary>
    public override bool Simplify(Node node, GraphRewriter rewriter)
    {
        if (node.Required(0).Producer is not { Epilogue: null, Operator: Softmax or LogSoftmax } softmax
            || !SoftmaxOperator.Axes(softmax).Contains(Dimensions(node).Axes[0]))
        {
            return false;
        }

        node.SetInput(0, softmax.Input(0));
        return true;
    }

    public override void Lower(Node node, LoweringContext context)
    {
        TensorView output = context.Allocate(node.Output);
        if (node.Output.Shape.ElementCount > 0)
        {
            ReducedDimensions dimensions = Dimensions(node);
            TensorView input = context.ReadPlain(node.Required(0));
            context.Add(new ArgStep(node, input, output, dimensions.Axes[0], dimensions.Keep, _largest, SelectsLast(node)));
        }
    }

    public override bool WritesStrided(Node node) => true;

    private static bool SelectsLast(Node node) => node.Attributes.Flag("select_last_index", false);

    private static ReducedDimensions Dimensions(Node node)
    {
        Shape.TryNormalizeAxis(node.Attributes.Int("axis", 0), node.Required(0).Shape.Rank, out int axis);
        return new ReducedDimensions(new[] { axis }, node.Attributes.Flag("keepdims", true));
    }

    private bool IsBetter(Tensor input, int candidate, int best, bool last)
    {
        int order;
        if (input.Type.IsFloat())
        {
            double a = ElementEvaluation.Read(input, candidate);
            double b = ElementEvaluation.Read(input, best);
            if (double.IsNaN(a) || double.IsNaN(b))
            {
                return !double.IsNaN(a);
            }

            order = a.CompareTo(b);
            order = a == b ? 0 : order;
        }
        else
        {
            long a = ElementEvaluation.ReadInteger(input, candidate);
            long b = ElementEvaluation.ReadInteger(input, best);
            order = input.Type == ElementType.UInt64 ? ((ulong)a).CompareTo((ulong)b) : a.CompareTo(b);
        }

        return (_largest ? order : -order) > (last ? -1 : 0);
    }
}
