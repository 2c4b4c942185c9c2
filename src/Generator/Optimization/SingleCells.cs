using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;
using AotCompiler.Operators.Linear;

namespace AotCompiler.Optimization;

/// <summary>
/// Transposed convolutions of maps of a single cell, as generators begin with: each output cell is reached by one tap, so the weights
/// [inputs, outputs, kernel…] are a matrix whose columns are the outputs in their order, and the maps of a batch are its rows. The convolution
/// would multiply the zeros around the cell as well.
/// </summary>
internal sealed class SingleCells : NodePass
{
    protected override bool Visit(Node node, GraphRewriter rewriter)
    {
        if (!Applies(node))
        {
            return false;
        }

        Value x = node.Required(0);
        Value w = node.Required(1);
        (int inputs, int outputs) = (w.Shape[0], w.Shape[1]);
        int taps = (int)w.Shape.Product(2, w.Shape.Rank);
        var operands = new List<Value?>
        {
            rewriter.Reshape(x, new Shape(new[] { x.Shape.Extent(0), inputs }), $"{node.Name}.cells"),
            rewriter.Reshape(w, new Shape(inputs, outputs * taps), $"{node.Name}.weights"),
        };
        if (node.Input(2) is { } bias)
        {
            Value column = rewriter.Reshape(bias, new Shape(outputs, 1), $"{node.Name}.bias");
            Value ends = rewriter.Constant(Tensor.Vector(new long[] { outputs, taps }), $"{node.Name}.ints");
            Value table = GraphRewriter.Fold(rewriter.Insert("Expand", $"{node.Name}.bias", new[] { column, ends }));
            operands.Add(rewriter.Reshape(table, new Shape(outputs * taps), $"{node.Name}.bias"));
        }

        Value rows = rewriter.Insert("Gemm", node.Name, operands);
        rewriter.ReplaceNode(node, rewriter.Reshape(rows, node.Output.Shape, node.Name));
        return true;
    }

    private static bool Applies(Node node)
    {
        if (!node.Is("ConvTranspose")
            || node.Attributes.Int("group", 1) != 1
            || node.Required(1).Shape is not { IsDynamic: false, ElementCount: > 0 }
            || node.Required(0).Shape is not { ElementCount: > 0 } x
            || Enumerable.Range(2, x.Rank - 2).Any(d => x.IsDynamicAt(d) || x[d] != 1))
        {
            return false;
        }

        TransposedWindow window = TransposedWindow.Of(node);
        return window.HasUnitDilations
            && window.Kernel.SequenceEqual(window.Output)
            && window.PadsBefore.All(static p => p == 0);
    }
}
