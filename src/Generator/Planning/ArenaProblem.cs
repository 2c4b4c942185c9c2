using System;
using System.Collections.Generic;

namespace AotCompiler.Planning;

/// <summary>The requests in the form that placement works on: validated, without empty buffers, sizes in alignment units.</summary>
/// <remarks>A buffer is an index into <see cref="Units"/>; <see cref="RequestOf"/> leads back to the request.</remarks>
internal sealed class ArenaProblem
{
    private const long MaxOverlaps = 4_000_000;

    private readonly Dictionary<int, int> _requestOfId;
    private readonly IReadOnlyList<ArenaRequest> _requests;

    private ArenaProblem(IReadOnlyList<ArenaRequest> requests, long alignment)
    {
        _requests = requests;
        _requestOfId = IndexIds(requests);
        var kept = new List<int>(requests.Count);
        for (var i = 0; i < requests.Count; i++)
        {
            if (requests[i].Bytes > 0)
            {
                kept.Add(i);
            }
        }

        RequestOf = kept.ToArray();
        Units = Array.ConvertAll(RequestOf, i => ((requests[i].Bytes - 1) / alignment) + 1);
        First = Array.ConvertAll(RequestOf, i => requests[i].FirstStep);
        Last = Array.ConvertAll(RequestOf, i => requests[i].LastStep);
        TotalUnits = SumChecked(Units, alignment);
    }

    /// <summary>Number of non-empty buffers.</summary>
    public int Count => Units.Length;

    /// <summary>Position in the caller's list of each buffer.</summary>
    public int[] RequestOf { get; }

    /// <summary>Size of each buffer in alignment units, at least 1.</summary>
    public long[] Units { get; }

    /// <summary>First live step of each buffer.</summary>
    public int[] First { get; }

    /// <summary>Last live step of each buffer, included.</summary>
    public int[] Last { get; }

    /// <summary>Sum of <see cref="Units"/>: no layout that rests every buffer on another one or on the ground is larger.</summary>
    public long TotalUnits { get; }

    /// <summary>Usable in-place writes, in the caller's order.</summary>
    public InPlaceEdge[] Edges { get; private set; } = Array.Empty<InPlaceEdge>();

    /// <summary>For each step at which a buffer starts, in ascending order: the step and the sum of live units.</summary>
    public (int Step, long LiveUnits)[] LiveAtStarts { get; private set; } = Array.Empty<(int, long)>();

    /// <summary>Buffers live at the same time as each buffer; null when there are too many pairs to list them.</summary>
    public int[][]? Overlaps { get; private set; }

    /// <summary>Checks the caller's lists and brings them into this form.</summary>
    /// <exception cref="ArgumentException">The lists contradict themselves or each other.</exception>
    public static ArenaProblem Create(
        IReadOnlyList<ArenaRequest> requests,
        IReadOnlyList<InPlacePermission> permissions,
        long alignment)
    {
        var problem = new ArenaProblem(requests, alignment);
        problem.Edges = problem.UsableEdges(permissions);
        var byFirst = problem.SortedByFirst();
        problem.LiveAtStarts = problem.SumLive(byFirst, out var overlaps);
        problem.Overlaps = overlaps <= MaxOverlaps ? problem.ListOverlaps(byFirst) : null;
        return problem;
    }

    /// <summary>All buffers in the order in which they start, larger ones first among those of one step.</summary>
    public int[] SortedByFirst() => SortedBy((a, b) =>
        First[a] != First[b] ? First[a].CompareTo(First[b]) : Units[b].CompareTo(Units[a]));

