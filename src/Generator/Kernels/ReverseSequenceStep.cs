using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>Copies sequences with their first elements in reverse order.</summary>
internal sealed class ReverseSequenceStep : Step
{
    private readonly TensorView _source;
    private readonly TensorView _lengths;
    private readonly TensorView _target;
    private readonly int _time;
    private readonly int _batch;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="source">Input, plain.</param>
    /// <param name="lengths">Dense i64, one for each sequence, in [0, steps].</param>
    /// <param name="target">Output, plain.</param>
    /// <param name="time">Axis of the steps, 0 or 1.</param>
    /// <param name="batch">Axis of the sequences, the other of 0 and 1.</param>
    public ReverseSequenceStep(Node node, TensorView source, TensorView lengths, TensorView target, int time, int batch)
        : base(node, node.Name)
    {
        _source = source;
        _lengths = lengths;
        _target = target;
        _time = time;
        _batch = batch;
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => new[] { _source, _lengths };

    public override IReadOnlyList<TensorView> Writes => new[] { _target };

    public override bool CanFail => true;

    public override string Kernel => "reverse sequences of checked lengths";

    public override string Summary => $"{Node!.Operator.Name}, {Kernel}";

    private Extent Sequences => _source.Shape.Extent(_batch);

    private Extent Steps => _source.Shape.Extent(_time);

    /// <summary>True if threads share the steps of each sequence: each of them checks the lengths, so there have to be steps in every run.</summary>
    private bool SharesSteps => !Steps.IsDynamic && !SharedLoop.IsOuter(Sequences, Steps);

    public override bool SharesRunTimeSizes => true;

    public override Extent ParallelExtent(Simd simd) => SharesSteps ? Steps : Sequences;

    public override void Emit(StepWriter writer)
    {
        IReadOnlyList<IterationDimension> from = _source.Layout.Dimensions();
        IReadOnlyList<IterationDimension> to = _target.Layout.Dimensions();
        (string, string) x = IndexComponent.Declare(writer, _source, "x", asBits: true);
        (string, string) y = IndexComponent.Declare(writer, _target, "y", asBits: true);
        (string, string) lengths = IndexComponent.Declare(writer, _lengths, "lengths", asBits: false);
        writer.Line("int error = 0;");
        using (SharedLoop.For(writer, "b", Sequences, !SharesSteps))
        {
            writer.Line($"long length = IndexGuard.Check({lengths.Item1}[b], {writer.Value(Steps)} + 1, ref error);");
            using (SharedLoop.For(writer, "t", Steps, SharesSteps))
            {
                writer.Line("long s = t < length ? length - 1 - t : t;");
                writer.Line($"{x.Item2} source = {x.Item1} + (b * {from[_batch].Stride}L) + (s * {from[_time].Stride}L);");
                writer.Line($"{y.Item2} target = {y.Item1} + (b * {to[_batch].Stride}L) + (t * {to[_time].Stride}L);");
                LoopNest nest = LoopNest.Build(from.Skip(2).ToArray(), to.Skip(2).ToArray());
                nest.EmitOuter(writer, new[] { ("source", x.Item2), ("target", y.Item2) }, rows =>
                    RowCopy.Emit(writer, _source.Type, rows[0], nest.InnerStride(0), rows[1], nest.InnerStride(1), nest.InnerTrip));
            }
        }

        writer.Line("return error;");
    }
}
