using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using AotCompiler.Lowering;

namespace AotCompiler.Planning;

/// <summary>
/// Nodes of a graph in order, and the ways to compute them: each as fast as can be, each in the plainest way, or several as a chain
/// in bands of rows. Each way has the memory that is live while it runs and an estimate of the time that it costs over the fastest.
/// </summary>
/// <remarks>Times are whole nanoseconds, and work is counted: the same model gives the same choices everywhere.</remarks>
internal sealed class BudgetProblem
{
    /// <summary>Longest chain, in nodes: beyond it, all that a chain keeps of each value adds up to more than a whole value.</summary>
    private const int MaxChain = 48;

    /// <summary>Rows of a band that are tried, as far as the first step has twice as many.</summary>
    private static readonly int[] BandRows = { 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64 };

    /// <summary>Steps of bands that are walked through in one search: a bound of its time.</summary>
    private const long MaxWork = 400_000_000;

    /// <summary>Rows of the highest value that a chain may have: a bound of its bands.</summary>
    private const int MaxRows = 1 << 16;

    private readonly LiveMemory _live;
    private readonly Step[][] _plain;
    private readonly Step[][] _fast;
    private readonly long[] _fastBytes;
    private readonly BandMember?[][] _members;
    private readonly Dictionary<(int First, int End), BandSchedule?> _chains = new();
    private readonly Dictionary<(int First, int End, int Rows), UnitChoice?> _choices = new();
    private readonly BandCost _cost;
    private readonly CancellationToken _cancellation;
    private long _work;

    /// <param name="plain">The graph lowered in the plainest way.</param>
    /// <param name="fast">The graph lowered in the fastest way.</param>
    /// <param name="cost">What bands cost.</param>
    /// <param name="cancellation">Ends the work.</param>
    public BudgetProblem(Schedule plain, Schedule fast, BandCost cost, CancellationToken cancellation)
    {
        _cost = cost;
        _cancellation = cancellation;
        Units = plain.Graph.Nodes.Count + 1;
        _live = new LiveMemory(plain);
        _plain = StepsOf(plain);
        _fast = StepsOf(fast);
        var fastLive = new LiveMemory(fast);
        _fastBytes = _fast.Select(steps => MostOf(steps, fastLive)).ToArray();
        _members = _plain.Select(static steps => steps.Where(static s => !s.WritesOnlyHalo).Select(BandMember.Of).ToArray()).ToArray();
    }

    /// <summary>Nodes, and what comes behind the last.</summary>
    public int Units { get; }

    /// <summary>The ways to compute nodes that end at a node.</summary>
    /// <param name="end">Position behind the last node.</param>
    /// <param name="bytes">Memory that they may take.</param>
    /// <param name="onlyNeeded">True to leave out chains of nodes that all have another way.</param>
    /// <param name="leastMemory">True for chains in the shortest bands, false for the longest that fit.</param>
    public IEnumerable<UnitChoice> ChoicesEndingAt(int end, long bytes, bool onlyNeeded, bool leastMemory)
    {
        int unit = end - 1;
        int first = FastStart(unit);
        if (_fastBytes[unit] <= bytes && (_fast[unit].Length > 0 || _plain[unit].Length == 0))
        {
            yield return new UnitChoice(first, end, UnitWay.Fast, _fastBytes[unit], 0);
        }

        long plain = MostOf(_plain[unit], _live);
        if (plain <= bytes)
        {
            yield return new UnitChoice(unit, end, UnitWay.Plain, plain, Loss(unit, end));
        }

        bool needed = false;
        for (int start = unit; start >= 0 && end - start <= MaxChain; start--)
        {
            if (_members[start].Any(static m => m is null))
            {
                yield break;
            }

            needed |= MostOf(_plain[start], _live) > bytes;
            if ((needed || !onlyNeeded) && end - start > 1 && (leastMemory ? Choice(start, end, 1) : BestChain(start, end, bytes)) is { } chain)
            {
                yield return chain;
            }
        }
    }

    /// <summary>The chain for lowering.</summary>
    public BandChain ChainOf(UnitChoice choice)
    {
        BandSchedule schedule = Chain(choice.First, choice.End)!;
        schedule.Size(choice.BandRows);
        return new BandChain(choice.First, choice.End, choice.BandRows, schedule.Buffers.ToDictionary(static b => b.Storage.Key!.Value, static b => b.Capacity));
    }

    /// <summary>The chain with the longest bands that fit.</summary>
    private UnitChoice? BestChain(int first, int end, long bytes)
    {
        UnitChoice? best = null;
        foreach (int rows in BandRows)
        {
            if (Choice(first, end, rows) is not { } choice || choice.Bytes > bytes)
            {
                break;
            }

            best = choice;
        }

        return best;
    }

