using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>TensorScatter: writes new entries into a cache, for each batch from its own position on, round the end if circular.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__TensorScatter.html.</remarks>
internal sealed class TensorScatter : ComposedOperator
{
    public TensorScatter()
        : base("TensorScatter")
    {
    }

    public override int Since => 24;

    public override (int Min, int Max) InputCount => (2, 3);

    protected override void Compose(Node node, Composer compose)
    {
        (Value cache, Value update) = (node.Required(0), node.Required(1));
        int rank = cache.Shape.Rank;
        compose.Check(Shape.TryNormalizeAxis(node.Attributes.Int("axis", -2), rank, out int axis) && axis > 0, "the axis is outside the cache, or the batch");
        compose.Check(update.Shape.Rank == rank && update.Shape.With(axis, cache.Shape[axis]).Equals(cache.Shape) && update.Shape[axis] <= cache.Shape[axis], "the update does not fit into the cache");
        Value start = node.Input(2) ?? compose.Ints(new long[cache.Shape[0]]);
        compose.Check(start.Shape.ElementCount == cache.Shape[0], "there must be one position per batch");

        var along = new long[rank];
        var batch = new long[rank];
        for (int i = 0; i < rank; i++)
        {
            along[i] = i == axis ? update.Shape[axis] : 1;
            batch[i] = i == 0 ? cache.Shape[0] : 1;
        }

        Value steps = compose.Reshape(compose.Ints(Enumerable.Range(0, update.Shape[axis]).Select(static t => (long)t).ToArray()), along);
        Value positions = compose.Add(compose.Reshape(compose.Cast(start, ElementType.Int64), batch), steps);
        positions = node.Attributes.String("mode", "linear") switch
        {
            "linear" => positions,
            "circular" => compose.Op("Mod", positions, compose.Scalar(cache.Shape[axis], ElementType.Int64)),
            { } mode => throw compose.Fail(DiagnosticCodes.GraphMalformed, $"the mode '{mode}' is neither linear nor circular"),
        };
        Value indices = compose.Expand(positions, update.Shape.Dimensions.Select(static d => (long)d).ToArray());
        compose.Return(0, compose.Op("ScatterElements", new[] { cache, indices, update }, ("axis", (long)axis)));
    }
}
