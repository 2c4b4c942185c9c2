using System;
using System.Linq;
using AotCompiler.Emission;

namespace AotCompiler.Kernels;

/// <summary>A loop over neighbouring columns: blocks of four registers, then single ones, then narrower ones, then scalars.</summary>
internal static class ColumnLoop
{
    private const int Registers = 4;

    /// <summary>Writes the loop.</summary>
    /// <param name="writer">Where it goes; its width is the widest used.</param>
    /// <param name="count">Columns, known at compile time.</param>
    /// <param name="body">Writes one block for a width, a number of registers and an index expression of its first column.</param>
    public static void Emit(StepWriter writer, int count, Action<Simd, int, string> body)
    {
        int done = 0;
        for (Simd simd = writer.Simd; done < count; simd = simd.Narrower)
        {
            foreach (int registers in simd.IsScalar ? new[] { 1 } : new[] { Registers, 1 })
            {
                int width = registers * simd.Lanes;
                int blocks = (count - done) / width;
                if (blocks == 0)
                {
                    continue;
                }

                string column = writer.Name("column");
                int end = done + (blocks * width);
                using (blocks == 1 ? writer.Block() : writer.Block($"for (int {column} = {done}; {column} < {end}; {column} += {width})"))
                {
                    body(simd, registers, blocks == 1 ? $"{done}" : column);
                }

                done = end;
            }
        }
    }
}
