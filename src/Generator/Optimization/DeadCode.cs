using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;

namespace AotCompiler.Optimization;

/// <summary>Removes nodes whose results nobody reads.</summary>
internal sealed class DeadCode : NodePass
{
    protected override bool ConsumersFirst => true;

    protected override bool Visit(Node node, GraphRewriter rewriter)
    {
        if (node.Outputs.Any(v => v.Uses.Count > 0 || rewriter.Graph.IsOutput(v)))
        {
            return false;
        }

        node.Remove();
        return true;
    }
}
