using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Linear;

/// <summary>
/// IntegerMatMul, of the compiler's own: x · W + b, whole numbers that are summed as 32-bit integers; the result is f32, or i32 if the attribute
/// <c>to</c> says so. Inputs: x [batch…, M, K] and a constant W [K, N], both f32; b [N], i32, optional.
/// </summary>
/// <remarks>
/// For codes whose zero point is known only at run time, where b takes off what it adds, and for results that nothing scales. Where there are no
/// vectors, sums for f32 are f32.
/// </remarks>
internal sealed class IntegerMatMul : Operator
{
    public IntegerMatMul()
        : base(nameof(IntegerMatMul), InternalDomain)
    {
    }

    public override (int Min, int Max) InputCount => (2, 3);

    public override void Infer(InferContext context)
    {
        context.RequireType(0, ElementType.Float32);
        context.RequireType(1, ElementType.Float32);
        context.RequireRank(1, 2);
        context.RequireConstant(1, "the weights");
        MatrixShape? shape = context.Shape(0).Rank > 1 ? MatrixShape.Of(context.Shape(0), context.Shape(1)) : null;
        if (shape is null || (context.Has(2) && (context.Type(2) != ElementType.Int32 || !context.Shape(2).Equals(new Shape(shape.N)))))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "the inner dimensions differ, or the bias is not one i32 for each column");
        }

        context.SetOutput(0, CodeProduct.SumType(context.Node), context.MakeShape(shape.Output.Select(static d => (long)d)));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        int k = inputs[1]!.Shape[0];
        int n = inputs[1]!.Shape[1];
        double Sum(int element)
        {
            int row = element / n * k;
            int column = element % n;
            double sum = MatrixOracle.Dot(inputs[0]!, t => row + t, inputs[1]!, t => (t * n) + column, k);
            return sum + (inputs[2] is { } bias ? ElementEvaluation.Read(bias, column) : 0);
        }

        IEnumerable<double> sums = Enumerable.Range(0, (int)node.Output.Shape.ElementCount).Select(Sum);
        return new[]
        {
            node.Output.Type == ElementType.Int32
                ? Tensor.Create(ElementType.Int32, node.Output.Shape, sums.Select(static s => (int)s).ToArray(), nameof(IntegerMatMul))
                : Tensor.Create(ElementType.Float32, node.Output.Shape, sums.Select(static s => (float)s).ToArray(), nameof(IntegerMatMul)),
        };
    }

    public override double EvaluationProducts(Node node) => (double)node.Output.Shape.ElementCount * node.Required(1).Shape[0];

    public override bool AcceptsEpilogue(Node node, ElementProgram program) =>
        MatrixLowering.AcceptsEpilogue(node, program, node.Required(0).Shape[node.Required(0).Shape.Rank - 2]);

    public override ByteUse UseOfBytes(Node node, int input, LayoutQuery layouts) => MatrixLowering.UseOfBytes(node, input, CodeProduct.TakesSums(node));

    public override bool MakesBytes(Node node, LayoutQuery layouts) => MatrixLowering.MakesBytes(node);

    public override void Lower(Node node, LoweringContext context)
    {
        TensorView output = context.Allocate(node.Output);
        if (node.Output.Shape.ElementCount == 0)
        {
            return;
        }

        MatrixShape shape = MatrixShape.Of(node.Required(0).Shape, node.Required(1).Shape)!;
        bool codes = CodeProduct.RunsOnBytes(node, context);
        TensorView left = context.ReadDense(node.Required(0), codes);
        int Index(int k, int n) => (k * shape.N) + n;
        RightOperand right = codes
            ? MatrixLowering.Codes(node.Required(1).Constant!, null, node.Name, left.Zero!.Value, shape.K, shape.N, Index, "KN", context)
            : MatrixLowering.Constant(node.Required(1).Constant!, node.Name, shape.K, shape.N, Index, "KN", 1, context);
        TensorView? bias = node.Input(2) is { } sums ? context.ReadDense(sums) : null;
        MatrixLowering.Lower(
            node,
            "MatMul of integers",
            output.With(output.Layout.TryReshape(shape.FullOutput)!),
            left.With(left.Layout.TryReshape(shape.FullLeft)!),
            bias is null ? right : right with { Bias = bias },
            null,
            node.Epilogue,
            node.EpilogueOperands,
            context);
    }
}
