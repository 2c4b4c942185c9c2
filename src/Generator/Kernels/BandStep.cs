using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// A chain of steps in bands of rows: memory holds of each value between them only the rows that are still needed. Every row is
/// computed once, by the kernels that compute all rows otherwise, so the results have the same bits.
/// </summary>
/// <remarks>See docs/adr/0024-memory-budget.md.</remarks>
internal sealed class BandStep : Step
{
    private readonly BandSchedule _schedule;
    private readonly IReadOnlyDictionary<Storage, Storage> _memory;
    private readonly TensorView[] _reads;
    private readonly TensorView[] _writes;

    /// <param name="schedule">The chain.</param>
    /// <param name="memory">For each value of which a band is kept, the memory that has it.</param>
    public BandStep(BandSchedule schedule, IReadOnlyDictionary<Storage, Storage> memory)
        : base(schedule.Members[schedule.Members.Count - 1].Step.Node, $"{schedule.Members[0].Step.Name} … {schedule.Members[schedule.Members.Count - 1].Step.Name}")
    {
        _schedule = schedule;
        _memory = memory;
        _reads = schedule.Members.SelectMany(static m => m.Step.Reads).Where(v => !memory.ContainsKey(v.Storage)).ToArray();
        _writes = schedule.Members.Select(static m => m.Output).Where(v => !memory.ContainsKey(v.Storage)).ToArray();
    }

    /// <summary>The steps of the chain, in order.</summary>
    public IEnumerable<Step> Members => _schedule.Members.Select(static m => m.Step);

    public override IReadOnlyList<TensorView> Reads => _reads;

    public override IReadOnlyList<TensorView> Writes => _writes;

    public override IReadOnlyList<Storage> Scratch => _schedule.Buffers.Select(b => _memory[b.Storage]).ToArray();

    public override IEnumerable<(TensorView Read, TensorView Write)> InPlace
    {
        get
        {
            for (int i = 0; i < _schedule.Members.Count; i++)
            {
                TensorView output = _schedule.Members[i].Output;
                foreach (TensorView read in _reads.Where(r => r.Storage.Kind == StorageKind.Arena).GroupBy(static r => r.Storage).Select(static g => g.First()))
                {
                    if (_schedule.IsOuter(i) && !ReferenceEquals(read.Storage, output.Storage) && _schedule.MayOverwrite(i, read.Storage))
                    {
                        yield return (read, output);
                    }
                }
            }
        }
    }

    public override long MultiplyAdds => Members.Sum(static m => m.MultiplyAdds);

    public override string Kernel => $"banded chain, {_schedule.Members.Count} steps in {_schedule.Bands} bands of {_schedule.BandRows} rows: {string.Join("; ", Members.Select(static m => m.Kernel))}";

    public override string Summary => $"{string.Join(", then ", Members.Select(static m => m.Summary))}, band by band";

    public override IEnumerable<string> Explain(Simd simd)
    {
        yield return "Of each value between the steps, memory holds the rows that are still needed. rowsN is that memory, firstN the row that lies";
        yield return "first in it, endN the row behind the last, windowN where row 0 would lie. madeM and untilM are the rows that step M has made";
        yield return "before and behind a band; reachedM goes on beyond them through the zeros below the last row.";
    }

    public override IEnumerable<StepPart> Parts(Simd simd) => _schedule.Members.Select(static (member, i) => new StepPart(
        $"Rows{i}",
        new string[0],
        $"rows {StepWriter.Begin} to {StepWriter.End} - 1 of {member.Step.Summary}",
        member.ByRows.Emit) { IsRange = true });

    public override void Emit(StepWriter writer)
    {
        StepPart[] parts = Parts(writer.Simd).ToArray();
        string[] operands = parts.Select(p => Operands(writer, p)).ToArray();
        foreach (BandBuffer buffer in _schedule.Buffers)
        {
            EmitBuffer(writer, buffer);
        }

        IReadOnlyList<BandMember> members = _schedule.Members;
        writer.Line($"int {string.Join(", ", members.Select(static (_, i) => $"made{i} = 0"))};");
        using (writer.Block($"for (int band = 0; band < {_schedule.Bands}; band++)"))
        {
            IEnumerable<int> all = Enumerable.Range(0, members.Count);
            foreach (int i in all.Where(_schedule.IsPushed).Concat(all.Reverse().Where(i => !_schedule.IsPushed(i))))
            {
                writer.Line($"int reached{i} = {Reached(i)};");
                writer.Line($"int until{i} = global::System.Math.Min(reached{i}, {members[i].Rows});");
            }

            for (int i = 0; i < members.Count; i++)
            {
                if (_schedule.Buffers.FirstOrDefault(b => b.Writers[0] == i) is { } buffer)
                {
                    EmitMove(writer, buffer);
                }

                using (writer.Block($"if (made{i} < until{i})"))
                {
                    writer.Line($"{StepWriter.PartName(parts[i])}({operands[i]}, made{i}, until{i});");
                }
            }

            writer.Line(string.Join(" ", members.Select(static (_, i) => $"made{i} = until{i};")));
        }
    }

    /// <summary>Arguments for the operands of a member's method: parameters of the step's own, or what lies at the moving windows.</summary>
    private string Operands(StepWriter writer, StepPart part) => string.Join(", ", writer.OperandsOf(part).Select(o =>
        _memory.ContainsKey(o.View.Storage)
            ? $"{Window(o.View.Storage)}{(o.View.Layout.Offset == 0 ? string.Empty : $" + {o.View.Layout.Offset}")}"
            : writer.Pointer(o.View, o.Name, o.Comment, o.Type)));

