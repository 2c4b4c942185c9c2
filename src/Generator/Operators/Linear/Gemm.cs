using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Linear;

/// <summary>Gemm: y = alpha · A' · B' + beta · C, where A' and B' are A and B or their transposes and C broadcasts to [M, N].</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Gemm.html · Types: f32, f64 and integers of 4 and 8 bytes fast, others right · Opsets: 1 and 6 had a broadcast attribute (before 7), 11 made C optional.</remarks>
internal sealed class Gemm : Operator
{
    public Gemm()
        : base("Gemm")
    {
    }

    public override (int Min, int Max) InputCount => (2, 3);

    public override void Upgrade(UpgradeContext context) => context.Attributes.Remove("broadcast");

    public override void Infer(InferContext context)
    {
        context.RequireType(0, TypeSets.Numbers);
        context.RequireSameType(0, 1);
        context.RequireRank(0, 2);
        context.RequireRank(1, 2);
        GemmForm form = GemmForm.Of(context.Node);
        if (form.K != form.RightK)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"the inner dimensions {form.K} and {form.RightK} differ");
        }

        var output = new Shape(form.M, form.N);
        if (context.Has(2))
        {
            context.RequireSameType(0, 2);
            if (!context.Shape(2).BroadcastsTo(output))
            {
                throw context.Fail(DiagnosticCodes.ShapeMismatch, $"C does not broadcast to {output}");
            }
        }

        context.SetOutput(0, context.Type(0), context.MakeShape(new long[] { form.M, form.N }));
    }

    public override bool FitsAlike(Node node) => node.Input(2)?.Shape.BroadcastsTo(node.Output.Shape) ?? true;

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        GemmForm form = GemmForm.Of(node);
        Tensor a = inputs[0]!;
        Shape output = node.Output.Shape;
        var bytes = new byte[output.ElementCount * a.Type.Size()];
        var broadcast = inputs[2] is { } c0 ? new BroadcastIndex(c0.Shape, output) : default;
        for (int i = 0; i < output.ElementCount; i++)
        {
            int row = i / form.N;
            int column = i % form.N;
            double sum = form.Alpha * MatrixOracle.Dot(
                a,
                k => form.TransA ? (k * form.M) + row : (row * form.K) + k,
                inputs[1]!,
                k => form.TransB ? (column * form.K) + k : (k * form.N) + column,
                form.K);
            ElementEvaluation.Write(bytes, a.Type, i, inputs[2] is { } c ? sum + (form.Beta * ElementEvaluation.Read(c, broadcast.Map(i))) : sum);
        }

        return new[] { Tensor.FromBytes(a.Type, output, bytes, "Gemm") };
    }

    public override double EvaluationProducts(Node node) => (double)node.Output.Shape.ElementCount * GemmForm.Of(node).K;

    public override bool AcceptsEpilogue(Node node, ElementProgram program) =>
        MatrixLowering.AcceptsEpilogue(node, program, GemmForm.Of(node).M);

    public override ByteUse UseOfBytes(Node node, int input, LayoutQuery layouts) => MatrixLowering.UseOfBytes(node, input, TakesCodes(node));

    public override bool MakesBytes(Node node, LayoutQuery layouts) => MatrixLowering.MakesBytes(node);

    /// <summary>True if the product runs on bytes, once A is stored so: rows of A, and a bias that begins the sums.</summary>
    public static bool TakesCodes(Node node)
    {
        GemmForm form = GemmForm.Of(node);
        return !form.TransA
            && form.Alpha == 1
            && (node.Input(2) is not { } c || (form.Beta == 1 && c.Shape.ElementCount == form.N))
            && MatrixLowering.TakesCodes(node);
    }

    public override void Lower(Node node, LoweringContext context)
    {
        GemmForm form = GemmForm.Of(node);
        TensorView output = context.Allocate(node.Output);
        if (node.Output.Shape.ElementCount == 0)
        {
            return;
        }

        if (!GemmOperands.IsContraction(node, form))
        {
            TensorView? c = node.Input(2) is { } value ? context.ReadDense(value) : null;
            context.Add(new Kernels.GenericGemmStep(node, form, context.ReadDense(node.Required(0)), context.ReadDense(node.Required(1)), c, output));
            return;
        }

        GemmOperands.Lower(node, form, output, context);
    }
}

/// <summary>Attributes and dimensions of a Gemm node.</summary>
internal sealed record GemmForm(bool TransA, bool TransB, float Alpha, float Beta, int M, int K, int RightK, int N)
{
    public static GemmForm Of(Node node)
    {
        Shape a = node.Required(0).Shape;
        Shape b = node.Required(1).Shape;
        bool transA = node.Attributes.Flag("transA", false);
        bool transB = node.Attributes.Flag("transB", false);
        return new GemmForm(
            transA,
            transB,
            node.Attributes.Float("alpha", 1),
            node.Attributes.Float("beta", 1),
            transA ? a[1] : a[0],
            transA ? a[0] : a[1],
            transB ? b[1] : b[0],
            transB ? b[0] : b[1]);
    }
}
