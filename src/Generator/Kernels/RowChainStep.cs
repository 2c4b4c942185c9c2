using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators;

namespace AotCompiler.Kernels;

/// <summary>One convolution of a <see cref="RowChainStep"/>.</summary>
/// <param name="Name">Its part in the chain, for the name of its method.</param>
/// <param name="What">What is computed, for comments.</param>
/// <param name="Work">The whole contraction; the step computes it row by row.</param>
internal sealed record RowStage(string Name, string What, Contraction Work);

/// <summary>The latest rows of a map, row r in slot r mod the slots; behind the slots lies a row of zeros.</summary>
/// <param name="Rows">[1, C, slots + 1, W] in blocks of channels, with the window's padding beside the rows.</param>
/// <param name="Height">Rows of the whole map.</param>
internal sealed record RowRing(TensorView Rows, int Height)
{
    public int Slots => Rows.Shape[2] - 1;

    public long RowStride => Rows.Layout.Strides[2];

    public long BlockStride => Rows.Layout.Strides[1];
}

/// <summary>How much of a chain is computed before the next convolution takes over.</summary>
/// <param name="Rows">Output rows of the depthwise convolution.</param>
/// <param name="Blocks">Blocks of its channels, a divisor of all.</param>
/// <param name="BlocksFirst">
/// True to take these blocks through all strips before the next ones: of the rows between the convolutions only those of the blocks are
/// there, and threads share the blocks. False to take all blocks through a strip, which a convolution behind the depthwise one needs.
/// </param>
internal readonly record struct RowStrip(int Rows, int Blocks, bool BlocksFirst = false);

/// <summary>
/// A depthwise convolution, the convolution before it and the 1×1 convolution behind it, a strip of rows at a time: some
/// channels of the rows that the strip's windows read are made, then the depthwise convolution runs on them while they are in
/// the first-level cache; when all channels are there, the last convolution reads the strip. Without a last convolution, a block
/// of channels may go through all rows before the next one does. The sums are those of the convolutions one after the other,
/// term by term.
/// </summary>
internal sealed partial class RowChainStep : Step, IRowStep
{
    private readonly RowStage? _producer;
    private readonly RowRing? _ring;
    private readonly RowStage _middle;
    private readonly RowStage? _consumer;
    private readonly SpatialWindow _window;
    private readonly RowStrip _strip;
    private readonly int _lanes;

    /// <param name="node">The node whose result the step makes.</param>
    /// <param name="producer">Makes the rows of <paramref name="ring"/>; null if the depthwise convolution reads a whole map.</param>
    /// <param name="ring">Where the producer's rows live.</param>
    /// <param name="middle">The depthwise convolution; it writes a strip if there is a consumer, else the output.</param>
    /// <param name="consumer">Reads the strip; null if there is none.</param>
    /// <param name="window">The depthwise convolution's window.</param>
    /// <param name="strip">What is computed at once.</param>
    /// <param name="lanes">How often the memory of the ring and of the strip is there, for threads that share the step; 1 if that may be on their stacks.</param>
    public RowChainStep(Ir.Node node, RowStage? producer, RowRing? ring, RowStage middle, RowStage? consumer, SpatialWindow window, RowStrip strip, int lanes = 1)
        : base(node, node.Name)
    {
        _producer = producer;
        _ring = ring;
        _middle = middle;
        _consumer = consumer;
        _window = window;
        _strip = strip;
        _lanes = lanes;
    }

    /// <summary>The rows that the first stage reads of a map without padding; null if it reads a whole map that has it.</summary>
    public RowSource? Source { get; init; }

    /// <summary>The maxima that are taken of the last convolution's rows; null if those are the result.</summary>
    public RowPairs? Pool { get; init; }

    private IReadOnlyList<RowStage> Stages => new[] { _producer, _middle, _consumer }.Where(static s => s is not null).Select(static s => s!).ToArray();

