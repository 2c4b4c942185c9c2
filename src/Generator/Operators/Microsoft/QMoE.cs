using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Operators.Linear;

namespace AotCompiler.Operators.Microsoft;

/// <summary>
/// QMoE: a mixture of experts whose weights are codes of 2, 4 or 8 bits, [E, outputs, inputs · bits / 8], which stay packed. Inputs: x, the router's
/// logits, then weights, scales and bias of each layer, the layers' zero points, and the weights of the experts where the logits only choose them.
/// </summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QMoE · Types: f32, f16, bf16; quant_type int. One scale for each output, or for each block of <c>block_size</c>
/// inputs; zero points are packed like codes, along the outputs or the blocks, and the middle of the codes by default. See <see cref="ExpertMixture"/>.</remarks>
internal sealed class QMoE : ExpertMixture
{
    private const int ZeroPoints = 11;
    private const int RouterWeights = 14;
    private static readonly int[] _weights = { 2, 5, 8 };

    public QMoE()
        : base("QMoE", 7, 15)
    {
    }

    protected override IReadOnlyList<int> Weights => _weights;

    protected override float Threshold => 1e-8f;

    public override bool RequiresInput(int input) => input is < 4 or 5 or 6;

    protected override void CheckLayers(InferContext context)
    {
        long bits = context.Attributes.Int("expert_weight_bits", 4);
        long block = context.Attributes.Int("block_size", 0);
        if (bits is not (2 or 4 or 8) || block < 0 || block > 1 << 24)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, "expert_weight_bits must be 2, 4 or 8, and block_size not negative");
        }

        if (context.Attributes.String("quant_type", "int") != "int" || context.Attributes.Int("weights_prepacked", -1) == 1)
        {
            throw context.Fail(DiagnosticCodes.FeatureUnsupported, "only weights of integers in their plain order are supported", "Export the model with quant_type \"int\" and weights that are not prepacked.");
        }

        long inner = context.Shape(_weights[1])[2] * 8 / bits;
        for (int layer = 0; layer < _weights.Length; layer++)
        {
            CheckLayer(context, layer, LayerSize(context, layer, inner), bits, block);
        }

        if (context.Has(RouterWeights))
        {
            context.RequireSameType(0, RouterWeights);
            if (!context.Shape(RouterWeights).Equals(context.Shape(1)))
            {
                throw context.Fail(DiagnosticCodes.ShapeMismatch, $"input {RouterWeights} ('router_weights') must have the shape of the logits");
            }
        }
    }

    protected override (Value Experts, Value Weights) Route(Node node, Value logits, Composer compose)
    {
        (Value values, Value positions) = Highest(logits, compose);
        if (node.Input(RouterWeights) is not { } given)
        {
            return (positions, compose.Op("Softmax", new[] { values }, ("axis", 1L)));
        }

        Value weights = compose.GatherElements(compose.Cast(given, ElementType.Float32), positions, 1);
        return (positions, node.Attributes.Flag("normalize_routing_weights", false) ? Normalized(weights, compose) : weights);
    }

    protected override Value? Layer(Composer compose, int layer, int expert, Value rows)
    {
        if (compose.Node.Input(_weights[layer]) is not { } codes)
        {
            return null;
        }

        Tensor scales = compose.Node.Required(_weights[layer] + 1).Constant!;
        var weights = new Codes(compose.Node, expert, codes.Constant!, scales, compose.Node.Input(ZeroPoints + layer)?.Constant);
        Value product = PackedMatMul.Compose(compose, rows, weights.All, weights.Scales, weights.Zeros, weights.Bits, weights.Block);
        return compose.Node.Input(_weights[layer] + 2) is { } bias
            ? compose.Add(product, compose.Cast(Part(compose, bias, expert), ElementType.Float32))
            : product;
    }

    private static void CheckLayer(InferContext context, int layer, (long Rows, long Columns) size, long bits, long block)
    {
        int input = _weights[layer];
        if (!context.Has(input))
        {
            return;
        }

        string role = $"fc{layer + 1}";
        long experts = context.Shape(1)[1];
        long pack = 8 / bits;
        long blocks = block == 0 ? 1 : (size.Columns + block - 1) / block;
        context.RequireType(input, ElementType.UInt8);
        context.RequireType(input + 1, ElementType.Float32, ElementType.Float16, ElementType.BFloat16);
        foreach (int constant in new[] { input, input + 1, ZeroPoints + layer }.Where(context.Has))
        {
            context.RequireConstant(constant, $"the weights of {role}");
        }

        RequireShape(context, input, $"{role}_experts_weights", experts, size.Rows, (size.Columns + pack - 1) / pack);
        RequireShape(context, input + 2, $"{role}_experts_bias", experts, size.Rows);
        if (context.Shape(input + 1).Rank == 2)
        {
            RequireShape(context, input + 1, $"{role}_scales", experts, size.Rows);
        }
        else
        {
            RequireShape(context, input + 1, $"{role}_scales", experts, size.Rows, blocks);
        }

        if (context.Has(ZeroPoints + layer))
        {
            context.RequireType(ZeroPoints + layer, ElementType.UInt8);
            if (blocks > 1)
            {
                context.RequireRank(ZeroPoints + layer, 3);
            }

            RequireShape(context, ZeroPoints + layer, $"{role}_zero_points", context.Shape(ZeroPoints + layer).Rank == 3 ? new[] { experts, size.Rows, (blocks + pack - 1) / pack } : new[] { experts, (size.Rows + pack - 1) / pack });
        }
    }

    /// <summary>The weights of one layer of one expert.</summary>
    private sealed class Codes
    {
        private readonly int _expert;
        private readonly Tensor _codes;
        private readonly Tensor _scales;
        private readonly Tensor? _zeroPoints;
        private readonly int _rows;
        private readonly int _columns;
        private readonly int _blocks;

        public Codes(Node node, int expert, Tensor codes, Tensor scales, Tensor? zeroPoints)
        {
            Bits = (int)node.Attributes.Int("expert_weight_bits", 4);
            _expert = expert;
            _codes = codes;
            _scales = scales;
            _zeroPoints = zeroPoints;
            _rows = codes.Shape[1];
            _columns = codes.Shape[2] * 8 / Bits;
            _blocks = scales.Shape.Rank == 3 ? scales.Shape[2] : 1;
            Block = _blocks == 1 ? _columns : (int)node.Attributes.Int("block_size", 1);
        }

        public int Bits { get; }

        /// <summary>Inputs that share a scale.</summary>
        public int Block { get; }

        /// <summary>The codes, one per byte.</summary>
        public Tensor All => Tensor.Lazy(ElementType.UInt8, new Shape(_rows, _columns), Recipe("Codes", _codes), () =>
        {
            var result = new byte[_rows * _columns];
            for (int i = 0; i < result.Length; i++)
            {
                result[i] = Element(_codes, ((long)_expert * result.Length) + i);
            }

            return result;
        });

        public Tensor Scales => Parameter("Scales", _scales, i => (float)ElementEvaluation.Read(_scales, (_expert * _rows * _blocks) + i));

        public Tensor Zeros => Parameter("Zeros", _zeroPoints ?? _codes, i => _zeroPoints is null ? 1 << (Bits - 1) : Element(_zeroPoints, ZeroPoint(i)));

        private static int RoundUp(int count, int multiple) => (count + multiple - 1) / multiple * multiple;

        /// <summary>Position of a block's zero point among those of all experts: each row of blocks begins a byte, or all rows of an expert do.</summary>
        private long ZeroPoint(int block) => _zeroPoints!.Shape.Rank == 3
            ? ((((long)_expert * _rows) + (block / _blocks)) * RoundUp(_blocks, 8 / Bits)) + (block % _blocks)
            : ((long)_expert * RoundUp(_rows, 8 / Bits)) + block;

        private Tensor Parameter(string what, Tensor source, Func<int, float> value) =>
            Tensor.LazyFloats(new Shape(_rows, _blocks), Recipe(what, source), () => Enumerable.Range(0, _rows * _blocks).Select(value).ToArray());

        private string Recipe(string what, Tensor source) => $"{what}[{Bits} bits, expert {_expert}]({source.Recipe})";

        private byte Element(Tensor packed, long index) => (byte)((packed.Bytes[(int)(index * Bits / 8)] >> (int)(index * Bits % 8)) & ((1 << Bits) - 1));
    }
}
