using System;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>Col2Im: adds sliding blocks back into an image: a transposed convolution whose weights pick one cell of the block each.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Col2Im.html. Image and block shape must be constant. Types: all but strings, which have no sum; integers are added in f64, which has 53 bits.</remarks>
internal sealed class Col2Im : ComposedOperator
{
    private const long MaxTaps = 4096;

    public Col2Im()
        : base("Col2Im")
    {
    }

    public override int Since => 18;

    public override (int Min, int Max) InputCount => (3, 3);

    protected override void Compose(Node node, Composer compose)
    {
        ElementType type = compose.Require(node.Required(0), TypeSets.All).Type;
        Value x = compose.Cast(node.Required(0), TypeSets.Floats.Contains(type) ? type : ElementType.Float64);
        long[] image = compose.ConstantInts(1, "image_shape")!;
        long[] block = compose.ConstantInts(2, "block_shape")!;
        int rank = image.Length;
        long[] strides = node.Attributes.Ints("strides") ?? Enumerable.Repeat(1L, rank).ToArray();
        long[] dilations = node.Attributes.Ints("dilations") ?? Enumerable.Repeat(1L, rank).ToArray();
        long[] pads = node.Attributes.Ints("pads") ?? new long[2 * rank];
        compose.Check(x.Shape.Rank == 3 && rank > 0 && block.Length == rank && strides.Length == rank && dilations.Length == rank && pads.Length == 2 * rank, "the lists of sizes have different lengths");
        compose.Check(block.Concat(strides).Concat(dilations).All(static v => v > 0) && pads.All(static p => p >= 0), "blocks, strides and dilations must be positive");
        long taps = block.Aggregate(1L, static (product, b) => product * b);
        compose.Check(taps <= MaxTaps && x.Shape[1] % taps == 0, $"blocks of {taps} cells do not fit the input");
        long channels = x.Shape[1] / taps;
        long[] span = block.Select((b, i) => ((b - 1) * dilations[i]) + 1).ToArray();
        long[] blocks = image.Select((size, i) => ((size + pads[i] + pads[rank + i] - span[i]) / strides[i]) + 1).ToArray();
        compose.Check(blocks.All(static b => b > 0) && blocks.Aggregate(1L, static (product, b) => product * b) == x.Shape[2], "the number of blocks does not fit the image");

        var identity = new double[x.Shape[1] * taps];
        for (long row = 0; row < x.Shape[1]; row++)
        {
            identity[(row * taps) + (row % taps)] = 1;
        }

        // What the last block does not reach is added behind.
        long[] rest = image.Select((size, i) => size + pads[i] + pads[rank + i] - (((blocks[i] - 1) * strides[i]) + span[i])).ToArray();
        Value columns = compose.Reshape(x, new[] { (long)x.Shape[0], x.Shape[1] }.Concat(blocks).ToArray());
        Value weights = compose.Numbers(x.Type, new Shape(new[] { x.Shape[1], 1 }.Concat(block.Select(static b => (int)b))), identity);
        Value sums = compose.Op(
            "ConvTranspose",
            new[] { columns, weights },
            ("group", channels),
            ("strides", strides),
            ("dilations", dilations),
            ("pads", pads),
            ("output_padding", rest));
        compose.Return(0, compose.Cast(sums, type));
    }
}
