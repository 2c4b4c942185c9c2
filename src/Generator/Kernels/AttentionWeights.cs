using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Operators.Reduction;

namespace AotCompiler.Kernels;

/// <summary>
/// The softmax between the two products of attention, in place: rows of scores, padded to whole blocks of 16, become exponentials
/// relative to each row's maximum; what would make their sum 1 is kept beside them.
/// </summary>
/// <remarks>
/// Padding becomes -∞, whose exponential is 0, so that all vectors are whole. Two rows at once hide each other's latency. A NaN
/// may be missed by the maximum, not by the sum.
/// </remarks>
internal static class AttentionWeights
{
    private const int RowsAtOnce = 2;

    // Vectors whose exponentials one register sums up before it joins the total: bounds the rounding error (see Accumulation).
    private const int RunVectors = 256;

    /// <summary>Writes the loops over the rows in <c>scores</c>; fills <c>factors</c>.</summary>
    /// <param name="writer">Where they go.</param>
    /// <param name="rows">Number of rows, if it is fixed.</param>
    /// <param name="variable">Else the local that holds it; null if it is fixed.</param>
    /// <param name="keys">Real scores of a row.</param>
    /// <param name="padded">The same up to the end of their last block of 16.</param>
    /// <param name="stride">Floats from row to row, a multiple of 16.</param>
    public static void Emit(StepWriter writer, int rows, string? variable, Extent keys, Extent padded, int stride)
    {
        if (variable is not null)
        {
            EmitRunTimeRows(writer, variable, keys, padded, stride);
            return;
        }

        int paired = rows / RowsAtOnce * RowsAtOnce;
        if (paired > 0)
        {
            using (writer.For("r", paired, RowsAtOnce))
            {
                EmitRows(writer, RowsAtOnce, keys, padded, stride);
            }
        }

        if (rows > paired)
        {
            using (writer.For("r", rows, rows - paired, paired))
            {
                EmitRows(writer, rows - paired, keys, padded, stride);
            }
        }
    }

    private static void EmitRunTimeRows(StepWriter writer, string count, Extent keys, Extent padded, int stride)
    {
        using (writer.Block())
        {
            writer.Line("int r = 0;");
            foreach (int rows in new[] { RowsAtOnce, 1 })
            {
                using (writer.Block($"for (; r <= {count} - {rows}; r += {rows})"))
                {
                    EmitRows(writer, rows, keys, padded, stride);
                }
            }
        }
    }

    private static void EmitRows(StepWriter writer, int count, Extent keys, Extent padded, int stride)
    {
        Simd simd = writer.Simd;
        string[] rows = Enumerable.Range(0, count).Select(_ => writer.Name("row")).ToArray();
        for (int i = 0; i < count; i++)
        {
            writer.Line($"float* {rows[i]} = scores + ({(i == 0 ? "r" : $"(r + {i})")} * {stride});");
            EmitPadding(writer, rows[i], keys, padded);
        }

        string[] maxima = EmitMaxima(writer, rows, padded);
        string[] sums = rows.Select(_ => Declare(writer, "sum", simd.Zero)).ToArray();
        int run = RunVectors * simd.Lanes;
        string whole = writer.Value(padded);
        if (padded.Maximum <= run)
        {
            EmitExponentials(writer, rows, maxima, sums, "0", whole);
        }
        else
        {
            string start = writer.Name("first");
            string end = writer.Name("last");
            using (writer.Block($"for (int {start} = 0; {start} < {whole}; {start} += {run})"))
            {
                string[] partial = rows.Select(_ => Declare(writer, "partial", simd.Zero)).ToArray();
                writer.Line($"int {end} = global::System.Math.Min({start} + {run}, {whole});");
                EmitExponentials(writer, rows, maxima, partial, start, end);
                for (int i = 0; i < count; i++)
                {
                    writer.Line($"{sums[i]} += {partial[i]};");
                }
            }
        }

        for (int i = 0; i < count; i++)
        {
            string total = Accumulation.EmitAcrossLanes(writer, ReductionFunction.Sum, simd, sums[i]);
            writer.Line($"factors[{(i == 0 ? "r" : $"r + {i}")}] = 1 / {total};");
        }
    }

    private static void EmitPadding(StepWriter writer, string row, Extent keys, Extent padded)
    {
        if (keys.IsDynamic)
        {
            using (writer.Block($"for (int k = {writer.Value(keys)}; k < {writer.Value(padded)}; k++)"))
            {
                writer.Line($"{row}[k] = float.NegativeInfinity;");
            }

            return;
        }

        VectorLoop.Emit(writer, padded.Maximum - keys.Maximum, (width, index) => writer.Line(width.Store(VectorLoop.At($"{row} + {keys.Maximum}", index), width.Constant(float.NegativeInfinity))));
    }

    private static string[] EmitMaxima(StepWriter writer, string[] rows, Extent padded)
    {
        Simd simd = writer.Simd;
        string[] maxima = rows.Select(row => Declare(writer, "maximum", simd.Load(row))).ToArray();
        if (padded.Maximum > simd.Lanes)
        {
            using (padded.IsDynamic
                ? writer.Block($"for (int k = {simd.Lanes}; k < {writer.Value(padded)}; k += {simd.Lanes})")
                : writer.For("k", padded.Maximum, simd.Lanes, simd.Lanes))
            {
                for (int i = 0; i < rows.Length; i++)
                {
                    writer.Line($"{maxima[i]} = {simd.AtLeast(maxima[i], simd.Load($"{rows[i]} + k"))};");
                }
            }
        }

        return maxima.Select(m => Declare(writer, "top", simd.Broadcast(Accumulation.EmitAcrossLanes(writer, ReductionFunction.Max, simd, m)))).ToArray();
    }

    private static void EmitExponentials(StepWriter writer, string[] rows, string[] maxima, string[] sums, string first, string end)
    {
        Simd simd = writer.Simd;
        using (writer.Block($"for (int k = {first}; k < {end}; k += {simd.Lanes})"))
        {
            for (int i = 0; i < rows.Length; i++)
            {
                string exponential = Declare(writer, "e", simd.Math("Exp", $"{simd.Load($"{rows[i]} + k")} - {maxima[i]}"));
                writer.Line(simd.Store($"{rows[i]} + k", exponential));
                writer.Line($"{sums[i]} += {exponential};");
            }
        }
    }

    private static string Declare(StepWriter writer, string wanted, string value)
    {
        string name = writer.Name(wanted);
        writer.Line($"{writer.Simd.Type} {name} = {value};");
        return name;
    }
}
