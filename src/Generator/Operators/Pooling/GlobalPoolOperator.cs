using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators.Reduction;

namespace AotCompiler.Operators.Pooling;

/// <summary>GlobalAveragePool and its kin: a reduction over all spatial dimensions of [N, C, spatial…].</summary>
internal abstract class GlobalPoolOperator : Operator
{
    protected GlobalPoolOperator(string name)
        : base(name)
    {
    }

    public override (int Min, int Max) InputCount => (1, 1);

    /// <summary>What a channel becomes, with the node's attributes as parameters.</summary>
    protected abstract ReductionFunction Function(Node node);

    public override void Infer(InferContext context)
    {
        context.RequireType(0, TypeSets.Floats);
        Shape shape = context.Shape(0);
        if (shape.Rank < 2)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "input 0 must have 2 or more dimensions");
        }

        context.SetOutput(0, context.Type(0), Spatial(context.Node).Result(shape));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs) =>
        new[] { ReduceEvaluation.Run(Function(node), inputs[0]!, Spatial(node).Axes, node.Output.Shape) };

    public override bool WritesStrided(Node node) => true;

    public override LayoutKind ChooseLayout(Node node, LayoutQuery layouts) =>
        layouts.IsBlocked(node.Required(0)) && LayoutQuery.CanBlock(node.Output) ? LayoutKind.Blocked : LayoutKind.Plain;

    public override void Lower(Node node, LoweringContext context)
    {
        TensorView output = context.Allocate(node.Output);
        if (node.Output.Shape.ElementCount > 0)
        {
            Value value = node.Required(0);
            TensorView input = output.Layout.IsBlocked ? context.ReadBlocked(value, Halo.None(value.Shape.Rank - 2)) : context.ReadPlain(value);
            context.Add(Spatial(node).Step(node, Function(node), input, output));
        }
    }

    private static ReducedDimensions Spatial(Node node) => new(Enumerable.Range(2, node.Required(0).Shape.Rank - 2).ToArray(), Keep: true);
}
