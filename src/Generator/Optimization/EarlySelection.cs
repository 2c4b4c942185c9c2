using AotCompiler.Ir;
using AotCompiler.Operators;

namespace AotCompiler.Optimization;

/// <summary>
/// Takes a part of an axis before the matrix products that make it instead of behind them, so that rows that nobody reads are not
/// computed: a classifier reads one token of its transformer's last layer, a text encoder the one that ends the text, a generator the last one's logits.
/// </summary>
internal sealed class EarlySelection : NodePass
{
    protected override bool ConsumersFirst => true;

    protected override bool Visit(Node node, GraphRewriter rewriter)
    {
        if (AxisPart.TakenBy(node) is not { } part || PartRegion.Find(node.Required(0), part, rewriter) is not { } region)
        {
            return false;
        }

        Value selected = region.Make(node.Required(0), part);
        rewriter.ReplaceNode(node, rewriter.Reshape(selected, node.Output.Shape, node.Name));
        return true;
    }
}
