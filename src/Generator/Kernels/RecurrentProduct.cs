using AotCompiler.Emission;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>A vector times a matrix in panels of 16 columns: several panels at once, so that the sums do not wait for one another.</summary>
internal static class RecurrentProduct
{
    /// <summary>Sums kept in registers: covers the latency of two multiply-adds per cycle.</summary>
    private const int Accumulators = 8;

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
        int tile = System.Math.Max(1, Accumulators / writer.Simd.RegistersPerBlock);
        int tiled = blocks / tile * tile;
        if (tiled > 0)
        {
            using (writer.For("block", firstBlock + tiled, tile, firstBlock))
            {
                EmitTile(writer, panels, sums, vector, terms, tile);
            }
        }

        if (tiled < blocks)
        {
            using (writer.Block())
            {
                writer.Line($"const int block = {firstBlock + tiled};");
                EmitTile(writer, panels, sums, vector, terms, blocks - tiled);
            }
        }
    }

    private static void EmitTile(StepWriter writer, string panels, string sums, string vector, int terms, int blocks)
    {
        Simd simd = writer.Simd;
        int registers = blocks * simd.RegistersPerBlock;
        long panel = (long)terms * Layout.BlockSize;
        writer.Line($"float* panel = {panels} + (block * {panel}L);");
        for (int i = 0; i < registers; i++)
        {
            writer.Line($"{simd.Type} sum{i} = {simd.Zero};");
        }

        using (writer.For("k", terms))
        {
            writer.Line($"{simd.Type} v = {simd.Broadcast($"{vector}[k]")};");
            for (int i = 0; i < registers; i++)
            {
                long offset = (i / simd.RegistersPerBlock * panel) + (i % simd.RegistersPerBlock * simd.Lanes);
                writer.Line($"sum{i} = {simd.MultiplyAdd(simd.Load($"panel + {offset}"), "v", $"sum{i}")};");
            }

            writer.Line($"panel += {Layout.BlockSize};");
        }

        for (int i = 0; i < registers; i++)
        {
            writer.Line(simd.Store($"{sums} + (block * {Layout.BlockSize}) + {i * simd.Lanes}", $"sum{i}"));
        }
    }
}
