using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Operators.Reduction;

namespace AotCompiler.Kernels;

/// <summary>
/// The softmax between the two products of attention, in place: rows of scores, padded to whole blocks of 16, are masked and become
/// exponentials relative to each row's maximum; what would make their sum 1 is kept beside them.
/// </summary>
/// <remarks>
/// Padding becomes -∞, whose exponential is 0, so that all vectors are whole. Two rows at once hide each other's latency. A NaN
/// may be missed by the maximum, not by the sum. The mask is applied here and not as the product's epilogue: there each of a tile's
/// sums would have its own copy of the code, which soon is more than the just-in-time compiler keeps in registers.
/// </remarks>
internal sealed class AttentionWeights
{
    // Vectors whose exponentials one register sums up before it joins the total: bounds the rounding error (see Accumulation).
    private const int RunVectors = 256;

    private const double Log2E = 1.4426950408889634;

    private readonly AttentionWork _work;
    private readonly string _mask;

    /// <param name="work">Operands and sizes.</param>
    /// <param name="mask">Expression of the pointer to the mask of the first row; empty if there is none.</param>
    public AttentionWeights(AttentionWork work, string mask)
    {
        _work = work;
        _mask = mask;
    }

    private Extent Keys => _work.Keys;

    /// <summary>Scores of a row up to the end of their last block of 16.</summary>
    private Extent Padded => _work.PaddedKeys;

    /// <summary>Writes the loops over the rows in <c>scores</c>; fills <c>factors</c>.</summary>
    /// <param name="writer">Where they go.</param>
    /// <param name="rows">Number of rows, if it is fixed.</param>
    /// <param name="variable">Else the local that holds it; null if it is fixed.</param>
    public void Emit(StepWriter writer, int rows, string? variable) => RowsAtOnce.Emit(writer, "r", variable, rows, count => EmitRows(writer, count));

