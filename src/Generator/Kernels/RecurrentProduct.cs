using System;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// A vector times a matrix in panels of 16 columns: several panels at once and several sums per output that take turns over the
/// terms, so that the sums do not wait for one another.
/// </summary>
internal static class RecurrentProduct
{
    /// <summary>Sums kept in registers: covers the latency of two multiply-adds per cycle.</summary>
    private const int Accumulators = 8;

    /// <summary>Panels read side by side: more would evict each other from one set of the first-level cache (see <see cref="TileChoice"/>).</summary>
    private const int MaxStreams = 4;

    /// <summary>Writes the product.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="panels">Pointer to panels [block, terms, 16].</param>
    /// <param name="sums">Pointer to [block, 16]; all lanes are written.</param>
    /// <param name="vector">Pointer to the vector.</param>
    /// <param name="terms">Its length.</param>
    /// <param name="firstBlock">First panel.</param>
    /// <param name="blocks">Number of panels.</param>
    public static void Emit(StepWriter writer, string panels, string sums, string vector, int terms, int firstBlock, int blocks)
    {
        int tile = Math.Max(1, Math.Min(MaxStreams, Accumulators / writer.Simd.RegistersPerBlock));
        int tiled = blocks / tile * tile;
        if (tiled > 0)
        {
            using (writer.For("block", firstBlock + tiled, tile, firstBlock))
            {
                EmitTile(writer, panels, new RecurrentVectors(sums, vector), terms, tile, 1);
            }
        }

        if (tiled < blocks)
        {
            using (writer.Block())
            {
                writer.Line($"const int block = {firstBlock + tiled};");
                EmitTile(writer, panels, new RecurrentVectors(sums, vector), terms, blocks - tiled, 1);
            }
        }
    }

    /// <summary>True if the sums of a block of each of so many gates fit the registers.</summary>
    public static bool FitsGates(Simd simd, int gates) => gates <= MaxStreams && gates * simd.RegistersPerBlock <= Accumulators;

    /// <summary>True if they do for several vectors, beside an element of each and a weight.</summary>
    public static bool FitsGates(Simd simd, int gates, int vectors) => vectors == 1 || ((gates * simd.RegistersPerBlock) + 1) * vectors < simd.RegisterCount;

    /// <summary>Writes the product of one panel of each gate: those of 16 units. The local <c>block</c> says which.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="panels">Pointer to panels [gate, block, terms, 16].</param>
    /// <param name="vectors">What is multiplied; the sums of each are [gate, block, 16].</param>
    /// <param name="terms">Length of a vector.</param>
    /// <param name="gates">Number of gates.</param>
    /// <param name="blocksPerGate">Panels of a gate.</param>
    /// <param name="turns">Name of a local that says whether the terms are to be taken from the last to the first; null if they never are.</param>
    public static void EmitGates(StepWriter writer, string panels, RecurrentVectors vectors, int terms, int gates, int blocksPerGate, string? turns) =>
        EmitTile(writer, panels, vectors, terms, gates, blocksPerGate, turns);

    /// <summary>Panels that lie <paramref name="distance"/> apart.</summary>
    private static void EmitTile(StepWriter writer, string panels, RecurrentVectors vectors, int terms, int blocks, int distance, string? turns = null)
    {
        Simd simd = writer.Simd;
        int registers = blocks * simd.RegistersPerBlock;
        int split = Math.Max(1, Math.Min(Accumulators / (registers * vectors.Count), terms));
        int looped = terms / split * split;
        string panel = $"{panels} + (block * {(long)terms * Layout.BlockSize}L)";
        writer.Line($"float* panel = {panel}{(turns is null ? string.Empty : $" + ({turns} ? {(looped - split) * Layout.BlockSize} : 0)")};");
        for (int i = 0; i < registers * vectors.Count * split; i++)
        {
            writer.Line($"{simd.Type} sum{i} = {simd.Zero};");
        }

        var tile = new SharedPanels(vectors, (long)terms * distance * Layout.BlockSize, registers);
        if (turns is null)
        {
            using (writer.For("k", looped, split))
            {
                EmitTerms(writer, tile, vectors.Vector, "k", split);
                writer.Line($"panel += {split * Layout.BlockSize};");
            }
        }
        else
        {
            EmitTurningLoop(writer, tile, turns, looped, split);
        }

        if (looped < terms)
        {
            if (turns is not null)
            {
                writer.Line($"panel = {panel} + {looped * Layout.BlockSize};");
            }

            EmitTerms(writer, tile, vectors.Vector, $"{looped}", terms - looped);
        }

        for (int q = 0; q < vectors.Count; q++)
        {
            for (int i = 0; i < registers; i++)
            {
                string sum = string.Join(" + ", Enumerable.Range(0, split).Select(part => $"sum{tile.Sum(part, q, i)}"));
                int offset = (q * vectors.SumStride) + (i / simd.RegistersPerBlock * distance * Layout.BlockSize) + (i % simd.RegistersPerBlock * simd.Lanes);
                writer.Line(simd.Store($"{vectors.Sums} + (block * {Layout.BlockSize}) + {offset}", sum));
            }
        }
    }

