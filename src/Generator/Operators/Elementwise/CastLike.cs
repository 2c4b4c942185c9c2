using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators.Text;

namespace AotCompiler.Operators.Elementwise;

/// <summary>CastLike: converts input 0 to the element type of input 1, by the rules of <see cref="Cast"/>.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__CastLike.html · Types: all numbers, bool, strings · Opsets: 15 introduced it; 19 added float8; 21, 23, 24 and 25 as Cast.</remarks>
internal sealed class CastLike : ElementwiseOperator, IStructuralOperator
{
    public CastLike()
        : base("CastLike")
    {
    }

    public override (int Min, int Max) InputCount => (2, 2);

    public override int Since => 15;

    public override bool ConvertsTypes => true;

    protected override IReadOnlyList<ElementType> AllowedTypes => TypeSets.Stored;

    public override ElementFunction Function(Node node) => CastFunction.Get(node.Required(0).Type, Target(node), CastRounding.Of(node.Attributes));

    public bool IsStructural(NodeForm node) =>
        node.Inputs.Count == 2 && node.Inputs[1] is TensorValue { Value: var like } && Cast.IsOfText(node.Inputs, like.Type);

    public void Import(StructureContext context) => Cast.ImportText(context, context.Tensor(1).Type);

    /// <summary>Keeps the type of input 1 as an attribute, since widening changes the type of a 16-bit input but not what it stands for.</summary>
    public override void Upgrade(UpgradeContext context)
    {
        base.Upgrade(context);
        if (context.Node.Input(1) is { } like)
        {
            context.Attributes.Set("to", (long)like.Type);
        }
    }

    /// <summary>Becomes a Cast, so that nothing depends on the values of input 1.</summary>
    public override bool Simplify(Node node, GraphRewriter rewriter)
    {
        (string, object)[] attributes = node.Attributes.Names.Select(name => (name, node.Attributes.Raw(name)!)).ToArray();
        rewriter.ReplaceNode(node, rewriter.Insert("Cast", node.Name, new[] { node.Required(0) }, attributes));
        return true;
    }

    protected override IEnumerable<int> OperandIndexes(Node node) => new[] { 0 };

    protected override void CheckInputs(InferContext context) => Cast.CheckTarget(context, Target(context.Node));

    private static ElementType Target(Node node) => (ElementType)(int)node.Attributes.Int("to", (long)node.Required(1).Type);
}
