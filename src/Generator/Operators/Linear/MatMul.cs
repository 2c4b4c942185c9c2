using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Linear;

/// <summary>MatMul: products of the two last dimensions, the others broadcast; vectors are promoted as in numpy.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__MatMul.html · Types: f32, f64 and integers of 4 and 8 bytes fast, others right · Opsets: 9 and 13 only added types.</remarks>
internal sealed class MatMul : Operator
{
    public MatMul()
        : base("MatMul")
    {
    }

    public override (int Min, int Max) InputCount => (2, 2);

    public override void Infer(InferContext context)
    {
        context.RequireType(0, TypeSets.Numbers);
        context.RequireSameType(0, 1);
        MatrixShape shape = MatrixShape.Of(context.Shape(0), context.Shape(1))
            ?? throw context.Fail(DiagnosticCodes.ShapeMismatch, "the inner dimensions differ, the batch dimensions do not broadcast, or an input is a scalar");
        context.SetOutput(0, context.Type(0), context.MakeShape(shape.Output.Select(static d => (long)d)));
    }

    public override bool FitsAlike(Node node) => MatrixShape.Of(node.Required(0).Shape, node.Required(1).Shape) is not null;

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        MatrixShape shape = MatrixShape.Of(inputs[0]!.Shape, inputs[1]!.Shape)!;
        Tensor a = inputs[0]!;
        Tensor b = inputs[1]!;
        var bytes = new byte[node.Output.Shape.ElementCount * a.Type.Size()];
        var left = new BroadcastIndex(shape.LeftBatch, shape.Batch);
        var right = new BroadcastIndex(shape.RightBatch, shape.Batch);
        for (int i = 0; i < node.Output.Shape.ElementCount; i++)
        {
            int batch = i / (shape.M * shape.N);
            int row = i / shape.N % shape.M;
            int column = i % shape.N;
            int leftStart = ((left.Map(batch) * shape.M) + row) * shape.K;
            int rightStart = (right.Map(batch) * shape.K * shape.N) + column;
            ElementEvaluation.Write(bytes, a.Type, i, MatrixOracle.Dot(a, k => leftStart + k, b, k => rightStart + (k * shape.N), shape.K));
        }

        return new[] { Tensor.FromBytes(a.Type, node.Output.Shape, bytes, "MatMul") };
    }

    /// <summary>Sums of a single term are products of elements that broadcast. Constant weights have kernels of their own, also for codes.</summary>
    public override bool Simplify(Node node, GraphRewriter rewriter)
    {
        Value a = node.Required(0);
        Value b = node.Required(1);
        if (a.Shape.Rank < 2 || b.Shape.Rank < 2 || a.IsConstant || b.IsConstant || a.Shape.Extent(a.Shape.Rank - 1) != 1)
        {
            return false;
        }

        rewriter.ReplaceNode(node, rewriter.Insert("Mul", node.Name, new[] { a, b }));
        return true;
    }

    public override double EvaluationProducts(Node node) => (double)node.Output.Shape.ElementCount * node.Required(0).Shape[node.Required(0).Shape.Rank - 1];

    public override bool AcceptsEpilogue(Node node, ElementProgram program) =>
        MatrixLowering.AcceptsEpilogue(node, program, MatrixShape.Of(node.Required(0).Shape, node.Required(1).Shape)!.M);

    public override ByteUse UseOfBytes(Node node, int input, LayoutQuery layouts) => MatrixLowering.UseOfBytes(node, input, MatrixLowering.TakesCodes(node));

    public override bool MakesBytes(Node node, LayoutQuery layouts) => MatrixLowering.MakesBytes(node);

    public override void Lower(Node node, LoweringContext context)
    {
        MatrixShape shape = MatrixShape.Of(node.Required(0).Shape, node.Required(1).Shape)!;
        MatrixLowering.Lower(node, "MatMul", shape, context);
    }
}
