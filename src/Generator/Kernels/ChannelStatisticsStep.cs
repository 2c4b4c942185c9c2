using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators.Reduction;

namespace AotCompiler.Kernels;

/// <summary>
/// Mean and variance of each channel in blocks of channels, a lane each. The variance is taken around a first estimate of the mean
/// whose own error is measured and removed, so that a mean far larger than the deviation costs no precision.
/// </summary>
internal sealed class ChannelStatisticsStep : Step
{
    private readonly TensorView _input;
    private readonly TensorView _mean;
    private readonly TensorView _variance;
    private readonly LoopNest _channels;
    private readonly LoopNest _pixels;
    private readonly Extent _count;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="input">[N, C, spatial…] in blocks of channels.</param>
    /// <param name="mean">Where the means go, [N, C, 1…] in blocks of channels.</param>
    /// <param name="variance">Where the variances go, of the same layout.</param>
    public ChannelStatisticsStep(Node node, TensorView input, TensorView mean, TensorView variance)
        : base(node, $"{node.Name} statistics")
    {
        _input = input;
        _mean = mean;
        _variance = variance;
        IReadOnlyList<IterationDimension> from = input.Layout.Dimensions();
        int[] kept = { 0, 1, from.Count - 1 };
        _channels = LoopNest.Build(new[] { input, mean, variance }.Select(view => (IReadOnlyList<IterationDimension>)kept.Select(i => view.Layout.Dimensions()[i]).ToArray()).ToArray());
        IterationDimension[] pixels = Enumerable.Range(0, from.Count).Except(kept).Select(i => from[i]).ToArray();
        _pixels = LoopNest.Build(pixels);
        _count = pixels.Aggregate((Extent)1, static (product, d) => product * d.Trip);
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => new[] { _input };

    public override IReadOnlyList<TensorView> Writes => new[] { _mean, _variance };

    public override string Kernel => $"mean and variance of {_count} pixels, a channel per lane";

    public override string Summary => $"{Node!.Operator.Name}: mean and variance of each channel over {_count} pixels";

    public override Extent ParallelExtent(Simd simd) => Divided.Units;

    /// <summary>Loops for threads to share.</summary>
    private LoopNest Divided => _channels.Divided(least: Layout.BlockSize);

    public override IEnumerable<string> Explain(Simd simd)
    {
        yield return "Each lane is a channel: the mean, then what rounding left of it together with the squares around it.";
    }

    public override void Emit(StepWriter writer)
    {
        (string Name, string Type)[] pointers = new[] { (_input, "x"), (_mean, "mean"), (_variance, "variance") }
            .Select(p => (writer.Pointer(p.Item1, p.Item2, p.Item1.Describe()), "float*"))
            .ToArray();
        LoopNest nest = writer.IsShared ? Divided : _channels;
        nest.EmitShared(writer, pointers, rows => ColumnLoop.Emit(writer, nest.InnerExtent, (simd, registers, index) => EmitLanes(writer, simd, registers, rows, index)));
    }

    private void EmitLanes(StepWriter writer, Simd simd, int registers, IReadOnlyList<string> rows, string index)
    {
        string column = writer.Name("pixels");
        writer.Line($"float* {column} = {VectorLoop.At(rows[0], index)};");
        string count = writer.Declare(simd.Type, "count", simd.Broadcast($"(float){writer.Value(_count)}"));
        string[] Sums(ReductionFunction function, System.Func<int, string, string>? transform) =>
            Accumulation.EmitColumns(writer, function, simd, registers, column, _pixels, transform);

        string[] centers = Sums(ReductionFunction.Sum, null).Select(sum => writer.Declare(simd.Type, "center", $"{sum} / {count}")).ToArray();
        string Centered(int r, string element) => $"({element} - {centers[r]})";
        string[] drifts = Sums(ReductionFunction.Sum, Centered).Select(sum => writer.Declare(simd.Type, "drift", $"{sum} / {count}")).ToArray();
        string[] squares = Sums(ReductionFunction.SumSquare, Centered);
        for (int r = 0; r < registers; r++)
        {
            string at = VectorLoop.At(index, $"{r * simd.Lanes}");
            string variance = writer.Declare(simd.Type, "spread", $"({squares[r]} / {count}) - ({drifts[r]} * {drifts[r]})");
            writer.Line(simd.Store(VectorLoop.At(rows[1], at), $"{centers[r]} + {drifts[r]}"));
            writer.Line(simd.Store(VectorLoop.At(rows[2], at), simd.AtLeast(simd.Zero, variance)));
        }
    }
}
