using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>A view with the loops a step walks it by, which may differ from its own dimensions.</summary>
/// <param name="View">The memory.</param>
/// <param name="Dimensions">One entry per loop; stride 0 where it stands still.</param>
internal sealed record IndexedOperand(TensorView View, IReadOnlyList<IterationDimension> Dimensions);

/// <summary>One number of an index tuple.</summary>
/// <param name="Position">Where it lies, in index elements from the start of the tuple.</param>
/// <param name="Length">Length of the axis it selects from.</param>
/// <param name="Stride">Elements from one entry of that axis to the next.</param>
internal readonly record struct IndexComponent(long Position, Extent Length, long Stride)
{
    /// <summary>The element offset that an index tuple at a pointer selects; out-of-range numbers raise <c>error</c> and count as 0.</summary>
    public static string Offset(StepWriter writer, IReadOnlyList<IndexComponent> components, string pointer) =>
        components.Count == 0 ? "0" : string.Join(" + ", components.Select(c => $"(IndexGuard.Normalize({pointer}[{c.Position}], {writer.Value(c.Length)}, ref error) * {c.Stride})"));

    /// <summary>The numbers of a tuple that selects from consecutive axes of a layout.</summary>
    public static IReadOnlyList<IndexComponent> Tuple(long positionStride, int length, Layout data, int firstAxis) => Enumerable.Range(0, length)
        .Select(j => new IndexComponent(j * positionStride, data.Shape.Extent(firstAxis + j), data.Strides[firstAxis + j]))
        .ToArray();

    /// <summary>A name and C# pointer type for an operand's first element.</summary>
    public static (string Name, string Type) Declare(StepWriter writer, TensorView view, string wanted, bool asBits)
    {
        string type = asBits ? RowCopy.PointerName(view.Type) : StepWriter.PointerType(view.Type);
        return (writer.Pointer(view, wanted, type: type), type);
    }
}
