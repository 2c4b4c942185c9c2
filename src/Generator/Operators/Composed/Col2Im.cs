using System;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>Col2Im: adds sliding blocks back into an image: a transposed convolution whose weights pick one cell of the block each.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__Col2Im.html. The block shape must be constant, the image may have sizes of the run. Types: all; integers are added in f64, which has
/// 53 bits. Strings have no sum, so that their blocks must not overlap; a cell that no block reaches is an empty string.
/// </remarks>
internal sealed class Col2Im : ComposedOperator
{
    private const long MaxTaps = 4096;

    public Col2Im()
        : base("Col2Im")
    {
    }

    public override int Since => 18;

    public override (int Min, int Max) InputCount => (3, 3);

    /// <summary>Samples and blocks.</summary>
    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => input == 0 && axis != 1 && node.Required(0).Type != ElementType.String;

    protected override void Compose(Node node, Composer compose)
    {
        ElementType type = compose.Require(node.Required(0), TypeSets.AllAndText).Type;
        Blocks blocks = Blocks.Of(node, compose);
        if (type == ElementType.String)
        {
            compose.Return(0, Moved(node, compose, blocks));
            return;
        }

        Value x = compose.Cast(node.Required(0), TypeSets.Floats.Contains(type) ? type : ElementType.Float64);
        var identity = new double[x.Shape[1] * blocks.Taps];
        for (long row = 0; row < x.Shape[1]; row++)
        {
            identity[(row * blocks.Taps) + (row % blocks.Taps)] = 1;
        }

        // What the last block does not reach is added behind: of an image of the run the most that it can be.
        Size[] rest = blocks.Image.Select((size, i) => size + Size.Of(blocks.Pads[i] + blocks.Pads[blocks.Rank + i] - blocks.Span(i)) - ((blocks.Counts[i] - Size.Of(1)) * Size.Of(blocks.Strides[i]))).ToArray();
        Value columns = compose.Reshape(x, new Shape(blocks.Counts.Select(Extent.Of).Prepend(x.Shape[1]).Prepend(x.Shape.Extent(0))));
        Value weights = compose.Numbers(x.Type, new Shape(new[] { x.Shape[1], 1 }.Concat(blocks.Block.Select(static b => (int)b))), identity);
        Value sums = compose.Op(
            "ConvTranspose",
            new[] { columns, weights },
            ("group", x.Shape[1] / blocks.Taps),
            ("strides", blocks.Strides),
            ("dilations", blocks.Dilations),
            ("pads", blocks.Pads),
            ("output_padding", rest.Select((r, i) => r.Constant ?? blocks.Strides[i] - 1).ToArray()));
        int[] cut = Enumerable.Range(0, blocks.Rank).Where(i => rest[i].Constant is null).ToArray();
        Value image = cut.Length == 0 ? sums : compose.Op(
            "Slice", sums, compose.Ints(new long[cut.Length]), compose.Context.SizeVector(cut.Select(i => blocks.Image[i]).ToArray()), compose.Ints(cut.Select(static i => i + 2L).ToArray()));
        compose.Return(0, compose.Cast(image, type));
    }

    /// <summary>Strings: every cell of the image is gathered from the one block that has it.</summary>
    private static Value Moved(Node node, Composer compose, Blocks blocks)
    {
        Value x = node.Required(0);
        long channels = x.Shape[1] / blocks.Taps;
        long elements = blocks.Taps * x.Shape[2];
        compose.Check(blocks.Image.All(static d => d.Constant is not null), "an image of strings must have a constant size");
        var sources = new long[blocks.Image.Aggregate(1L, static (product, d) => product * d.Maximum)];
        for (int i = 0; i < sources.Length; i++)
        {
            sources[i] = elements;
        }

        for (long element = 0; element < elements; element++)
        {
            if (blocks.Cell(element / x.Shape[2], element % x.Shape[2]) is { } cell)
            {
                sources[cell] = sources[cell] == elements
                    ? element
                    : throw compose.Fail(DiagnosticCodes.TypeUnsupported, "blocks overlap, and strings have no sum", "Use numbers, or blocks that do not overlap.");
            }
        }

        Value nothing = compose.Constant(Tensor.OfStrings(new Shape(1, 1, 1), new[] { string.Empty }, "empty"));
        Value rows = compose.Concat(2, compose.Reshape(x, x.Shape[0], channels, elements), compose.Expand(nothing, x.Shape[0], channels, 1));
        Value cells = compose.Op("Gather", new[] { rows, compose.Ints(sources) }, ("axis", 2L));
        return compose.Reshape(cells, new[] { x.Shape[0], channels }.Concat(blocks.Image.Select(static d => d.Maximum)).ToArray());
    }

