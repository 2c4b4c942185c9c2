using System;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;

namespace AotCompiler.Kernels;

/// <summary>
/// A loop over neighbouring columns: blocks of four registers, then single ones, then narrower ones, then scalars, or instead of these a
/// register that has some columns once more.
/// </summary>
internal static class ColumnLoop
{
    private const int Registers = 4;

    /// <summary>Writes the loop.</summary>
    /// <param name="writer">Where it goes; its width is the widest used.</param>
    /// <param name="extent">Columns.</param>
    /// <param name="body">Writes one block for a width, a number of registers and an index expression of its first column.</param>
    /// <param name="lanes">Type of the registers' elements.</param>
    /// <param name="mayRepeat">True if a column may be computed twice: nothing overwrites what it is computed from.</param>
    public static void Emit(StepWriter writer, Extent extent, Action<Simd, int, string> body, ElementType lanes = ElementType.Float32, bool mayRepeat = false)
    {
        if (extent.IsDynamic)
        {
            EmitDynamic(writer, writer.Value(extent), body, lanes);
            return;
        }

        int count = extent.Maximum;
        int done = 0;
        for (Simd simd = writer.Simd.Native(lanes); done < count; simd = simd.Narrower)
        {
            if (simd.IsScalar && mayRepeat && done > 0)
            {
                Simd last = Simd.V128.Native(lanes);
                using (writer.Block())
                {
                    body(last, 1, $"{count - last.Lanes}");
                }

                return;
            }

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

    private static void EmitDynamic(StepWriter writer, string count, Action<Simd, int, string> body, ElementType lanes)
    {
        using (writer.Block())
        {
            string column = writer.Name("column");
            writer.Line($"int {column} = 0;");
            for (Simd simd = writer.Simd.Native(lanes); ; simd = simd.Narrower)
            {
                foreach (int registers in simd.Bits == writer.Simd.Bits ? new[] { Registers, 1 } : new[] { 1 })
                {
                    int width = registers * simd.Lanes;
                    using (writer.Block($"for (; {column} <= {count} - {width}; {column} += {width})"))
                    {
                        body(simd, registers, column);
                    }
                }

                if (simd.IsScalar)
                {
                    return;
                }
            }
        }
    }
}
