using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators;

namespace AotCompiler.Kernels;

/// <content>The methods of the stages, and their calls.</content>
internal sealed partial class RowChainStep
{
    /// <summary>Declares what a stage reads and writes: x, w, b, s, r1, r2, …, y as far as there are such operands.</summary>
    private IReadOnlyList<string> Pointers(StepWriter writer, RowStage stage, IReadOnlyDictionary<Storage, string> locals) =>
        Operands(stage, writer.Simd).Select(o => Pointer(writer, $"{o.Name}{stage.Name}", o.View, locals)).ToArray();

    private IEnumerable<(string Name, TensorView View)> Operands(RowStage stage, Simd simd)
    {
        Contraction work = stage.Work.At(simd);
        yield return ("x", work.Input);
        yield return ("w", work.Weights);
        if (work.Bias is not null)
        {
            yield return ("b", work.Bias);
        }

        if (work.Scratch is not null)
        {
            yield return ("s", work.Scratch);
        }

        for (int i = 0; i < work.EpilogueOperands.Count; i++)
        {
            yield return ($"r{i + 1}", work.EpilogueOperands[i].View);
        }

        yield return ("y", StoresWindows(stage, simd) ? Pool!.Output : work.Output);
    }

    /// <summary>Calls a stage's method for one row, or all rows of the strip, and, but for the consumer, one pass over the channels.</summary>
    private string Call(StepWriter writer, RowStage stage, IReadOnlyList<string> pointers, bool isLast, string row = "row")
    {
        IEnumerable<string> rows = IsFiltered(stage, writer.Simd) ? new[] { "last - first" } : System.Array.Empty<string>();
        return $"{StepWriter.PartName(Part(stage, writer.Simd, isLast))}({string.Join(", ", Arguments(stage, writer.Simd, pointers, row).Concat(Table(stage, row)).Concat(rows))});";
    }

    /// <summary>The same for an odd row of the last stage, which joins the even one; the last pointer is that of the windows.</summary>
    private string CallPooled(StepWriter writer, RowStage stage, IReadOnlyList<string> pointers, bool isLast)
    {
        string output = pointers[pointers.Count - 1] + WalkWindows(stage, "row");
        return $"{StepWriter.PartName(PooledPart(writer.Simd, isLast))}({string.Join(", ", Arguments(stage, writer.Simd, pointers, "row").Append(output).Concat(Table(stage, "row")))});";
    }

    /// <summary>The way to the windows of a row.</summary>
    private string WalkWindows(RowStage stage, string row)
    {
        IReadOnlyList<long> strides = Pool!.Output.Layout.Strides;
        OutputStrides windows = stage.Work.OutputStrides with { Block = strides[1], Row = 0, Batch = new[] { strides[0] } };
        return $"{WalkOperand(stage, windows, row)} + ({row} / 2 * {strides[2]})";
    }

    private string InStrip(string row, long stride) => row == "first" ? string.Empty : $" + (({row} - first) * {stride})";

    private IEnumerable<string> Table(RowStage stage, string row) => stage.Work.HasTapTable ? new[] { $"taps{(_strip.BlocksFirst ? $" + ({row} * {_window.Kernel[0]})" : InStrip(row, _window.Kernel[0]))}" } : System.Array.Empty<string>();

    private IEnumerable<string> Arguments(RowStage stage, Simd simd, IReadOnlyList<string> pointers, string row)
    {
        Contraction work = stage.Work.At(simd);
        return Operands(stage, simd).Zip(pointers, (operand, pointer) => pointer + operand.Name switch
        {
            "x" => Source is not null && ReferenceEquals(stage, Stages[0]) ? $" + (({row} - {FirstSourceRow}) * {work.InputStrides.Row})"
                : ReferenceEquals(stage, Source?.InPlace?.Inside) ? Walk(work.InputStrides, row)
                : PartsOfRows.Contains(stage) ? string.Empty
                : ReferenceEquals(stage, _consumer) ? InStrip(row, work.InputStrides.Row)
                : work.HasTapTable ? PassOfRing(stage, _ring!.BlockStride)
                : Walk(work.InputStrides, row) + Pass(stage, work.LaneInput ? work.InputStrides.Block : 0),
            "y" => ReferenceEquals(stage, _producer) || PartsOfRows.Contains(stage) ? $" + ({row} % {_ring!.Slots} * {_ring.RowStride}){PassOfRing(stage, work.OutputStrides.Block)}"
                : StoresWindows(stage, simd) ? WalkWindows(stage, row)
                : Pool is not null && ReferenceEquals(stage, Last) ? Pass(stage, work.OutputStrides.Block)
                : (ReferenceEquals(stage, _middle) && _consumer is not null ? InStrip(row, work.OutputStrides.Row) : Walk(work.OutputStrides, row)) + Pass(stage, work.OutputStrides.Block),
            "w" => Pass(stage, work.PanelLength),
            "b" => Pass(stage, Layout.BlockSize),
            "s" => string.Empty,
            _ => WalkOperand(stage, work.EpilogueOperands[int.Parse(operand.Name.Substring(1), System.Globalization.CultureInfo.InvariantCulture) - 1].Strides, row),
        });
    }

