using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Movement;

/// <summary>Reshape, Flatten, Squeeze, Unsqueeze, Identity: another shape for the same elements, at no cost where a view can express it.</summary>
internal abstract class ReshapingOperator : Operator, IReshapingOperator
{
    protected ReshapingOperator(string name)
        : base(name)
    {
    }

    /// <summary>The shape of output 0.</summary>
    protected abstract Shape ResultShape(InferContext context);

    public override void Infer(InferContext context) => context.SetOutput(0, context.Type(0), ResultShape(context));

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs) => new[] { inputs[0]!.Reshape(node.Output.Shape) };

    public override bool Simplify(Node node, GraphRewriter rewriter)
    {
        bool same = node.Output.Shape.Equals(node.Required(0).Shape);
        if (same)
        {
            rewriter.ReplaceNode(node, node.Required(0));
        }

        return same;
    }

    /// <summary>It writes nothing: what writes its input may write into a consumer's buffer, through whatever strides that has.</summary>
    public override bool WritesStrided(Node node) => true;

    public override LayoutKind ChooseLayout(Node node, LayoutQuery layouts) =>
        layouts.IsBlocked(node.Required(0)) && node.Required(0).Shape.Equals(node.Output.Shape) && LayoutQuery.CanBlock(node.Output)
            ? LayoutKind.Blocked
            : LayoutKind.Plain;

    public override ByteUse UseOfBytes(Node node, int input, LayoutQuery layouts) => ByteUse.Moves;

    public override IReadOnlyList<Value> MovedInputs(Node node) => new[] { node.Required(0) };

    public override void Lower(Node node, LoweringContext context)
    {
        Value source = node.Required(0);
        bool bytes = context.Bytes.ZeroOf(node.Output) is not null;
        if (context.Layouts.IsBlocked(node.Output))
        {
            context.Alias(node.Output, context.Read(source, bytes));
            return;
        }

        TensorView view = context.Read(source, bytes);
        Layout? layout = view.Layout.TryReshape(node.Output.Shape);
        if (layout is null && (view.Shape.IsDynamic || node.Output.Shape.IsDynamic))
        {
            context.Alias(node.Output, context.Repack(node, context.ReadPlain(source), node.Output.Shape));
            return;
        }

        if (layout is null)
        {
            view = context.ReadDense(source, bytes);
            layout = Layout.Dense(node.Output.Shape);
        }

        context.Alias(node.Output, view.With(layout));
    }
}
