using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Operators.Reduction;

namespace AotCompiler.Kernels;

/// <summary>
/// Softmax, or its logarithm, of contiguous rows of f32, two rows at once, which hide each other's latency. What a row has behind its last whole vector is in
/// one more vector that ends with the row; of its lanes only those count in the sum that no other vector has. Short rows stay in registers.
/// </summary>
internal static class SoftmaxRows
{
    // Vectors of a row that stay in registers between the exponential and the scaling.
    private const int MostHeld = 4;

    // Vectors whose exponentials one register sums up: bounds the rounding error (see Accumulation).
    private const int MostVectors = 256;

    /// <summary>True if rows of this length can be written so.</summary>
    /// <param name="writer">Where the code goes.</param>
    /// <param name="length">Elements of a row.</param>
    public static bool Applies(StepWriter writer, Extent length) => !writer.IsCompact
        && !length.IsDynamic
        && length.Maximum >= Simd.V128.Lanes
        && !writer.Simd.IsScalar
        && length.Maximum <= MostVectors * Width(writer.Simd, length.Maximum).Lanes;

    /// <summary>Writes the loop over the rows.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="from">Pointer to the first row, and floats from row to row.</param>
    /// <param name="to">The same of the result, which may take the place of the input.</param>
    /// <param name="length">Elements of a row.</param>
    /// <param name="log">True for the logarithm.</param>
    public static void Emit(StepWriter writer, Extent rows, (string Pointer, long Stride) from, (string Pointer, long Stride) to, int length, bool log)
    {
        string row = writer.Name("row");
        void Rows(int count)
        {
            string Pointer((string Pointer, long Stride) first, int i) =>
                first.Stride == 0 ? first.Pointer : $"{first.Pointer} + ({(i == 0 ? row : $"({row} + {i})")} * {first.Stride}L)";
            string[] x = Enumerable.Range(0, count).Select(i => writer.Declare("float*", "from", Pointer(from, i))).ToArray();
            string[] y = Enumerable.Range(0, count).Select(i => writer.Declare("float*", "to", Pointer(to, i))).ToArray();
            EmitRows(writer, Width(writer.Simd, length), x, y, length, log);
        }

        RowsAtOnce.Emit(writer, row, rows.IsDynamic ? writer.Value(rows) : null, rows.Maximum, Rows);
    }

    /// <summary>The widest vectors that a row fills.</summary>
    private static Simd Width(Simd simd, int length)
    {
        while (simd.Lanes > length)
        {
            simd = simd.Narrower;
        }

        return simd;
    }

    private static void EmitRows(StepWriter writer, Simd simd, string[] x, string[] y, int length, bool log)
    {
        int whole = length / simd.Lanes * simd.Lanes;
        string[] last = whole == length ? new string[0] : x.Select(p => writer.Declare(simd.Type, "last", simd.Load($"{p} + {length - simd.Lanes}"))).ToArray();
        string[] maxima = last.Length > 0
            ? last.Select(l => writer.Declare(simd.Type, "maximum", l)).ToArray()
            : x.Select(_ => writer.Declare(simd.Type, "maximum", simd.Constant(float.NegativeInfinity))).ToArray();
        bool isHeld = whole <= MostHeld * simd.Lanes;
        EmitVectors(writer, simd, whole, isHeld, k => Each(x, i => writer.Line($"{maxima[i]} = {simd.AtLeast(maxima[i], simd.Load(VectorLoop.At(x[i], k)))};")));
        string[] tops = maxima.Select(m => writer.Declare(simd.Type, "top", simd.Broadcast(Accumulation.EmitAcrossLanes(writer, ReductionFunction.Max, simd, m)))).ToArray();

        if (log)
        {
            EmitLogarithms(writer, simd, x, y, length, last, tops);
            return;
        }

        string[] sums = x.Select(_ => writer.Declare(simd.Type, "sum", simd.Zero)).ToArray();
        var held = x.Select(static _ => new Dictionary<string, string>()).ToArray();
        EmitVectors(writer, simd, whole, isHeld, k => Each(x, i =>
        {
            string e = writer.Declare(simd.Type, "e", simd.Math("Exp", $"{simd.Load(VectorLoop.At(x[i], k))} - {tops[i]}"));
            writer.Line($"{sums[i]} += {e};");
            held[i][k] = e;
            if (!isHeld)
            {
                writer.Line(simd.Store(VectorLoop.At(y[i], k), e));
            }
        }));
        Each(last, i =>
        {
            writer.Line($"{last[i]} = {simd.Math("Exp", $"{last[i]} - {tops[i]}")};");
            writer.Line($"{sums[i]} += {last[i]} & {Mask(simd, length - whole)};");
        });

        string[] factors = sums.Select(s => writer.Declare(simd.Type, "factor", simd.Broadcast($"1 / {Accumulation.EmitAcrossLanes(writer, ReductionFunction.Sum, simd, s)}"))).ToArray();
        EmitVectors(writer, simd, whole, isHeld, k => Each(y, i =>
            writer.Line(simd.Store(VectorLoop.At(y[i], k), $"{(isHeld ? held[i][k] : simd.Load(VectorLoop.At(y[i], k)))} * {factors[i]}"))));
        Each(last, i => writer.Line(simd.Store($"{y[i]} + {length - simd.Lanes}", $"{last[i]} * {factors[i]}")));
    }

