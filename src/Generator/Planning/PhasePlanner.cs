using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Planning;

/// <summary>Decides which steps threads share, and where they must wait for each other.</summary>
/// <remarks>
/// Within a phase, steps that are not shared are done by one thread in their order and may depend on each other. A shared step
/// touches no memory that another step of its phase writes, and writes none that another reads, but for one case: two steps that
/// are shared by the same rows or positions, and need of each other's those of the same numbers only. A thread then finds what it
/// made itself. All that is decided on planned addresses: a buffer may lie where another one died a step before.
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
        // The table of strings belongs to one thread, and counts that a step finds are known to the thread that did it.
        if (!schedule.MaySharePhases || schedule.UsesStrings || schedule.Graph.Sizes.Any(static s => s.IsComputed))
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
    /// The part of all work that a run must have for a second thread to be worth it. Half of the gain is counted, since what grows with
    /// the square of a size gains less than its share in small runs.
    /// </summary>
    /// <param name="phases">Phases for the greatest sizes.</param>
    public static double LeastShare(IReadOnlyList<Phase> phases) => Gain(phases) is > 0 and double gain
        ? System.Math.Min(1, 2 * (LeastGainNanoseconds + (phases.Count * StepCost.WaitNanoseconds)) / gain)
        : 1;

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
            double wait = i > 0 && regions[i].ConflictsWith(regions[i - 1], bothShared: false) ? StepCost.WaitNanoseconds : 0;
            double waitOfBoth = i > 0 && regions[i].ConflictsWith(regions[i - 1], bothShared: true) ? StepCost.WaitNanoseconds : 0;
            afterShared[i, 0] = shared + wait < alone;
            afterShared[i, 1] = shared + waitOfBoth < alone + wait;
            double nextAlone = System.Math.Min(alone, shared + wait) + StepCost.Nanoseconds(steps[i]);
            shared = System.Math.Min(alone + wait, shared + waitOfBoth) + StepCost.NanosecondsOfTwo(steps[i]);
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
            bool mustWait = Enumerable.Range(first, i - first).Any(other => (isShared[i] || isShared[other]) && regions[i].ConflictsWith(regions[other], isShared[i] && isShared[other]));
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
        private readonly Access[] _reads;
        private readonly Access[] _writes;
        private readonly ShareCut? _cut;

        public StepRegions(Step step)
        {
            _step = step;
            Step[] all = Schedule.Flatten(new[] { step }).ToArray();
            IRowStep? rows = step as IRowStep;
            _cut = rows?.Cut;
            rows = _cut is null ? null : rows;
            _reads = all.SelectMany(static s => s.Reads)
                .Where(static v => v.Storage.Owner.Kind is StorageKind.Arena or StorageKind.Output or StorageKind.State)
                .Select(v => new Access(Whole(v.Storage), IsByRow(rows, v) ? v : null))
                .ToArray();
            _writes = all.SelectMany(static s => s.Writes).Select(v => new Access(Written(v), rows is null ? null : v))
                .Concat(all.SelectMany(static s => s.Scratch).Select(static s => new Access(Whole(s), null)))
                .ToArray();
        }

        /// <summary>True if one of two steps has to be complete before the other one begins.</summary>
        /// <param name="other">The other step.</param>
        /// <param name="bothShared">True if both are shared by all threads of the phase.</param>
        public bool ConflictsWith(StepRegions other, bool bothShared)
        {
            bool mayMatch = bothShared && _cut is not null && _cut == other._cut && _step.ParallelExtent(Simd.V512) == other._step.ParallelExtent(Simd.V512);
            bool Conflict(Access mine, Access others) => mine.Region.Overlaps(others.Region) && !(mayMatch && AreSameRows(mine.ByRow, others.ByRow));
            return _reads.Any(r => other._writes.Any(w => Conflict(r, w)))
                || other._reads.Any(r => _writes.Any(w => Conflict(w, r)))
                || _writes.Any(w => other._writes.Any(o => Conflict(w, o) && !IsHaloAndInterior(other, w.Region, o.Region)));
        }

        /// <summary>
        /// True if an output row needs of a view the row of the same number only; then an output position, where rows lie one behind
        /// the other, needs the same position only.
        /// </summary>
        private static bool IsByRow(IRowStep? step, TensorView view) =>
            step is not null && step.RowReads.Where(r => ReferenceEquals(r.View, view)).All(static r => r.Rows == RowAccess.Same);

        /// <summary>True if the rows of two views are the same memory, number by number; the storages overlap.</summary>
        private static bool AreSameRows(TensorView? first, TensorView? second) => first is not null
            && second is not null
            && Start(first.Storage) + first.ByteOffset == Start(second.Storage) + second.ByteOffset
            && first.Type == second.Type
            && first.Shape.Equals(second.Shape)
            && first.Layout.Kind == second.Layout.Kind
            && first.Layout.Strides.SequenceEqual(second.Layout.Strides);

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

    /// <summary>What a step reads or writes.</summary>
    /// <param name="Region">The memory.</param>
    /// <param name="ByRow">The view, if unit r of the step touches row r of it and nothing else; or null.</param>
    private readonly record struct Access(Region Region, TensorView? ByRow);

    /// <summary>Bytes <c>Start … End - 1</c> of the arena, or of one of the caller's outputs.</summary>
    private readonly record struct Region(Storage Storage, long Start, long End)
    {
        public bool Overlaps(Region other) => Start < other.End && other.Start < End
            && (ReferenceEquals(Storage, other.Storage) || (Storage.Kind is StorageKind.Arena or StorageKind.State && Storage.Kind == other.Storage.Kind));
    }
}
