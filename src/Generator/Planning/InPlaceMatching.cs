using System;
using System.Collections.Generic;

namespace AotCompiler.Planning;

/// <summary>Chooses, step by step, the in-place writes that save most bytes in that step.</summary>
/// <remarks>
/// A maximum-weight bipartite matching between the dying and the written buffers of a step, where a pair weighs the smaller
/// of its two sizes, found by augmenting along the path of largest gain. Steps are independent of each other: a buffer dies
/// in one step and is written in another one.
/// </remarks>
internal sealed class InPlaceMatching
{
    private const int None = -1;

    private readonly ArenaProblem _problem;
    private readonly InPlaceEdge[] _edges;
    private readonly int[] _edgeOfDying;
    private readonly int[] _edgeOfWritten;
    private readonly long[] _gain;
    private readonly int[] _arrivedBy;

    private InPlaceMatching(ArenaProblem problem)
    {
        _problem = problem;
        _edges = problem.Edges;
        _edgeOfDying = new int[problem.Count];
        _edgeOfWritten = new int[problem.Count];
        _gain = new long[problem.Count];
        _arrivedBy = new int[problem.Count];
        for (var i = 0; i < problem.Count; i++)
        {
            _edgeOfDying[i] = None;
            _edgeOfWritten[i] = None;
        }
    }

    /// <summary>The chains of all steps' best in-place writes, and the largest sum of live units that they leave in any step.</summary>
    public static (InPlaceChains Chains, long PeakUnits) Solve(ArenaProblem problem)
    {
        var matching = new InPlaceMatching(problem);
        var edgesOfStep = new Dictionary<int, List<int>>();
        for (var i = 0; i < problem.Edges.Length; i++)
        {
            var step = problem.First[problem.Edges[i].Written];
            if (!edgesOfStep.TryGetValue(step, out var list))
            {
                edgesOfStep.Add(step, list = new List<int>());
            }

            list.Add(i);
        }

        var chains = new InPlaceChains(problem);
        long peak = 0;
        foreach (var (step, live) in problem.LiveAtStarts)
        {
            var saved = edgesOfStep.TryGetValue(step, out var edges) ? matching.SolveStep(edges, chains) : 0;
            peak = Math.Max(peak, live - saved);
        }

        return (chains, peak);
    }

    /// <summary>The in-place writes of those steps only that would exceed the limit without them.</summary>
    /// <remarks>Every other one costs freedom, because it ties its buffers together, and saves nothing that limits the arena.</remarks>
    public static InPlaceChains OnlyNeeded(ArenaProblem problem, InPlaceChains all, long limitUnits)
    {
        var tooHigh = new HashSet<int>();
        foreach (var (step, live) in problem.LiveAtStarts)
        {
            if (live > limitUnits)
            {
                tooHigh.Add(step);
            }
        }

        var needed = new InPlaceChains(problem);
        for (var edge = 0; edge < problem.Edges.Length; edge++)
        {
            if (all.Uses(edge) && tooHigh.Contains(problem.First[problem.Edges[edge].Written]))
            {
                needed.TryUse(edge);
            }
        }

        return needed;
    }

    private long SolveStep(List<int> edges, InPlaceChains chains)
    {
        while (TryAugment(edges))
        {
        }

        long saved = 0;
        foreach (var edge in edges)
        {
            if (_edgeOfWritten[_edges[edge].Written] == edge && chains.TryUse(edge))
            {
                saved += Weight(edge);
            }
        }

        return saved;
    }

    /// <summary>Bellman-Ford over alternating paths: free edges lead from dying to written and gain, matched ones lead back and lose.</summary>
    private bool TryAugment(List<int> edges)
    {
        foreach (var edge in edges)
        {
            var (_, dying, written) = _edges[edge];
            _gain[dying] = _edgeOfDying[dying] == None ? 0 : long.MinValue;
            _gain[written] = long.MinValue;
        }

        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var edge in edges)
            {
                changed |= Relax(edge);
            }
        }

        var end = None;
        foreach (var edge in edges)
        {
            var written = _edges[edge].Written;
            if (_edgeOfWritten[written] == None && _gain[written] > (end == None ? 0 : _gain[end]))
            {
                end = written;
            }
        }

        Flip(end);
        return end != None;
    }

    private bool Relax(int edge)
    {
        var (_, dying, written) = _edges[edge];
        var isMatched = _edgeOfWritten[written] == edge;
        var (from, to) = isMatched ? (written, dying) : (dying, written);
        if (_gain[from] == long.MinValue)
        {
            return false;
        }

        var gain = _gain[from] + (isMatched ? -Weight(edge) : Weight(edge));
        if (gain <= _gain[to])
        {
            return false;
        }

        _gain[to] = gain;
        _arrivedBy[to] = edge;
        return true;
    }

    private void Flip(int written)
    {
        while (written != None)
        {
            var edge = _arrivedBy[written];
            var dying = _edges[edge].Dying;
            var displaced = _edgeOfDying[dying];
            _edgeOfWritten[written] = edge;
            _edgeOfDying[dying] = edge;
            written = displaced == None ? None : _edges[displaced].Written;
        }
    }

    private long Weight(int edge) => Math.Min(_problem.Units[_edges[edge].Dying], _problem.Units[_edges[edge].Written]);
}
