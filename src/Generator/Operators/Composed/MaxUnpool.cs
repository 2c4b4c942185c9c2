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

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => input < 2;

    protected override void Compose(Node node, Composer compose)
    {
        (Value x, Value indices) = (node.Required(0), node.Required(1));
        int rank = x.Shape.Rank - 2;
        long[] kernel = node.Attributes.Ints("kernel_shape") ?? System.Array.Empty<long>();
        long[] strides = node.Attributes.Ints("strides") ?? Enumerable.Repeat(1L, kernel.Length).ToArray();
        long[] pads = node.Attributes.Ints("pads") ?? new long[2 * kernel.Length];
        compose.Check(rank > 0 && kernel.Length == rank && strides.Length == rank && pads.Length == 2 * rank && indices.Shape.Equals(x.Shape), "the attributes or indices do not fit the input");
        compose.Check(kernel.Concat(strides).Concat(pads).All(static v => v is >= 0 and <= int.MaxValue), "kernel, strides or pads are negative or too large");
        Size[] inferred = x.Shape.Extents.Take(2).Select(static e => e.Expression)
            .Concat(kernel.Select((k, i) => ((x.Shape.Extent(i + 2).Expression - Size.Of(1)) * Size.Of(strides[i])) + Size.Of(k - pads[i] - pads[rank + i])))
            .ToArray();
        Size[] shape = compose.ConstantInts(2, "output_shape")?.Select(Size.Of).ToArray() ?? inferred;
        inferred = PooledShape(indices) is { } pooled && pooled.SequenceEqual(shape) ? pooled : inferred;
        compose.Check(
            shape.Length == rank + 2 && shape.Concat(inferred).All(static d => d.Maximum is > 0 and <= int.MaxValue) && inferred.Aggregate(1.0, static (p, d) => p * d.Maximum) < int.MaxValue,
            "the output shape is not possible");
        compose.Check(shape.Zip(inferred, static (s, i) => s - i).All(static d => d.Constant >= 0), "the output shape is smaller than the pooled one, or differs from it by sizes of the run");
        var unpooled = new Shape(inferred.Select(Extent.Of));
        var elements = new Shape(new[] { Extent.Of(x.Shape.ElementSize) });
        Value zeros = compose.Expand(compose.Scalar(0, x.Type), new Shape(new[] { Extent.Of(unpooled.ElementSize) }));
        Value placed = compose.Op("ScatterElements", new[] { zeros, compose.Reshape(indices, elements), compose.Reshape(x, elements) }, ("axis", 0L));
        Value y = compose.Reshape(placed, unpooled);
        compose.Return(0, compose.Pad(y, new long[rank + 2], shape.Zip(inferred, static (s, i) => (s - i).Constant!.Value).ToArray()));
    }

    /// <summary>The shape of what MaxPool took, if the indices are its: they count in that shape, also where it is larger than the windows cover.</summary>
    private static Size[]? PooledShape(Value indices) => indices.Producer is { Operator: { Name: "MaxPool" } } pool
        ? pool.Required(0).Shape.Extents.Select(static e => e.Expression).ToArray()
        : null;
}