    private string WalkOperand(RowStage stage, OutputStrides strides, string row) => Walk(strides, row) + Pass(stage, strides.Block);

    private string Walk(OutputStrides strides, string row) =>
        (Last.Work.BatchExtents[0].Maximum > 1 && strides.Batch[0] != 0 ? $" + (n * {strides.Batch[0]}L)" : string.Empty)
        + (strides.Row != 0 ? $" + ({row} * {strides.Row})" : string.Empty);

    /// <summary>The way to the blocks of this pass.</summary>
    private string Pass(RowStage stage, long blockStride) => ReferenceEquals(stage, _consumer) || Passes == 1 || blockStride == 0
        ? string.Empty
        : $" + (pass * {blockStride * _strip.Blocks})";

    /// <summary>The way to them in the ring, which may hold those of one pass only.</summary>
    private string PassOfRing(RowStage stage, long blockStride) => _strip.BlocksFirst ? string.Empty : Pass(stage, blockStride);

    /// <summary>The method for one row of a stage, or for the rows of a strip.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="simd">The vector width.</param>
    /// <param name="isLast">True for the pass that ends with the last block.</param>
    private StepPart Part(RowStage stage, Simd simd, bool isLast = true)
    {
        Contraction work = PartWork(stage, simd, isLast);
        bool isFiltered = IsFiltered(stage, simd);
        return new StepPart(
            PartName(stage.Name, stage, isLast),
            Parameters(stage, Operands(stage, simd).Select(static o => o.Name)).Concat(isFiltered ? new[] { "int rows" } : System.Array.Empty<string>()).ToArray(),
            $"{(isFiltered ? "some rows" : "one row")} of {Summarize(stage, work)}",
            writer => Write(work, work.Tile(writer.Simd), writer));
    }

    /// <summary>The method for an odd row of the last stage, which joins the even row above it.</summary>
    private StepPart PooledPart(Simd simd, bool isLast)
    {
        Contraction row = PartWork(Last, simd, isLast);
        return new StepPart(
            PartName("Pooled", Last, isLast),
            Parameters(Last, Operands(Last, simd).Select(static o => o.Name == "y" ? "above" : o.Name).Append("y")).ToArray(),
            $"one row of {Summarize(Last, row)}, and the maxima of windows over this row and the one above it",
            writer =>
            {
                (Contraction work, TileChoice tile) = Pool!.Joined(row, writer.Simd);
                Write(work, tile, writer);
            });
    }

    /// <summary>The methods for groups of rows that a stage's method calls.</summary>
    private IEnumerable<StepPart> Groups(RowStage stage, Simd simd, bool isLast) => PartWork(stage, simd, isLast) is { GroupPart: not null } work
        ? ContractionWriter.FilterParts(work.At(simd), Parameters(stage, Operands(stage, simd).Select(static o => o.Name)).ToArray(), anyRows: true, Goal == CodeGoal.Size)
        : Enumerable.Empty<StepPart>();

    private string PartName(string name, RowStage stage, bool isLast) => isLast && HasLastPass(stage) ? $"{name}Last" : name;

    private static IEnumerable<string> Parameters(RowStage stage, IEnumerable<string> operands) =>
        operands.Select(static name => $"float* {name}").Concat(stage.Work.HasTapTable ? new[] { "long* taps" } : System.Array.Empty<string>());

    private static string Summarize(RowStage stage, Contraction row) =>
        $"{stage.What}{(row.Blocks == stage.Work.Blocks ? string.Empty : $", {row.Blocks * Layout.BlockSize} channels")}";

    private static void Write(Contraction row, TileChoice tile, StepWriter writer) => new ContractionWriter(row, writer, tile, ContractionSplit.None).WriteLoops();

    /// <summary>What the method of a stage computes.</summary>
    private Contraction PartWork(RowStage stage, Simd simd, bool isLast)
    {
        Contraction work = stage.Work;
        bool isFiltered = IsFiltered(stage, simd);
        Contraction part = work.WithoutBatch() with
        {
            Blocks = ReferenceEquals(stage, _consumer) ? work.Blocks : _strip.Blocks,
            LastIsHalf = work.LastIsHalf && isLast,
            Rows = isFiltered ? _strip.Rows : 1,
            RowVariable = isFiltered ? "rows" : null,
            GroupPart = isFiltered ? PartName(stage.Name, stage, isLast) : null,
        };
        return StoresWindows(stage, simd) ? Pool!.Windows(part) : part;
    }
}
