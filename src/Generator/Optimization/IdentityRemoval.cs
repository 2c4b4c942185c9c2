using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;

namespace AotCompiler.Optimization;

/// <summary>
/// Removes nodes that pass their first input on because there is nothing to join, repeat or pad. Operators with neutral
/// operands know that of themselves (<see cref="Operator.Simplify"/>).
/// </summary>
internal sealed class IdentityRemoval : NodePass
{
    protected override bool Visit(Node node, GraphRewriter rewriter)
    {
        bool identity = (node.Is("Concat") && node.OperatorInputCount == 1)
            || node.Is("Tile")
            || (node.Is("Pad") && node.Input(1)?.Constant is { } pads && pads.ToInt64Array().All(static p => p == 0));
        if (!identity || !node.Required(0).Shape.Equals(node.Output.Shape))
        {
            return false;
        }

        rewriter.ReplaceNode(node, node.Required(0));
        return true;
    }
}
