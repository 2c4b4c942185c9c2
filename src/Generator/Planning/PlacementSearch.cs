using System;

namespace AotCompiler.Planning;

/// <summary>Improves a placement order by iterated local search, within a fixed amount of work.</summary>
/// <remarks>
/// What limits the height is the stack of buffers that rest on each other from the ground up to the highest top: only a
/// change to that stack can lower it. A move takes a buffer of the stack and places it earlier, exchanges it with a buffer
/// that is live at the same time, or switches an in-place write of the stack off or on. Moves that do not raise the height are
/// kept, which lets the search cross plateaus. The generator of pseudo-random numbers has a fixed seed.
/// </remarks>
internal sealed class PlacementSearch
{
    private const long WorkLimit = 1_800_000;
    private const int PassLimit = 6_000;
    private const int MovesBeforeRestart = 250;
    private const int KicksPerRestart = 4;

    private readonly ArenaProblem _problem;
    private readonly int[][] _overlaps;
    private readonly ArenaPlacer _placer;
    private readonly PlacementCandidate _best;
    private readonly PlacementCandidate _current;
    private readonly PlacementCandidate _trial;
    private readonly int[] _stack;
    private readonly bool[] _isMember;
    private int _stackCount;
    private uint _random = 2463534242;

    public PlacementSearch(ArenaProblem problem, ArenaPlacer placer, PlacementCandidate best)
    {
        _problem = problem;
        _overlaps = problem.Overlaps!;
        _placer = placer;
        _best = best;
        _current = best.Copy();
        _trial = best.Copy();
        _stack = new int[problem.Count];
        _isMember = new bool[problem.Count];
    }

    /// <summary>Improves the candidate it was created with, until it reaches the bound or the work is used up; true if it improved.</summary>
    public bool Run(long boundUnits)
    {
        var before = _best.Height;
        var workLimit = _placer.Work + WorkLimit;
        var movesSinceProgress = 0;

        // First fit in the order of the offsets lets every buffer of any layout sink: the layout's height or less.
        _problem.SortedBy((a, b) => _best.Offsets[a].CompareTo(_best.Offsets[b])).CopyTo(_current.Order, 0);
        Evaluate(_current, ArenaPlacer.Abandoned);
        if (_current.IsBetterThan(_best))
        {
            _best.CopyFrom(_current);
        }

        for (var pass = 0; pass < PassLimit && _placer.Work < workLimit && _best.Height > boundUnits; pass++)
        {
            var restart = movesSinceProgress >= MovesBeforeRestart;
            _trial.CopyFrom(restart ? _best : _current);
            Change(restart ? KicksPerRestart : 1);
            movesSinceProgress = restart ? 0 : movesSinceProgress + 1;
            if (!Evaluate(_trial, restart ? ArenaPlacer.Abandoned : _current.Height))
            {
                continue;
            }

            if (_trial.Height < _current.Height)
            {
                movesSinceProgress = 0;
            }

            _current.CopyFrom(_trial);
            if (_current.IsBetterThan(_best))
            {
                _best.CopyFrom(_current);
            }
        }

        return _best.Height < before;
    }

    private bool Evaluate(PlacementCandidate candidate, long limit)
    {
        var height = _placer.Place(candidate.Order, candidate.Chains, PlacementFit.First, limit);
        if (height == ArenaPlacer.Abandoned)
        {
            return false;
        }

        candidate.Height = height;
        Array.Copy(_placer.Offsets, candidate.Offsets, candidate.Offsets.Length);
        return true;
    }

    private void Change(int moves)
    {
        FindStack(_trial);
        for (var i = 0; i < moves; i++)
        {
            var buffer = _stack[Next(_stackCount)];
            switch (Next(8))
            {
                case 0 when _problem.Edges.Length > 0:
                    SwitchInPlace(buffer);
                    break;
                case 0 or 1 or 2 or 3:
                    PlaceEarlier(buffer);
                    break;
                default:
                    Exchange(buffer, AnyOverlapOf(buffer));
                    break;
            }
        }
    }

    /// <summary>Collects the buffers between the ground and the highest top, each resting on the one below.</summary>
    private void FindStack(PlacementCandidate candidate)
    {
        var buffer = 0;
        while (candidate.Offsets[buffer] + _problem.Units[buffer] != candidate.Height)
        {
            buffer++;
        }

        _stackCount = 0;
        while (buffer >= 0)
        {
            _stack[_stackCount++] = buffer;
            buffer = SupportOf(candidate, buffer);
        }
    }

    private int SupportOf(PlacementCandidate candidate, int buffer)
    {
        var bottom = candidate.Offsets[buffer];
        for (var member = candidate.Chains.Head(buffer); bottom > 0 && member >= 0; member = candidate.Chains.Next(member))
        {
            foreach (var other in _overlaps[member])
            {
                if (candidate.Offsets[other] + _problem.Units[other] == bottom)
                {
                    return other;
                }
            }
        }

        return -1;
    }

    private void SwitchInPlace(int buffer)
    {
        var chains = _trial.Chains;
        var edge = Next(_problem.Edges.Length);
        for (var i = 0; i < _problem.Edges.Length; i++)
        {
            var candidate = _problem.Edges[i];
            if ((candidate.Dying == buffer || candidate.Written == buffer) && Next(2) == 0)
            {
                edge = i;
                break;
            }
        }

        if (chains.Uses(edge))
        {
            chains.Drop(edge);
        }
        else
        {
            chains.TryUse(edge);
        }
    }

    private void PlaceEarlier(int buffer)
    {
        var order = _trial.Order;
        var position = EarliestPositionOf(buffer);
        var target = Next(position + 1);
        buffer = order[position];
        Array.Copy(order, target, order, target + 1, position - target);
        order[target] = buffer;
    }

    private void Exchange(int buffer, int other)
    {
        var order = _trial.Order;
        var position = EarliestPositionOf(buffer);
        var otherPosition = EarliestPositionOf(other);
        (order[position], order[otherPosition]) = (order[otherPosition], order[position]);
    }

    private int AnyOverlapOf(int buffer)
    {
        var overlaps = _overlaps[buffer];
        return overlaps.Length == 0 ? buffer : overlaps[Next(overlaps.Length)];
    }

    /// <summary>The position that decides when the buffer is placed: that of the first buffer of its chain in the order.</summary>
    private int EarliestPositionOf(int buffer)
    {
        var head = _trial.Chains.Head(buffer);
        MarkChain(head, true);
        var position = Array.FindIndex(_trial.Order, member => _isMember[member]);
        MarkChain(head, false);
        return position;
    }

    private void MarkChain(int head, bool mark)
    {
        for (var member = head; member >= 0; member = _trial.Chains.Next(member))
        {
            _isMember[member] = mark;
        }
    }

    /// <summary>Xorshift with Marsaglia's 13-17-5 triple, reduced to 0..bound−1.</summary>
    private int Next(int bound)
    {
        _random ^= _random << 13;
        _random ^= _random >> 17;
        _random ^= _random << 5;
        return (int)((_random * (ulong)bound) >> 32);
    }
}
