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

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => input == 0 && axis != 1;

    protected override void Compose(Node node, Composer compose)
    {
        Value x = node.Required(0);
        compose.RequireFloat(x.Type);
        int rank = x.Shape.Rank;
        compose.Check(node.Opset >= 9 || node.Attributes.Flag("spatial", true), "training with statistics of each element is not defined");
        compose.Check(rank >= 2 && node.Inputs.All(v => ReferenceEquals(v, x) || (v!.Shape.Rank == 1 && v.Shape[0] == x.Shape[1])), "scale, bias, mean and variance must have one element per channel");
        long[] axes = Enumerable.Range(0, rank).Where(static a => a != 1).Select(static a => (long)a).ToArray();
        var channels = new Shape(new[] { 1, x.Shape[1] }.Concat(Enumerable.Repeat(1, rank - 2)));
        Value PerChannel(int index) => compose.Cast(compose.Reshape(node.Required(index), channels), x.Type);
        Value mean = compose.Reduce("ReduceMean", x, keep: true, axes);
        Value centred = compose.Sub(x, mean);
        Value variance = compose.Reduce("ReduceMean", compose.Mul(centred, centred), keep: true, axes);
        Value deviation = compose.Op("Sqrt", compose.Add(variance, compose.Scalar(node.Attributes.Float("epsilon", 1e-5f), x.Type)));
        Value y = compose.Add(compose.Mul(compose.Div(centred, deviation), PerChannel(1)), PerChannel(2));
        Value Saved(Value value) => compose.Reshape(value, node.Required(3).Shape);
        compose.Return(y, Moved(compose, 3, mean), Moved(compose, 4, variance), Saved(mean), Saved(compose.Op("Reciprocal", deviation)));
    }

    /// <summary>A running statistic that the batch's moves.</summary>
    private static Value Moved(Composer compose, int index, Value batch)
    {
        Value running = compose.Node.Required(index);
        float momentum = compose.Node.Attributes.Float("momentum", 0.9f);
        Value now = compose.Cast(compose.Reshape(batch, running.Shape), running.Type);
        return compose.Add(
            compose.Mul(running, compose.Scalar(momentum, running.Type)),
            compose.Mul(now, compose.Scalar(1.0 - momentum, running.Type)));
    }
}
