using System;

namespace AotCompiler.Planning;

/// <summary>Where in the free space a buffer goes.</summary>
internal enum PlacementFit
{
    /// <summary>The lowest free offset.</summary>
    First,

    /// <summary>The free gap that it fills best; the lowest free offset when no gap is large enough.</summary>
    Best,
}

/// <summary>Places buffers one after another, each chain of in-place writes at one common offset.</summary>
/// <remarks>
/// A chain is not one tall block: each of its buffers keeps its own size and interval, only the offset is common. A placed
/// buffer [q, q + p) forbids a buffer of size s that is live at the same time every offset in the open interval (q − s, q + p).
/// </remarks>
internal sealed class ArenaPlacer
{
    /// <summary>Result of a placement that was abandoned because it exceeded its limit.</summary>
    public const long Abandoned = long.MaxValue;

    /// <summary>Placed buffers that can be scanned in the time that it takes to collect and sort one overlapping buffer.</summary>
    private const int ScansPerSortedItem = 6;

    private readonly ArenaProblem _problem;
    private readonly int[][] _overlaps;
    private readonly int[] _placedInPass;
    private readonly int[] _byOffset;
    private int _placed;
    private int _pass;
    private long[] _forbiddenFrom = new long[64];
    private long[] _forbiddenTo = new long[64];
    private int _forbidden;

    public ArenaPlacer(ArenaProblem problem, int[][] overlaps)
    {
        _problem = problem;
        _overlaps = overlaps;
        _placedInPass = new int[problem.Count];
        _byOffset = new int[problem.Count];
        Offsets = new long[problem.Count];
    }

    /// <summary>Offset of each buffer in units after the last complete pass.</summary>
    public long[] Offsets { get; }

    /// <summary>Pairs of buffers looked at so far: the measure of time that is the same on every machine.</summary>
    public long Work { get; private set; }

    /// <summary>Places all buffers in the given order and returns the height in units, or <see cref="Abandoned"/> if above the limit.</summary>
    public long Place(int[] order, InPlaceChains chains, PlacementFit fit, long limit)
    {
        _pass++;
        _placed = 0;
        long height = 0;
        foreach (var buffer in order)
        {
            if (_placedInPass[buffer] == _pass)
            {
                continue;
            }

            var top = PlaceChain(chains.Head(buffer), chains, fit);
            if (top > limit)
            {
                return Abandoned;
            }

            height = Math.Max(height, top);
        }

        return height;
    }

    private long PlaceChain(int head, InPlaceChains chains, PlacementFit fit)
    {
        _forbidden = 0;
        if (chains.Next(head) < 0 && _overlaps[head].Length > _placed / ScansPerSortedItem)
        {
            ForbidInOrder(head);
        }
        else
        {
            for (var member = head; member >= 0; member = chains.Next(member))
            {
                Forbid(member);
            }

            Array.Sort(_forbiddenFrom, _forbiddenTo, 0, _forbidden);
        }

        var offset = fit == PlacementFit.First ? LowestOffset() : TightestOffset();
        long units = 0;
        for (var member = head; member >= 0; member = chains.Next(member))
        {
            units = Math.Max(units, _problem.Units[member]);
            Offsets[member] = offset;
            _placedInPass[member] = _pass;
            InsertByOffset(member);
        }

        return offset + units;
    }

    /// <summary>Collects the forbidden intervals of a buffer that is in no chain, sorted because all of them have its own size.</summary>
    private void ForbidInOrder(int buffer)
    {
        var (first, last, units) = (_problem.First[buffer], _problem.Last[buffer], _problem.Units[buffer]);
        var (firsts, lasts) = (_problem.First, _problem.Last);
        Reserve(_placed);
        Work += (_placed / ScansPerSortedItem) + 1;
        for (var i = 0; i < _placed; i++)
        {
            var other = _byOffset[i];
            if (firsts[other] <= last && first <= lasts[other])
            {
                _forbiddenFrom[_forbidden] = Offsets[other] - units;
                _forbiddenTo[_forbidden++] = Offsets[other] + _problem.Units[other];
            }
        }
    }

    private void Forbid(int buffer)
    {
        var overlaps = _overlaps[buffer];
        Work += overlaps.Length + 1;
        Reserve(_forbidden + overlaps.Length);
        foreach (var other in overlaps)
        {
            if (_placedInPass[other] == _pass)
            {
                _forbiddenFrom[_forbidden] = Offsets[other] - _problem.Units[buffer];
                _forbiddenTo[_forbidden++] = Offsets[other] + _problem.Units[other];
            }
        }
    }

    private void Reserve(int count)
    {
        while (count > _forbiddenFrom.Length)
        {
            Array.Resize(ref _forbiddenFrom, _forbiddenFrom.Length * 2);
            Array.Resize(ref _forbiddenTo, _forbiddenTo.Length * 2);
        }
    }

    private void InsertByOffset(int buffer)
    {
        var (low, high) = (0, _placed);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = Offsets[_byOffset[middle]] < Offsets[buffer] ? (middle + 1, high) : (low, middle);
        }

        Array.Copy(_byOffset, low, _byOffset, low + 1, _placed - low);
        _byOffset[low] = buffer;
        _placed++;
    }

    private long LowestOffset()
    {
        long offset = 0;
        for (var i = 0; i < _forbidden && _forbiddenFrom[i] < offset; i++)
        {
            offset = Math.Max(offset, _forbiddenTo[i]);
        }

        return offset;
    }

    private long TightestOffset()
    {
        long offset = 0;
        long tightest = -1;
        var tightestSlack = long.MaxValue;
        for (var i = 0; i < _forbidden; i++)
        {
            var slack = _forbiddenFrom[i] - offset;
            if (slack >= 0 && slack < tightestSlack)
            {
                tightest = offset;
                tightestSlack = slack;
            }

            offset = Math.Max(offset, _forbiddenTo[i]);
        }

        return tightest >= 0 ? tightest : offset;
    }
}
