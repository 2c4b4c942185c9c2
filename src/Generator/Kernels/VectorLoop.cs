using System;
using System.Globalization;
using AotCompiler.Emission;
using AotCompiler.Ir;

namespace AotCompiler.Kernels;

/// <summary>
/// The innermost loop over contiguous elements: full vectors, then each narrower width at most once, then single elements, or instead of
/// these one more vector that ends with the last element.
/// </summary>
internal static class VectorLoop
{
    /// <summary>Writes the loop.</summary>
    /// <param name="writer">Where it goes; its width is the widest used.</param>
    /// <param name="extent">Elements.</param>
    /// <param name="body">Writes one iteration for a width and an index expression (a loop variable or a number).</param>
    /// <param name="elementBytes">Bytes of an element: 4 for lanes of f32.</param>
    /// <param name="mayRepeat">True if an element may be computed twice: nothing overwrites what it is computed from.</param>
    public static void Emit(StepWriter writer, Extent extent, Action<Simd, string> body, int elementBytes = sizeof(float), bool mayRepeat = false)
    {
        if (extent.IsDynamic)
        {
            EmitDynamic(writer, writer.Value(extent), body, elementBytes);
            return;
        }

        if (writer.IsCompact)
        {
            EmitCompact(writer, extent.Maximum, body, elementBytes);
            return;
        }

        int count = extent.Maximum;
        if (mayRepeat && !writer.Simd.IsScalar && count >= Lanes(Simd.V128, elementBytes))
        {
            EmitRepeating(writer, count, body, elementBytes);
            return;
        }

        int done = 0;
        for (Simd simd = writer.Simd; !simd.IsScalar; simd = simd.Narrower)
        {
            int lanes = Lanes(simd, elementBytes);
            int vectors = (count - done) / lanes;
            if (vectors == 0)
            {
                continue;
            }

            int end = done + (vectors * lanes);
            EmitRange(writer, done, end, lanes, index => body(simd, index));
            done = end;
        }

        if (done < count)
        {
            EmitRange(writer, done, count, 1, index => body(writer.Scalar, index));
        }
    }

    private static void EmitRepeating(StepWriter writer, int count, Action<Simd, string> body, int elementBytes)
    {
        Simd simd = writer.Simd;
        while (Lanes(simd, elementBytes) > count)
        {
            simd = simd.Narrower;
        }

        int lanes = Lanes(simd, elementBytes);
        EmitRange(writer, 0, count / lanes * lanes, lanes, index => body(simd, index));
        if (count % lanes > 0)
        {
            EmitRange(writer, count - lanes, count, lanes, index => body(simd, index));
        }
    }

    private static int Lanes(Simd simd, int elementBytes) => simd.IsScalar ? 1 : simd.Bits / 8 / elementBytes;

    /// <summary>One loop over vectors and one over the elements that are left; a single loop over elements if most would be.</summary>
    private static void EmitCompact(StepWriter writer, int count, Action<Simd, string> body, int elementBytes)
    {
        int lanes = Lanes(writer.Simd, elementBytes);
        int vectors = writer.Simd.IsScalar || (count < 2 * lanes && count % lanes != 0) ? 0 : count / lanes * lanes;
        if (vectors > 0)
        {
            using (writer.Block($"for (int i = 0; i < {writer.Number(vectors)}; i += {lanes})"))
            {
                body(writer.Simd, "i");
            }
        }

        if (vectors < count)
        {
            using (writer.Block($"for (int i = {writer.Number(vectors)}; i < {writer.Number(count)}; i++)"))
            {
                body(writer.Scalar, "i");
            }
        }
    }

    /// <summary>Adds an index expression to a pointer; nothing for index 0, one number for two.</summary>
    public static string At(string pointer, string index)
    {
        int plus = pointer.LastIndexOf(" + ", StringComparison.Ordinal);
        return index == "0" ? pointer
            : plus >= 0 && int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out int shift)
                && int.TryParse(pointer.Substring(plus + 3), NumberStyles.None, CultureInfo.InvariantCulture, out int start)
                ? $"{pointer.Substring(0, plus)} + {start + shift}"
            : $"{pointer} + {index}";
    }

    /// <summary>The same for a number of elements that is known only at run time: each width goes on where the wider one ended.</summary>
    public static void EmitDynamic(StepWriter writer, string count, Action<Simd, string> body, int elementBytes = sizeof(float))
    {
        using (writer.Block())
        {
            string i = writer.Name("i");
            writer.Line($"int {i} = 0;");
            for (Simd simd = writer.Simd; !simd.IsScalar; simd = writer.IsCompact ? Simd.Scalar : simd.Narrower)
            {
                int lanes = Lanes(simd, elementBytes);
                if (lanes > 1)
                {
                    using (writer.Block($"for (; {i} <= {count} - {lanes}; {i} += {lanes})"))
                    {
                        body(simd, i);
                    }
                }
            }

            using (writer.Block($"for (; {i} < {count}; {i}++)"))
            {
                body(writer.Scalar, i);
            }
        }
    }

    private static void EmitRange(StepWriter writer, int start, int end, int step, Action<string> body)
    {
        if (end - start == step)
        {
            using (writer.Block())
            {
                body($"{start}");
            }

            return;
        }

        using (writer.Block($"for (int i = {start}; i < {end}; {(step == 1 ? "i++" : $"i += {step}")})"))
        {
            body("i");
        }
    }
}
