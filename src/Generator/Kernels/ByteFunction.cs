using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// Element-wise programs whose only operand that is not one number is stored as bytes, as is the result: whatever lies between, they are a table of
/// 256 bytes. Functions between a DequantizeLinear and a QuantizeLinear are.
/// </summary>
internal static class ByteFunction
{
    private const int Values = byte.MaxValue + 1;

    /// <summary>Elements below which a table costs more memory than it saves time.</summary>
    private const long LeastElements = 2 * Values;

    /// <summary>The table and the number of that operand; null for other programs, and where vectors or single instructions compute as many elements as fast.</summary>
    /// <param name="program">The program.</param>
    /// <param name="operands">Its operands.</param>
    /// <param name="constants">Their values where they are known.</param>
    /// <param name="output">Where the result goes.</param>
    /// <param name="hasVectors">False where all code is scalar, which computes cheap functions faster than memory answers.</param>
    public static (Tensor Table, int Operand)? Of(ElementProgram program, IReadOnlyList<TensorView> operands, IReadOnlyList<Tensor?> constants, TensorView output, bool hasVectors)
    {
        double?[] numbers = constants.Select(static c => c is { Shape.ElementCount: 1 } ? ElementEvaluation.Read(c, 0) : (double?)null).ToArray();
        int[] others = Enumerable.Range(0, operands.Count).Where(o => numbers[o] is null).ToArray();
        if (others.Length != 1
            || !IsByte(operands[others[0]])
            || !IsByte(output)
            || output.Shape.ElementCount < LeastElements
            || program.Instructions.Count == 0
            || program.NativeBytes == 1
            || (program.IsCheap && !hasVectors))
        {
            return null;
        }

        int data = others[0];
        TensorView bytes = operands[data];
        string recipe = $"ByteTable({program.Key}, {string.Join(", ", numbers.Select(n => n is { } number ? $"{number:R}" : Form(bytes)))} → {Form(output)})";
        Tensor table = Tensor.Lazy(ElementType.UInt8, new Shape(Values), recipe, () =>
        {
            var values = new byte[Values];
            double[] arguments = numbers.Select(static n => n ?? 0).ToArray();
            for (int code = 0; code < Values; code++)
            {
                arguments[data] = bytes.Type == ElementType.Int8 ? unchecked((sbyte)code) : code - (bytes.Zero ?? 0);
                values[code] = unchecked((byte)(int)(program.Evaluate(arguments) + (output.Zero ?? 0)));
            }

            return values;
        });
        return (table, data);
    }

    private static bool IsByte(TensorView view) => view.Type is ElementType.UInt8 or ElementType.Int8;

    private static string Form(TensorView view) => $"{view.Type.ShortName()}{(view.Zero is { } zero ? $" of {zero}" : string.Empty)}";
}
