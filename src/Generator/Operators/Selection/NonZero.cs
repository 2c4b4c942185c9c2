using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Selection;

/// <summary>NonZero: the positions of all elements that are not 0, one column for each, in row-major order.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__NonZero.html · Types: numbers, bool and string, of which only the empty one is not counted · Opsets: 13 added bfloat16. The number of columns is found in
/// the data; there are at most as many as the input has elements. A scalar has no coordinates: its result has no rows.
/// </remarks>
internal sealed class NonZero : Operator
{
    public NonZero()
        : base("NonZero")
    {
    }

    public override int Since => 9;

    public override (int Min, int Max) InputCount => (1, 1);

    public override bool FindsCounts => true;

    public override void Infer(InferContext context)
    {
        context.RequireType(0, TypeSets.AllAndText);
        Shape shape = context.Shape(0);
        int count = context.Known(0) is { } known ? Positions(known).Length
            : context.ComputedSize(0, shape.ElementCount);
        context.SetOutput(0, ElementType.Int64, context.MakeShape(new long[] { shape.Rank, count }));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        Tensor x = inputs[0]!;
        int[] positions = Positions(x);
        long[] strides = x.Shape.RowMajorStrides();
        long[] result = strides.SelectMany((stride, axis) => positions.Select(p => p / stride % x.Shape[axis])).ToArray();
        return new[] { Tensor.Create(ElementType.Int64, new Shape(strides.Length, positions.Length), result, "NonZero") };
    }

    public override void Lower(Node node, LoweringContext context) =>
        context.Add(new NonZeroStep(node, context.ReadPlain(node.Required(0)), context.Allocate(node.Output)));

    public override bool WritesStrided(Node node) => true;

    private static int[] Positions(Tensor x)
    {
        string[]? texts = x.Type == ElementType.String ? x.ToStrings() : null;
        return Enumerable.Range(0, (int)x.Shape.ElementCount).Where(i => texts is null ? ElementEvaluation.Read(x, i) != 0 : texts[i].Length > 0).ToArray();
    }
}
