using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Planning;

/// <summary>Decides which steps threads share, and where they must wait for each other.</summary>
/// <remarks>
/// Within a phase, steps that are not shared are done by one thread in their order and may depend on each other. A shared step
/// touches no memory that another step of its phase writes, and writes none that another reads. That is decided on planned
/// addresses: a buffer may lie where another one died a step before.
/// </remarks>
internal static class PhasePlanner
{
    /// <summary>Waking a thread takes some microseconds: with less to gain from a second thread than this, the model stays on one.</summary>
    private const double LeastGainNanoseconds = 10_000;

    /// <summary>Phases of a schedule whose buffers have their places; none if threads are of no use to the model.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="shareEverything">True to share every step that can be, however small.</param>
    public static IReadOnlyList<Phase> Plan(Schedule schedule, bool shareEverything)
    {
        // What is inside a region belongs to the thread that runs the region.
        HashSet<Step> outermost = new(schedule.Body);
        int[] shares = schedule.Steps.Select(s => outermost.Contains(s) ? StepCost.Shares(s, shareEverything) : 1).ToArray();
        double gain = schedule.Steps.Where(s => shares[s.Index] > 1).Sum(static s => StepCost.Nanoseconds(s) / 2);
        // The table of strings belongs to one thread, and how many units a step of run-time sizes has is not known here.
        if (schedule.UsesStrings || schedule.Graph.Sizes.Count > 0 || shares.All(static s => s == 1) || (gain < LeastGainNanoseconds && !shareEverything))
        {
            return System.Array.Empty<Phase>();
        }

        var phases = new List<Phase>();
        var open = new List<PhaseStep>();
        var regions = new List<StepRegions>();
        foreach (Step step in schedule.Body)
        {
            var candidate = new PhaseStep(step, shares[step.Index] > 1);
            var region = new StepRegions(step);
            bool mustWait = open.Where((other, i) => (candidate.IsShared || other.IsShared) && region.ConflictsWith(regions[i])).Any();
            if (mustWait)
            {
                phases.Add(Close(open, shares));
                open.Clear();
                regions.Clear();
            }

            open.Add(candidate);
            regions.Add(region);
        }

        phases.Add(Close(open, shares));
        return phases;
    }

    private static Phase Close(List<PhaseStep> steps, int[] shares) => new(steps.ToArray(), steps.Max(s => shares[s.Step.Index]));

    /// <summary>The memory that a step reads and writes, as address ranges.</summary>
    private sealed class StepRegions
    {
        private readonly Step _step;
        private readonly Region[] _reads;
        private readonly Region[] _writes;

        public StepRegions(Step step)
        {
            _step = step;
            Step[] all = Schedule.Flatten(new[] { step }).ToArray();
            _reads = all.SelectMany(static s => s.Reads)
                .Where(static v => v.Storage.Owner.Kind is StorageKind.Arena or StorageKind.Output or StorageKind.State)
                .Select(static v => Whole(v.Storage))
                .ToArray();
            _writes = all.SelectMany(static s => s.Writes).Select(static v => Written(v)).Concat(all.SelectMany(static s => s.Scratch).Select(Whole)).ToArray();
        }

        public bool ConflictsWith(StepRegions other) =>
            _reads.Any(r => other._writes.Any(w => w.Overlaps(r)))
            || other._reads.Any(r => _writes.Any(w => w.Overlaps(r)))
            || _writes.Any(w => other._writes.Any(o => w.Overlaps(o) && !IsHaloAndInterior(other, w, o)));

        private bool IsHaloAndInterior(StepRegions other, Region mine, Region others) =>
            _step.WritesOnlyHalo != other._step.WritesOnlyHalo && ReferenceEquals(mine.Storage, others.Storage);

        private static Region Whole(Storage storage) => new(storage.Owner, Start(storage), Start(storage) + ArenaPlanner.RoundUp(storage.Bytes));

        /// <summary>From the first to the last element of a view, so that neighbours in a joined buffer do not count as one.</summary>
        private static Region Written(TensorView view)
        {
            Layout layout = view.Layout;
            if (layout.Halo is not null)
            {
                return Whole(view.Storage);
            }

            IReadOnlyList<IterationDimension> dimensions = layout.Dimensions();
            long first = dimensions.Sum(static d => System.Math.Min(0, (d.Extent - 1) * d.Stride));
            long last = dimensions.Sum(static d => System.Math.Max(0, (d.Extent - 1) * d.Stride));
            long start = Start(view.Storage) + view.ByteOffset;
            return new Region(view.Storage.Owner, start + (first * view.Type.Size()), start + ((last + 1) * view.Type.Size()));
        }

        private static long Start(Storage storage) => storage.Owner.Kind is StorageKind.Arena or StorageKind.State ? storage.Owner.Offset : 0;
    }

    /// <summary>Bytes <c>Start … End - 1</c> of the arena, or of one of the caller's outputs.</summary>
    private readonly record struct Region(Storage Storage, long Start, long End)
    {
        public bool Overlaps(Region other) => Start < other.End && other.Start < End
            && (ReferenceEquals(Storage, other.Storage) || (Storage.Kind is StorageKind.Arena or StorageKind.State && Storage.Kind == other.Storage.Kind));
    }
}
