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
    /// <summary>With less to gain from a second thread than this, the model stays on one.</summary>
    private const double LeastGainNanoseconds = 2_000;

    /// <summary>Phases of a schedule whose buffers have their places; none if threads are of no use to the model.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="shareEverything">True to share every step that can be, however small.</param>
    public static IReadOnlyList<Phase> Plan(Schedule schedule, bool shareEverything)
    {
        // The table of strings belongs to one thread, and how many units a step of run-time sizes has is not known here.
        if (!schedule.MaySharePhases || schedule.UsesStrings || schedule.Graph.Sizes.Count > 0)
        {
            return System.Array.Empty<Phase>();
        }

        StepRegions[] regions = schedule.Body.Select(static s => new StepRegions(s)).ToArray();
        bool[] isShared = shareEverything
            ? schedule.Body.Select(static s => StepCost.Shares(s, everything: true) > 1).ToArray()
            : Choose(schedule.Body, regions);
        return isShared.Any(static s => s) ? Cut(schedule.Body, regions, isShared, shareEverything) : System.Array.Empty<Phase>();
    }

    /// <summary>Estimated nanoseconds that a second thread saves in a run.</summary>
    public static double Gain(IEnumerable<Phase> phases) => phases
        .SelectMany(static p => p.Steps)
        .Where(static s => s.IsShared)
        .Sum(static s => StepCost.Nanoseconds(s.Step) - StepCost.NanosecondsOfTwo(s.Step));

    /// <summary>
    /// Which steps to share so that two threads are fastest: a shared step takes about half the time, but between it and a neighbour
    /// that touches the same memory the threads wait for each other. Small steps between large ones are shared, because there is
    /// waiting on either side anyway; a row of small steps stays on one thread.
    /// </summary>
    private static bool[] Choose(IReadOnlyList<Step> steps, StepRegions[] regions)
    {
        var isShared = new bool[steps.Count];
        var afterShared = new bool[steps.Count, 2];
        double alone = 0;
        double shared = double.PositiveInfinity;
        for (int i = 0; i < steps.Count; i++)
        {
            double wait = i > 0 && regions[i].ConflictsWith(regions[i - 1]) ? StepCost.WaitNanoseconds : 0;
            afterShared[i, 0] = shared + wait < alone;
            afterShared[i, 1] = shared < alone;
            double nextAlone = System.Math.Min(alone, shared + wait) + StepCost.Nanoseconds(steps[i]);
            shared = System.Math.Min(alone, shared) + wait + StepCost.NanosecondsOfTwo(steps[i]);
            alone = nextAlone;
        }

        if (System.Math.Min(alone, shared) > steps.Sum(StepCost.Nanoseconds) - LeastGainNanoseconds)
        {
            return isShared;
        }

        bool current = shared < alone;
        for (int i = steps.Count - 1; i >= 0; i--)
        {
            isShared[i] = current;
            current = afterShared[i, current ? 1 : 0];
        }

        return isShared;
    }

    private static IReadOnlyList<Phase> Cut(IReadOnlyList<Step> steps, StepRegions[] regions, bool[] isShared, bool shareEverything)
    {
        int Shares(int step) => isShared[step] ? StepCost.Shares(steps[step], shareEverything) : 1;
        var phases = new List<Phase>();
        int first = 0;
        for (int i = 0; i < steps.Count; i++)
        {
            bool mustWait = Enumerable.Range(first, i - first).Any(other => (isShared[i] || isShared[other]) && regions[i].ConflictsWith(regions[other]));
            if (mustWait)
            {
                Close(i);
            }
        }

        Close(steps.Count);
        return phases;

        void Close(int end)
        {
            int[] members = Enumerable.Range(first, end - first).ToArray();
            phases.Add(new Phase(members.Select(i => new PhaseStep(steps[i], isShared[i])).ToArray(), members.Max(Shares)));
            first = end;
        }
    }

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