    /// <summary>The same for the logarithm, which takes the differences once more and no exponential.</summary>
    private static void EmitLogarithms(StepWriter writer, Simd simd, string[] x, string[] y, int length, string[] last, string[] tops)
    {
        int whole = length / simd.Lanes * simd.Lanes;
        bool isHeld = whole <= MostHeld * simd.Lanes;
        string[] sums = x.Select(_ => writer.Declare(simd.Type, "sum", simd.Zero)).ToArray();
        var held = x.Select(static _ => new Dictionary<string, string>()).ToArray();
        EmitVectors(writer, simd, whole, isHeld, k => Each(x, i =>
        {
            held[i][k] = writer.Declare(simd.Type, "d", $"{simd.Load(VectorLoop.At(x[i], k))} - {tops[i]}");
            writer.Line($"{sums[i]} += {simd.Math("Exp", held[i][k])};");
        }));
        Each(last, i =>
        {
            writer.Line($"{last[i]} -= {tops[i]};");
            writer.Line($"{sums[i]} += {simd.Math("Exp", last[i])} & {Mask(simd, length - whole)};");
        });

        string[] logarithms = sums
            .Select(s => Accumulation.EmitAcrossLanes(writer, ReductionFunction.Sum, simd, s))
            .Select(total => writer.Declare(simd.Type, "logarithm", simd.Broadcast(Simd.Scalar.Math("Log", total))))
            .ToArray();
        EmitVectors(writer, simd, whole, isHeld, k => Each(y, i =>
            writer.Line(simd.Store(VectorLoop.At(y[i], k), $"{(isHeld ? held[i][k] : $"({simd.Load(VectorLoop.At(x[i], k))} - {tops[i]})")} - {logarithms[i]}"))));
        Each(last, i => writer.Line(simd.Store($"{y[i]} + {length - simd.Lanes}", $"{last[i]} - {logarithms[i]}")));
    }

    /// <summary>The whole vectors of a row: one after the other in the code, or a loop.</summary>
    private static void EmitVectors(StepWriter writer, Simd simd, int whole, bool unrolled, System.Action<string> body)
    {
        if (unrolled)
        {
            for (int k = 0; k < whole; k += simd.Lanes)
            {
                body($"{k}");
            }

            return;
        }

        string index = writer.Name("k");
        using (writer.Block($"for (int {index} = 0; {index} < {whole}; {index} += {simd.Lanes})"))
        {
            body(index);
        }
    }

    /// <summary>All bits of the last lanes.</summary>
    private static string Mask(Simd simd, int lanes) =>
        $"{simd.Class}.Create({string.Join(", ", Enumerable.Range(0, simd.Lanes).Select(i => i < simd.Lanes - lanes ? "0" : "-1"))}).AsSingle()";

    private static void Each(string[] rows, System.Action<int> body)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            body(i);
        }
    }
}
