using AotCompiler.Ir;
using AotCompiler.Operators;

namespace AotCompiler.Optimization;

/// <summary>Lets every operator rewrite its own nodes.</summary>
internal sealed class OperatorSimplification : NodePass
{
    protected override bool Visit(Node node, GraphRewriter rewriter) => node.Operator.Simplify(node, rewriter);
}
