using System;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Linear;

/// <summary>Convolutions by their definition, summed in double precision.</summary>
internal static class ConvolutionOracle
{
    /// <summary>Evaluates Conv for any number of spatial dimensions.</summary>
    public static Tensor Convolve(Tensor x, Tensor w, Tensor? bias, SpatialWindow window, int groups, Shape output)
    {
        int outputsPerGroup = output[1] / groups;
        int inputsPerGroup = w.Shape[1];
        int inputCells = (int)x.Shape.Product(2, x.Shape.Rank);
        int outputCells = (int)output.Product(2, output.Rank);
        var bytes = new byte[output.ElementCount * x.Type.Size()];
        var cell = new int[window.Rank];
        for (int c = 0; c < outputCells; c++)
        {
            Unravel(c, window.Output, cell);
            for (int k = 0; k < window.Taps; k++)
            {
                int source = SourceCell(window, cell, k);
                if (source < 0)
                {
                    continue;
                }

                for (int n = 0; n < output[0]; n++)
                {
                    for (int m = 0; m < output[1]; m++)
                    {
                        int at = (((n * output[1]) + m) * outputCells) + c;
                        Accumulate(bytes, x, w, at, (((n * x.Shape[1]) + (m / outputsPerGroup * inputsPerGroup)) * inputCells) + source, inputCells, (m * inputsPerGroup * window.Taps) + k, window.Taps, inputsPerGroup);
                    }
                }
            }
        }

        AddBias(bytes, x.Type, bias, output, outputCells);
        return Tensor.FromBytes(x.Type, output, bytes, "Conv");
    }

    /// <summary>Splits a row-major index into coordinates.</summary>
    public static void Unravel(int index, int[] extents, int[] coordinates)
    {
        for (int i = extents.Length - 1; i >= 0; i--)
        {
            coordinates[i] = index % extents[i];
            index /= extents[i];
        }
    }

    /// <summary>Adds a bias per channel to [N, C, cells].</summary>
    public static void AddBias(byte[] bytes, ElementType type, Tensor? bias, Shape output, int cells)
    {
        if (bias is null)
        {
            return;
        }

        Tensor sums = Tensor.FromBytes(type, output, bytes, "sums");
        for (int i = 0; i < output.ElementCount; i++)
        {
            ElementEvaluation.Write(bytes, type, i, ElementEvaluation.Read(sums, i) + ElementEvaluation.Read(bias, i / cells % output[1]));
        }
    }

    private static int SourceCell(SpatialWindow window, int[] cell, int tap)
    {
        var taps = new int[window.Rank];
        Unravel(tap, window.Kernel, taps);
        int source = 0;
        for (int i = 0; i < window.Rank; i++)
        {
            int at = window.Start(i, cell[i]) + (taps[i] * window.Dilations[i]);
            if (at < 0 || at >= window.Input[i])
            {
                return -1;
            }

            source = (source * window.Input[i]) + at;
        }

        return source;
    }

    private static void Accumulate(byte[] bytes, Tensor x, Tensor w, int at, int source, int sourceStride, int weight, int weightStride, int count)
    {
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += ElementEvaluation.Read(x, source + (i * sourceStride)) * ElementEvaluation.Read(w, weight + (i * weightStride));
        }

        double before = x.Type == ElementType.Float32
            ? System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes.AsSpan())[at]
            : System.Runtime.InteropServices.MemoryMarshal.Cast<byte, double>(bytes.AsSpan())[at];
        ElementEvaluation.Write(bytes, x.Type, at, before + sum);
    }
}