    private void EmitRows(StepWriter writer, int count)
    {
        Simd simd = writer.Simd;
        string[] rows = Enumerable.Range(0, count).Select(_ => writer.Name("row")).ToArray();
        for (int i = 0; i < count; i++)
        {
            writer.Line($"float* {rows[i]} = scores + ({Row(i)} * {_work.ScoreStride});");
            EmitPadding(writer, rows[i]);
        }

        string[] maxima = (_work.Score is { } score ? EmitScores(writer, score, rows) : EmitMaxima(writer, rows))
            .Select(m => writer.Declare(simd.Type, "top", simd.Broadcast(Accumulation.EmitAcrossLanes(writer, ReductionFunction.Max, simd, m))))
            .ToArray();
        string[] sums = rows.Select(_ => writer.Declare(simd.Type, "sum", simd.Zero)).ToArray();
        int run = RunVectors * simd.Lanes;
        string whole = writer.Value(Padded);
        if (Padded.Maximum <= run)
        {
            EmitExponentials(writer, rows, maxima, sums, "0", whole);
        }
        else
        {
            string start = writer.Name("first");
            string end = writer.Name("last");
            using (writer.Block($"for (int {start} = 0; {start} < {whole}; {start} += {run})"))
            {
                string[] partial = rows.Select(_ => writer.Declare(simd.Type, "partial", simd.Zero)).ToArray();
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

    private static string Row(int i) => i == 0 ? "r" : $"(r + {i})";

    private void EmitPadding(StepWriter writer, string row)
    {
        if (Keys.IsDynamic)
        {
            using (writer.Block($"for (int k = {writer.Value(Keys)}; k < {writer.Value(Padded)}; k++)"))
            {
                writer.Line($"{row}[k] = float.NegativeInfinity;");
            }

            return;
        }

        VectorLoop.Emit(writer, Padded.Maximum - Keys.Maximum, (width, index) =>
            writer.Line(width.Store(VectorLoop.At($"{row} + {Keys.Maximum}", index), width.Constant(float.NegativeInfinity))));
    }

    private string[] EmitMaxima(StepWriter writer, string[] rows)
    {
        Simd simd = writer.Simd;
        string[] maxima = rows.Select(row => writer.Declare(simd.Type, "maximum", simd.Load(row))).ToArray();
        if (Padded.Maximum > simd.Lanes)
        {
            EmitMaxima(writer, rows, maxima, $"{simd.Lanes}");
        }

        return maxima;
    }

    /// <summary>Goes on with the maxima of the vectors from <paramref name="first"/> on.</summary>
    private void EmitMaxima(StepWriter writer, string[] rows, string[] maxima, string first)
    {
        Simd simd = writer.Simd;
        using (writer.Block($"for (int k = {first}; k < {writer.Value(Padded)}; k += {simd.Lanes})"))
        {
            for (int i = 0; i < rows.Length; i++)
            {
                writer.Line($"{maxima[i]} = {simd.AtLeast(maxima[i], simd.Load($"{rows[i]} + k"))};");
            }
        }
    }

    /// <summary>
    /// Masks the products in place and finds the maxima on the way. What is left of a row behind its last whole vector is masked without
    /// reading beyond the mask, and its maximum taken together with the padding's.
    /// </summary>
    private string[] EmitScores(StepWriter writer, ElementProgram score, string[] rows)
    {
        Simd simd = writer.Simd;
        string[] masks = _mask.Length == 0 ? rows : rows.Select((_, i) =>
        {
            long stride = _work.Mask!.Layout.Strides[_work.Mask.Shape.Rank - 2];
            return writer.Declare("float*", "limit", $"{_mask}{(stride == 0 ? string.Empty : $" + ({Row(i)} * {stride}L)")}");
        }).ToArray();
        string[] maxima = rows.Select(_ => writer.Declare(simd.Type, "maximum", simd.Constant(float.NegativeInfinity))).ToArray();
        string keys = writer.Value(Keys);
        string whole = simd.IsScalar ? keys : Keys.IsDynamic ? writer.Name("whole") : $"{Keys.Maximum / simd.Lanes * simd.Lanes}";
        if (!simd.IsScalar && Keys.IsDynamic)
        {
            writer.Line($"int {whole} = {keys} & -{simd.Lanes};");
        }

        using (writer.Block($"for (int k = 0; k < {whole}; k += {simd.Lanes})"))
        {
            for (int i = 0; i < rows.Length; i++)
            {
                string value = EmitScore(writer, simd, score, rows[i], masks[i], "k", $"t{i}_");
                writer.Line($"{maxima[i]} = {simd.AtLeast(maxima[i], value)};");
            }
        }

        if (simd.IsScalar || (!Keys.IsDynamic && Keys.Maximum % simd.Lanes == 0))
        {
            return maxima;
        }

        void Rest(Simd width, string index)
        {
            for (int i = 0; i < rows.Length; i++)
            {
                EmitScore(writer, width, score, rows[i], masks[i], index == "0" ? whole : $"{whole} + {index}", $"t{i}_");
            }
        }

        if (Keys.IsDynamic)
        {
            VectorLoop.EmitDynamic(writer, $"({keys} - {whole})", Rest);
        }
        else
        {
            VectorLoop.Emit(writer, Keys.Maximum % simd.Lanes, Rest);
        }

        EmitMaxima(writer, rows, maxima, whole);
        return maxima;
    }

    /// <summary>Masks the elements of a row at an index; returns the local that holds them.</summary>
    private string EmitScore(StepWriter writer, Simd simd, ElementProgram score, string row, string mask, string index, string prefix)
    {
        string at = index == "0" ? row : $"{row} + {index}";
        bool isOne = _work.Mask is { } view && (Keys.Maximum == 1 || view.Layout.Strides[view.Shape.Rank - 1] == 0);
        string[] operands = _mask.Length == 0 ? new[] { simd.Load(at) }
            : new[] { simd.Load(at), isOne ? simd.Broadcast($"{mask}[0]") : simd.Load(index == "0" ? mask : $"{mask} + {index}") };
        string name = writer.Declare(simd.Type, "score", score.Emit(writer.Code, simd, operands, prefix));
        writer.Line(simd.Store(at, name));
        return name;
    }

    private void EmitExponentials(StepWriter writer, string[] rows, string[] maxima, string[] sums, string first, string end)
    {
        Simd simd = writer.Simd;
        string factor = simd.Constant((float)(_work.Scale * Log2E));
        using (writer.Block($"for (int k = {first}; k < {end}; k += {simd.Lanes})"))
        {
            for (int i = 0; i < rows.Length; i++)
            {
                string exponential = writer.Declare(simd.Type, "e", simd.Math("Exp2OfNegative", $"({simd.Load($"{rows[i]} + k")} - {maxima[i]}) * {factor}"));
                writer.Line(simd.Store($"{rows[i]} + k", exponential));
                writer.Line($"{sums[i]} += {exponential};");
            }
        }
    }
}
