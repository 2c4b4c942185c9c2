using System;
using System.Linq;
using System.Runtime.InteropServices;
using AotCompiler.Onnx;

namespace AotCompiler.Cli.Numerics;

/// <summary>How far elements that codes make are from the expected ones, in steps of a code.</summary>
/// <param name="Count">Elements.</param>
/// <param name="Equal">Those of the same code: nearer than half a step.</param>
/// <param name="LargestStep">The largest difference.</param>
internal sealed record CodeComparison(long Count, long Equal, double LargestStep)
{
    /// <summary>Probabilities below this say little about the number they were made of.</summary>
    private const float SmallestProbability = 1e-30f;

    /// <summary>Compares tensors of 8-bit codes or of f32; null for others and for tensors of different types and shapes.</summary>
    public static CodeComparison? Of(TensorData expected, TensorData actual, QuantizationStep step)
    {
        if (expected.Type != actual.Type || !expected.Shape.AsSpan().SequenceEqual(actual.Shape) || expected.Count == 0)
        {
            return null;
        }

        double[]? differences = expected.Type switch
        {
            OnnxDataType.UInt8 => expected.Data.Zip(actual.Data, static (e, a) => (double)a - e).ToArray(),
            OnnxDataType.Int8 => expected.Data.Zip(actual.Data, static (e, a) => (double)(sbyte)a - (sbyte)e).ToArray(),
            OnnxDataType.Float when step.IsLogarithm => OfProbabilities(Floats(expected), Floats(actual), (int)expected.Shape.LastOrDefault(static d => d > 1, 1)),
            OnnxDataType.Float => Floats(expected).Zip(Floats(actual), static (e, a) => a.Equals(e) ? 0 : (double)a - e).ToArray(),
            _ => null,
        };
        if (differences is null)
        {
            return null;
        }

        double[] steps = differences.Select(d => double.IsNaN(d) ? double.MaxValue : Math.Min(Math.Abs(d) / step.Size, double.MaxValue)).ToArray();
        return new CodeComparison(steps.Length, steps.Count(static s => s < 0.5), steps.Max());
    }

    /// <summary>
    /// Differences of logarithms, without what each row has in common: a softmax divides all elements of a row by their sum. A row is
    /// the last dimension that has several elements.
    /// </summary>
    private static double[] OfProbabilities(float[] expected, float[] actual, int row)
    {
        var result = new double[expected.Length];
        for (int start = 0; start < expected.Length; start += row)
        {
            for (int i = start; i < start + row; i++)
            {
                result[i] = expected[i] > SmallestProbability && actual[i] > SmallestProbability ? Math.Log(actual[i]) - Math.Log(expected[i])
                    : Math.Abs(actual[i] - expected[i]) <= SmallestProbability ? 0
                    : double.NaN;
            }

            double[] sorted = result.Skip(start).Take(row).Where(static d => !double.IsNaN(d)).Order().ToArray();
            double shift = sorted.Length == 0 ? 0 : sorted[sorted.Length / 2];
            for (int i = start; i < start + row; i++)
            {
                result[i] -= shift;
            }
        }

        return result;
    }

    private static float[] Floats(TensorData tensor) => MemoryMarshal.Cast<byte, float>(tensor.Data).ToArray();
}
