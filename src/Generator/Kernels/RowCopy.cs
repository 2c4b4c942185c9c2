using System;
using AotCompiler.Emission;
using AotCompiler.Ir;

namespace AotCompiler.Kernels;

/// <summary>Writes the innermost loop of a copy. Elements are moved as bits: one C# type for each size.</summary>
internal static class RowCopy
{
    /// <summary>Rows up to this length that cannot be vectors are written out instead of looped over.</summary>
    private const int UnrollLimit = 8;

    /// <summary>The same in compact code.</summary>
    private const int CompactUnrollLimit = 2;

    /// <summary>Elements that are repeated more often are written one by one, each as vectors of its own.</summary>
    private const int MostRepeated = 8;

    /// <summary>The C# type that moves elements of a type.</summary>
    public static string ElementName(ElementType type) => type.Size() switch
    {
        1 => "byte",
        2 => "ushort",
        4 => "float",
        8 => "long",
        _ => throw new InvalidOperationException($"no copy for {type.ShortName()}"),
    };

    /// <summary>The C# pointer type that moves elements of a type.</summary>
    public static string PointerName(ElementType type) => $"{ElementName(type)}*";

    /// <summary>Writes the copy of <paramref name="extent"/> elements.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="type">Element type of both sides.</param>
    /// <param name="source">Name of a pointer of the type <see cref="PointerName"/>.</param>
    /// <param name="sourceStride">Elements from one to the next; 0 repeats one element.</param>
    /// <param name="target">Name of a pointer of the type <see cref="PointerName"/>.</param>
    /// <param name="targetStride">Elements from one to the next.</param>
    /// <param name="extent">Elements.</param>
    public static void Emit(StepWriter writer, ElementType type, string source, long sourceStride, string target, long targetStride, Extent extent)
    {
        int size = type.Size();
        int count = extent.Maximum;
        bool vector = (long)count * size >= 16 && targetStride == 1;
        if (vector && sourceStride == 1)
        {
            EmitContiguous(writer, size, source, target, extent);
        }
        else if (vector && sourceStride == 0 && size >= 4)
        {
            EmitFill(writer, size, source, target, extent);
        }
        else if (count <= (writer.IsCompact ? CompactUnrollLimit : UnrollLimit) && !extent.IsDynamic)
        {
            for (int i = 0; i < count; i++)
            {
                writer.Line($"{target}[{i * targetStride}] = {source}[{i * sourceStride}];");
            }
        }
        else
        {
            using (writer.For("i", extent))
            {
                writer.Line($"{target}[{Scaled(targetStride)}] = {source}[{Scaled(sourceStride)}];");
            }
        }
    }

    /// <summary>True if <see cref="EmitRepeated"/> writes rows whose elements are repeated so often.</summary>
    public static bool CanRepeat(ElementType type, int times) => type.Size() is 4 or 8 && times is >= 2 and <= MostRepeated;

    /// <summary>Writes the copy of elements that lie side by side, each of them several times: a register is spread over as many.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="type">Element type of both sides.</param>
    /// <param name="source">Name of a pointer of the type <see cref="PointerName"/>.</param>
    /// <param name="target">Name of a pointer of the type <see cref="PointerName"/>.</param>
    /// <param name="extent">Elements of the source.</param>
    /// <param name="times">How often each stands in the target.</param>
    public static void EmitRepeated(StepWriter writer, ElementType type, string source, string target, Extent extent, int times)
    {
        bool isLong = type.Size() == sizeof(double);
        string cast = isLong ? "(double*)" : string.Empty;
        VectorLoop.Emit(
            writer,
            extent,
            (narrow, index) =>
            {
                Simd simd = isLong ? narrow.Doubles : narrow;
                string to = $"({target} + ({index} * {times}))";
                if (simd.IsScalar)
                {
                    for (int k = 0; k < times; k++)
                    {
                        writer.Line($"{to}[{k}] = {source}[{index}];");
                    }

                    return;
                }

                writer.Line($"{simd.Type} elements = {simd.Load(isLong ? $"{cast}({VectorLoop.At(source, index)})" : VectorLoop.At(source, index))};");
                for (int k = 0; k < times; k++)
                {
                    writer.Line(simd.Store(VectorLoop.At($"{cast}{to}", $"{k * simd.Lanes}"), simd.Pick("elements", lane => ((k * simd.Lanes) + lane) / times)));
                }
            },
            elementBytes: type.Size());
    }

    /// <summary>Vectors of f32 move any bits; up to three bytes remain.</summary>
    private static void EmitContiguous(StepWriter writer, int size, string source, string target, Extent extent)
    {
        int count = extent.Maximum;
        long bytes = (long)count * size;

        // Rows of bytes may begin anywhere. 32-bit Arm loads integers from there, but no floats.
        string word = writer.Simd.IsScalar && size < 4 ? "int*" : "float*";
        string from = size == 4 ? source : $"({word}){source}";
        string to = size == 4 ? target : $"({word}){target}";
        Extent words = size == 4 ? extent : Extent.Of((extent.Expression * Size.Of(size)).FloorDivide(4));
        VectorLoop.Emit(writer, words, (simd, index) =>
            writer.Line(simd.Store(VectorLoop.At(to, index), simd.Load(VectorLoop.At(from, index)))));
        if (extent.IsDynamic)
        {
            if (size < 4)
            {
                using (writer.Block($"for (int i = {writer.Value(words)} * {4 / size}; i < {writer.Value(extent)}; i++)"))
                {
                    writer.Line($"{target}[i] = {source}[i];");
                }
            }

            return;
        }

        for (long i = (bytes / 4 * 4) / size; i < count; i++)
        {
            writer.Line($"{target}[{i}] = {source}[{i}];");
        }
    }

    private static void EmitFill(StepWriter writer, int size, string source, string target, Extent extent) =>
        VectorLoop.Emit(
            writer,
            extent,
            (simd, index) => writer.Line(simd.Store(VectorLoop.At(target, index), simd.Broadcast($"*{source}"))),
            elementBytes: size);

    private static string Scaled(long stride) => stride switch
    {
        0 => "0",
        1 => "i",
        _ => $"i * {(Math.Abs(stride) > 1 << 20 ? $"{stride}L" : $"{stride}")}",
    };
}
