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
                EmitTile(writer, panels, sums, vector, terms, tile, 1);
            }
        }

        if (tiled < blocks)
        {
            using (writer.Block())
            {
                writer.Line($"const int block = {firstBlock + tiled};");
                EmitTile(writer, panels, sums, vector, terms, blocks - tiled, 1);
            }
        }
    }

    /// <summary>True if the sums of a block of each of so many gates fit the registers.</summary>
    public static bool FitsGates(Simd simd, int gates) => gates <= MaxStreams && gates * simd.RegistersPerBlock <= Accumulators;

    /// <summary>Writes the product of one panel of each gate: those of 16 units. The local <c>block</c> says which.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="panels">Pointer to panels [gate, block, terms, 16].</param>
    /// <param name="sums">Pointer to [gate, block, 16].</param>
    /// <param name="vector">Pointer to the vector.</param>
    /// <param name="terms">Its length.</param>
    /// <param name="gates">Number of gates.</param>
    /// <param name="blocksPerGate">Panels of a gate.</param>
    public static void EmitGates(StepWriter writer, string panels, string sums, string vector, int terms, int gates, int blocksPerGate) =>
        EmitTile(writer, panels, sums, vector, terms, gates, blocksPerGate);

    /// <summary>Panels that lie <paramref name="distance"/> apart.</summary>
    private static void EmitTile(StepWriter writer, string panels, string sums, string vector, int terms, int blocks, int distance)
    {
        Simd simd = writer.Simd;
        int registers = blocks * simd.RegistersPerBlock;
        int split = Math.Max(1, Math.Min(Accumulators / registers, terms));
        int looped = terms / split * split;
        writer.Line($"float* panel = {panels} + (block * {(long)terms * Layout.BlockSize}L);");
        for (int i = 0; i < registers * split; i++)
        {
            writer.Line($"{simd.Type} sum{i} = {simd.Zero};");
        }

        using (writer.For("k", looped, split))
        {
            EmitTerms(writer, vector, "k", (long)terms * distance, registers, split);
        }

        if (looped < terms)
        {
            EmitTerms(writer, vector, $"{looped}", (long)terms * distance, registers, terms - looped);
        }

        for (int i = 0; i < registers; i++)
        {
            string sum = string.Join(" + ", Enumerable.Range(0, split).Select(part => $"sum{i + (part * registers)}"));
            int offset = (i / simd.RegistersPerBlock * distance * Layout.BlockSize) + (i % simd.RegistersPerBlock * simd.Lanes);
            writer.Line(simd.Store($"{sums} + (block * {Layout.BlockSize}) + {offset}", sum));
        }
    }

    /// <summary>Neighbouring terms from <paramref name="first"/> on, each for a sum of its own; panels are so many rows apart.</summary>
    private static void EmitTerms(StepWriter writer, string vector, string first, long rows, int registers, int count)
    {
        Simd simd = writer.Simd;
        long panel = rows * Layout.BlockSize;
        for (int part = 0; part < count; part++)
        {
            using (writer.Block())
            {
                writer.Line($"{simd.Type} v = {simd.Broadcast($"{vector}[{first}{(part == 0 ? string.Empty : $" + {part}")}]")};");
                for (int i = 0; i < registers; i++)
                {
                    long offset = (i / simd.RegistersPerBlock * panel) + (i % simd.RegistersPerBlock * simd.Lanes) + (part * Layout.BlockSize);
                    string sum = $"sum{i + (part * registers)}";
                    writer.Line($"{sum} = {simd.MultiplyAdd(simd.Load($"panel + {offset}"), "v", sum)};");
                }
            }
        }

        writer.Line($"panel += {count * Layout.BlockSize};");
    }
}
