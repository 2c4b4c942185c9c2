using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Lowering;

/// <summary>A value between members of a chain, of which memory holds a band of rows.</summary>
internal sealed class BandBuffer
{
    public BandBuffer(Storage storage, TensorView view)
    {
        Storage = storage;
        View = view;
    }

    public Storage Storage { get; }

    /// <summary>A view of all its rows.</summary>
    public TensorView View { get; }

    /// <summary>Members that write it, in order.</summary>
    public List<int> Writers { get; } = new();

    /// <summary>Members that read it, and which of its rows.</summary>
    public List<(int Member, RowAccess Rows)> Readers { get; } = new();

    /// <summary>Rows of the value.</summary>
    public int Height => View.Shape[2];

    /// <summary>Rows of zeros above the value.</summary>
    public int Top => View.Layout.Halo?.Before[0] ?? 0;

    /// <summary>Rows of zeros below the value.</summary>
    public int Bottom => View.Layout.Halo?.After[0] ?? 0;

    /// <summary>Elements of a row, zeros beside it included.</summary>
    public long RowLength => View.Layout.Strides[2];

    /// <summary>Channels, or blocks of them, of all images.</summary>
    public int Planes { get; set; }

    /// <summary>Rows that the memory must have room for.</summary>
    public int Capacity { get; set; }

    /// <summary>Bytes of the memory.</summary>
    public long Bytes => Planes * RowLength * Capacity * sizeof(float);

    /// <summary>Rows that are there, zeros below the last included, when its writer has got so far.</summary>
    public int End(int reached) => Math.Min(reached, Height + Bottom);
}

/// <summary>
/// How a chain of steps runs in bands: in each band the first member computes some rows, and every member behind it the rows for
/// which its input is there, so that little has to be kept. Members that do not depend on the first, such as those of another
/// branch, compute what is needed of them. No row is computed twice.
/// </summary>
/// <remarks>
/// What the numbers of rows depend on are constants, so the whole course is known here: it is run through once, and gives the rows
/// that each buffer must have room for. The generated code computes the same numbers in the same way.
/// </remarks>
internal sealed class BandSchedule
{
    private readonly List<(int Reader, RowAccess Rows)>[] _readers;
    private readonly List<(int Maker, RowAccess Rows)>[] _makers;
    private readonly bool[] _isPushed;
    private readonly bool[] _isOuter;

    private BandSchedule(IReadOnlyList<BandMember> members, IReadOnlyList<BandBuffer> buffers, List<(int, RowAccess)>[] readers, bool[] isOuter)
    {
        Members = members;
        Buffers = buffers;
        _readers = readers;
        _isOuter = isOuter;
        _makers = members.Select(static _ => new List<(int, RowAccess)>()).ToArray();
        _isPushed = new bool[members.Count];
        _isPushed[0] = true;
        for (int i = 0; i < members.Count; i++)
        {
            foreach ((int reader, RowAccess rows) in readers[i])
            {
                _makers[reader].Add((i, rows));
                _isPushed[reader] |= _isPushed[i];
            }
        }
    }

    public IReadOnlyList<BandMember> Members { get; }

    /// <summary>The values of which only bands are kept.</summary>
    public IReadOnlyList<BandBuffer> Buffers { get; }

    /// <summary>Rows of the first member's output that a band computes.</summary>
    public int BandRows { get; private set; }

    /// <summary>Number of bands; in the last of them the first member has nothing left to do.</summary>
    public int Bands { get; private set; }

    /// <summary>Calls of members that have rows to compute, in all bands.</summary>
    public long Calls { get; private set; }

    /// <summary>Bytes of weights that are read in all bands.</summary>
    public long WeightBytes { get; private set; }

    /// <summary>Bytes that are moved within the buffers, from the end of one band to the start of the next.</summary>
    public long MovedBytes { get; private set; }

    /// <summary>True if a member computes the rows for which its input is there; false if it computes those that are needed.</summary>
    public bool IsPushed(int member) => _isPushed[member];

    /// <summary>True if a member's output is needed whole behind the chain.</summary>
    public bool IsOuter(int member) => _isOuter[member];

    /// <summary>Members that read rows of a member's output inside the chain.</summary>
    public IReadOnlyList<(int Reader, RowAccess Rows)> ReadersOf(int member) => _readers[member];

    /// <summary>Members that a member waits for: those that depend on the first one too.</summary>
    public IEnumerable<(int Maker, RowAccess Rows)> AwaitedBy(int member) => _makers[member].Where(m => _isPushed[m.Maker]);

