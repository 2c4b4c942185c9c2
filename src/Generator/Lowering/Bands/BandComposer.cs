using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Kernels;

namespace AotCompiler.Lowering;

/// <summary>Makes one step of the steps of each chain that runs in bands.</summary>
internal sealed class BandComposer
{
    private readonly IReadOnlyList<BandChain> _chains;
    private readonly Dictionary<BufferKey, int> _rows = new();
    private readonly Dictionary<Storage, Storage> _memory = new();

    public BandComposer(IReadOnlyList<BandChain> chains)
    {
        _chains = chains;
        foreach (KeyValuePair<BufferKey, int> buffer in chains.SelectMany(static c => c.Buffers))
        {
            _rows.Add(buffer.Key, buffer.Value);
        }
    }

    /// <summary>Rows that a buffer has room for, or null if it holds all.</summary>
    public int? RowsOf(BufferKey key) => _rows.TryGetValue(key, out int rows) ? rows : null;

    /// <summary>Notes a band and its memory in the arena.</summary>
    public void Add(TensorView window, Storage memory) => _memory.Add(window.Storage, memory);

    /// <summary>The steps with those of each chain as one.</summary>
    /// <exception cref="InvalidOperationException">The chains are not those of this graph.</exception>
    public IReadOnlyList<Step> Compose(IReadOnlyList<Step> steps)
    {
        if (_chains.Count == 0)
        {
            return steps;
        }

        var result = new List<Step>();
        int next = 0;
        while (next < steps.Count)
        {
            if (_chains.FirstOrDefault(c => c.Contains(steps[next].Unit)) is not { } chain)
            {
                result.Add(steps[next++]);
                continue;
            }

            Step[] inside = steps.Skip(next).TakeWhile(s => chain.Contains(s.Unit)).ToArray();
            next += inside.Length;

            // Zeros around what is whole come first; a band gets its own while it moves.
            result.AddRange(inside.Where(s => s.WritesOnlyHalo && !_memory.ContainsKey(s.Writes[0].Storage)));
            result.Add(Compose(chain, inside.Where(static s => !s.WritesOnlyHalo).ToArray()));
        }

        HashSet<Storage> free = new(_memory.Keys);
        if (result.Any(s => s is not BandStep && s.Reads.Concat(s.Writes).Any(v => free.Contains(v.Storage))))
        {
            throw new InvalidOperationException("a step outside a chain reads a band");
        }

        return result;
    }

    private BandStep Compose(BandChain chain, IReadOnlyList<Step> steps)
    {
        BandMember[] members = steps.Select(static s => BandMember.Of(s) ?? throw new InvalidOperationException($"{s.Name} does not compute rows")).ToArray();
        BandSchedule schedule = BandSchedule.TryCreate(members, _memory.ContainsKey) ?? throw new InvalidOperationException("the steps are no chain");
        schedule.Size(chain.BandRows);
        if (schedule.Buffers.Any(b => b.Capacity != b.View.Layout.BandRows))
        {
            throw new InvalidOperationException("a band has other rows than planned");
        }

        return new BandStep(schedule, schedule.Buffers.ToDictionary(static b => b.Storage, b => _memory[b.Storage])) { Unit = steps[steps.Count - 1].Unit };
    }
}
