using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>Loops over the elements of tensors [N, C, H, W] whose outermost one goes over rows, for steps that compute a range of them.</summary>
internal static class RowLoops
{
    /// <summary>Position of the rows among the dimensions of a tensor, blocked or plain.</summary>
    private const int RowAxis = 2;

    /// <summary>True if a tensor has rows, as many in each run.</summary>
    public static bool Apply(TensorView view) => view.Shape is { Rank: 4, IsDynamic: false } && view.Shape[RowAxis] > 1;

    /// <summary>The dimensions inside a row.</summary>
    public static IReadOnlyList<IterationDimension> Without(IReadOnlyList<IterationDimension> dimensions) =>
        dimensions.Where(static (_, i) => i != RowAxis).ToArray();

    /// <summary>The loops inside a row.</summary>
    public static LoopNest Build(IReadOnlyList<IReadOnlyList<IterationDimension>> operands) => LoopNest.Build(operands.Select(Without).ToArray());

    /// <summary>Writes the loop over the rows, which are the step's units.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="count">Rows.</param>
    /// <param name="pointers">Names and C# types of the operands' pointers.</param>
    /// <param name="strides">Elements from row to row of each operand; 0 where all rows have the same.</param>
    /// <param name="body">Writes what is done for a row; gets the names of the advanced pointers.</param>
    public static void Emit(
        StepWriter writer, int count, IReadOnlyList<(string Name, string Type)> pointers, IReadOnlyList<long> strides, Action<IReadOnlyList<(string Name, string Type)>> body)
    {
        string row = writer.Name("unit");
        using (writer.ForUnits(row, count))
        {
            body(pointers.Select((pointer, i) =>
            {
                if (strides[i] == 0)
                {
                    return pointer;
                }

                return (writer.Declare(pointer.Type, "line", $"{pointer.Name} + ({row} * {strides[i]}L)"), pointer.Type);
            }).ToArray());
        }
    }
}