    /// <summary>The stages that make parts of the producer's rows from a map that is not copied.</summary>
    private IReadOnlyList<RowStage> PartsOfRows => Source?.InPlace is { } inPlace ? inPlace.Sides.Select(static s => s.Stage).Prepend(inPlace.Inside).ToArray() : System.Array.Empty<RowStage>();

    private RowStage Last => _consumer ?? _middle;

    public override IReadOnlyList<TensorView> Reads => Stages
        .SelectMany(static s => new[] { s.Work.Input }.Concat(s.Work.AllWeights).Append(s.Work.Bias).Concat(s.Work.EpilogueOperands.Select(static o => o.View)))
        .Append(Source?.Map)
        .Where(v => v is not null && !Scratch.Contains(v.Storage))
        .Select(static v => v!)
        .ToArray();

    public override IReadOnlyList<TensorView> Writes => new[] { Pool?.Output ?? Last.Work.Output };

    public override IReadOnlyList<Storage> Scratch => new[] { _ring?.Rows, _consumer is null ? null : _middle.Work.Output, Pool?.Above }
        .Where(static v => v is not null)
        .Select(static v => v!.Storage)
        .Concat(SmallScratch)
        .ToArray();

    public override long MultiplyAdds => Stages.Sum(static s => s.Work.MultiplyAdds);

    public override string Kernel => $"{string.Join(", ", What)} in strips of {_strip.Rows} × {_strip.Blocks * Layout.BlockSize} channels{(_strip.BlocksFirst ? ", blocks outermost" : string.Empty)}";

    public override string Summary => string.Join(", then ", Stages.Select(static s =>
        $"{s.What}, y = {Contraction.Formula(s.Work.Bias is not null, s.Work.Epilogue, s.Work.EpilogueOperands)}")) + (Pool is null ? string.Empty : $", then {RowPairs.What}") + ", strip by strip";

    private IEnumerable<string> What => Stages.Select(static s => s.What).Concat(Pool is null ? System.Array.Empty<string>() : new[] { RowPairs.What });

    public override IEnumerable<string> Explain(Simd simd)
    {
        if (Source is not null)
        {
            yield return Source.InPlace is null
                ? "The rows that a strip reads are copied, with zeros around them, so that no tap is checked."
                : "Windows inside the map read it where it is; where they reach beyond it, copies with zeros around them, so that no tap is checked.";
        }

        if (_middle.Work.At(simd).Filtering is { } filtering)
        {
            foreach (string line in filtering.Filter.Explain())
            {
                yield return line;
            }
        }

        if (Pool is not null && !IsFiltered(Last, simd))
        {
            yield return "Of the last convolution's rows the even ones are kept; an odd one joins the one above it, and the maxima of 2×2 windows are stored.";
        }

        if (_ring is not null)
        {
            yield return $"Row r of the first convolution's result lies in slot r mod {_ring.Slots} of a ring. taps are the rows that windows read; outside the map they are zeros.";
        }
    }

    private int Rows => _middle.Work.Rows;

    /// <summary>Bands have no chains: their steps are the convolutions themselves.</summary>
    public Step? ByRows() => null;

    public ShareCut? Cut => _lanes == 1 && !_strip.BlocksFirst && ParallelExtent(Simd.V512).Maximum > 1 ? ShareCut.Rows : null;

    /// <summary>Which rows the windows and the ring need is not told: another step's rows of the same numbers are not enough.</summary>
    public IReadOnlyList<(TensorView View, RowAccess? Rows)> RowReads => Reads.Select(static v => (v, (RowAccess?)null)).ToArray();

    private int Passes => _middle.Work.Blocks / _strip.Blocks;

    /// <summary>True if a stage has a last pass of its own: with half a block in the end.</summary>
    private bool HasLastPass(RowStage stage) => Passes > 1 && stage.Work.LastIsHalf && !ReferenceEquals(stage, _consumer);

