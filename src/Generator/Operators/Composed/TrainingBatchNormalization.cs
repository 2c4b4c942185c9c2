using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>
/// BatchNormalization in training: normalised by the mean and variance of the batch, which also move the running ones: running · momentum + batch · (1 - momentum).
/// </summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__BatchNormalization.html, version 14: what a node in training becomes. The variance is that of the population. Before
/// opset 14 there are two more outputs, mean and reciprocal deviation of the batch, as ONNX Runtime has them.</remarks>
internal sealed class TrainingBatchNormalization : ComposedOperator
{
    public TrainingBatchNormalization()
        : base("TrainingBatchNormalization", InternalDomain)
    {
    }

    public override (int Min, int Max) InputCount => (5, 5);

    public override (int Min, int Max) OutputCount => (1, 5);

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        Value input = node.Required(0);
        compose.RequireFloat(input.Type);
        int rank = input.Shape.Rank;
        compose.Check(node.Opset >= 9 || node.Attributes.Flag("spatial", true), "training with statistics of each element is not defined");
        compose.Check(rank >= 2 && node.Inputs.All(v => ReferenceEquals(v, input) || (v!.Shape.Rank == 1 && v.Shape.Extent(0) == input.Shape.Extent(1))), "scale, bias, mean and variance must have one element per channel");
        long[] axes = Enumerable.Range(0, rank).Where(static a => a != 1).Select(static a => (long)a).ToArray();
        var channels = new Shape(Enumerable.Repeat((Extent)1, rank - 2).Prepend(input.Shape.Extent(1)).Prepend(1));

        // The specification wants statistics in float, since squares of f16 overflow; what is made of them is rounded once.
        Value x = compose.Cast(input, input.Type.Size() < sizeof(float) ? ElementType.Float32 : input.Type);
        Value PerChannel(int index) => compose.Reshape(compose.Cast(node.Required(index), x.Type), channels);
        Value mean = compose.Reduce("ReduceMean", x, keep: true, axes);
        Value centred = compose.Sub(x, mean);
        Value variance = compose.Reduce("ReduceMean", compose.Mul(centred, centred), keep: true, axes);
        Value deviation = compose.Op("Sqrt", compose.Add(variance, compose.Scalar(node.Attributes.Float("epsilon", 1e-5f), x.Type)));
        Value y = compose.Add(compose.Mul(compose.Div(centred, deviation), PerChannel(1)), PerChannel(2));
        Value Saved(Value value) => compose.Cast(compose.Reshape(value, node.Required(3).Shape), input.Type);
        compose.Return(compose.Cast(y, input.Type), Moved(compose, 3, mean), Moved(compose, 4, variance), Saved(mean), Saved(compose.Op("Reciprocal", deviation)));
    }

    /// <summary>A running statistic that the batch's moves, computed in the type of that and rounded to its own.</summary>
    private static Value Moved(Composer compose, int index, Value batch)
    {
        Value given = compose.Node.Required(index);
        float momentum = compose.Node.Attributes.Float("momentum", 0.9f);
        ElementType wide = given.Type == ElementType.Float64 ? given.Type : batch.Type;
        Value running = compose.Cast(given, wide);
        Value now = compose.Cast(compose.Reshape(batch, given.Shape), wide);
        Value moved = compose.Add(compose.Mul(running, compose.Scalar(momentum, wide)), compose.Mul(now, compose.Scalar(1.0 - momentum, wide)));
        return compose.Cast(moved, given.Type);
    }
}
