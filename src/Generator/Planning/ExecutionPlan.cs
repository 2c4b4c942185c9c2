using System.Collections.Generic;
using System.Linq;
using AotCompiler.Lowering;

namespace AotCompiler.Planning;

/// <summary>A schedule with a place for every byte: arena offsets of intermediate tensors and offsets in the weight blob.</summary>
internal sealed class ExecutionPlan
{
    private readonly HashSet<Step> _shared;

    public ExecutionPlan(Schedule schedule, ArenaLayout arena, IReadOnlyList<ArenaBuffer> buffers, IReadOnlyList<Storage> weights, long weightBytes, IReadOnlyList<Phase> phases)
    {
        Schedule = schedule;
        Arena = arena;
        Buffers = buffers;
        Weights = weights;
        WeightBytes = weightBytes;
        Phases = phases;
        _shared = new HashSet<Step>(Phases.SelectMany(static p => p.Steps).Where(static s => s.IsShared).Select(static s => s.Step));
    }

    public Schedule Schedule { get; }

    /// <summary>The arena's size, its size without reuse, the lower bound and the strategy that found it.</summary>
    public ArenaLayout Arena { get; }

    /// <summary>Buffers in the arena with their lifetimes, in order of first use.</summary>
    public IReadOnlyList<ArenaBuffer> Buffers { get; }

    /// <summary>Weights in the order of the blob.</summary>
    public IReadOnlyList<Storage> Weights { get; }

    /// <summary>Bytes of the weight blob without its header.</summary>
    public long WeightBytes { get; }

    /// <summary>The steps between points at which threads wait for each other; none if threads are of no use to the model.</summary>
    public IReadOnlyList<Phase> Phases { get; }

    /// <summary>Estimated nanoseconds that a second thread saves in a run.</summary>
    public double GainOfThreads => PhasePlanner.Gain(Phases);

    /// <summary>The part of the work at the greatest sizes from which on a second thread saves more than the waiting between phases costs.</summary>
    public double LeastShareOfSizes { get; init; }

    /// <summary>True if the step's method computes a range of its units, so that threads can share it.</summary>
    public bool IsShared(Step step) => _shared.Contains(step);

    /// <summary>Bytes that keep their contents from run to run.</summary>
    public long StateBytes => Schedule.Storages.Where(static s => s.Kind == StorageKind.State).Sum(static s => ArenaPlanner.RoundUp(s.Bytes));

    /// <inheritdoc cref="Schedule.MultiplyAdds"/>
    public long MultiplyAdds => Schedule.MultiplyAdds;
}

/// <summary>A buffer in the arena.</summary>
/// <param name="Storage">The memory, with its offset.</param>
/// <param name="FirstStep">First step that touches it.</param>
/// <param name="LastStep">Last step that touches it.</param>
internal sealed record ArenaBuffer(Storage Storage, int FirstStep, int LastStep);
