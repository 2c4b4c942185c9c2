using System;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Linear;

/// <summary>The inputs of a <see cref="PackedMatMul"/>.</summary>
/// <param name="Codes">Codes [N, K], u8.</param>
/// <param name="Scales">Scales [N, groups].</param>
/// <param name="ZeroPoints">Zero points [N, groups].</param>
/// <param name="Bits">Bits of a code.</param>
/// <param name="GroupSize">Terms of a group.</param>
internal sealed record PackedMatrix(Tensor Codes, Tensor Scales, Tensor ZeroPoints, int Bits, int GroupSize)
{
    /// <summary>Makes them of a quantised matrix; null if groups of terms with one scale do not fill words.</summary>
    /// <param name="codes">Codes of a type of less than a byte, [K, N] or [N, K].</param>
    /// <param name="bits">Bits of a code.</param>
    /// <param name="scale">Scales in a shape that broadcasts to that of the codes.</param>
    /// <param name="zeroPoint">Zero points, likewise; null for 0.</param>
    /// <param name="transposed">True if the codes are [N, K].</param>
    public static PackedMatrix? Of(Tensor codes, int bits, Tensor scale, Tensor? zeroPoint, bool transposed)
    {
        int n = codes.Shape[transposed ? 0 : 1];
        int k = codes.Shape[transposed ? 1 : 0];
        if (n == 0 || k == 0 || !scale.Shape.BroadcastsTo(codes.Shape) || zeroPoint?.Shape.BroadcastsTo(codes.Shape) == false)
        {
            return null;
        }

        // Bytes are unsigned: the lowest code is 0.
        int low = (int)codes.Type.Range().Low;
        Func<int, int, int> order = transposed ? (column, term) => (column * k) + term : (column, term) => (term * n) + column;
        int size = k;
        size = Common(scale, codes.Shape, n, k, size, order);
        size = zeroPoint is null ? size : Common(zeroPoint, codes.Shape, n, k, size, order);
        if (!PackedMatMul.Covers(bits, k, size))
        {
            return null;
        }

        var groups = new Shape(n, (k + size - 1) / size);
        Tensor bytes = Tensor.Lazy(ElementType.UInt8, new Shape(n, k), $"Codes[{(transposed ? "NK" : "KN")}]({codes.Recipe})", () =>
        {
            var result = new byte[n * k];
            for (int i = 0; i < result.Length; i++)
            {
                result[i] = (byte)((int)ElementEvaluation.Read(codes, order(i / k, i % k)) - low);
            }

            return result;
        });
        return new PackedMatrix(
            bytes,
            Grouped(scale, codes.Shape, groups, size, order, 0),
            zeroPoint is null ? Uniform(-low, groups) : Grouped(zeroPoint, codes.Shape, groups, size, order, -low),
            bits,
            size);
    }

    private static Tensor Uniform(float value, Shape shape)
    {
        var values = new float[shape.ElementCount];
        values.AsSpan().Fill(value);
        return Tensor.Create(ElementType.Float32, shape, values, $"Zeros({value:R})");
    }

    private static Tensor Grouped(Tensor parameter, Shape full, Shape groups, int size, Func<int, int, int> order, float offset)
    {
        var broadcast = new BroadcastIndex(parameter.Shape, full);
        var values = new float[groups.ElementCount];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)ElementEvaluation.Read(parameter, broadcast.Map(order(i / groups[1], i % groups[1] * size))) + offset;
        }

        return Tensor.Create(ElementType.Float32, groups, values, $"Groups[{groups}]({parameter.Recipe})");
    }

    /// <summary>The largest size of groups, not above another, within which a parameter does not change.</summary>
    private static int Common(Tensor parameter, Shape full, int n, int k, int size, Func<int, int, int> order)
    {
        if (parameter.Shape.ElementCount == 1)
        {
            return size;
        }

        var broadcast = new BroadcastIndex(parameter.Shape, full);
        for (int column = 0; column < n; column++)
        {
            for (int term = 1; term < k; term++)
            {
                int at = broadcast.Map(order(column, term));
                int before = broadcast.Map(order(column, term - 1));
                if (at != before && ElementEvaluation.Read(parameter, at) != ElementEvaluation.Read(parameter, before))
                {
                    size = Divisor(size, term);
                }
            }
        }

        return size;
    }

    private static int Divisor(int a, int b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return a;
    }
}
