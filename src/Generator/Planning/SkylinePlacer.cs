using System;

namespace AotCompiler.Planning;

/// <summary>Fills the arena from the ground up: of the chains that fit on the lowest ledge of the skyline, the most urgent one is placed there.</summary>
/// <remarks>
/// The best-fit heuristic of Burke, Kendall and Whitwell, 2004, for strip packing with fixed abscissae, as Sekiyama et al.,
/// "Profile-guided memory optimization for deep neural networks", 2018, apply it to memory. A ledge on which nothing fits is
/// raised to its lower neighbour. Strong where many lifetimes cross, at the square of the number of buffers.
/// </remarks>
internal sealed class SkylinePlacer
{
    private readonly ArenaProblem _problem;
    private readonly int[] _firstColumn;
    private readonly int[] _lastColumn;
    private readonly long[] _skyline;
    private readonly Waiting[] _waiting;
    private int _waitingCount;

    public SkylinePlacer(ArenaProblem problem)
    {
        _problem = problem;
        _skyline = new long[problem.LiveAtStarts.Length];
        var starts = Array.ConvertAll(problem.LiveAtStarts, start => start.Step);
        _firstColumn = Array.ConvertAll(problem.First, step => Array.BinarySearch(starts, step));
        _lastColumn = Array.ConvertAll(problem.Last, step => LastStartUpTo(starts, step));
        _waiting = new Waiting[problem.Count];
        Offsets = new long[problem.Count];
    }

    /// <summary>Offset of each buffer in units.</summary>
    public long[] Offsets { get; }

    /// <summary>Places all buffers, those early in the order preferred, and returns the height in units.</summary>
    public long Place(int[] order, InPlaceChains chains)
    {
        Array.Clear(_skyline, 0, _skyline.Length);
        Enqueue(order, chains);
        while (_waitingCount > 0)
        {
            var (from, to) = LowestLedge();
            var position = FirstThatFits(from, to);
            if (position < 0)
            {
                Raise(from, to);
                continue;
            }

            PlaceChain(_waiting[position].Head, chains, _skyline[from]);
            Array.Copy(_waiting, position + 1, _waiting, position, --_waitingCount - position);
        }

        long height = 0;
        for (var buffer = 0; buffer < Offsets.Length; buffer++)
        {
            height = Math.Max(height, Offsets[buffer] + _problem.Units[buffer]);
        }

        return height;
    }

    private static int LastStartUpTo(int[] starts, int step)
    {
        var position = Array.BinarySearch(starts, step);
        return position >= 0 ? position : ~position - 1;
    }

    private void Enqueue(int[] order, InPlaceChains chains)
    {
        _waitingCount = 0;
        var enqueued = new bool[_problem.Count];
        foreach (var buffer in order)
        {
            var head = chains.Head(buffer);
            if (enqueued[head])
            {
                continue;
            }

            enqueued[head] = true;
            var tail = head;
            for (var member = head; member >= 0; member = chains.Next(member))
            {
                tail = member;
            }

            _waiting[_waitingCount++] = new Waiting(head, _firstColumn[head], _lastColumn[tail]);
        }
    }

    private int FirstThatFits(int from, int to)
    {
        for (var i = 0; i < _waitingCount; i++)
        {
            if (from <= _waiting[i].FirstColumn && _waiting[i].LastColumn <= to)
            {
                return i;
            }
        }

        return -1;
    }

    private (int From, int To) LowestLedge()
    {
        var from = 0;
        for (var column = 1; column < _skyline.Length; column++)
        {
            if (_skyline[column] < _skyline[from])
            {
                from = column;
            }
        }

        var to = from;
        while (to + 1 < _skyline.Length && _skyline[to + 1] == _skyline[from])
        {
            to++;
        }

        return (from, to);
    }

    private void Raise(int from, int to)
    {
        var left = from > 0 ? _skyline[from - 1] : long.MaxValue;
        var right = to + 1 < _skyline.Length ? _skyline[to + 1] : long.MaxValue;
        for (var column = from; column <= to; column++)
        {
            _skyline[column] = Math.Min(left, right);
        }
    }

    private void PlaceChain(int head, InPlaceChains chains, long offset)
    {
        for (var member = head; member >= 0; member = chains.Next(member))
        {
            Offsets[member] = offset;
            for (var column = _firstColumn[member]; column <= _lastColumn[member]; column++)
            {
                _skyline[column] = Math.Max(_skyline[column], offset + _problem.Units[member]);
            }
        }
    }

    private readonly record struct Waiting(int Head, int FirstColumn, int LastColumn);
}
