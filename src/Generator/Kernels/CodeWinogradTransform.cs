using System;
using System.Collections.Generic;
using AotCompiler.Emission;

namespace AotCompiler.Kernels;

/// <summary>
/// The transforms of codes and whole weights, exact: inputs and weights as 16-bit integers, sums and outputs as 32-bit ones, which may
/// wrap around. Every matrix is of whole numbers; what the outputs are multiplied by because of that is taken off again at the end.
/// </summary>
/// <remarks>
/// Interpolation points 0, ±1 and infinity for m = 2; 0, ±1, ±2 and infinity for m = 4. With three times the first and the last row of
/// the weights' matrix, outputs of m = 4 are 24² = 2⁶ · 9 times what they should be, those of m = 2 with twice these rows 4 times. An odd
/// factor has an inverse modulo 2³²; the power of two is shifted off, for which the output times it must fit 32 bits. Whatever wraps
/// around before does not matter.
/// </remarks>
internal sealed class CodeWinogradTransform : WinogradTransform
{
    /// <summary>The code in the middle of all, which is taken off: 16 bits then hold all points, and outputs are smallest.</summary>
    public const int Middle = 128;

    public static readonly CodeWinogradTransform F2 = new(2, shift: 2, inverse: 1);
    public static readonly CodeWinogradTransform F4 = new(4, shift: 6, inverse: 0x38E38E39);

    private CodeWinogradTransform(int outputs, int shift, int inverse)
        : base(outputs, taps: 3)
    {
        Shift = shift;
        Inverse = inverse;
    }

    /// <summary>The power of two in the factor on all outputs.</summary>
    public int Shift { get; }

    /// <summary>The inverse of the odd part of that factor, modulo 2³².</summary>
    public int Inverse { get; }

    /// <summary>Outputs, without bias, must be smaller than this, whatever the codes.</summary>
    public long Limit => 1L << (31 - Shift);

    /// <summary>Writes the transform of three weights along one dimension and returns the expressions of the points.</summary>
    /// <param name="writer">Takes the locals.</param>
    /// <param name="type">Registers of 16-bit integers.</param>
    /// <param name="w">The weights, names of locals.</param>
    /// <param name="suffix">Behind the locals' names.</param>
    public IReadOnlyList<string> Weights(StepWriter writer, VectorType type, IReadOnlyList<string> w, string suffix)
    {
        writer.Line($"{type.Type} outer{suffix} = {w[0]} + {w[2]};");
        if (Outputs == 2)
        {
            return new[] { $"{w[0]} + {w[0]}", $"outer{suffix} + {w[1]}", $"outer{suffix} - {w[1]}", $"{w[2]} + {w[2]}" };
        }

        writer.Line($"{type.Type} far{suffix} = {w[0]} + {type.ShiftLeft(w[2], 2)}, twice{suffix} = {w[1]} + {w[1]};");
        return new[]
        {
            $"{w[0]} + {w[0]} + {w[0]}",
            $"outer{suffix} + {w[1]}",
            $"outer{suffix} - {w[1]}",
            $"far{suffix} + twice{suffix}",
            $"far{suffix} - twice{suffix}",
            $"{w[2]} + {w[2]} + {w[2]}",
        };
    }

    public override IReadOnlyList<string> Input(StepWriter writer, Simd simd, IReadOnlyList<string> d)
    {
        if (Outputs == 2)
        {
            return new[] { $"{d[0]} - {d[2]}", $"{d[1]} + {d[2]}", $"{d[2]} - {d[1]}", $"{d[1]} - {d[3]}" };
        }

        VectorType type = VectorType.OfPoints(simd);
        writer.Line($"{type.Type} evenNear = {d[4]} - {type.ShiftLeft(d[2], 2)}, oddNear = {d[3]} - {type.ShiftLeft(d[1], 2)};");
        writer.Line($"{type.Type} evenFar = {d[4]} - {d[2]}, odd = {d[3]} - {d[1]}, oddFar = odd + odd;");
        return new[]
        {
            $"evenFar + {type.ShiftLeft($"({d[0]} - {d[2]})", 2)}",
            "evenNear + oddNear",
            "evenNear - oddNear",
            "evenFar + oddFar",
            "evenFar - oddFar",
            $"{d[5]} - {d[3]} - {type.ShiftLeft("odd", 2)}",
        };
    }

    public override IReadOnlyList<string> Output(StepWriter writer, Simd simd, IReadOnlyList<string> f)
    {
        if (Outputs == 2)
        {
            return new[] { $"{f[0]} + {f[1]} + {f[2]}", $"{f[1]} - {f[2]} - {f[3]}" };
        }

        VectorType type = VectorType.OfSums(simd);
        writer.Line($"{type.Type} evenNear = {f[1]} + {f[2]}, oddNear = {f[1]} - {f[2]};");
        writer.Line($"{type.Type} evenFar = {f[3]} + {f[4]}, oddFar = {f[3]} - {f[4]};");
        writer.Line($"{type.Type} first = {f[0]} - evenNear - evenNear, second = oddFar - oddNear - oddNear, last = oddFar + {f[5]};");
        return new[]
        {
            "first + first + evenFar",
            "second + second",
            type.ShiftLeft("(evenFar - evenNear)", 2),
            type.ShiftLeft("(last + last - oddNear)", 2),
        };
    }

    /// <summary>An output as the sum of products that it stands for.</summary>
    public string Exact(Simd simd, string output)
    {
        VectorType type = VectorType.OfSums(simd);
        string odd = Inverse == 1 ? $"({output})" : $"(({output}) * {Inverse})";
        return $"{type.Class}.ShiftRightArithmetic({odd}, {Shift})";
    }
}
