using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;

namespace AotCompiler.Cli.Tests.Peer;

public sealed partial class OperatorPeerTests
{
    private const string Microsoft = "com.microsoft";

    [OnnxRuntimeFact]
    public void Activations() => Compare(
    [
        One("Gelu", [F(3, 7)]), One("BiasGelu", [F(2, 3, 8), F(8)]), One("FastGelu", [F(2, 3, 8)]), One("FastGelu", [F(2, 3, 8), F(8)]),
        One("QuickGelu", [F(3, 7)]), One("QuickGelu", [F(3, 7)], ("alpha", 1f)), One("QuickGelu", [F(3, 7)], ("alpha", 0.5f)),
    ]);

    [OnnxRuntimeFact]
    public void Products() => Compare(
        from trans in Enumerable.Range(0, 16)
        let a = (trans & 1) != 0
        let b = (trans & 2) != 0
        let batchA = (trans & 4) != 0
        let batchB = (trans & 8) != 0
        select One(
            "FusedMatMul",
            [F(Ordered(a, batchA, 2, 3, 4)), F(Ordered(b, batchB, 2, 4, 5))],
            ("transA", a ? 1 : 0), ("transB", b ? 1 : 0), ("transBatchA", batchA ? 1 : 0), ("transBatchB", batchB ? 1 : 0), ("alpha", 0.5f)));