    public override IEnumerable<StepPart> Parts(Simd simd) => Stages.Concat(PartsOfRows)
        .SelectMany(s => (HasLastPass(s) ? new[] { false, true } : new[] { true }).SelectMany(isLast => Groups(s, simd, isLast).Prepend(Part(s, simd, isLast))))
        .Concat(Pool is null || IsFiltered(Last, simd) ? System.Array.Empty<StepPart>()
            : HasLastPass(Last) ? new[] { PooledPart(simd, isLast: false), PooledPart(simd, isLast: true) }
            : new[] { PooledPart(simd, isLast: true) });

    /// <summary>
    /// Passes over the channels, or output rows, of which each share makes the input rows of its first strip for itself, in a ring on its
    /// stack. Where that is too large for a stack, lanes with a ring each.
    /// </summary>
    public override Extent ParallelExtent(Simd simd) => _lanes > 1 ? _lanes
        : Scratch.Sum(static s => s.Bytes) > StepWriter.MaxLocalBytes + SmallScratch.Sum(static s => s.Bytes) ? 1
        : _strip.BlocksFirst ? Passes
        : Last.Work.BatchExtents[0] == 1 ? Pool?.Rows ?? Rows
        : 1;

    private int Strips => (WantedRows + _strip.Rows - 1) / _strip.Rows;

    /// <summary>Memory for the sums of a tile and the rows of a map that a strip reads.</summary>
    private IEnumerable<Storage> SmallScratch => Stages.Select(static s => s.Work.Scratch).Where(static v => v is not null).Select(static v => v!)
        .Concat(Source?.Scratch ?? System.Array.Empty<TensorView>())
        .Select(static v => v.Storage);

    public override void Emit(StepWriter writer)
    {
        IReadOnlyDictionary<Storage, string> locals = DeclareScratch(writer);
        var pointers = Stages.Concat(PartsOfRows).ToDictionary(static s => s, s => Pointers(writer, s, locals));
        if (Pool is not null && !IsFiltered(Last, writer.Simd))
        {
            pointers[Last] = pointers[Last].Append(writer.Pointer(Pool.Output, "y", Pool.Output.Describe())).ToArray();
        }

        if (_ring is not null)
        {
            EmitBorders(writer, Pointer(writer, "border", _ring.Rows.With(_ring.Rows.Layout.ShiftedToStart()), locals));
            writer.Line($"long* taps = stackalloc long[{(_strip.BlocksFirst ? WantedRows : _strip.Rows) * _window.Kernel[0]}];");
            if (_strip.BlocksFirst)
            {
                EmitTaps(writer, _ring, "0", $"{WantedRows}");
            }
        }

        string map = Source is null ? string.Empty : writer.Pointer(Source.Map, "map", Source.Map.Describe());
        string rows = Source is null ? string.Empty : Pointer(writer, "rows", Source.Rows.With(Source.Rows.Layout.ShiftedToStart()), locals);
        Source?.EmitBorders(writer, rows);
        string edges = Source?.InPlace is null ? string.Empty : Pointer(writer, "edges", Source.InPlace.Edges, locals);
        Source?.InPlace?.EmitZeros(writer, edges);
        if (HasRowUnits(writer) && _ring is null && Source is null && Pool is null)
        {
            EmitFetch(writer, pointers[_middle][0]);
        }

        using (writer.For("n", Last.Work.BatchExtents[0]))
        {
            if (_strip.BlocksFirst)
            {
                EmitPasses(writer, isLast => EmitStrips(writer, () => EmitStripOfPass(writer, pointers, isLast)));
            }
            else
            {
                EmitStrips(writer, () => EmitStrip(writer, pointers, map, rows, edges));
            }
        }
    }

