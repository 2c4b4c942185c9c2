using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Linear;

/// <summary>
/// PackedMatMul, of the compiler's own: x · W, where the weights are codes of <c>bits</c> bits that stay packed in memory:
/// W[k, n] = (codes[n, k] − zero points[n, g]) · scales[n, g], g = k / <c>group_size</c>. Inputs: x [batch…, M, K] f32; constant codes [N, K] u8, one
/// per byte; constant scales and zero points [N, groups], f32.
/// </summary>
/// <remarks>Where there are no vectors the weights are unpacked at compile time.</remarks>
internal sealed class PackedMatMul : Operator
{
    public const string Bits = "bits";
    public const string GroupSize = "group_size";
    private const int Codes = 1;
    private const int Scales = 2;
    private const int ZeroPoints = 3;

    public PackedMatMul()
        : base(nameof(PackedMatMul), InternalDomain)
    {
    }

    public override (int Min, int Max) InputCount => (4, 4);

    /// <summary>True if kernels cover codes of so many bits, so many terms and terms of a group: words hold codes of one group.</summary>
    public static bool Covers(long bits, long terms, long groupSize) => bits is 2 or 4 or 8 && terms > 0 && terms % (32 / bits) == 0 && groupSize % (32 / bits) == 0 && groupSize > 0;

    /// <summary>x · W, packed if kernels cover the codes.</summary>
    /// <param name="compose">Takes the product.</param>
    /// <param name="x">f32 rows.</param>
    /// <param name="codes">Codes [N, K].</param>
    /// <param name="scales">Scales [N, groups].</param>
    /// <param name="zeroPoints">Zero points [N, groups].</param>
    /// <param name="bits">Bits of a code.</param>
    /// <param name="groupSize">Terms of a group.</param>
    public static Value Compose(Composer compose, Value x, Tensor codes, Tensor scales, Tensor zeroPoints, int bits, int groupSize) => Covers(bits, codes.Shape[1], groupSize)
        ? compose.Op(
            OperatorRegistry.Get(nameof(PackedMatMul), InternalDomain),
            new[] { x, compose.Constant(codes, "codes"), compose.Constant(scales, "scales"), compose.Constant(zeroPoints, "zeros") },
            (Bits, (long)bits),
            (GroupSize, (long)groupSize))
        : compose.MatMul(x, compose.Transpose(compose.Constant(Unpacked(codes, scales, zeroPoints, groupSize), "weight"), 1, 0));

    public override void Infer(InferContext context)
    {
        context.RequireType(0, ElementType.Float32);
        context.RequireType(Codes, ElementType.UInt8);
        context.RequireType(Scales, ElementType.Float32);
        context.RequireType(ZeroPoints, ElementType.Float32);
        context.RequireRank(Codes, 2);
        foreach (int i in new[] { Codes, Scales, ZeroPoints })
        {
            context.RequireConstant(i, "the weights");
        }

        Shape codes = context.Shape(Codes);
        long size = context.Attributes.Int(GroupSize, 0);
        MatrixShape? shape = MatrixShape.Of(context.Shape(0), new Shape(codes[1], codes[0]));
        if (shape is null || !Covers(context.Attributes.Int(Bits, 0), codes[1], size))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "the inner dimensions differ, or the codes do not fill words");
        }

        var groups = new Shape(codes[0], (int)((codes[1] + size - 1) / size));
        if (!context.Shape(Scales).Equals(groups) || !context.Shape(ZeroPoints).Equals(groups))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"scales and zero points must be {groups}");
        }

        context.SetOutput(0, ElementType.Float32, context.MakeShape(shape.Output.Select(static d => (long)d)));
    }

    public override bool FitsAlike(Node node) => ShapeOf(node) is not null;

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        Tensor weights = Unpacked(inputs[Codes]!, inputs[Scales]!, inputs[ZeroPoints]!, (int)node.Attributes.Int(GroupSize, 1));
        int k = weights.Shape[1];
        int n = weights.Shape[0];
        var result = new float[node.Output.Shape.ElementCount];
        for (int i = 0; i < result.Length; i++)
        {
            int row = i / n * k;
            int column = i % n * k;
            result[i] = (float)MatrixOracle.Dot(inputs[0]!, t => row + t, weights, t => column + t, k);
        }

        return new[] { Tensor.Create(ElementType.Float32, node.Output.Shape, result, nameof(PackedMatMul)) };
    }

    public override double EvaluationProducts(Node node) => (double)node.Output.Shape.ElementCount * node.Required(Codes).Shape[1];

    public override bool AcceptsEpilogue(Node node, ElementProgram program) => MatrixLowering.AcceptsEpilogue(node, program, ShapeOf(node)!.M);

    public override ByteUse UseOfBytes(Node node, int input, LayoutQuery layouts) =>
        MatrixLowering.MakesBytes(node) && input >= node.OperatorInputCount ? ByteUse.Accepts : ByteUse.None;

    public override bool MakesBytes(Node node, LayoutQuery layouts) => MatrixLowering.MakesBytes(node);

    public override void Lower(Node node, LoweringContext context)
    {
        TensorView output = context.Allocate(node.Output);
        if (node.Output.Shape.ElementCount == 0)
        {
            return;
        }

        MatrixShape shape = ShapeOf(node)!;
        TensorView left = context.ReadDense(node.Required(0));
        MatrixLowering.Lower(
            node,
            $"MatMul of {node.Attributes.Int(Bits, 0)}-bit weights",
            output.With(output.Layout.TryReshape(shape.FullOutput)!),
            left.With(left.Layout.TryReshape(shape.FullLeft)!),
            Right(node, context),
            null,
            node.Epilogue,
            node.EpilogueOperands,
            context);
    }

    private static RightOperand Right(Node node, LoweringContext context)
    {
        Tensor codes = node.Required(Codes).Constant!;
        Tensor scales = node.Required(Scales).Constant!;
        Tensor zeroPoints = node.Required(ZeroPoints).Constant!;
        int size = (int)node.Attributes.Int(GroupSize, 1);
        if (context.IsNarrow)
        {
            int k = codes.Shape[1];
            return MatrixLowering.Constant(Unpacked(codes, scales, zeroPoints, size), node.Name, k, codes.Shape[0], (term, column) => (column * k) + term, "NK", 1, context);
        }

        (Tensor panels, Kernels.PackedWeights packed) = PackedPanels.Pack(codes, scales, zeroPoints, (int)node.Attributes.Int(Bits, 0), size);
        return new RightOperand(context.Weight(panels, $"{node.Name}.weight"), null) { Packed = packed };
    }

    /// <summary>The weights as f32 [N, K].</summary>
    private static Tensor Unpacked(Tensor codes, Tensor scales, Tensor zeroPoints, int groupSize) => Tensor.LazyFloats(codes.Shape, $"Unpack({codes.Recipe})", () =>
    {
        ReadOnlySpan<byte> bytes = codes.Bytes;
        ReadOnlySpan<float> steps = scales.Floats();
        ReadOnlySpan<float> zeros = zeroPoints.Floats();
        int k = codes.Shape[1];
        int groups = scales.Shape[1];
        var result = new float[bytes.Length];
        for (int i = 0; i < result.Length; i++)
        {
            int group = (i / k * groups) + (i % k / groupSize);
            result[i] = (bytes[i] - zeros[group]) * steps[group];
        }

        return result;
    });

    private static MatrixShape? ShapeOf(Node node)
    {
        Shape codes = node.Required(Codes).Shape;
        return MatrixShape.Of(node.Required(0).Shape, new Shape(codes[1], codes[0]));
    }
}