    /// <summary>How the blocks lie in the image; one entry per spatial dimension in every list.</summary>
    private sealed record Blocks(Size[] Image, long[] Block, long[] Strides, long[] Dilations, long[] Pads, Size[] Counts)
    {
        public int Rank => Image.Length;

        /// <summary>Cells of one block.</summary>
        public long Taps => Block.Aggregate(1L, static (product, b) => product * b);

        public static Blocks Of(Node node, Composer compose)
        {
            Shape x = node.Required(0).Shape;
            Size[] image = compose.Sizes(1, "image_shape");
            long[] block = compose.ConstantInts(2, "block_shape")!;
            int rank = image.Length;
            long[] strides = node.Attributes.Ints("strides") ?? Enumerable.Repeat(1L, rank).ToArray();
            long[] dilations = node.Attributes.Ints("dilations") ?? Enumerable.Repeat(1L, rank).ToArray();
            long[] pads = node.Attributes.Ints("pads") ?? new long[2 * rank];
            compose.Check(x.Rank == 3 && rank > 0 && block.Length == rank && strides.Length == rank && dilations.Length == rank && pads.Length == 2 * rank, "the lists of sizes have different lengths");
            compose.Check(block.Concat(strides).Concat(dilations).All(static v => v is > 0 and <= int.MaxValue) && pads.All(static p => p is >= 0 and <= int.MaxValue), "blocks, strides and dilations must be positive");
            compose.Check(image.All(static d => d.LowerBound >= 0) && image.Aggregate(1.0, static (product, d) => product * d.Maximum) <= int.MaxValue, "the image is negative or too large");
            var blocks = new Blocks(image, block, strides, dilations, pads, new Size[rank]);
            compose.Check(block.Aggregate(1.0, static (product, b) => product * b) <= MaxTaps && x[1] % blocks.Taps == 0, $"blocks of [{string.Join(", ", block.Select(static b => $"{b}"))}] cells do not fit the input");
            for (int i = 0; i < rank; i++)
            {
                Size room = image[i] + Size.Of(pads[i] + pads[rank + i] - blocks.Span(i));
                compose.Check(room.LowerBound >= 0, "a block does not fit into the padded image");
                blocks.Counts[i] = room.FloorDivide(strides[i]) + Size.Of(1);
            }

            // Of the run's sizes the expression may be another one of the same numbers.
            compose.Check(blocks.Counts.Aggregate(Size.Of(1), static (product, b) => product * b).Samples.SequenceEqual(x.Extent(2).Expression.Samples), "the number of blocks does not fit the image");
            return blocks;
        }

        /// <summary>Cells from the first to the last of a block along a dimension, both included.</summary>
        public long Span(int dimension) => ((Block[dimension] - 1) * Dilations[dimension]) + 1;

        /// <summary>The cell of the image that a cell of a block lies on; null in the padding.</summary>
        public long? Cell(long tap, long block)
        {
            long cell = 0;
            long size = 1;
            for (int i = Rank - 1; i >= 0; i--)
            {
                long at = (block % Counts[i].Maximum * Strides[i]) - Pads[i] + (tap % Block[i] * Dilations[i]);
                if (at < 0 || at >= Image[i].Maximum)
                {
                    return null;
                }

                cell += at * size;
                size *= Image[i].Maximum;
                block /= Counts[i].Maximum;
                tap /= Block[i];
            }

            return cell;
        }
    }
}