    /// <summary>The loop over the terms in one direction or the other.</summary>
    private static void EmitTurningLoop(StepWriter writer, SharedPanels tile, string turns, int looped, int split)
    {
        writer.Line($"float* term = {tile.Vectors.Vector} + ({turns} ? {looped - split} : 0);");
        writer.Line($"long way = {turns} ? {-split}L : {split}L;");
        using (writer.For("k", looped, split))
        {
            EmitTerms(writer, tile, "term", "0", split);
            writer.Line("term += way;");
            writer.Line($"panel += way * {Layout.BlockSize};");
        }
    }

    /// <summary>Neighbouring terms from <paramref name="first"/> on, each for sums of its own.</summary>
    private static void EmitTerms(StepWriter writer, SharedPanels tile, string vector, string first, int count)
    {
        Simd simd = writer.Simd;
        string Index(int offset) => first == "0" ? $"{offset}" : offset == 0 ? first : $"{first} + {offset}";
        for (int part = 0; part < count; part++)
        {
            using (writer.Block())
            {
                for (int q = 0; q < tile.Vectors.Count; q++)
                {
                    writer.Line($"{simd.Type} v{q} = {simd.Broadcast($"{vector}[{Index((q * tile.Vectors.VectorStride) + part)}]")};");
                }

                for (int i = 0; i < tile.Registers; i++)
                {
                    long offset = (i / simd.RegistersPerBlock * tile.PanelStride) + (i % simd.RegistersPerBlock * simd.Lanes) + (part * Layout.BlockSize);
                    string weight = simd.Load($"panel + {offset}");
                    if (tile.Vectors.Count > 1)
                    {
                        writer.Line($"{simd.Type} w{i} = {weight};");
                        weight = $"w{i}";
                    }

                    for (int q = 0; q < tile.Vectors.Count; q++)
                    {
                        string sum = $"sum{tile.Sum(part, q, i)}";
                        writer.Line($"{sum} = {simd.MultiplyAdd(weight, $"v{q}", sum)};");
                    }
                }
            }
        }
    }

    /// <summary>Some panels times some vectors.</summary>
    /// <param name="Vectors">The vectors.</param>
    /// <param name="PanelStride">Elements from one panel to the next.</param>
    /// <param name="Registers">Registers of one vector's sums.</param>
    private readonly record struct SharedPanels(RecurrentVectors Vectors, long PanelStride, int Registers)
    {
        /// <summary>Number of the local for a register of sums.</summary>
        public int Sum(int part, int vector, int register) => (((part * Vectors.Count) + vector) * Registers) + register;
    }
}

/// <summary>Vectors that are multiplied by the same matrix.</summary>
/// <param name="Sums">Pointer to the first one's sums; all lanes are written.</param>
/// <param name="Vector">Pointer to the first one.</param>
/// <param name="Count">How many.</param>
/// <param name="SumStride">Elements from one's sums to the next one's.</param>
/// <param name="VectorStride">Elements from one to the next.</param>
internal readonly record struct RecurrentVectors(string Sums, string Vector, int Count = 1, int SumStride = 0, int VectorStride = 0);