    /// <summary>A chain, or null if its steps cannot run so.</summary>
    /// <param name="members">The steps in order.</param>
    /// <param name="isInner">True for storages that nothing outside the chain touches.</param>
    public static BandSchedule? TryCreate(IReadOnlyList<BandMember> members, Func<Storage, bool> isInner)
    {
        var readers = members.Select(static _ => new List<(int, RowAccess)>()).ToArray();
        var writers = new Dictionary<Storage, List<int>>();
        var buffers = new Dictionary<Storage, BandBuffer>();
        for (int i = 0; i < members.Count; i++)
        {
            foreach ((TensorView view, RowAccess? rows) in members[i].Reads)
            {
                if (writers.TryGetValue(view.Storage, out List<int>? makers) && !Connect(members, makers, i, view, rows, readers, buffers))
                {
                    return null;
                }
            }

            TensorView output = members[i].Output;
            if (!writers.TryGetValue(output.Storage, out List<int>? others))
            {
                writers.Add(output.Storage, others = new List<int>());
                if (isInner(output.Storage))
                {
                    buffers.Add(output.Storage, new BandBuffer(output.Storage, output));
                }
            }
            else if (others.Any(o => !BandMember.HaveSameRows(members[o].Output, output) || BandMember.Overlap(members[o].Output, output)))
            {
                return null;
            }

            others.Add(i);
            if (buffers.TryGetValue(output.Storage, out BandBuffer? buffer))
            {
                buffer.Writers.Add(i);
            }
        }

        return buffers.Values.Any(static b => b.View.Type != ElementType.Float32 || b.Readers.Count == 0 || !FindPlanes(b))
            ? null
            : new BandSchedule(members, buffers.Values.ToArray(), readers, members.Select(m => !buffers.ContainsKey(m.Output.Storage)).ToArray());
    }

    /// <summary>Runs through the bands for so many rows of the first member each, and finds the size of the buffers.</summary>
    public void Size(int bandRows)
    {
        BandRows = bandRows;
        MovedBytes = Calls = WeightBytes = 0;
        Bands = CountBands();
        foreach (BandBuffer buffer in Buffers)
        {
            buffer.Capacity = 0;
        }

        Walk((made, reached) =>
        {
            foreach (BandBuffer buffer in Buffers)
            {
                buffer.Capacity = Math.Max(buffer.Capacity, buffer.End(MostOf(buffer.Writers, reached)) - Keep(buffer, made));
            }

            return true;
        });
        CountWork();
    }

    /// <summary>What must be moved depends on how much room there is.</summary>
    private void CountWork()
    {
        int[] first = Buffers.Select(static b => -b.Top).ToArray();
        Walk((made, reached) =>
        {
            for (int i = 0; i < made.Length; i++)
            {
                bool works = Made(i, reached) > Made(i, made);
                Calls += works ? 1 : 0;
                WeightBytes += works ? Members[i].WeightBytes : 0;
            }

            for (int b = 0; b < first.Length; b++)
            {
                BandBuffer buffer = Buffers[b];
                if (buffer.End(MostOf(buffer.Writers, reached)) - first[b] > buffer.Capacity)
                {
                    int keep = Keep(buffer, made);
                    MovedBytes += Math.Max(0, buffer.End(MostOf(buffer.Writers, made)) - keep) * buffer.RowLength * buffer.Planes * sizeof(float);
                    first[b] = keep;
                }
            }

            return true;
        });
    }

    /// <summary>
    /// True if a member may write its output where something that the chain reads lies, row over row: when a row is written, nobody
    /// needs it any more. <see cref="Size"/> was called.
    /// </summary>
    /// <param name="writer">The member.</param>
    /// <param name="storage">What is read; made before the chain and not needed behind it.</param>
    public bool MayOverwrite(int writer, Storage storage)
    {
        TensorView output = Members[writer].Output;
        var reads = new List<(int Member, RowAccess Rows)>();
        for (int i = 0; i < Members.Count; i++)
        {
            foreach ((TensorView view, RowAccess? rows) in Members[i].Reads)
            {
                if (!ReferenceEquals(view.Storage, storage))
                {
                    continue;
                }

                bool same = rows is not null && view.Layout.Offset == output.Layout.Offset && output.Layout.Halo is null && view.Layout.Halo is null
                    && view.Shape.Equals(output.Shape) && BandMember.HaveSameRows(view, output);
                bool elementWise = i != writer || Members[i].Step.InPlace.Any(p => ReferenceEquals(p.Read, view));
                if (!same || !elementWise)
                {
                    return false;
                }

                reads.Add((i, rows!.Value));
            }
        }

        return storage.Bytes == output.Storage.Bytes && Walk((made, reached) => reads.All(r =>
            Made(r.Member, reached) == Made(r.Member, made) || r.Rows.First(Made(r.Member, made)) >= Made(writer, r.Member > writer ? reached : made)));
    }

