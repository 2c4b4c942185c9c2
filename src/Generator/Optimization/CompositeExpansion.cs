using AotCompiler.Ir;
using AotCompiler.Operators;

namespace AotCompiler.Optimization;

/// <summary>Puts the parts of composite operators in their place.</summary>
internal sealed class CompositeExpansion : NodePass
{
    protected override bool Visit(Node node, GraphRewriter rewriter)
    {
        if (node.Operator is not CompositeOperator composite)
        {
            return false;
        }

        composite.Replace(node, rewriter);
        return true;
    }
}