    [OnnxRuntimeFact]
    public void Fused_kernels() => Compare(
    [
        One("FusedMatMul", [F(3, 4), F(4, 5)]), One("FusedMatMul", [F(4), F(4, 5)]), One("FusedMatMul", [F(6, 3, 4), F(5, 4)], ("transB", 1)), One("TransposeMatMul", [F(4, 3), F(5, 4)], ("transA", 1), ("transB", 1), ("alpha", 2f)),
        .. new[] { "Relu", "Sigmoid", "Tanh" }.Select(a => One("FusedConv", [F(1, 4, 7, 7), F(6, 4, 3, 3), F(6)], ("activation", a), ("kernel_shape", new long[] { 3, 3 }), ("pads", new long[] { 1, 1, 1, 1 }))),
        One("FusedConv", [F(1, 4, 7, 7), F(6, 4, 3, 3), F(6)], ("activation", "LeakyRelu"), ("activation_params", new[] { 0.3f })),
        One("FusedConv", [F(1, 4, 7, 7), F(6, 4, 3, 3), F(6)], ("activation", "Clip"), ("activation_params", new[] { -0.5f, 0.5f })),
        One("FusedConv", [F(1, 4, 7, 7), F(6, 4, 3, 3), F(6)], ("activation", "HardSigmoid"), ("activation_params", new[] { 0.2f, 0.4f })),
        One("FusedConv", [F(1, 4, 7, 7), F(6, 2, 3, 3), F(6), F(1, 6, 4, 4)], ("activation", "Relu"), ("group", 2), ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 })),
        .. new[] { "Relu", "Sigmoid", "Tanh", "Softsign", "Softplus", "LeakyRelu", "Elu", "HardSigmoid" }.Select(a => One("FusedGemm", [F(3, 4), F(5, 4), F(5)], ("activation", a), ("activation_alpha", 0.3f), ("activation_beta", 0.4f), ("transB", 1), ("alpha", 0.5f))),
    ]);

    [OnnxRuntimeFact]
    public void Normalizations() => Compare(
    [
        Many("SkipLayerNormalization", 3, [F(2, 3, 8), F(2, 3, 8), F(8), F(8), F(8)], [0, 3]),
        Many("SkipLayerNormalization", 3, [F(2, 3, 8), F(1, 3, 8), F(8), F(8)], [0]),
        Many("SkipLayerNormalization", 3, [F(2, 3, 8), F(3, 8), F(8)], [0], ("epsilon", 0.1f)),
        Many("SkipSimplifiedLayerNormalization", 3, [F(2, 3, 8), F(2, 3, 8), F(8), F(8)], [0, 3]),
        Many("SkipSimplifiedLayerNormalization", 3, [F(2, 3, 8), F(2, 3, 8), F(8)], [0], ("epsilon", 0.1f)),
        One(string.Empty, "SimplifiedLayerNormalization", [F(2, 3, 8), F(8)], ("axis", -1), ("epsilon", 1e-3f)),
        One(string.Empty, "LayerNormalization", [F(2, 3, 8), F(8), F(8)]),
        Many("EmbedLayerNormalization", 2, [I32(2, 3), I32(2, 3), F(9, 8), F(6, 8), F(9, 8), F(8), F(8)], [0, 1]) with { Low = 0, High = 3 },
        Many("EmbedLayerNormalization", 3, [I32(2, 3), I32(2, 3), F(9, 8), F(6, 8), F(9, 8), F(8), F(8), I32(2, 3)], [0, 1, 2], ("mask_index_type", 1), ("epsilon", 0.1f)) with { Low = 0, High = 2 },
        Many("EmbedLayerNormalization", 2, [I32(2, 3), null, F(9, 8), F(6, 8), null, F(8), F(8), null, I32(2, 3)], [0, 1]) with { Low = 0, High = 3 },
    ]);

    [OnnxRuntimeFact]
    public void Packed_attention() => Compare(
    [
        One("Attention", [F(2, 5, 6), F(6, 24), F(24)], ("num_heads", 2)),
        One("Attention", [F(2, 5, 6), F(6, 24), F(24)], ("num_heads", 2), ("unidirectional", 1), ("scale", 0.7f)),
        One("Attention", [F(2, 5, 6), F(6, 28), F(28)], ("num_heads", 2), ("qkv_hidden_sizes", new long[] { 8, 8, 12 })),
        One("Attention", [F(2, 5, 6), F(6, 24), F(24), I32(2)], ("num_heads", 2)).With("x3", 3, 5),
        One("Attention", [F(2, 5, 6), F(6, 24), F(24), I32(4)], ("num_heads", 2)).With("x3", 4, 5, 1, 0),
        One("Attention", [F(2, 5, 6), F(6, 24), F(24), I32(2, 5)], ("num_heads", 2)).With("x3", 1, 1, 0, 1, 0, 1, 1, 1, 1, 0),
        One("Attention", [F(2, 3, 6), F(6, 24), F(24), I32(2, 3, 3)], ("num_heads", 2), ("mask_filter_value", -5f)).With("x3", 1, 1, 0, 1, 0, 1, 1, 1, 1, 0, 1, 1, 0, 0, 1, 1, 1, 1),
        One("Attention", [F(2, 3, 6), F(6, 24), F(24), I32(2, 3)], ("num_heads", 2), ("unidirectional", 1)).With("x3", 0, 1, 1, 1, 1, 0),
        Many("Attention", 2, [F(2, 3, 6), F(6, 24), F(24), null, F(2, 2, 2, 4, 4)], [0, 1], ("num_heads", 2), ("unidirectional", 1)),
        Many("Attention", 2, [F(2, 3, 6), F(6, 24), F(24), I32(2, 7), F(2, 2, 2, 4, 4)], [0, 1], ("num_heads", 2)) with { Given = new() { ["x3"] = [1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1] } },
        One("Attention", [F(2, 3, 6), F(6, 24), F(24), null, null, F(1, 2, 3, 3)], ("num_heads", 2)),
    ]);

    [OnnxRuntimeFact]
    public void Multi_head_attention() => Compare(
    [
        One("MultiHeadAttention", [F(2, 5, 8), F(2, 5, 8), F(2, 5, 12)], ("num_heads", 2)),
        One("MultiHeadAttention", [F(2, 5, 8), F(2, 6, 8), F(2, 6, 12), F(28)], ("num_heads", 2), ("scale", 0.3f)),
        One("MultiHeadAttention", [F(2, 5, 8), F(2, 2, 6, 4), F(2, 2, 6, 4)], ("num_heads", 2)),
        One("MultiHeadAttention", [F(2, 5, 8), F(2, 2, 6, 4), F(2, 2, 6, 4), F(24)], ("num_heads", 2)),
        One("MultiHeadAttention", [F(2, 5, 8), F(2, 5, 8), F(2, 5, 8), null, I32(2, 5)], ("num_heads", 2)).With("x4", 1, 1, 0, 1, 0, 1, 1, 1, 1, 0),
        One("MultiHeadAttention", [F(2, 5, 8), F(2, 5, 8), F(2, 5, 8), null, null, F(1, 2, 5, 5)], ("num_heads", 2), ("unidirectional", 1)),
        Many("MultiHeadAttention", 3, [F(2, 3, 8), F(2, 3, 8), F(2, 3, 8), F(24), null, F(2, 1, 3, 7), F(2, 2, 4, 4), F(2, 2, 4, 4)], [0, 1, 2], ("num_heads", 2), ("unidirectional", 1)),
    ]);

    [OnnxRuntimeFact]
    public void Grouped_attention() => Compare(
    [
        Group(2, 5, 0, 5, 4, 2, 8), Group(1, 1, 6, 7, 4, 2, 8), Group(2, 1, 6, 7, 4, 2, 8, lengths: [6, 4]), Group(1, 1, 16, 7, 4, 2, 8), Group(2, 1, 16, 9, 4, 2, 8, lengths: [8, 5]),
        Group(1, 3, 6, 9, 4, 2, 8), Group(1, 6, 0, 6, 4, 4, 8, attributes: ("softcap", 3f)), Group(1, 6, 0, 6, 4, 2, 8, attributes: ("local_window_size", 2)),
        Group(1, 1, 6, 7, 4, 2, 8, attributes: ("local_window_size", 3)), Group(1, 6, 0, 6, 4, 2, 8, attributes: ("scale", 0.5f)), Group(1, 6, 0, 6, 4, 2, 8, attributes: ("smooth_softmax", 1)),
        Group(2, 5, 0, 5, 4, 2, 16, rotary: true), Group(1, 1, 6, 7, 4, 2, 16, rotary: true), Group(2, 1, 12, 7, 4, 2, 16, rotary: true, lengths: [6, 4]),
        Group(1, 1, 6, 7, 4, 2, 16, rotary: true, attributes: ("rotary_interleaved", 1)), Group(2, 5, 0, 5, 4, 2, 16, rotary: true, packed: true), Group(1, 1, 6, 7, 4, 2, 16, packed: true),
    ]);

    [OnnxRuntimeFact]
    public void Rotary_embeddings() => Compare(
    [
        One("RotaryEmbedding", [F(2, 3, 16), I64(2, 3), F(9, 4), F(9, 4)], ("num_heads", 0)) with { Low = 0, High = 8 },
        One("RotaryEmbedding", [F(2, 3, 16), I64(1), F(9, 4), F(9, 4)]) with { Low = 0, High = 4 },
        One("RotaryEmbedding", [F(2, 2, 3, 8), I64(2, 3), F(9, 4), F(9, 4)], ("interleaved", 1)) with { Low = 0, High = 8 },
        One("RotaryEmbedding", [F(2, 3, 32), I64(2, 3), F(9, 4), F(9, 4)], ("num_heads", 2), ("rotary_embedding_dim", 8)) with { Low = 0, High = 8 },
    ]);

    [OnnxRuntimeFact]
    public void Quantised() => Compare(
    [
        .. from bits in new long[] { 4, 8 }
           from zero in new[] { 0, 1, 2 }
           from grouped in new[] { false, true }
           where grouped ? bits == 4 && zero != 1 : bits == 4 || zero < 2
           select NBits(bits, zero, grouped),
        One("QLinearWhere", [B(3, 4), U8(3, 4), Real(0.1f), Byte(3), U8(3, 4), Real(0.2f), Byte(5), Real(0.15f), Byte(4)]) with { Low = 0, High = 255 },
        One("QLinearConv", [U8(1, 5, 5, 4), Real(0.1f), Byte(3), U8(6, 4, 3, 3), Real(0.02f), Byte(128), Real(2f), Byte(4)], ("channels_last", 1), ("kernel_shape", new long[] { 3, 3 })) with { Low = 0, High = 255, Absolute = 1 },
        One("NhwcMaxPool", [U8(1, 6, 6, 4)], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 })) with { Low = 0, High = 255 },
        .. Lstms(),
        One("QAttention", [U8(2, 3, 6), U8(6, 24), F(24), Real(0.01f), Real(0.01f), null, Byte(3), Byte(120)], ("num_heads", 2)) with { Low = 0, High = 255 },
        Many("QEmbedLayerNormalization", 1, [I32(2, 3), I32(2, 3), U8(9, 8), U8(6, 8), U8(9, 8), U8(8), U8(8), null, .. Enumerable.Repeat(Real(0.1f), 5), .. Enumerable.Repeat(Byte(100), 5)], [0, 1]) with { Low = 0, High = 6, Absolute = 1e-3 },
    ]);

    [OnnxRuntimeFact]
    public void Mixtures_of_experts() => Compare(
    [
        .. new[] { "relu", "gelu", "silu", "identity" }.Select(static a => One("MoE", [F(7, 16), F(7, 4), F(4, 24, 16), F(4, 24), F(4, 16, 24), F(4, 16)], ("k", 2), ("activation_type", a))),
        One("MoE", [F(2, 3, 16), F(6, 4), F(4, 24, 16), null, F(4, 16, 24)], ("k", 3), ("normalize_routing_weights", 1)),
        One("MoE", [F(7, 16), F(7, 4), F(4, 48, 16), F(4, 48), F(4, 16, 24), F(4, 16)], ("activation_type", "swiglu"), ("swiglu_fusion", 1), ("activation_alpha", 1.7f), ("activation_beta", 1f), ("swiglu_limit", 0.4f)),
        One("MoE", [F(3, 16), F(3, 4), F(4, 24, 16), F(4, 24), F(4, 16, 24), F(4, 16)], ("k", 2)).With("x1", new double[12]),
        .. from bits in new long[] { 2, 4, 8 } from block in new long[] { 0, 16, 32 } from zeros in new[] { false, true } where !zeros || block < 32 select Experts(bits, block, zeros),
        Experts(4, 32, zeros: false, router: true), Experts(4, 32, zeros: false, router: true, attributes: ("normalize_routing_weights", 1)),
    ]);

    [OnnxRuntimeFact]
    public void Other_operators() => Compare(
    [
        One("ExpandDims", [F(2, 3), Int32("axis", 1)]), One("Trilu", [F(4, 5), Ints("k", 1)], ("upper", 0)), One("SampleOp", [F(2, 3)]),
        One("GatherND", [F(4, 5), I64(3, 2)]) with { Low = 0, High = 4 }, One("Pad", [F(3, 4), Vector("pads", 1, 0, 0, 2), Real(5)], ("mode", "constant")),
        One("GridSample", [F(1, 2, 5, 6), F(1, 3, 4, 2)], ("mode", "bilinear"), ("align_corners", 1)),
        One(string.Empty, "GridSample", [F(1, 2, 5, 6), F(1, 3, 4, 2)], ("mode", "bicubic"), ("padding_mode", "border")),
        One(string.Empty, "GridSample", [F(1, 2, 5, 6), F(1, 3, 4, 2)], ("mode", "bicubic"), ("padding_mode", "reflection")),
        One(string.Empty, "GridSample", [F(1, 2, 5, 6), F(1, 3, 4, 2)], ("mode", "bicubic"), ("padding_mode", "zeros")),
        One("GridSample", [F(1, 2, 5, 6), F(1, 3, 4, 2)], ("mode", "bicubic"), ("padding_mode", "border")),
        One("ConvTransposeWithDynamicPads", [F(1, 2, 5, 5), F(2, 3, 3, 3), Vector("pads", 1, 0, 1, 1)], ("strides", new long[] { 2, 2 })),
        One("Range", [Real(1), Real(9), Real(2)]),
    ]);

    private static IEnumerable<PeerCase> Lstms() =>
    [
        Lstm("forward"), Lstm("reverse"), Lstm("bidirectional"), Lstm("forward", states: true), Lstm("bidirectional", states: true, peepholes: true),
        Lstm("forward", lengths: [4, 2]), Lstm("bidirectional", lengths: [1, 3]), Lstm("reverse", lengths: [3, 2], states: true),
        Lstm("forward", columns: true), Lstm("bidirectional", columns: true), Lstm("forward", signed: false), Lstm("forward", attributes: ("clip", 0.5f)),
        Lstm("forward", attributes: ("input_forget", 1)), Lstm("forward", attributes: ("activations", new[] { "HardSigmoid", "Relu", "Tanh" })),
    ];

    /// <summary>A quantised LSTM of 4 steps, 2 sequences, 3 inputs and 5 units.</summary>
    private static PeerCase Lstm(string direction, int[]? lengths = null, bool states = false, bool peepholes = false, bool columns = false, bool signed = true, params (string, object)[] attributes)
    {
        int d = direction == "bidirectional" ? 2 : 1;
        Operand Scales() => new(OnnxDataType.Float, []) { Constant = (m, n) => columns
            ? m.Initializer(n, [d, 20], Enumerable.Range(1, 20 * d).Select(static i => i / 1000f).ToArray())
            : m.Initializer(n, [d], Enumerable.Range(1, d).Select(static i => i / 100f).ToArray()) };
        Operand Zeros() => new(OnnxDataType.Int8, []) { Constant = (m, n) => columns
            ? m.Initializer(n, [d, 20], new sbyte[20 * d])
            : signed ? m.Initializer(n, [d], new sbyte[d]) : m.Initializer(n, [d], Enumerable.Repeat((byte)100, d).ToArray()) };
        Operand Codes(params long[] dims) => signed ? I8(dims) : I8(dims) with { Constant = (m, n) => m.Initializer(n, dims, Enumerable.Range(0, (int)dims.Aggregate(1L, static (p, k) => p * k)).Select(static i => (byte)(i * 37 % 200)).ToArray()) };
        PeerCase one = Many(
            "DynamicQuantizeLSTM",
            3,
            [F(4, 2, 3), Codes(d, 3, 20), Codes(d, 5, 20), F(d, 40), lengths is null ? null : I32(2), states ? F(d, 2, 5) : null, states ? F(d, 2, 5) : null, peepholes ? F(d, 15) : null, Scales(), Zeros(), Scales(), Zeros()],
            [0, 1, 2],
            [("hidden_size", 5), ("direction", direction), .. attributes]);
        return lengths is null ? one : one.With("x4", lengths.Select(static l => (double)l).ToArray());
    }

    /// <summary>A quantised mixture of 4 experts, 64 inputs and 32 inner units.</summary>
    private static PeerCase Experts(long bits, long block, bool zeros, bool router = false, params (string, object)[] attributes)
    {
        const int Outer = 64;
        const int Inner = 32;
        int pack = (int)(8 / bits);
        var random = new Random(1);
        Operand Codes(params long[] dims) => new(OnnxDataType.UInt8, dims)
        {
            Constant = (m, n) =>
            {
                var codes = new byte[dims.Aggregate(1L, static (p, d) => p * d)];
                random.NextBytes(codes);
                return m.Initializer(n, dims, codes);
            },
        };
        Operand Scales(long rows, long columns)
        {
            long[] dims = block == 0 ? [4, rows] : [4, rows, columns / block];
            return new(OnnxDataType.Float, dims) { Constant = (m, n) => m.Initializer(n, dims, Enumerable.Range(1, (int)dims.Aggregate(1L, static (p, d) => p * d)).Select(i => (i % 7 + 1) / 300f).ToArray()) };
        }

        Operand? Zeros(long rows, long columns) => !zeros ? null : block == 0 ? Codes(4, rows / pack) : Codes(4, rows, ((columns / block) + pack - 1) / pack);
        Operand?[] operands =
        [
            F(6, Outer), F(6, 4), Codes(4, 2 * Inner, Outer / pack), Scales(2 * Inner, Outer), F(4, 2 * Inner), Codes(4, Outer, Inner / pack), Scales(Outer, Inner), F(4, Outer),
            null, null, null, Zeros(2 * Inner, Outer), Zeros(Outer, Inner), null, router ? F(6, 4) : null,
        ];
        (string, object)[] form = [("k", 2), ("activation_type", "swiglu"), ("swiglu_fusion", 1), ("expert_weight_bits", bits), .. block > 0 ? new (string, object)[] { ("block_size", block) } : []];
        return One("QMoE", operands, [.. form, .. attributes]) with { Low = router ? 0 : -1, Absolute = 1e-3 };
    }

    private static PeerCase NBits(long bits, int zero, bool group)
    {
        const int K = 64;
        const int N = 6;
        const int Block = 16;
        int blocks = (K + Block - 1) / Block;
        var random = new Random(1);
        var codes = new byte[N * blocks * Block * bits / 8];
        random.NextBytes(codes);
        long zeroBytes = ((blocks * bits) + 7) / 8;
        var packed = new byte[N * zeroBytes];
        random.NextBytes(packed);
        ModelBuilder model = new ModelBuilder().Input("x0", OnnxDataType.Float, 3, K)
            .Initializer("b", [N, blocks, Block * bits / 8], codes)
            .Initializer("s", [N * blocks], Enumerable.Range(1, N * blocks).Select(static i => i / 100f).ToArray());
        model = zero == 1 ? model.Initializer("z", [N * zeroBytes], packed)
            : zero == 2 ? model.Initializer("z", [N, blocks], Enumerable.Range(1, N * blocks).Select(static i => i / 3f).ToArray())
            : model;
        model = group ? model.Initializer("g", [K], Enumerable.Range(0, K).Select(i => (i * 7) % blocks).ToArray()) : model;
        string[] inputs = ["x0", "b", "s", zero > 0 ? "z" : string.Empty, group ? "g" : string.Empty];
        return new PeerCase(
            $"MatMulNBits {bits} bits, zero points {zero}{(group ? ", g_idx" : string.Empty)}",
            model.Node(Microsoft, "MatMulNBits", inputs, ["y0"], ("K", K), ("N", N), ("bits", bits), ("block_size", Block)).Output("y0", OnnxDataType.Float, 3, N)) { Absolute = 0.01 };
    }

    private static PeerCase Group(
        int batch, int length, int past, int total, int heads, int groups, int size, int[]? lengths = null, bool rotary = false, bool packed = false, params (string, object)[] attributes)
    {
        ModelBuilder model = new ModelBuilder().Input("q", OnnxDataType.Float, batch, length, (packed ? heads + (2 * groups) : heads) * size);
        model = packed ? model : model.Input("k", OnnxDataType.Float, batch, length, groups * size).Input("v", OnnxDataType.Float, batch, length, groups * size);
        model = past > 0 ? model.Input("pk", OnnxDataType.Float, batch, groups, past, size).Input("pv", OnnxDataType.Float, batch, groups, past, size) : model;
        model = model.Input("n", OnnxDataType.Int32, batch).Initializer("t", [], total);
        model = rotary ? model.Input("c", OnnxDataType.Float, 20, size / 2).Input("s", OnnxDataType.Float, 20, size / 2) : model;
        string[] inputs =
        [
            "q", packed ? string.Empty : "k", packed ? string.Empty : "v", past > 0 ? "pk" : string.Empty, past > 0 ? "pv" : string.Empty, "n", "t",
            .. rotary ? new[] { "c", "s" } : [],
        ];
        int present = Math.Max(past, total);
        model = model.Node(Microsoft, "GroupQueryAttention", inputs, ["y", "nk", "nv"], [("num_heads", heads), ("kv_num_heads", groups), ("do_rotary", rotary ? 1 : 0), .. attributes])
            .Output("y", OnnxDataType.Float, batch, length, heads * size);

        // What lies behind the keys in a cache is not specified.
        model = present == total && lengths is null ? model.Output("nk", OnnxDataType.Float, batch, groups, present, size).Output("nv", OnnxDataType.Float, batch, groups, present, size) : model;
        double[] given = (lengths ?? Enumerable.Repeat(total - 1, batch).ToArray()).Select(static n => (double)n).ToArray();
        return new PeerCase($"GroupQueryAttention batch {batch} length {length} past {past} total {total} rotary {rotary} packed {packed} {string.Join(",", attributes)}", model).With("n", given);
    }

    private static long[] Ordered(bool trans, bool batch, int count, int rows, int columns)
    {
        long[] shape = trans ? [count, columns, rows] : [count, rows, columns];
        return batch ? [shape[1], shape[0], shape[2]] : shape;
    }

    private static Operand F(params long[] dims) => new(OnnxDataType.Float, dims);

    private static Operand I32(params long[] dims) => new(OnnxDataType.Int32, dims);

    private static Operand I64(params long[] dims) => new(OnnxDataType.Int64, dims);

    private static Operand U8(params long[] dims) => new(OnnxDataType.UInt8, dims);

    private static Operand I8(params long[] dims) => new(OnnxDataType.Int8, dims)
    {
        Constant = (m, n) => m.Initializer(n, dims, Enumerable.Range(0, (int)dims.Aggregate(1L, static (p, d) => p * d)).Select(static i => (sbyte)((i * 37) % 101 - 50)).ToArray()),
    };

    private static Operand B(params long[] dims) => new(OnnxDataType.Bool, dims);

    private static Operand Real(float value) => new(OnnxDataType.Float, []) { Constant = (m, n) => m.Initializer(n, [], value) };

    private static Operand Reals(float value) => new(OnnxDataType.Float, []) { Constant = (m, n) => m.Initializer(n, [1], value) };

    private static Operand Byte(byte value) => new(OnnxDataType.UInt8, []) { Constant = (m, n) => m.Initializer(n, [], value) };

    private static Operand SByte(sbyte value) => new(OnnxDataType.Int8, []) { Constant = (m, n) => m.Initializer(n, [1], value) };

    private static Operand Ints(string name, long value) => new(OnnxDataType.Int64, []) { Constant = (m, n) => m.Initializer(n, name == "k" || name == "q" ? [1] : [], value) };

    private static Operand Int32(string name, int value) => new(OnnxDataType.Int32, []) { Constant = (m, n) => m.Initializer(n, [], value) };

    private static Operand Vector(string name, params long[] values) => new(OnnxDataType.Int64, []) { Constant = (m, n) => m.Initializer(n, [values.Length], values) };

    private static PeerCase One(string op, Operand?[] operands, params (string, object)[] attributes) => Many(Microsoft, op, 1, operands, [0], attributes);

    private static PeerCase One(string domain, string op, Operand?[] operands, params (string, object)[] attributes) => Many(domain, op, 1, operands, [0], attributes);

    private static PeerCase Many(string op, int outputs, Operand?[] operands, int[] wanted, params (string, object)[] attributes) => Many(Microsoft, op, outputs, operands, wanted, attributes);

    /// <summary>One node with inputs x0, x1, … and some of its outputs.</summary>
    private static PeerCase Many(string domain, string op, int outputs, Operand?[] operands, int[] wanted, params (string Name, object Value)[] attributes)
    {
        var model = new ModelBuilder(17);
        for (int i = 0; i < operands.Length; i++)
        {
            model = operands[i] is not { } operand ? model : operand.Constant is { } constant ? constant(model, $"x{i}") : model.Input($"x{i}", operand.Type, operand.Dims);
        }

        int last = wanted.Max();
        model.Node(
            domain,
            op,
            operands.Select(static (o, i) => o is null ? string.Empty : $"x{i}").ToArray(),
            Enumerable.Range(0, last + 1).Select(i => wanted.Contains(i) ? $"y{i}" : string.Empty).ToArray(),
            attributes);
        foreach (int output in wanted)
        {
            model.Output($"y{output}");
        }

        return new PeerCase($"{op}({string.Join(", ", operands.Select(static o => o is null ? "-" : $"[{string.Join(",", o.Dims)}]"))}) {string.Join(", ", attributes)}", model);
    }

    /// <summary>An input of the model, or a constant.</summary>
    private sealed record Operand(OnnxDataType Type, long[] Dims)
    {
        public Func<ModelBuilder, string, ModelBuilder>? Constant { get; init; }
    }
}
