using System;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Operators.Linear;

namespace AotCompiler.Operators.Quantization;

/// <summary>
/// GatherBlockQuantized: entries of <c>gather_axis</c> of constant codes, dequantised with a scale and a zero point for each block along
/// <c>quantize_axis</c>. Rows of a matrix stay packed in memory; other tensors become real numbers at compile time.
/// </summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.GatherBlockQuantized · Types: u4, i4, u8 (of 4 bits two to a byte along the last axis, or 8) to f32, f16, bf16.</remarks>
internal sealed class GatherBlockQuantized : ComposedOperator
{
    private const int Scales = 2;
    private const int ZeroPoints = 3;

    public GatherBlockQuantized()
        : base("GatherBlockQuantized", "com.microsoft")
    {
    }

    public override (int Min, int Max) InputCount => (3, 4);

    public override void Infer(InferContext context)
    {
        context.RequireType(0, ElementType.UInt8, ElementType.UInt4, ElementType.Int4);
        context.RequireType(1, ElementType.Int32, ElementType.Int64);
        context.RequireType(Scales, ElementType.Float32, ElementType.Float16, ElementType.BFloat16);
        foreach (int i in new[] { 0, Scales, ZeroPoints }.Where(context.Has))
        {
            context.RequireConstant(i, i == 0 ? "data" : i == Scales ? "scales" : "zero_points");
        }

        long bits = context.Attributes.Int("bits", 4);
        long size = context.Attributes.Int("block_size", 128);
        if (context.Shape(0).Rank < 1 || bits is not (4 or 8) || size < 1 || size > 1 << 20)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"bits {bits} and block_size {size} are not a valid form of {context.Shape(0)}");
        }

        Shape codes = CodeShape(context.Node);
        context.Axis(context.Attributes.Int("gather_axis", 0), codes.Rank);
        int axis = context.Axis(context.Attributes.Int("quantize_axis", 1), codes.Rank);
        Shape blocks = codes.With(axis, (int)((codes[axis] + size - 1) / size));
        if (!context.Shape(Scales).Equals(blocks))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"the scales must be {blocks}");
        }

        if (context.Has(ZeroPoints))
        {
            context.RequireSameType(0, ZeroPoints);
            Shape expected = PerByte(context.Node) == 1 ? blocks : blocks.With(blocks.Rank - 1, (blocks[blocks.Rank - 1] + 1) / 2);
            if (!context.Shape(ZeroPoints).Equals(expected))
            {
                throw context.Fail(DiagnosticCodes.ShapeMismatch, $"the zero points must be {expected}");
            }
        }
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => input == 1;

    protected override void Compose(Node node, Composer compose)
    {
        Shape shape = CodeShape(node);
        Shape.TryNormalizeAxis(node.Attributes.Int("gather_axis", 0), shape.Rank, out int gatherAxis);
        Shape.TryNormalizeAxis(node.Attributes.Int("quantize_axis", 1), shape.Rank, out int axis);
        int size = (int)node.Attributes.Int("block_size", 128);
        Tensor scales = node.Required(Scales).Constant!;
        Tensor codes = Unpacked(node.Required(0).Constant!, shape, PerByte(node), "Codes");
        Tensor? zeros = node.Input(ZeroPoints)?.Constant is { } given ? Unpacked(given, scales.Shape, PerByte(node), "Zeros") : null;

        // Signed codes are stored from 0 up.
        int low = node.Required(0).Type == ElementType.Int4 ? 8 : 0;
        float common = low > 0 ? low : zeros is not null || node.Required(0).Type != ElementType.UInt8 ? 0 : 1 << ((int)node.Attributes.Int("bits", 4) - 1);
        Tensor zeroPoints = Floats(scales.Shape, $"Zeros({zeros?.Recipe},{common:R})", i => (zeros is null ? 0 : Signed(zeros, i, low)) + common);
        Tensor steps = Floats(scales.Shape, $"Scales({scales.Recipe})", i => (float)ElementEvaluation.Read(scales, i));
        int bits = PerByte(node) == 1 && node.Required(0).Type == ElementType.UInt8 ? 8 : 4;
        Value rows;
        if (shape.Rank == 2 && gatherAxis == 0 && axis == 1
            && new PackedMatrix(Shifted(codes, low), steps, zeroPoints, bits, Math.Min(size, shape[1])) is var matrix && PackedRows.Covers(matrix))
        {
            rows = new PackedRows((op, inputs, attributes) => compose.Op(op, inputs, attributes), compose.Constant).Gather(matrix, node.Required(1));
        }
        else
        {
            Tensor real = Floats(shape, $"Dequantised({codes.Recipe})", i =>
            {
                int inner = (int)shape.Product(axis + 1, shape.Rank);
                int block = (((i / inner / shape[axis]) * scales.Shape[axis]) + (i / inner % shape[axis] / size)) * inner;
                int at = block + (i % inner);
                return (Signed(codes, i, low) + low - zeroPoints.Floats()[at]) * steps.Floats()[at];
            });
            rows = compose.Gather(compose.Constant(real, "data"), node.Required(1), gatherAxis);
        }

        compose.Return(compose.Cast(rows, node.Required(Scales).Type));
    }

    /// <summary>Codes in a byte: two where u8 holds codes of 4 bits.</summary>
    private static int PerByte(Node node) => node.Required(0).Type == ElementType.UInt8 && node.Attributes.Int("bits", 4) == 4 ? 2 : 1;

    private static Shape CodeShape(Node node)
    {
        Shape data = node.Required(0).Shape;
        return data.With(data.Rank - 1, data[data.Rank - 1] * PerByte(node));
    }

    private static int Signed(Tensor codes, int index, int low) => low > 0 ? unchecked((sbyte)codes.Bytes[index]) : codes.Bytes[index];

    private static Tensor Floats(Shape shape, string recipe, Func<int, float> value) =>
        Tensor.LazyFloats(shape, recipe, () => Enumerable.Range(0, (int)shape.ElementCount).Select(value).ToArray());

    private static Tensor Shifted(Tensor codes, int low) => low == 0 ? codes : Tensor.Lazy(
        ElementType.UInt8, codes.Shape, $"Shifted({codes.Recipe})", () => codes.Bytes.ToArray().Select(b => unchecked((byte)(b + low))).ToArray());

    /// <summary>One code per byte; rows of an odd number of codes end with half a byte.</summary>
    private static Tensor Unpacked(Tensor data, Shape shape, int perByte, string what) => perByte == 1 ? data : Tensor.Lazy(ElementType.UInt8, shape, $"{what}[4 bits]({data.Recipe})", () =>
    {
        int columns = shape[shape.Rank - 1];
        int stored = data.Shape[data.Shape.Rank - 1];
        var result = new byte[shape.ElementCount];
        for (int i = 0; i < result.Length; i++)
        {
            int column = i % columns;
            result[i] = (byte)((data.Bytes[(i / columns * stored) + (column / 2)] >> (column % 2 * 4)) & 15);
        }

        return result;
    });
}
