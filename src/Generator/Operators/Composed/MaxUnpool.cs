using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>MaxUnpool: puts values where a MaxPool found them, zeros elsewhere.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__MaxUnpool.html. Opsets 11 and 22 only clarified and widened types. The output shape must be constant.</remarks>
internal sealed class MaxUnpool : ComposedOperator
{
    public MaxUnpool()
        : base("MaxUnpool")
    {
    }

    public override int Since => 9;

    public override (int Min, int Max) InputCount => (2, 3);

    protected override void Compose(Node node, Composer compose)
    {
        (Value x, Value indices) = (node.Required(0), node.Required(1));
        int rank = x.Shape.Rank - 2;
        long[] kernel = node.Attributes.Ints("kernel_shape") ?? System.Array.Empty<long>();
        long[] strides = node.Attributes.Ints("strides") ?? Enumerable.Repeat(1L, kernel.Length).ToArray();
        long[] pads = node.Attributes.Ints("pads") ?? new long[2 * kernel.Length];
        compose.Check(rank > 0 && kernel.Length == rank && strides.Length == rank && pads.Length == 2 * rank && indices.Shape.Equals(x.Shape), "the attributes or indices do not fit the input");
        long[] inferred = x.Shape.Dimensions.Take(2).Select(static d => (long)d)
            .Concat(kernel.Select((k, i) => ((x.Shape[i + 2] - 1) * strides[i]) - pads[i] - pads[rank + i] + k))
            .ToArray();
        long[] shape = compose.ConstantInts(2, "output_shape") ?? inferred;
        inferred = PooledShape(indices) is { } pooled && pooled.SequenceEqual(shape) ? pooled : inferred;
        compose.Check(shape.Length == rank + 2 && shape.Concat(inferred).All(static d => d > 0) && inferred.Aggregate(1.0, static (p, d) => p * d) < int.MaxValue, "the output shape is not possible");
        int cells = (int)inferred.Aggregate(1L, static (product, d) => product * d);
        Value zeros = compose.Op("Expand", compose.Scalar(0, x.Type), compose.Ints(cells));
        Value placed = compose.Op(
            "ScatterElements",
            new[] { zeros, compose.Reshape(indices, x.Shape.ElementCount), compose.Reshape(x, x.Shape.ElementCount) },
            ("axis", 0L));
        Value y = compose.Reshape(placed, inferred);
        compose.Check(shape.Zip(inferred, static (s, i) => s >= i).All(static fits => fits), "the output shape is smaller than the pooled one");
        compose.Return(0, compose.Pad(y, new long[rank + 2], shape.Zip(inferred, static (s, i) => s - i).ToArray()));
    }

    /// <summary>The shape of what MaxPool took, if the indices are its: they count in that shape, also where it is larger than the windows cover.</summary>
    private static long[]? PooledShape(Value indices) => indices.Producer is { Operator: { Name: "MaxPool" } } pool
        ? pool.Required(0).Shape.Dimensions.Select(static d => (long)d).ToArray()
        : null;
}
