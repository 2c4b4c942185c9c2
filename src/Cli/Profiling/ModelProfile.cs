using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Cli.Compilation;
using AotCompiler.Cli.Reports;
using AotCompiler.Lowering;

namespace AotCompiler.Cli.Profiling;

/// <summary>Makes the report of measured times and the plan they belong to.</summary>
internal static class ModelProfile
{
    /// <summary>The report.</summary>
    /// <param name="model">The model that was measured.</param>
    /// <param name="times">Times of its steps.</param>
    /// <param name="threads">Threads that the times are of.</param>
    /// <param name="alone">Times on one thread; null where the others are.</param>
    /// <param name="peak">What the machine can do.</param>
    /// <param name="peer">The peer's times; null without a peer.</param>
    public static ProfileReport Report(MeasuredModel model, StepTimes times, int threads, StepTimes? alone, MachinePeak peak, PeerNodeTimes? peer)
    {
        IReadOnlyList<Step> steps = model.Session.Plan.Schedule.Steps;
        double sum = steps.Sum(s => times[s.Index].Min);
        double flops = 2e-6 * model.Session.Plan.MultiplyAdds / times.Whole.Min;
        return new ProfileReport
        {
            Model = model.Source.Name,
            Dimensions = model.Options.Dimensions.ToDictionary(static d => d.Name, static d => d.Value),
            Inputs = model.Origin,
            Isa = model.Options.Isa.Name,
            VectorBits = peak.VectorBits,
            Threads = threads,
            Runs = times.Runs,
            MinMs = times.Whole.Min,
            MedianMs = times.Whole.Median,
            StepSumMs = sum,
            MultiplyAdds = model.Session.Plan.MultiplyAdds,
            GigaFlops = flops,
            PercentOfPeak = 100 * flops / (peak.GigaFlops * threads),
            ArenaBytes = model.Session.Plan.Arena.ArenaBytes,
            ArenaLowerBoundBytes = model.Session.Plan.Arena.LowerBound,
            WeightBytes = model.Session.Plan.WeightBytes,
            Peak = new PeakReport(peak.GigaFlops, peak.CacheGigabytes, peak.MiddleGigabytes, peak.MemoryGigabytes),
            Steps = steps.Select(s => Describe(s, times, sum, threads * peak.GigaFlops, alone, peer)).ToArray(),
            Onnxruntime = peer?.Summary,
        };
    }

    private static StepProfile Describe(Step step, StepTimes times, double sumMs, double peak, StepTimes? alone, PeerNodeTimes? peer)
    {
        double min = times[step.Index].Min * 1000;
        double? flops = step.MultiplyAdds > 0 && min > 0 ? 2e-3 * step.MultiplyAdds / min : null;
        double? one = alone?[step.Index].Min * 1000;
        PeerStep? theirs = peer?.Of(step.Index);
        return new StepProfile
        {
            Index = step.Index,
            Name = step.Name,
            Operator = step.Node?.Operator.Name,
            Kind = KindOf(step.Kernel, step.Summary),
            Kernel = step.Kernel,
            Summary = step.Summary,
            Output = step.Writes.Count > 0 ? step.Writes[0].Shape.Dimensions : [],
            MinUs = min,
            MedianUs = times[step.Index].Median * 1000,
            OneThreadUs = one,
            Speedup = min > 0 ? one / min : null,
            Share = sumMs > 0 ? min / 1000 / sumMs : 0,
            MultiplyAdds = step.MultiplyAdds,
            GigaFlops = flops,
            PercentOfPeak = 100 * flops / peak,
            BytesMoved = step.BytesMoved,
            GigabytesPerSecond = min > 0 ? step.BytesMoved / min / 1000 : null,
            OnnxruntimeUs = theirs?.Microseconds,
            OnnxruntimeNodes = theirs?.Nodes,
        };
    }

    /// <summary>
    /// The words of a kernel's name before its numbers: <c>pool</c>, <c>softmax</c>. Convolutions and products, which share a kernel, by what
    /// they compute: <c>Conv 3×3</c>, <c>MatMul</c>; convolutions that run together, strip by strip, are a <c>Conv chain</c>.
    /// </summary>
    internal static string KindOf(string kernel, string summary)
    {
        string head = kernel.Split(',')[0];
        if (head == "contraction")
        {
            return summary.Split(',', '[')[0].Trim();
        }

        if (kernel.Contains(" in strips of ", StringComparison.Ordinal))
        {
            return $"{head.Split(' ')[0]} chain";
        }

        IEnumerable<string> words = head.Split(' ').TakeWhile(static word => word.Length > 0 && (char.IsLetter(word[0]) || word[0] == '-'));
        string kind = string.Join(' ', words.Take(2).TakeWhile(static (word, i) => i == 0 || word is not ("over" or "of" or "along" or "from" or "s")));
        return kind.Length > 0 ? kind : head;
    }
}
