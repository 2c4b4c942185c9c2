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

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        (Value cache, Value update) = (node.Required(0), node.Required(1));
        int rank = cache.Shape.Rank;
        compose.Check(Shape.TryNormalizeAxis(node.Attributes.Int("axis", -2), rank, out int axis) && axis > 0, "the axis is outside the cache, or the batch");
        compose.Check(update.Shape.Rank == rank && update.Shape.With(axis, cache.Shape.Extent(axis)).Equals(cache.Shape) && update.Shape[axis] <= cache.Shape[axis], "the update does not fit into the cache");
        var along = new long[rank];
        var batch = new long[rank];
        for (int i = 0; i < rank; i++)
        {
            along[i] = i == axis ? -1 : 1;
            batch[i] = i == 0 ? -1 : 1;
        }

        Value positions = compose.Split(compose.Positions(update, axis), along);
        if (node.Input(2) is { } start)
        {
            compose.Check(start.Shape.ElementCount == cache.Shape[0], "there must be one position per batch");
            positions = compose.Add(compose.Split(compose.Cast(start, ElementType.Int64), batch), positions);
        }

        positions = node.Attributes.String("mode", "linear") switch
        {
            "linear" => positions,
            "circular" => compose.Op("Mod", positions, compose.Length(cache, axis)),
            { } mode => throw compose.Fail(DiagnosticCodes.GraphMalformed, $"the mode '{mode}' is neither linear nor circular"),
        };
        Value indices = compose.Expand(positions, update.Shape);
        compose.Return(0, compose.Op("ScatterElements", new[] { cache, indices, update }, ("axis", (long)axis)));
    }
}