    private UnitChoice? Choice(int first, int end, int rows)
    {
        if (_choices.TryGetValue((first, end, rows), out UnitChoice? known))
        {
            return known;
        }

        _cancellation.ThrowIfCancellationRequested();
        if (_work > MaxWork)
        {
            return null;
        }

        UnitChoice? choice = null;
        if (Chain(first, end) is { } chain && (rows == 1 || chain.Members[0].Rows >= 2 * rows))
        {
            chain.Size(rows);
            _work += ((long)chain.Bands * chain.Members.Count) + _live.Buffers.Count;
            choice = new UnitChoice(first, end, UnitWay.Banded, BytesOf(chain, first, end), _cost.Nanoseconds(chain) + Loss(first, end)) { BandRows = rows };
        }

        return _choices[(first, end, rows)] = choice;
    }

    private BandSchedule? Chain(int first, int end)
    {
        if (!_chains.TryGetValue((first, end), out BandSchedule? chain))
        {
            BandMember[] members = _members.Skip(first).Take(end - first).SelectMany(static m => m).Select(static m => m!).ToArray();
            _work += members.Length * members.Length;
            chain = members.Length < 2 || members.Any(static m => m.Rows > MaxRows) ? null : BandSchedule.TryCreate(members, s => IsInner(s, first, end));
            chain = chain is { Buffers.Count: > 0 } && chain.Buffers.All(static b => b.Storage.Key is not null) ? chain : null;
            _chains.Add((first, end), chain);
        }

        return chain;
    }

    private bool IsInner(Storage storage, int first, int end) =>
        _live.Buffers.TryGetValue(storage, out LiveBuffer buffer) && buffer.FirstUnit >= first && buffer.LastUnit < end;

    /// <summary>Bytes that are live while a chain runs: what is around it, and its bands.</summary>
    private long BytesOf(BandSchedule chain, int first, int end)
    {
        long bytes = chain.Buffers.Sum(static b => ArenaPlanner.RoundUp(b.Bytes));
        foreach (LiveBuffer buffer in _live.Buffers.Values)
        {
            bool touches = buffer.FirstUnit < end && buffer.LastUnit >= first;
            bytes += touches && !(buffer.FirstUnit >= first && buffer.LastUnit < end) ? buffer.Bytes : 0;
        }

        return bytes - Overwritten(chain, first, end);
    }

    /// <summary>Bytes of the largest output that a chain writes over something it reads.</summary>
    private long Overwritten(BandSchedule chain, int first, int end)
    {
        long saved = 0;
        for (int i = 0; i < chain.Members.Count; i++)
        {
            Storage output = chain.Members[i].Output.Storage;
            if (!chain.IsOuter(i) || !_live.Buffers.TryGetValue(output, out LiveBuffer written) || written.FirstUnit < first || written.Bytes <= saved)
            {
                continue;
            }

            IEnumerable<Storage> dying = chain.Members.SelectMany(static m => m.Reads).Select(static r => r.View.Storage).Distinct()
                .Where(s => _live.Buffers.TryGetValue(s, out LiveBuffer read) && read.FirstUnit < first && read.LastUnit < end);
            if (dying.Any(s => chain.MayOverwrite(i, s)))
            {
                saved = written.Bytes;
            }
        }

        return saved;
    }

    /// <summary>Nanoseconds that the plainest way costs over the fastest.</summary>
    private long Loss(int first, int end)
    {
        long loss = 0;
        for (int unit = first; unit < end; unit++)
        {
            loss += _plain[unit].Sum(static s => (long)StepCost.Nanoseconds(s)) - _fast[unit].Sum(static s => (long)StepCost.Nanoseconds(s));
        }

        return Math.Max(0, loss);
    }

    /// <summary>The first of the nodes that the fast way computes together with a node: those before it that have no fast step of their own.</summary>
    private int FastStart(int unit)
    {
        int first = unit;
        if (_fast[unit].Length > 0)
        {
            while (first > 0 && _fast[first - 1].Length == 0 && _plain[first - 1].Length > 0)
            {
                first--;
            }
        }

        return first;
    }

    private Step[][] StepsOf(Schedule schedule)
    {
        var steps = Enumerable.Range(0, Units).Select(static _ => new List<Step>()).ToArray();
        foreach (Step step in schedule.Body)
        {
            steps[step.Unit].AddRange(Schedule.Flatten(new[] { step }));
        }

        return steps.Select(static s => s.ToArray()).ToArray();
    }

    private static long MostOf(Step[] steps, LiveMemory live) => steps.Select(s => live.Bytes[s.Index]).DefaultIfEmpty(0).Max();
}