    /// <summary>All buffers in the given order; the caller's order decides ties, so the result is the same everywhere.</summary>
    public int[] SortedBy(Comparison<int> comparison)
    {
        var order = new int[Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(order, (a, b) =>
        {
            var result = comparison(a, b);
            return result != 0 ? result : a.CompareTo(b);
        });
        return order;
    }

    private static Dictionary<int, int> IndexIds(IReadOnlyList<ArenaRequest> requests)
    {
        var indexOfId = new Dictionary<int, int>(requests.Count);
        for (var i = 0; i < requests.Count; i++)
        {
            var request = requests[i];
            if (request.Bytes < 0)
            {
                throw new ArgumentException($"Buffer {request.Id} has a negative size, {request.Bytes} bytes.", nameof(requests));
            }

            if (request.FirstStep > request.LastStep)
            {
                throw new ArgumentException(
                    $"Buffer {request.Id} is last read in step {request.LastStep}, before step {request.FirstStep} writes it.",
                    nameof(requests));
            }

            if (indexOfId.ContainsKey(request.Id))
            {
                throw new ArgumentException($"Two buffers have the id {request.Id}.", nameof(requests));
            }

            indexOfId.Add(request.Id, i);
        }

        return indexOfId;
    }

    private static long SumChecked(long[] units, long alignment)
    {
        var limit = long.MaxValue / alignment;
        long sum = 0;
        foreach (var size in units)
        {
            if (size > limit - sum)
            {
                throw new ArgumentException("The buffers together exceed 2^63 bytes.", "requests");
            }

            sum += size;
        }

        return sum;
    }

    private InPlaceEdge[] UsableEdges(IReadOnlyList<InPlacePermission> permissions)
    {
        var bufferOfRequest = new int[_requests.Count];
        for (var i = 0; i < bufferOfRequest.Length; i++)
        {
            bufferOfRequest[i] = -1;
        }

        for (var i = 0; i < RequestOf.Length; i++)
        {
            bufferOfRequest[RequestOf[i]] = i;
        }

        var edges = new List<InPlaceEdge>(permissions.Count);
        for (var i = 0; i < permissions.Count; i++)
        {
            var permission = permissions[i];
            var dying = RequestIndex(permission.DyingId, permission);
            var written = RequestIndex(permission.NewId, permission);
            Check(permission, _requests[dying], _requests[written]);

            // A buffer born in the step itself is the step's other result or scratch, not a dying input.
            var usable = _requests[dying].LastStep == permission.Step && _requests[dying].FirstStep < permission.Step;
            if (usable && bufferOfRequest[dying] >= 0 && bufferOfRequest[written] >= 0)
            {
                edges.Add(new InPlaceEdge(i, bufferOfRequest[dying], bufferOfRequest[written]));
            }
        }

        return edges.ToArray();
    }

    private int RequestIndex(int id, InPlacePermission permission) =>
        _requestOfId.TryGetValue(id, out var index)
            ? index
            : throw new ArgumentException($"{permission} names buffer {id}, which is not among the requests.", "permissions");

    private static void Check(InPlacePermission permission, ArenaRequest dying, ArenaRequest written)
    {
        if (written.FirstStep != permission.Step)
        {
            throw new ArgumentException(
                $"{permission}: buffer {written.Id} is written in step {written.FirstStep}, not in step {permission.Step}.",
                "permissions");
        }

        if (dying.LastStep < permission.Step || dying.FirstStep > permission.Step || dying.Id == written.Id)
        {
            throw new ArgumentException(
                $"{permission}: buffer {dying.Id}, live in steps {dying.FirstStep}..{dying.LastStep}, is no input of step {permission.Step}.",
                "permissions");
        }
    }

    private (int Step, long LiveUnits)[] SumLive(int[] byFirst, out long overlaps)
    {
        var byLast = SortedBy((a, b) => Last[a].CompareTo(Last[b]));
        var sums = new List<(int, long)>();
        overlaps = 0;
        long live = 0;
        var ended = 0;
        for (var i = 0; i < byFirst.Length; i++)
        {
            var step = First[byFirst[i]];
            while (Last[byLast[ended]] < step)
            {
                live -= Units[byLast[ended++]];
            }

            overlaps += i - ended;
            live += Units[byFirst[i]];
            if (i + 1 == byFirst.Length || First[byFirst[i + 1]] != step)
            {
                sums.Add((step, live));
            }
        }

        return sums.ToArray();
    }

    private int[][] ListOverlaps(int[] byFirst)
    {
        var lists = new List<int>[Count];
        var live = new List<int>();
        foreach (var buffer in byFirst)
        {
            live.RemoveAll(other => Last[other] < First[buffer]);
            lists[buffer] = new List<int>(live);
            foreach (var other in live)
            {
                lists[other].Add(buffer);
            }

            live.Add(buffer);
        }

        return Array.ConvertAll(lists, list => list.ToArray());
    }
}

/// <summary>One usable in-place write between two buffers of an <see cref="ArenaProblem"/>.</summary>
/// <param name="Permission">Position of the permission in the caller's list.</param>
/// <param name="Dying">Buffer that is overwritten.</param>
/// <param name="Written">Buffer that takes its place.</param>
internal readonly record struct InPlaceEdge(int Permission, int Dying, int Written);
