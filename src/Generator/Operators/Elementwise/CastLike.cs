using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>CastLike: converts input 0 to the element type of input 1, by the rules of <see cref="Cast"/>.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__CastLike.html · Types: f32, f64, f16, integers, bool · Opsets: 15 introduced it; 19 added float8.</remarks>
internal sealed class CastLike : ElementwiseOperator
{
    public CastLike()
        : base("CastLike")
    {
    }

    public override (int Min, int Max) InputCount => (2, 2);

    public override int Since => 15;

    protected override IReadOnlyList<ElementType> AllowedTypes => Cast.SupportedTypes;

    public override ElementFunction Function(Node node) => CastFunction.Get(node.Required(0).Type, node.Required(1).Type);

    /// <summary>Becomes a Cast, so that nothing depends on the values of input 1.</summary>
    public override bool Simplify(Node node, GraphRewriter rewriter)
    {
        rewriter.ReplaceNode(node, rewriter.Insert("Cast", node.Name, new[] { node.Required(0) }, ("to", (long)node.Required(1).Type)));
        return true;
    }

    protected override IEnumerable<int> OperandIndexes(Node node) => new[] { 0 };

    protected override void CheckInputs(InferContext context) => Cast.CheckTarget(context, context.Type(1));
}