    /// <summary>The first row of a buffer that is still needed, or that is made next.</summary>
    private int Keep(BandBuffer buffer, int[] made)
    {
        int keep = int.MaxValue;
        foreach ((int member, RowAccess rows) in buffer.Readers)
        {
            keep = Math.Min(keep, rows.First(Made(member, made)));
        }

        foreach (int member in buffer.Writers)
        {
            keep = Math.Min(keep, Made(member, made));
        }

        return Math.Max(keep, -buffer.Top);
    }

    /// <summary>Rows that a member has made, where it has got so far: beyond its last row, zeros follow.</summary>
    private int Made(int member, int[] reached) => Math.Min(reached[member], Members[member].Rows);

    /// <summary>Bands until all members that follow the first have made their rows.</summary>
    private int CountBands()
    {
        var reached = new int[Members.Count];
        for (int bands = 1; ; bands++)
        {
            Push(bands - 1, reached);
            bool done = true;
            for (int i = 0; i < reached.Length && done; i++)
            {
                done = !_isPushed[i] || reached[i] >= Members[i].Rows;
            }

            if (done)
            {
                return bands;
            }
        }
    }

    /// <summary>How far the members get in a band that follow the first: below its last row each goes on through zeros, so that none has to hurry.</summary>
    private void Push(int band, int[] reached)
    {
        reached[0] = (band + 1) * BandRows;
        for (int i = 1; i < reached.Length; i++)
        {
            if (!_isPushed[i])
            {
                continue;
            }

            reached[i] = int.MaxValue;
            foreach ((int maker, RowAccess rows) in _makers[i])
            {
                if (_isPushed[maker])
                {
                    reached[i] = Math.Min(reached[i], rows.Ready(reached[maker]));
                }
            }
        }
    }

    /// <summary>How far the others must get, from the last to the first.</summary>
    private void Pull(int band, int[] reached)
    {
        for (int i = reached.Length - 1; i > 0; i--)
        {
            if (_isPushed[i])
            {
                continue;
            }

            reached[i] = _isOuter[i] ? (int)((((band + 1) * (long)Members[i].Rows) + Bands - 1) / Bands) : 0;
            foreach ((int reader, RowAccess rows) in _readers[i])
            {
                reached[i] = Math.Max(reached[i], rows.End(Made(reader, reached)));
            }
        }
    }

    /// <summary>Goes through all bands; ends early with false if <paramref name="visit"/>, which gets how far members are before and behind a band, says so.</summary>
    private bool Walk(Func<int[], int[], bool> visit)
    {
        var made = new int[Members.Count];
        var reached = new int[Members.Count];
        for (int band = 0; band < Bands; band++)
        {
            Push(band, reached);
            Pull(band, reached);
            if (!visit(made, reached))
            {
                return false;
            }

            (made, reached) = (reached, made);
        }

        return true;
    }

    private static int MostOf(List<int> members, int[] rows)
    {
        int most = 0;
        foreach (int member in members)
        {
            most = Math.Max(most, rows[member]);
        }

        return most;
    }

    private static bool Connect(
        IReadOnlyList<BandMember> members,
        List<int> makers,
        int reader,
        TensorView view,
        RowAccess? rows,
        List<(int, RowAccess)>[] readers,
        Dictionary<Storage, BandBuffer> buffers)
    {
        bool found = false;
        foreach (int maker in makers)
        {
            if (rows is not { } access || !BandMember.HaveSameRows(members[maker].Output, view))
            {
                return false;
            }

            if (BandMember.Overlap(members[maker].Output, view))
            {
                readers[maker].Add((reader, access));
                found = true;
            }
        }

        if (found && buffers.TryGetValue(view.Storage, out BandBuffer? buffer))
        {
            buffer.Readers.Add((reader, rows!.Value));
        }

        return true;
    }

    /// <summary>From the size of the storage, which holds all channels of joined values; of a band and of all rows alike.</summary>
    private static bool FindPlanes(BandBuffer buffer)
    {
        Layout layout = buffer.View.Layout;
        long rows = layout.BandRows > 0 ? layout.BandRows : buffer.Top + buffer.Height + buffer.Bottom;
        long plane = rows * buffer.RowLength * sizeof(float);
        buffer.Planes = (int)(buffer.Storage.Bytes / plane);
        return layout.Strides[1] == rows * buffer.RowLength && buffer.Storage.Bytes == buffer.Planes * plane;
    }
}
