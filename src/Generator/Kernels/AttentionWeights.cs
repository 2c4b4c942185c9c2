using System.Linq;
using AotCompiler.Emission;
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
    /// <param name="rows">Number of rows.</param>
    /// <param name="keys">Real scores of a row.</param>
    /// <param name="stride">Floats from row to row, a multiple of 16.</param>
    public static void Emit(StepWriter writer, int rows, int keys, int stride)
    {
        int paired = rows / RowsAtOnce * RowsAtOnce;
        if (paired > 0)
        {
            using (writer.For("r", paired, RowsAtOnce))
            {
                EmitRows(writer, RowsAtOnce, keys, stride);
            }
        }

        if (rows > paired)
        {
            using (writer.For("r", rows, rows - paired, paired))
            {
                EmitRows(writer, rows - paired, keys, stride);
            }
        }
    }

    private static void EmitRows(StepWriter writer, int count, int keys, int stride)
    {
        Simd simd = writer.Simd;
        string[] rows = Enumerable.Range(0, count).Select(_ => writer.Name("row")).ToArray();
        for (int i = 0; i < count; i++)
        {
            writer.Line($"float* {rows[i]} = scores + ({(i == 0 ? "r" : $"(r + {i})")} * {stride});");
            string row = rows[i];
            VectorLoop.Emit(writer, stride - keys, (width, index) => writer.Line(width.Store(VectorLoop.At($"{row} + {keys}", index), width.Constant(float.NegativeInfinity))));
        }

        string[] maxima = EmitMaxima(writer, rows, stride);
        string[] sums = rows.Select(_ => Declare(writer, "sum", simd.Zero)).ToArray();
        int run = RunVectors * simd.Lanes;
        if (stride <= run)
        {
            EmitExponentials(writer, rows, maxima, sums, "0", $"{stride}");
        }
        else
        {
            string start = writer.Name("first");
            string end = writer.Name("last");
            using (writer.Block($"for (int {start} = 0; {start} < {stride}; {start} += {run})"))
            {
                string[] partial = rows.Select(_ => Declare(writer, "partial", simd.Zero)).ToArray();
                writer.Line($"int {end} = global::System.Math.Min({start} + {run}, {stride});");
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

    private static string[] EmitMaxima(StepWriter writer, string[] rows, int stride)
    {
        Simd simd = writer.Simd;
        string[] maxima = rows.Select(row => Declare(writer, "maximum", simd.Load(row))).ToArray();
        if (stride > simd.Lanes)
        {
            using (writer.For("k", stride, simd.Lanes, simd.Lanes))
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