    /// <summary>The loop over the strips.</summary>
    private void EmitStrips(StepWriter writer, System.Action emit)
    {
        if (_ring is not null)
        {
            writer.Line(SharesRows(writer)
                ? $"int made = global::System.Math.Max(0, ({FirstRow(writer)} * {_window.Strides[0]}) - {_window.PadsBefore[0]});"
                : "int made = 0;");
        }

        using (writer.IsShared && _lanes > 1 ? writer.ForLanes("first", Strips, _lanes, _strip.Rows)
            : writer.Block($"for (int first = {FirstRow(writer)}; first < {LastRow(writer)}; first += {_strip.Rows})"))
        {
            writer.Line(WantedRows % _strip.Rows == 0 && !HasRowUnits(writer)
                ? $"int last = first + {_strip.Rows};"
                : $"int last = global::System.Math.Min(first + {_strip.Rows}, {LastRow(writer)});");
            emit();
        }
    }

    /// <summary>The loop over the passes, of a share where they are the units; the last pass on its own if its methods are others.</summary>
    private void EmitPasses(StepWriter writer, System.Action<bool> emit)
    {
        bool isShared = writer.IsShared && _strip.BlocksFirst;
        bool hasLastPass = Stages.Any(HasLastPass);
        int whole = hasLastPass ? Passes - 1 : Passes;
        string end = hasLastPass ? $"global::System.Math.Min({StepWriter.End}, {whole})" : StepWriter.End;
        using (isShared ? writer.Block($"for (int pass = {StepWriter.Begin}; pass < {end}; pass++)") : writer.For("pass", whole))
        {
            emit(Passes == 1);
        }

        if (hasLastPass)
        {
            using (isShared ? writer.Block($"for (int pass = global::System.Math.Max({StepWriter.Begin}, {whole}); pass < {StepWriter.End}; pass++)") : writer.For("pass", Passes, start: whole))
            {
                emit(true);
            }
        }
    }

    /// <summary>True if shares are of rows, in lanes or one by one; else of passes, or there are none.</summary>
    private bool SharesRows(StepWriter writer) => writer.IsShared && !_strip.BlocksFirst;

    private bool HasRowUnits(StepWriter writer) => SharesRows(writer) && _lanes == 1;

    /// <summary>The first output row of a share.</summary>
    private string FirstRow(StepWriter writer) => !SharesRows(writer) ? "0"
        : _lanes == 1 ? Of(StepWriter.Begin)
        : $"({(_lanes != Strips ? $"({StepWriter.Begin} * {Strips} / {_lanes})" : StepWriter.Begin)} * {_strip.Rows})";

    /// <summary>The row behind the last one of a share, where rows are shared; else of the map.</summary>
    private string LastRow(StepWriter writer) => HasRowUnits(writer) ? Of(StepWriter.End) : $"{WantedRows}";

    /// <summary>Rows of the convolutions that the result is made of.</summary>
    private int WantedRows => Pool is null ? Rows : Pool.Rows * 2;

    /// <summary>The first of the convolutions' rows that a row of the result is made of.</summary>
    private string Of(string row) => Pool is null ? row : RowPairs.Row(row);

    /// <summary>A share has its working memory on the stack, aligned like the arena, or works in that of its first lane.</summary>
    private IReadOnlyDictionary<Storage, string> DeclareScratch(StepWriter writer)
    {
        var locals = new Dictionary<Storage, string>();
        IEnumerable<Storage> local = !writer.IsShared ? Enumerable.Empty<Storage>() : _lanes > 1 ? SmallScratch : Scratch;
        foreach (Storage storage in local.Distinct())
        {
            locals[storage] = writer.Local("local", storage.Bytes, storage.Name);
        }

        return locals;
    }

    private string Pointer(StepWriter writer, string name, TensorView view, IReadOnlyDictionary<Storage, string> locals)
    {
        if (!locals.TryGetValue(view.Storage, out string? local))
        {
            string pointer = writer.Pointer(view, name, view.Describe());
            if (writer.IsShared && _lanes > 1 && Scratch.Contains(view.Storage))
            {
                writer.Line($"{pointer} += {StepWriter.Begin} * {view.Storage.Bytes / sizeof(float) / _lanes};");
            }

            return pointer;
        }

        string unique = writer.Name(name);
        writer.Line($"float* {unique} = (float*)({local} + {view.ByteOffset});");
        return unique;
    }

