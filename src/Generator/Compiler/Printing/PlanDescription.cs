using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Planning;

namespace AotCompiler.Compiler.Printing;

/// <summary>The memory plan as data. All sizes and offsets are in bytes.</summary>
internal sealed record PlanDescription
{
    public required long ArenaBytes { get; init; }

    /// <summary>Largest sum of live bytes at any step: no arena is smaller.</summary>
    public required long ArenaLowerBoundBytes { get; init; }

    /// <summary>The first step in which that much is live; -1 if there are no steps.</summary>
    public int PeakStep { get; init; } = -1;

    /// <summary>Name of that step.</summary>
    public string PeakStepName { get; init; } = string.Empty;

    /// <summary>The smallest arena that a memory budget can ask for, by estimate; null if nobody asked.</summary>
    public long? LeastArenaBytes { get; init; }

    /// <summary>What the arena would take if no buffer shared memory with another.</summary>
    public required long ArenaWithoutReuseBytes { get; init; }

    /// <summary>The placement strategy that won.</summary>
    public required string Strategy { get; init; }

    public required long WeightBytes { get; init; }

    public required int StepCount { get; init; }

    /// <summary>Multiply-adds of one run.</summary>
    public required long MultiplyAdds { get; init; }

    /// <summary>Buffers of the arena in the order of first use.</summary>
    public required IReadOnlyList<BufferDescription> Buffers { get; init; }

    /// <summary>Buffers that are written over another that dies in the same step.</summary>
    public required IReadOnlyList<InPlaceDescription> InPlace { get; init; }

    /// <summary>Weights in the order of the blob.</summary>
    public required IReadOnlyList<WeightDescription> Weights { get; init; }

    /// <summary>Describes a plan.</summary>
    public static PlanDescription Of(ExecutionPlan plan)
    {
        Dictionary<int, string> names = plan.Buffers.ToDictionary(static b => b.Storage.Id, static b => b.Storage.Name);
        Step? peak = new LiveMemory(plan.Schedule).Peak;
        return new PlanDescription
        {
            PeakStep = peak?.Index ?? -1,
            PeakStepName = peak?.Name ?? string.Empty,
            ArenaBytes = plan.Arena.ArenaBytes,
            ArenaLowerBoundBytes = plan.Arena.LowerBound,
            ArenaWithoutReuseBytes = plan.Arena.BytesWithoutReuse,
            Strategy = plan.Arena.Strategy,
            WeightBytes = plan.WeightBytes,
            StepCount = plan.Schedule.Steps.Count,
            MultiplyAdds = plan.MultiplyAdds,
            Buffers = plan.Buffers.Select(static b => new BufferDescription(b.Storage.Name, b.Storage.Bytes, b.Storage.Offset, b.FirstStep, b.LastStep)).ToArray(),
            InPlace = plan.Arena.UsedInPlace.Select(p => new InPlaceDescription(names[p.NewId], names[p.DyingId], p.Step)).ToArray(),
            Weights = plan.Weights.Select(WeightDescription.Of).ToArray(),
        };
    }
}

/// <summary>A buffer of the arena; it is live from its first to its last step, both included.</summary>
internal sealed record BufferDescription(string Name, long Bytes, long Offset, int FirstStep, int LastStep);

/// <summary>At a step, one buffer is written where another ends its life.</summary>
internal sealed record InPlaceDescription(string Buffer, string Over, int Step);

/// <summary>A tensor of the weight blob.</summary>
/// <param name="Name">Name of the value it belongs to.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Dimensions as packed.</param>
/// <param name="Recipe">How it is made from the model's initializers.</param>
/// <param name="Bytes">Size.</param>
/// <param name="Offset">Place in the blob, behind its header.</param>
internal sealed record WeightDescription(string Name, string Type, IReadOnlyList<int> Shape, string Recipe, long Bytes, long Offset)
{
    public static WeightDescription Of(Storage storage) => new(
        storage.Name, storage.Data!.Type.ShortName(), storage.Data.Shape.Dimensions, storage.Data.Recipe, storage.Bytes, storage.Offset);
}
