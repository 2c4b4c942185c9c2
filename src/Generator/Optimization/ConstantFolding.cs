using AotCompiler.Ir;
using AotCompiler.Operators;

namespace AotCompiler.Optimization;

/// <summary>Evaluates nodes that other rewritings left with constant inputs only.</summary>
internal sealed class ConstantFolding : NodePass
{
    protected override bool Visit(Node node, GraphRewriter rewriter)
    {
        if (!ConstantFolder.TryFold(node))
        {
            return false;
        }

        node.Remove();
        return true;
    }
}
