using System;
using System.Collections.Generic;

namespace AotCompiler.Planning;

/// <summary>First fit in the order of time, as a heap would do it: the strategy for problems too large to list their overlaps.</summary>
/// <remarks>Uses no in-place write. Takes memory in proportion to the number of buffers, whatever their overlaps.</remarks>
internal sealed class TimelineAllocator
{
    private readonly List<(long Start, long End)> _gaps = new();
    private long _top;
    private long _height;

    /// <summary>Places all buffers.</summary>
    public static PlacementCandidate Place(ArenaProblem problem)
    {
        var allocator = new TimelineAllocator();
        var placement = new PlacementCandidate(problem) { Strategy = "timeline, first fit" };
        var byFirst = problem.SortedByFirst();
        var byLast = problem.SortedBy((a, b) => problem.Last[a].CompareTo(problem.Last[b]));
        var ended = 0;
        foreach (var buffer in byFirst)
        {
            for (; problem.Last[byLast[ended]] < problem.First[buffer]; ended++)
            {
                var dead = byLast[ended];
                allocator.Free(placement.Offsets[dead], placement.Offsets[dead] + problem.Units[dead]);
            }

            placement.Offsets[buffer] = allocator.Allocate(problem.Units[buffer]);
        }

        byFirst.CopyTo(placement.Order, 0);
        placement.Height = allocator._height;
        return placement;
    }

    private long Allocate(long units)
    {
        for (var i = 0; i < _gaps.Count; i++)
        {
            var (start, end) = _gaps[i];
            if (end - start >= units)
            {
                if (end - start == units)
                {
                    _gaps.RemoveAt(i);
                }
                else
                {
                    _gaps[i] = (start + units, end);
                }

                return start;
            }
        }

        var offset = _top;
        _top += units;
        _height = Math.Max(_height, _top);
        return offset;
    }

    private void Free(long start, long end)
    {
        var position = _gaps.BinarySearch((start, end));
        position = ~position;
        if (position < _gaps.Count && _gaps[position].Start == end)
        {
            end = _gaps[position].End;
            _gaps.RemoveAt(position);
        }

        if (position > 0 && _gaps[position - 1].End == start)
        {
            start = _gaps[--position].Start;
            _gaps.RemoveAt(position);
        }

        if (end == _top)
        {
            _top = start;
        }
        else
        {
            _gaps.Insert(position, (start, end));
        }
    }
}
