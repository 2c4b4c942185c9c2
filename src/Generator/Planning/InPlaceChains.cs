using System;

namespace AotCompiler.Planning;

/// <summary>The in-place writes that a layout uses: a set of chains of buffers that share their start.</summary>
internal sealed class InPlaceChains
{
    private const int None = -1;

    private readonly InPlaceEdge[] _edges;
    private readonly int[] _edgeToNext;
    private readonly int[] _edgeFromPrevious;

    public InPlaceChains(ArenaProblem problem)
    {
        _edges = problem.Edges;
        _edgeToNext = NoEdges(problem.Count);
        _edgeFromPrevious = NoEdges(problem.Count);
    }

    /// <summary>Number of in-place writes in use.</summary>
    public int Used { get; private set; }

    /// <summary>The buffer that overwrites this one, or −1.</summary>
    public int Next(int buffer) => _edgeToNext[buffer] == None ? None : _edges[_edgeToNext[buffer]].Written;

    /// <summary>The first buffer of the chain to which this one belongs.</summary>
    public int Head(int buffer)
    {
        while (_edgeFromPrevious[buffer] != None)
        {
            buffer = _edges[_edgeFromPrevious[buffer]].Dying;
        }

        return buffer;
    }

    /// <summary>Whether the in-place write is in use.</summary>
    public bool Uses(int edge) => _edgeToNext[_edges[edge].Dying] == edge;

    /// <summary>Uses the in-place write if neither of its buffers takes part in another one of the same step.</summary>
    public bool TryUse(int edge)
    {
        var (_, dying, written) = _edges[edge];
        if (_edgeToNext[dying] != None || _edgeFromPrevious[written] != None)
        {
            return false;
        }

        _edgeToNext[dying] = edge;
        _edgeFromPrevious[written] = edge;
        Used++;
        return true;
    }

    /// <summary>Stops using an in-place write that is in use.</summary>
    public void Drop(int edge)
    {
        _edgeToNext[_edges[edge].Dying] = None;
        _edgeFromPrevious[_edges[edge].Written] = None;
        Used--;
    }

    /// <summary>Makes this set equal to another set of the same problem.</summary>
    public void CopyFrom(InPlaceChains other)
    {
        Array.Copy(other._edgeToNext, _edgeToNext, _edgeToNext.Length);
        Array.Copy(other._edgeFromPrevious, _edgeFromPrevious, _edgeFromPrevious.Length);
        Used = other.Used;
    }

    private static int[] NoEdges(int count)
    {
        var edges = new int[count];
        for (var i = 0; i < count; i++)
        {
            edges[i] = None;
        }

        return edges;
    }
}