    private string Number(Storage storage) => $"{_schedule.Buffers.TakeWhile(b => !ReferenceEquals(b.Storage, storage)).Count()}";

    private string Window(Storage storage) => $"window{Number(storage)}";

    private void EmitBuffer(StepWriter writer, BandBuffer buffer)
    {
        string id = Number(buffer.Storage);
        var memory = new TensorView(_memory[buffer.Storage], buffer.View.Type, Layout.Dense(new Ir.Shape(checked((int)(buffer.Bytes / sizeof(float))))));
        writer.Pointer(memory, $"rows{id}", buffer.View.Describe());
        writer.Line($"int first{id} = {-buffer.Top}, end{id} = 0;");
        if (buffer.View.Layout.Halo is not null)
        {
            HaloStep.EmitZeros(writer, $"rows{id}", memory.Shape[0]);
        }
    }

    /// <summary>How far a member is at the end of the band, as <see cref="BandSchedule"/> computes it.</summary>
    private string Reached(int member)
    {
        if (member == 0)
        {
            return $"(band + 1) * {_schedule.BandRows}";
        }

        if (_schedule.IsPushed(member))
        {
            return _schedule.AwaitedBy(member).Select(static m => Ready(m.Maker, m.Rows)).Distinct().Aggregate(static (a, b) => $"global::System.Math.Min({a}, {b})");
        }

        IEnumerable<string> needs = _schedule.ReadersOf(member).Select(static r => End(r.Reader, r.Rows)).Distinct();
        if (_schedule.IsOuter(member))
        {
            needs = needs.Append($"((band + 1) * {_schedule.Members[member].Rows} + {_schedule.Bands - 1}) / {_schedule.Bands}");
        }

        return needs.Aggregate("0", static (a, b) => $"global::System.Math.Max({a}, {b})");
    }

    /// <summary>Rows that can be computed of what a member has made.</summary>
    private static string Ready(int maker, RowAccess rows)
    {
        string made = rows.Ahead == 0 ? $"reached{maker}" : rows.Ahead < 0 ? $"(reached{maker} + {-rows.Ahead})" : $"global::System.Math.Max(0, reached{maker} - {rows.Ahead})";
        return rows.Stride == 1 ? made : $"{made} / {rows.Stride}";
    }

    private static string End(int reader, RowAccess rows)
    {
        string scaled = rows.Stride == 1 ? $"until{reader}" : $"(until{reader} * {rows.Stride})";
        return rows.Ahead == 0 ? scaled : rows.Ahead > 0 ? $"{scaled} + {rows.Ahead}" : $"{scaled} - {-rows.Ahead}";
    }

    /// <summary>Makes room for a band's rows: those that are still needed move to the start. Then the zeros below the last row.</summary>
    private void EmitMove(StepWriter writer, BandBuffer buffer)
    {
        string id = Number(buffer.Storage);
        string reached = buffer.Writers.Select(static w => $"reached{w}").Aggregate(static (a, b) => $"global::System.Math.Max({a}, {b})");
        writer.Line($"int next{id} = global::System.Math.Min({reached}, {buffer.Height + buffer.Bottom});");
        using (writer.Block($"if (next{id} - first{id} > {buffer.Capacity})"))
        {
            IEnumerable<string> needed = buffer.Readers.Select(r => First(r.Member, r.Rows)).Concat(buffer.Writers.Select(static w => $"made{w}")).Distinct();
            string least = needed.Aggregate(static (a, b) => $"global::System.Math.Min({a}, {b})");
            writer.Line($"int keep{id} = global::System.Math.Max({-buffer.Top}, {least});");
            writer.Line($"int count{id} = (end{id} - keep{id}) * {buffer.RowLength};");
            using (writer.For("plane", buffer.Planes))
            {
                writer.Line($"float* target = rows{id} + (plane * {buffer.Capacity * buffer.RowLength}L);");
                writer.Line($"float* source = target + ((keep{id} - first{id}) * {buffer.RowLength}L);");
                VectorLoop.EmitDynamic(writer, $"count{id}", (simd, index) => writer.Line(simd.Store(VectorLoop.At("target", index), simd.Load(VectorLoop.At("source", index)))));
            }

            writer.Line($"first{id} = keep{id};");
        }

        if (buffer.Bottom > 0)
        {
            using (writer.Block($"for (int row = global::System.Math.Max({buffer.Height}, end{id}); row < next{id}; row++)"))
            using (writer.For("plane", buffer.Planes))
            {
                writer.Line($"float* below = rows{id} + (plane * {buffer.Capacity * buffer.RowLength}L) + ((row - first{id}) * {buffer.RowLength}L);");
                HaloStep.EmitZeros(writer, "below", checked((int)buffer.RowLength));
            }
        }

        writer.Line($"end{id} = next{id};");
        writer.Line($"float* {Window(buffer.Storage)} = rows{id} - ((first{id} + {buffer.Top}) * {buffer.RowLength}L);");
    }

    private static string First(int reader, RowAccess rows)
    {
        string scaled = rows.Stride == 1 ? $"made{reader}" : $"(made{reader} * {rows.Stride})";
        return rows.Before == 0 ? scaled : $"{scaled} - {rows.Before}";
    }
}
