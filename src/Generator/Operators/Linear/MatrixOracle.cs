using System;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Linear;

/// <summary>Matrix products by their definition, summed in double precision.</summary>
internal static class MatrixOracle
{
    /// <summary>Element (row, column) sums over k: <paramref name="left"/>(row, k) · <paramref name="right"/>(k, column).</summary>
    public static double Dot(Tensor left, Func<int, int> leftIndex, Tensor right, Func<int, int> rightIndex, int length)
    {
        double sum = 0;
        if (left.Type == ElementType.Float32)
        {
            ReadOnlySpan<float> a = left.Floats();
            ReadOnlySpan<float> b = right.Floats();
            for (int k = 0; k < length; k++)
            {
                sum += (double)a[leftIndex(k)] * b[rightIndex(k)];
            }

            return sum;
        }

        for (int k = 0; k < length; k++)
        {
            sum += ElementEvaluation.Read(left, leftIndex(k)) * ElementEvaluation.Read(right, rightIndex(k));
        }

        return sum;
    }
}
