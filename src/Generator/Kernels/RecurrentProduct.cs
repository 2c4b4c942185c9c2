using System;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// Some vectors times the panels of 16 units, one panel for each gate. A single vector has several sums per output that take turns over the
/// terms, so that the sums do not wait for one another; several vectors share what is read of the weights.
/// </summary>
internal static class RecurrentProduct
{
    /// <summary>Most vectors that are multiplied together.</summary>
    public const int MaxRows = 8;

    /// <summary>Sums kept in registers for a single vector: covers the latency of two multiply-adds per cycle.</summary>
    private const int Accumulators = 8;

    /// <summary>Fewer vectors than this rather take fewer gates at a time.</summary>
    private const int FewRows = 4;

    /// <summary>Vectors that have registers for their sums of some gates.</summary>
    public static int MostRows(Simd simd, int gates) => simd.IsScalar ? 1 : Enumerable.Range(1, gates).Max(streams => RowsOf(simd, streams));

    /// <summary>Writes the products of all gates.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="tile">Where operands and sums lie.</param>
    /// <param name="terms">Length of a vector.</param>
    /// <param name="gates">Number of gates.</param>
    /// <param name="turns">Name of a local that says whether the terms are to be taken from the last to the first; null if they never are.</param>
    public static void Emit(StepWriter writer, RecurrentTile tile, int terms, int gates, string? turns)
    {
        int streams = Streams(writer.Simd, gates, tile.Rows);
        for (int first = 0; first < gates; first += streams)
        {
            using (writer.Block())
            {
                EmitStreams(writer, tile.Skip(first), terms, Math.Min(streams, gates - first), turns);
            }
        }
    }

    private static int RowsOf(Simd simd, int streams)
    {
        int registers = streams * simd.RegistersPerBlock;
        return Enumerable.Range(1, MaxRows).LastOrDefault(rows => (registers * rows) + Math.Min(rows, registers) + 1 <= simd.RegisterCount);
    }

    /// <summary>Gates whose sums are taken side by side.</summary>
    private static int Streams(Simd simd, int gates, int rows) => rows == 1
        ? Math.Max(1, Math.Min(gates, Accumulators / simd.RegistersPerBlock))
        : Enumerable.Range(1, gates).Reverse().First(streams => RowsOf(simd, streams) >= rows || streams == 1);

    private static void EmitStreams(StepWriter writer, RecurrentTile tile, int terms, int streams, string? turns)
    {
        Simd simd = writer.Simd;
        int registers = streams * simd.RegistersPerBlock;
        int split = Math.Max(1, Math.Min(Accumulators / (registers * tile.Rows), terms));
        int looped = terms / split * split;
        string start = turns is null ? string.Empty : $" + ({turns} ? {(looped - split) * tile.TermStride} : 0)";
        writer.Line($"float* panel = {tile.Panel}{start};");
        writer.Line($"float* term = {tile.Vector}{(turns is null ? string.Empty : $" + ({turns} ? {looped - split} : 0)")};");
        for (int i = 0; i < registers * tile.Rows * split; i++)
        {
            writer.Line($"{simd.Type} sum{i} = {simd.Zero};");
        }

        if (turns is not null)
        {
            writer.Line($"long way = {turns} ? {-split}L : {split}L;");
        }

        using (writer.For("k", looped, split))
        {
            EmitTerms(writer, tile, registers, split);
            writer.Line(turns is null ? $"term += {split};" : "term += way;");
            writer.Line(turns is null ? $"panel += {split * tile.TermStride};" : $"panel += way * {tile.TermStride};");
        }

        if (looped < terms)
        {
            writer.Line($"panel = {tile.Panel} + {looped * tile.TermStride};");
            writer.Line($"term = {tile.Vector} + {looped};");
            EmitTerms(writer, tile, registers, terms - looped);
        }

        for (int q = 0; q < tile.Rows; q++)
        {
            for (int i = 0; i < registers; i++)
            {
                string sum = string.Join(" + ", Enumerable.Range(0, split).Select(part => $"sum{Sum(tile, registers, part, q, i)}"));
                writer.Line(simd.Store($"{tile.Sums} + {(q * tile.SumStride) + (i * simd.Lanes)}", sum));
            }
        }
    }

    /// <summary>Neighbouring terms, each for sums of its own. Weights or elements of the vectors wait in registers, whichever are fewer.</summary>
    private static void EmitTerms(StepWriter writer, RecurrentTile tile, int registers, int count)
    {
        Simd simd = writer.Simd;
        string Element(int q, int part) => simd.Broadcast($"term[{(q * tile.VectorStride) + part}]");
        string Weight(int i, int part) =>
            simd.Load($"panel + {(part * tile.TermStride) + (i / simd.RegistersPerBlock * tile.GateStride) + (i % simd.RegistersPerBlock * simd.Lanes)}");
        void Add(int part, int q, int i, string weight, string element)
        {
            string sum = $"sum{Sum(tile, registers, part, q, i)}";
            writer.Line($"{sum} = {simd.MultiplyAdd(weight, element, sum)};");
        }

        for (int part = 0; part < count; part++)
        {
            using CodeWriter.Scope scope = writer.Block();
            bool keepsWeights = tile.Rows > registers;
            for (int kept = 0; kept < Math.Min(tile.Rows, registers); kept++)
            {
                writer.Line(keepsWeights ? $"{simd.Type} w{kept} = {Weight(kept, part)};" : $"{simd.Type} v{kept} = {Element(kept, part)};");
            }

            for (int outer = 0; outer < Math.Max(tile.Rows, registers); outer++)
            {
                string name = keepsWeights ? $"v{outer}" : $"w{outer}";
                string read = keepsWeights ? Element(outer, part) : Weight(outer, part);
                if (tile.Rows > 1)
                {
                    writer.Line($"{simd.Type} {name} = {read};");
                    read = name;
                }

                for (int inner = 0; inner < Math.Min(tile.Rows, registers); inner++)
                {
                    Add(part, keepsWeights ? outer : inner, keepsWeights ? inner : outer, keepsWeights ? $"w{inner}" : read, keepsWeights ? read : $"v{inner}");
                }
            }
        }
    }

    private static int Sum(RecurrentTile tile, int registers, int part, int vector, int register) => (((part * tile.Rows) + vector) * registers) + register;
}

/// <summary>Vectors that are multiplied by the same panels.</summary>
/// <param name="Panel">Pointer to the first gate's panel.</param>
/// <param name="GateStride">Elements from one gate's panel to the next one's.</param>
/// <param name="TermStride">Elements from one term of a panel to the next.</param>
/// <param name="Vector">Pointer to the first vector.</param>
/// <param name="VectorStride">Elements from one to the next.</param>
/// <param name="Sums">Pointer to the first one's sums, [gate, 16]; all lanes are written.</param>
/// <param name="SumStride">Elements from one's sums to the next one's.</param>
/// <param name="Rows">How many vectors.</param>
internal sealed record RecurrentTile(string Panel, long GateStride, long TermStride, string Vector, int VectorStride, string Sums, int SumStride, int Rows)
{
    /// <summary>The tile without the first gates.</summary>
    public RecurrentTile Skip(int gates) => gates == 0 ? this : this with { Panel = $"{Panel} + {gates * GateStride}", Sums = $"{Sums} + {gates * Layout.BlockSize}" };
}
