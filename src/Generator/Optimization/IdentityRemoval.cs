using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;

namespace AotCompiler.Optimization;

/// <summary>
/// Removes nodes whose first output is their first input (or the operand beside a neutral element) unchanged. Operators that only
/// move elements know this of themselves (<see cref="Operator.Simplify"/>).
/// </summary>
internal sealed class IdentityRemoval : NodePass
{
    protected override bool Visit(Node node, GraphRewriter rewriter)
    {
        if (node.Epilogue is not null || node.Operator.Domain.Length != 0 || !rewriter.OnlyFirstOutputUsed(node))
        {
            return false;
        }

        if (Source(node) is not { } source || source.Type != node.Output.Type || !source.Shape.Equals(node.Output.Shape))
        {
            return false;
        }

        rewriter.ReplaceNode(node, source);
        return true;
    }

    /// <summary>The input that the node passes on, provided that type and shape are the same; null if it may change elements.</summary>
    private static Value? Source(Node node)
    {
        return node.Operator.Name switch
        {
            "Cast" or "CastLike" or "Tile" => node.Input(0),
            "Dropout" => IsInference(node) ? node.Input(0) : null,
            "Concat" or "Sum" or "Mean" or "Max" or "Min" => node.OperatorInputCount == 1 ? node.Input(0) : null,
            "Pad" => node.Input(1)?.Constant is { } pads && pads.ToInt64Array().All(static p => p == 0) ? node.Input(0) : null,
            "Add" => BesideNeutral(node, 0, commutes: true),
            "Sub" => BesideNeutral(node, 0, commutes: false),
            "Mul" => BesideNeutral(node, 1, commutes: true),
            "Div" or "Pow" => BesideNeutral(node, 1, commutes: false),
            _ => null,
        };
    }

    /// <summary>Since opset 12 an input switches training on; older models have an attribute or nothing.</summary>
    private static bool IsInference(Node node) => node.Input(2) is null || (node.Input(2).TryUniformFlag(out bool training) && !training);

    private static Value? BesideNeutral(Node node, double neutral, bool commutes) =>
        node.Input(1).TryUniform(out double right) && right == neutral ? node.Input(0)
        : commutes && node.Input(0).TryUniform(out double left) && left == neutral ? node.Input(1)
        : null;
}