    /// <summary>
    /// The rows beyond a share's own that its windows read were written by other threads in the phase before: they are on their way
    /// while the share computes the first of its rows.
    /// </summary>
    private void EmitFetch(StepWriter writer, string input)
    {
        int stride = _window.Strides[0];
        int above = _window.PadsBefore[0];
        int below = _window.Span(0) - stride - above;
        if (above > 0)
        {
            using (writer.Block($"if ({StepWriter.Begin} > 0)"))
            {
                EmitFetch(writer, input, $"({StepWriter.Begin} * {stride}) - {above}", above);
            }
        }

        if (below > 0)
        {
            using (writer.Block($"if ({StepWriter.End} < {Rows})"))
            {
                EmitFetch(writer, input, $"{StepWriter.End} * {stride}", below);
            }
        }
    }

    private void EmitFetch(StepWriter writer, string input, string row, int rows)
    {
        Contraction work = _middle.Work;
        long line = work.InputStrides.Row / _window.Strides[0];
        int floats = (((work.Positions - 1) * _window.Strides[1]) + _window.Span(1)) * Layout.BlockSize;
        using (writer.For("block", work.Blocks))
        using (writer.For("row", rows))
        {
            writer.Line($"CacheHint.Fetch({input} + (block * {work.InputStrides.Block}L) + (({row} + row + {_window.PadsBefore[0]}) * {line}), {floats});");
        }
    }

    private void EmitStrip(StepWriter writer, IReadOnlyDictionary<RowStage, IReadOnlyList<string>> pointers, string map, string rows, string edges)
    {
        if (_ring is not null)
        {
            EmitEnd(writer, _ring);
            EmitTaps(writer, _ring, "first", "last");
        }

        Source?.EmitCopy(writer, map, rows, FirstSourceRow, _producer is null ? "last" : "until");

        EmitPasses(writer, isLast => EmitPass(writer, pointers, map, edges, isLast));
        if (_producer is not null)
        {
            writer.Line("made = until;");
        }

        if (_consumer is not null)
        {
            using (writer.Block("for (int row = first; row < last; row++)"))
            {
                EmitRow(writer, _consumer, pointers[_consumer], isLast: true);
            }
        }
    }

    /// <summary>A strip of one pass's channels.</summary>
    private void EmitStripOfPass(StepWriter writer, IReadOnlyDictionary<RowStage, IReadOnlyList<string>> pointers, bool isLast)
    {
        EmitEnd(writer, _ring!);
        EmitPass(writer, pointers, string.Empty, string.Empty, isLast);
        writer.Line("made = until;");
    }

    /// <summary>The first row that the first stage computes in a strip.</summary>
    private string FirstSourceRow => _producer is null ? "first" : "made";

    /// <summary>Makes the missing rows of some blocks of channels and convolves the strip's windows over them.</summary>
    private void EmitPass(StepWriter writer, IReadOnlyDictionary<RowStage, IReadOnlyList<string>> pointers, string map, string edges, bool isLast)
    {
        if (_producer is not null)
        {
            using (writer.Block("for (int row = made; row < until; row++)"))
            {
                EmitProducer(writer, _producer, pointers, map, edges, isLast);
            }
        }

        if (IsFiltered(_middle, writer.Simd))
        {
            writer.Line(Call(writer, _middle, pointers[_middle], isLast, "first"));
            return;
        }

        using (writer.Block("for (int row = first; row < last; row++)"))
        {
            EmitRow(writer, _middle, pointers[_middle], isLast);
        }
    }

    /// <summary>One row of the producer, of the map where it is if that is possible.</summary>
    private void EmitProducer(StepWriter writer, RowStage producer, IReadOnlyDictionary<RowStage, IReadOnlyList<string>> pointers, string map, string edges, bool isLast)
    {
        if (Source?.InPlace is not { } inPlace)
        {
            writer.Line(Call(writer, producer, pointers[producer], isLast));
            return;
        }

        using (writer.Block($"if (row >= {inPlace.FirstRow} && row < {inPlace.EndRow})"))
        {
            inPlace.EmitCopy(writer, Source, map, edges);
            foreach (RowStage stage in PartsOfRows)
            {
                writer.Line(Call(writer, stage, pointers[stage], isLast));
            }
        }

        using (writer.Block("else"))
        {
            writer.Line(Call(writer, producer, pointers[producer], isLast));
        }
    }

