using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;

namespace AotCompiler.Optimization;

/// <summary>
/// Columns of one product that are taken apart behind it become products of their own where some of them are needed for a few rows only: queries, keys
/// and values of one matrix, of which a classifier reads the queries of one token.
/// </summary>
/// <remarks><see cref="EarlySelection"/> brings the part of the rows to where the columns are taken apart, and then before the product.</remarks>
internal sealed class SeparateColumns : NodePass
{
    protected override bool Visit(Node node, GraphRewriter rewriter)
    {
        if (AxisPart.TakenBy(node) is null || !rewriter.HasSingleUse(node.Required(0)) || node.Required(0).Producer is not { Epilogue: null } taker || taker.Input(0) is not { } joined)
        {
            return false;
        }

        Node[] takers = joined.Uses.Select(static u => u.Node).ToArray();
        Piece[][] pieces = takers.Select(Pieces).ToArray();
        Piece[] all = pieces.SelectMany(static p => p).ToArray();
        if (rewriter.Graph.IsOutput(joined) || !AreApart(all, joined) || pieces.Any(static p => p.Length == 0))
        {
            return false;
        }

        PartRegion?[][] regions = pieces.Select(of => of.Select(p => PartRegion.Find(joined, p.Part, rewriter, isShared: true)).ToArray()).ToArray();
        if (regions.SelectMany(static r => r).Any(static r => r is null))
        {
            return false;
        }

        for (int i = 0; i < takers.Length; i++)
        {
            Value[] made = pieces[i].Select((piece, j) => rewriter.Reshape(regions[i][j]!.Make(joined, piece.Part), piece.Output.Shape, piece.Output.Name)).ToArray();
            rewriter.ReplaceOutputs(takers[i], made);
        }

        return true;
    }

    /// <summary>Several pieces of one axis, no more than there are elements: nothing is computed twice.</summary>
    private static bool AreApart(Piece[] pieces, Value joined) => pieces.Length > 1
        && pieces.All(p => p.Part.Axis == pieces[0].Part.Axis)
        && pieces.Sum(static p => ((Neighbours)p.Part.Selector).Length) <= joined.Shape[pieces[0].Part.Axis];

    /// <summary>The neighbours of one axis that are a node's outputs; none if it does anything else.</summary>
    private static Piece[] Pieces(Node node)
    {
        if (!node.Is("Split"))
        {
            return AxisPart.TakenBy(node) is { Selector: Neighbours } part ? new[] { new Piece(node.Output, part) } : System.Array.Empty<Piece>();
        }

        Shape.TryNormalizeAxis(node.Attributes.Int("axis", 0), node.Required(0).Shape.Rank, out int axis);
        int start = 0;
        return node.Required(0).Shape.IsDynamicAt(axis) || node.Outputs.Any(v => v.Shape.IsDynamicAt(axis) || v.Shape.ElementCount == 0)
            ? System.Array.Empty<Piece>()
            : node.Outputs.Select(output =>
            {
                var piece = new Piece(output, new AxisPart(axis, new Neighbours(start, output.Shape[axis])));
                start += output.Shape[axis];
                return piece;
            }).ToArray();
    }

    /// <summary>A value that is a part of another one.</summary>
    private sealed record Piece(Value Output, AxisPart Part);
}
