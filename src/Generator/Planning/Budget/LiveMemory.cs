using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Lowering;

namespace AotCompiler.Planning;

/// <summary>Which buffers of the arena are live when, in a schedule that is not planned yet, and how much that is.</summary>
internal sealed class LiveMemory
{
    private readonly Schedule _schedule;
    private readonly Dictionary<Storage, LiveBuffer> _buffers = new();

    public LiveMemory(Schedule schedule)
    {
        _schedule = schedule;
        var inside = new Dictionary<Step, int>();
        foreach (Step step in schedule.Body)
        {
            foreach (Step inner in Schedule.Flatten(new[] { step }))
            {
                inside[inner] = step.Unit;
            }
        }

        foreach (Step step in schedule.Steps)
        {
            foreach (Storage storage in step.Reads.Concat(step.Writes).Select(static v => v.Storage).Concat(step.Scratch)
                .Select(static s => s.Owner).Where(static s => s.Kind == StorageKind.Arena).Distinct())
            {
                int unit = inside[step];
                _buffers[storage] = _buffers.TryGetValue(storage, out LiveBuffer known)
                    ? known with { LastStep = step.Index, FirstUnit = Math.Min(known.FirstUnit, unit), LastUnit = Math.Max(known.LastUnit, unit) }
                    : new LiveBuffer(ArenaPlanner.RoundUp(storage.Bytes), step.Index, step.Index, unit, unit);
            }
        }

        Bytes = new long[schedule.Steps.Count];
        foreach (LiveBuffer buffer in _buffers.Values)
        {
            for (int i = buffer.FirstStep; i <= buffer.LastStep; i++)
            {
                Bytes[i] += buffer.Bytes;
            }
        }

        foreach (Step step in schedule.Steps)
        {
            Bytes[step.Index] -= Saved(step);
        }
    }

    /// <summary>Bytes that are live in each step.</summary>
    public long[] Bytes { get; }

    public IReadOnlyDictionary<Storage, LiveBuffer> Buffers => _buffers;

    /// <summary>The first of the steps in which most is live; null if there are none.</summary>
    public Step? Peak => _schedule.Steps.Count == 0 ? null : _schedule.Steps[Array.IndexOf(Bytes, Bytes.Max())];

    /// <summary>What the best in-place write of a step saves.</summary>
    private long Saved(Step step)
    {
        long saved = 0;
        foreach ((TensorView read, TensorView write) in step.InPlace)
        {
            if (_buffers.TryGetValue(read.Storage.Owner, out LiveBuffer dying) && _buffers.TryGetValue(write.Storage.Owner, out LiveBuffer born)
                && dying.LastStep == step.Index && born.FirstStep == step.Index && dying.FirstStep < step.Index)
            {
                saved = Math.Max(saved, Math.Min(dying.Bytes, born.Bytes));
            }
        }

        return saved;
    }
}

/// <summary>A buffer's size and life.</summary>
/// <param name="Bytes">Size, rounded up.</param>
/// <param name="FirstStep">First step that touches it.</param>
/// <param name="LastStep">Last step that touches it.</param>
/// <param name="FirstUnit">First node of the graph whose steps touch it.</param>
/// <param name="LastUnit">Last node whose steps touch it.</param>
internal readonly record struct LiveBuffer(long Bytes, int FirstStep, int LastStep, int FirstUnit, int LastUnit);
