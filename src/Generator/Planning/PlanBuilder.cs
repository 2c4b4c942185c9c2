using System.Collections.Generic;
using System.Linq;
using System.Threading;
using AotCompiler.Diagnostics;
using AotCompiler.Lowering;

namespace AotCompiler.Planning;

/// <summary>The Plan stage: lifetimes from the steps, offsets from the <see cref="ArenaPlanner"/>, weights in the order they are read.</summary>
internal static class PlanBuilder
{
    /// <summary>Plans a schedule.</summary>
    /// <param name="schedule">Steps and storages.</param>
    /// <param name="canaryBytes">Bytes to leave free behind every buffer, for tests of the plan.</param>
    /// <param name="shareEverything">True to let threads share every step that can be, however small, for tests of the steps.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="ModelException">The arena or the weights are beyond what one build can address.</exception>
    public static ExecutionPlan Build(Schedule schedule, int canaryBytes, bool shareEverything, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        List<ArenaBuffer> buffers = Lifetimes(schedule);
        ArenaLayout arena = ArenaPlanner.Plan(
            buffers.Select(b => new ArenaRequest(b.Storage.Id, Padded(b.Storage.Bytes, canaryBytes), b.FirstStep, b.LastStep)).ToArray(),
            InPlacePermissions(schedule, buffers));
        for (int i = 0; i < buffers.Count; i++)
        {
            buffers[i].Storage.Offset = arena.Offsets[i];
        }

        foreach (Storage storage in schedule.Storages.Where(static s => s.PlacedIn is not null))
        {
            storage.Offset = storage.Owner.Offset;
        }

        List<Storage> weights = OrderWeights(schedule);
        long weightBytes = 0;
        foreach (Storage weight in weights)
        {
            weight.Offset = weightBytes;
            weightBytes += ArenaPlanner.RoundUp(weight.Bytes);
        }

        if (arena.ArenaBytes > int.MaxValue || weightBytes > int.MaxValue)
        {
            throw new ModelException(
                DiagnosticCodes.TooLarge,
                $"The model needs {arena.ArenaBytes} bytes of arena and {weightBytes} bytes of weights; each may have 2 GiB at most. Reduce the bound dimensions.");
        }

        IReadOnlyList<Phase> phases = PhasePlanner.Plan(schedule, shareEverything);
        return new ExecutionPlan(schedule, arena, buffers, weights, weightBytes, phases) { LeastShareOfSizes = shareEverything ? 0 : PhasePlanner.LeastShare(phases) };
    }

    private static long Padded(long bytes, int canaryBytes) => canaryBytes == 0 ? bytes : ArenaPlanner.RoundUp(bytes) + canaryBytes;

    private static List<ArenaBuffer> Lifetimes(Schedule schedule)
    {
        var first = new Dictionary<Storage, int>();
        var last = new Dictionary<Storage, int>();
        var order = new List<Storage>();
        foreach (Step step in schedule.Steps)
        {
            foreach (Storage storage in Touched(step).Select(static s => s.Owner).Where(static s => s.Kind == StorageKind.Arena))
            {
                if (!first.ContainsKey(storage))
                {
                    first[storage] = step.Index;
                    order.Add(storage);
                }

                last[storage] = step.Index;
            }
        }

        return order.Select(s => new ArenaBuffer(s, first[s], last[s])).ToList();
    }

    private static IEnumerable<Storage> Touched(Step step) =>
        step.Reads.Concat(step.Writes).Select(static v => v.Storage).Concat(step.Scratch);

    /// <summary>A write may lie over a read that dies in the same step, unless the write's buffer was begun earlier.</summary>
    private static IReadOnlyList<InPlacePermission> InPlacePermissions(Schedule schedule, List<ArenaBuffer> buffers)
    {
        Dictionary<Storage, ArenaBuffer> byStorage = buffers.ToDictionary(static b => b.Storage);
        var result = new List<InPlacePermission>();
        foreach (Step step in schedule.Steps)
        {
            foreach ((TensorView read, TensorView write) in step.InPlace)
            {
                if (read.Storage.Owner.Kind != StorageKind.Arena || write.Storage.Owner.Kind != StorageKind.Arena)
                {
                    continue;
                }

                ArenaBuffer from = byStorage[read.Storage.Owner];
                ArenaBuffer to = byStorage[write.Storage.Owner];
                if (from != to && from.LastStep == step.Index && to.FirstStep == step.Index)
                {
                    result.Add(new InPlacePermission(from.Storage.Id, to.Storage.Id, step.Index));
                }
            }
        }

        return result;
    }

    private static List<Storage> OrderWeights(Schedule schedule)
    {
        var seen = new HashSet<Storage>();
        return schedule.Steps
            .SelectMany(static s => s.Reads)
            .Select(static v => v.Storage)
            .Where(s => s.Kind == StorageKind.Weights && seen.Add(s))
            .ToList();
    }
}