    /// <summary>One row of a stage behind the first: of the last one, rows may be joined by two.</summary>
    private void EmitRow(StepWriter writer, RowStage stage, IReadOnlyList<string> pointers, bool isLast)
    {
        if (Pool is null || !ReferenceEquals(stage, Last))
        {
            writer.Line(Call(writer, stage, pointers, isLast));
            return;
        }

        using (writer.Block("if (row % 2 == 0)"))
        {
            writer.Line(Call(writer, stage, pointers, isLast));
        }

        using (writer.Block("else"))
        {
            writer.Line(CallPooled(writer, stage, pointers, isLast));
        }
    }

    /// <summary>True if a stage computes all rows of a strip at once.</summary>
    private static bool IsFiltered(RowStage stage, Simd simd) => stage.Work.At(simd).Filtering is not null;

    /// <summary>True if a stage computes windows of its own rows and stores their maxima.</summary>
    private bool StoresWindows(RowStage stage, Simd simd) => Pool is not null && ReferenceEquals(stage, Last) && IsFiltered(stage, simd);

    /// <summary>Finds the end of the rows that the strip reads.</summary>
    private void EmitEnd(StepWriter writer, RowRing ring)
    {
        string beyond = _window.Span(0) - _window.Strides[0] - _window.PadsBefore[0] is var ahead && ahead < 0 ? $"- {-ahead}" : $"+ {ahead}";
        writer.Line($"int until = global::System.Math.Min({ring.Height}, (last * {_window.Strides[0]}) {beyond});");
    }

    /// <summary>Finds the place in the ring of each row that the windows of some rows read.</summary>
    private void EmitTaps(StepWriter writer, RowRing ring, string first, string last)
    {
        int kernel = _window.Kernel[0];
        string start = _window.PadsBefore[0] == 0 ? $"row * {_window.Strides[0]}" : $"(row * {_window.Strides[0]}) - {_window.PadsBefore[0]}";
        using (writer.Block($"for (int row = {first}; row < {last}; row++)"))
        using (writer.For("k", kernel))
        {
            writer.Line($"int tap = {start} + {(_window.Dilations[0] == 1 ? "k" : $"(k * {_window.Dilations[0]})")};");
            writer.Line($"taps[({(first == "0" ? "row" : $"(row - {first})")} * {kernel}) + k] = (tap >= 0 && tap < {ring.Height} ? tap % {ring.Slots} : {ring.Slots}) * {ring.RowStride}L;");
        }
    }

    /// <summary>Zeros beside the rows of the ring, and a row of them.</summary>
    private void EmitBorders(StepWriter writer, string border)
    {
        TensorView rows = _ring!.Rows;
        Layout layout = rows.Layout;
        int cell = Layout.BlockSize;
        int left = layout.Halo?.Before[1] ?? 0;
        int right = layout.Halo?.After[1] ?? 0;
        using (writer.For("plane", Layout.BlockCount(rows.Shape[1])))
        {
            using (writer.For("slot", _ring.Slots))
            {
                writer.Line($"float* line = {border} + (plane * {layout.Strides[1]}) + (slot * {layout.Strides[2]});");
                HaloStep.EmitZeros(writer, "line", left * cell);
                HaloStep.EmitZeros(writer, $"line + {(left + rows.Shape[3]) * cell}", right * cell);
            }

            writer.Line($"float* zeros = {border} + (plane * {layout.Strides[1]}) + {_ring.Slots * layout.Strides[2]};");
            HaloStep.EmitZeros(writer, "zeros", (int)layout.Strides[2]);
        }
    }
}
