using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>An element-wise operator with two inputs of one type, which broadcast to each other.</summary>
internal abstract class BinaryOperator : ElementwiseOperator
{
    private readonly ElementFunction _function;

    protected BinaryOperator(string name, ElementFunction function)
        : base(name)
    {
        _function = function;
    }

    public override (int Min, int Max) InputCount => (2, 2);

    /// <summary>The value of input 0 for which the result is input 1, if there is one.</summary>
    protected virtual double? LeftNeutral => null;

    /// <summary>The value of input 1 for which the result is input 0, if there is one.</summary>
    protected virtual double? RightNeutral => null;

    protected override IReadOnlyList<ElementType> AllowedTypes => TypeSets.Numbers;

    public override ElementFunction Function(Node node) => _function;

    /// <summary>Before opset 7 input 1 was aligned at attribute <c>axis</c> if <c>broadcast</c> was set: it becomes a reshape with trailing ones.</summary>
    public override void Upgrade(UpgradeContext context)
    {
        base.Upgrade(context);
        LegacyBroadcast.Upgrade(context);
    }

    /// <summary>Removes x + 0, x - 0, x · 1, x / 1 and the like. The sign of a zero may change: x + 0 is +0 for x = -0, the identity is not.</summary>
    public override bool Simplify(Node node, GraphRewriter rewriter) =>
        (IsNeutral(node.Required(1), RightNeutral) && TryReplaceByInput(node, 0, rewriter))
        || (IsNeutral(node.Required(0), LeftNeutral) && TryReplaceByInput(node, 1, rewriter));

    private static bool IsNeutral(Value value, double? neutral) => neutral is { } wanted && ElementEvaluation.Uniform(value.Constant) == wanted;
}
