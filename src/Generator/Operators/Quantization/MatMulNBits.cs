using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Operators.Linear;

namespace AotCompiler.Operators.Quantization;

/// <summary>
/// MatMulNBits: x · Bᵀ + bias, where B [N, K] is stored in blocks along K of 4 or 8 bits (also 2), each with a scale and an optional zero
/// point, packed from the low bits up. The weights stay packed, unless <c>g_idx</c> mixes blocks of different sizes.
/// </summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MatMulNBits · Types: f32, f16. With <c>g_idx</c>, which gives each row of Bᵀ its block, only scales and zero points are taken from that block.</remarks>
internal sealed class MatMulNBits : ComposedOperator
{
    private const int Weights = 1;
    private const int Scales = 2;
    private const int ZeroPoints = 3;
    private const int GroupIndexes = 4;
    private const int Bias = 5;

    public MatMulNBits()
        : base("MatMulNBits", "com.microsoft")
    {
    }

    public override (int Min, int Max) InputCount => (3, 6);

    public override void Infer(InferContext context)
    {
        context.RequireType(0, ElementType.Float32, ElementType.Float16, ElementType.BFloat16);
        context.RequireType(Weights, ElementType.UInt8);
        context.RequireSameType(0, Scales);
        Shape x = context.Shape(0);
        Form form = Form.Of(context.Node);
        if (form.Bits is not (2 or 4 or 8) || form.BlockSize < 8 || form.BlockSize > 1 << 20 || form.K < 1 || form.N < 1 || form.BlockSize * form.Bits % 8 != 0)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"K {form.K}, N {form.N}, bits {form.Bits}, block_size {form.BlockSize} are not a valid form");
        }

        if (x.Rank < 1 || x[x.Rank - 1] != form.K
            || context.Shape(Weights).ElementCount != form.N * form.Blocks * form.BlockBytes
            || context.Shape(Scales).ElementCount != form.N * form.Blocks)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"the inputs do not fit K {form.K}, N {form.N} and blocks of {form.BlockSize}");
        }

        CheckZeroPoints(context, form);
        CheckGroups(context, form);
        foreach (int i in new[] { Weights, Scales, ZeroPoints })
        {
            if (context.Has(i))
            {
                context.RequireConstant(i, i == Weights ? "B" : i == Scales ? "scales" : "zero_points");
            }
        }

        if (context.Has(Bias))
        {
            context.RequireSameType(0, Bias);
            if (context.Shape(Bias).ElementCount != form.N)
            {
                throw context.Fail(DiagnosticCodes.ShapeMismatch, $"the bias must be [{form.N}]");
            }
        }

        context.SetOutput(0, context.Type(0), context.MakeShape(x.Dimensions.Take(x.Rank - 1).Select(static d => (long)d).Append(form.N)));
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => node.Required(input).Shape.Rank > 1;

    protected override void Compose(Node node, Composer compose)
    {
        Form form = Form.Of(node);
        Tensor codes = node.Required(Weights).Constant!;
        Tensor scales = node.Required(Scales).Constant!;
        Tensor? zeroPoints = node.Input(ZeroPoints)?.Constant;
        long[]? groups = node.Input(GroupIndexes) is { Shape.ElementCount: > 0 } given ? given.Constant!.ToInt64Array() : null;
        Value x = compose.Cast(node.Required(0), ElementType.Float32);
        Value product = PackedMatMul.Covers(form.Bits, form.K, form.BlockSize) && form.OrderOf(groups) is { } order
            ? Packed(form, x, codes, scales, zeroPoints, order, compose)
            : compose.Op("MatMul", x, compose.Constant(Unpacked(form, codes, scales, zeroPoints, groups), "weight"));
        Value biased = node.Input(Bias) is { } bias ? compose.Add(product, compose.Reshape(compose.Cast(bias, ElementType.Float32), form.N)) : product;
        compose.Return(compose.Cast(biased, node.Required(0).Type));
    }

    private static void CheckZeroPoints(InferContext context, Form form)
    {
        if (!context.Has(ZeroPoints))
        {
            return;
        }

        bool packed = context.Type(ZeroPoints) == ElementType.UInt8;
        if (!packed)
        {
            context.RequireSameType(0, ZeroPoints);
        }

        long expected = packed ? form.N * form.ZeroPointBytes : form.N * form.Blocks;
        if (context.Shape(ZeroPoints).ElementCount != expected)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"the zero points must have {expected} elements");
        }
    }

    private static void CheckGroups(InferContext context, Form form)
    {
        if (!context.Has(GroupIndexes) || context.Shape(GroupIndexes).ElementCount == 0)
        {
            return;
        }

        long[] groups = context.RequireInts(GroupIndexes, "g_idx");
        if (groups.Length < form.K || groups.Any(g => g < 0 || g >= form.Blocks))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"g_idx must have {form.K} numbers of blocks below {form.Blocks}");
        }
    }

    /// <summary>The product with weights that stay packed; the elements of x in the order of their blocks.</summary>
    private static Value Packed(Form form, Value x, Tensor codes, Tensor scales, Tensor? zeroPoints, int[] order, Composer compose)
    {
        bool inOrder = order.Select(static (k, i) => k == i).All(static same => same);
        Value rows = inOrder ? x : compose.Op(
            "Gather",
            new[] { x, compose.Constant(Tensor.Create(ElementType.Int64, new Shape(order.Length), Array.ConvertAll(order, static k => (long)k)), "order") },
            ("axis", -1L));
        var groups = new Shape((int)form.N, (int)form.Blocks);
        Tensor bytes = Tensor.Lazy(ElementType.UInt8, new Shape((int)form.N, (int)form.K), $"Codes[{form.Bits} bits{(inOrder ? string.Empty : ", ordered")}]({codes.Recipe})", () =>
        {
            var result = new byte[form.N * form.K];
            for (int i = 0; i < result.Length; i++)
            {
                result[i] = (byte)form.Code(codes, i / form.K, order[i % form.K]);
            }

            return result;
        });
        Tensor Parameter(string what, Func<long, long, float> value) => Tensor.LazyFloats(
            groups, $"{what}[{form.Bits} bits]({scales.Recipe},{zeroPoints?.Recipe})", () => Enumerable.Range(0, (int)groups.ElementCount).Select(i => value(i / form.Blocks, i % form.Blocks)).ToArray());
        return PackedMatMul.Compose(
            compose,
            rows,
            bytes,
            Parameter("Scales", (n, block) => form.Scale(scales, n, block)),
            Parameter("Zeros", (n, block) => form.ZeroPoint(zeroPoints, n, block)),
            (int)form.Bits,
            (int)form.BlockSize);
    }

    private static Tensor Unpacked(Form form, Tensor codes, Tensor scales, Tensor? zeroPoints, long[]? groups) => Tensor.LazyFloats(
        new Shape((int)form.K, (int)form.N), $"Unpack{form.Bits}({codes.Recipe})", () => Unpack(form, codes, scales, zeroPoints, groups));

    private static float[] Unpack(Form form, Tensor codes, Tensor scales, Tensor? zeroPoints, long[]? groups)
    {
        var result = new float[form.K * form.N];
        for (long n = 0; n < form.N; n++)
        {
            for (long k = 0; k < form.K; k++)
            {
                long block = groups?[k] ?? k / form.BlockSize;
                result[(k * form.N) + n] = (form.Code(codes, n, k) - form.ZeroPoint(zeroPoints, n, block)) * form.Scale(scales, n, block);
            }
        }

        return result;
    }

    private static int Element(ReadOnlySpan<byte> bytes, long index, long bits) =>
        (bytes[(int)(index * bits / 8)] >> (int)(index * bits % 8)) & ((1 << (int)bits) - 1);

    /// <summary>The attributes and what follows from them.</summary>
    private sealed record Form(long K, long N, long Bits, long BlockSize)
    {
        public long Blocks => (K + BlockSize - 1) / BlockSize;

        public long BlockBytes => BlockSize * Bits / 8;

        /// <summary>The number that a weight is stored as.</summary>
        public int Code(Tensor codes, long n, long k) => Element(codes.Bytes, (((n * Blocks) + (k / BlockSize)) * BlockSize) + (k % BlockSize), Bits);

        public float Scale(Tensor scales, long n, long block) => (float)ElementEvaluation.Read(scales, (int)((n * Blocks) + block));

        /// <summary>The zero point of a block; the middle of the codes where there are none.</summary>
        public float ZeroPoint(Tensor? zeroPoints, long n, long block) => zeroPoints is null ? 1 << ((int)Bits - 1)
            : zeroPoints.Type == ElementType.UInt8 ? Element(zeroPoints.Bytes, (n * ZeroPointBytes * 8 / Bits) + block, Bits)
            : (float)ElementEvaluation.Read(zeroPoints, (int)((n * Blocks) + block));

        /// <summary>The terms in the order of the blocks that <c>g_idx</c> gives them; null if the blocks would not be full.</summary>
        public int[]? OrderOf(long[]? groups)
        {
            int[] order = Enumerable.Range(0, (int)K).ToArray();
            if (groups is null)
            {
                return order;
            }

            int[] sorted = order.OrderBy(k => groups[k]).ToArray();
            return sorted.Select((k, i) => groups[k] == i / BlockSize).All(static fits => fits) ? sorted : null;
        }

        public long ZeroPointBytes => ((Blocks * Bits) + 7) / 8;

        public static Form Of(Node node)
        {
            long Limited(string name, long fallback) => Math.Max(0, Math.Min(1 << 24, node.Attributes.Int(name, fallback)));
            return new Form(Limited("K", 0), Limited("N", 0), Limited("bits", 4), Math.Max(1, Limited("block_size", 0)));
        }
    }
}
