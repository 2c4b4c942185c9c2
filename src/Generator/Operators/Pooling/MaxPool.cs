using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;
using AotCompiler.Operators.Linear;
using AotCompiler.Operators.Reduction;

namespace AotCompiler.Operators.Pooling;

/// <summary>
/// MaxPool: the largest element of each window, and on request its position in the input, counted row-major over the whole
/// tensor (with storage_order 1 column-major within each plane). Padding never wins; of equal elements the first is named.
/// A NaN is passed over on x64, where a compare instruction does so; an ARM machine may let it win.
/// </summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__MaxPool.html · Types: f32, f64, i8, u8 · Opsets: 8 added Indices; 10 ceil_mode and dilations; 12 integers; 22 bfloat16.</remarks>
internal sealed class MaxPool : PoolOperator
{
    public MaxPool()
        : base("MaxPool")
    {
    }

    public override (int Min, int Max) OutputCount => (1, 2);

    protected override IReadOnlyList<ElementType> AllowedTypes => TypeSets.Floats.Concat(new[] { ElementType.Int8, ElementType.UInt8 }).ToArray();

    protected override bool IsSeparable(Node node) => true;

    protected override ReductionFunction Function(Node node) => ReductionFunction.MaxNumber;

    protected override Tensor Padding(Node node) => ElementEvaluation.Scalar(node.Output.Type, node.Output.Type switch
    {
        ElementType.Int8 => sbyte.MinValue,
        ElementType.UInt8 => byte.MinValue,
        _ => double.NegativeInfinity,
    });

    public override void Infer(InferContext context)
    {
        base.Infer(context);
        context.SetOutput(1, ElementType.Int64, context.Node.Output.Shape);
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        Tensor maxima = base.Evaluate(node, inputs)[0];
        return node.Outputs.Count == 1 ? new[] { maxima } : new[] { maxima, Positions(node, inputs[0]!) };
    }

    /// <summary>Plain if positions are wanted: their kernel knows no other layout.</summary>
    public override LayoutKind ChooseLayout(Node node, LayoutQuery layouts) => node.Outputs.Count > 1 ? LayoutKind.Plain : base.ChooseLayout(node, layouts);

    /// <summary>Bytes have the order of the numbers they stand for.</summary>
    public override ByteUse UseOfBytes(Node node, int input, LayoutQuery layouts) => layouts.IsBlocked(node.Output) ? ByteUse.Moves : ByteUse.None;

    public override IReadOnlyList<Value> MovedInputs(Node node) => new[] { node.Required(0) };

    public override void Lower(Node node, LoweringContext context)
    {
        if (RowChainLowering.Find(node, context) is { } chain)
        {
            RowChainLowering.Lower(chain, context);
            return;
        }

        if (node.Outputs.Count == 1 || node.Output.Shape.ElementCount == 0)
        {
            base.Lower(node, context);
            foreach (Value extra in node.Outputs.Skip(1))
            {
                context.Allocate(extra);
            }

            return;
        }

        Value input = node.Required(0);
        context.Add(new MaxPoolIndicesStep(
            node,
            WindowOf(node),
            context.ReadPlain(input),
            context.Allocate(node.Output),
            context.Allocate(node.Outputs[1]),
            SamePadding.Before(node, WindowOf(node)),
            IndexStrides(node)));
    }

    private static Tensor Positions(Node node, Tensor input)
    {
        Shape shape = input.Shape;
        var result = new long[node.Output.Shape.ElementCount];
        long planeSize = shape.Product(2, shape.Rank);
        long[] strides = shape.RowMajorStrides();
        long[] indexStrides = IndexStrides(node).Select(static s => s.Maximum).ToArray();
        double best = 0;
        long at = -1;
        PoolEvaluation.Visit(
            WindowOf(node),
            shape,
            node.Output.Shape,
            () => (best, at) = (double.NegativeInfinity, -1),
            index =>
            {
                double element = ElementEvaluation.Read(input, index);
                if (element > best || at < 0)
                {
                    best = element;
                    at = index / planeSize * planeSize;
                    for (int d = 2; d < shape.Rank; d++)
                    {
                        at += index / strides[d] % shape[d] * indexStrides[d - 2];
                    }
                }
            },
            (index, _) => result[index] = at);
        return Tensor.Create(ElementType.Int64, node.Output.Shape, result, "MaxPool positions");
    }

    /// <summary>What a step along each spatial dimension adds to an index.</summary>
    private static Size[] IndexStrides(Node node)
    {
        Extent[] cells = node.Required(0).Shape.Extents.Skip(2).ToArray();
        bool columnMajor = node.Attributes.Int("storage_order", 0) == 1;
        return Enumerable.Range(0, cells.Length)
            .Select(d => (columnMajor ? cells.Take(d) : cells.Skip(d + 1)).Aggregate(Size.Of(1), static (product, e) => product * e.Expression))
            .ToArray();
    }
}
