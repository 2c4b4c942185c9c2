using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>Loops that compute each element of the last operand from those of the others: vectors where all are f32, or all f64, with unit stride or standing still.</summary>
internal static class MapLoop
{
    /// <summary>Writes the loops.</summary>
    /// <param name="writer">Where they go.</param>
    /// <param name="type">Element type of all operands.</param>
    /// <param name="nest">One operand for each pointer; the last is written.</param>
    /// <param name="pointers">Names of the pointers.</param>
    /// <param name="body">The result's expression from those of the inputs.</param>
    public static void Emit(StepWriter writer, ElementType type, LoopNest nest, IReadOnlyList<string> pointers, Func<Simd, IReadOnlyList<string>, string> body)
    {
        int output = pointers.Count - 1;
        bool vector = (type == ElementType.Float32 || (type == ElementType.Float64 && !writer.Simd.IsScalar)) && nest.InnerStride(output) == 1
            && Enumerable.Range(0, output).All(o => nest.InnerStride(o) is 0 or 1);
        string pointerType = StepWriter.PointerType(type);
        nest.EmitOuter(writer, pointers.Select(p => (p, pointerType)).ToArray(), rows =>
        {
            if (vector)
            {
                VectorLoop.Emit(
                    writer,
                    nest.InnerTrip,
                    (width, index) =>
                    {
                        Simd simd = width.Of(type);
                        writer.Line(simd.Store(
                            VectorLoop.At(rows[output], index),
                            body(simd, Enumerable.Range(0, output).Select(o => Operand(simd, nest.InnerStride(o), rows[o], index)).ToArray())));
                    },
                    elementBytes: type.Size());
                return;
            }

            string k = writer.Name("k");
            using (writer.For(k, nest.InnerTrip))
            {
                string[] elements = Enumerable.Range(0, output).Select(o => Element(rows[o], k, nest.InnerStride(o))).ToArray();
                writer.Line($"{Element(rows[output], k, nest.InnerStride(output))} = {body(writer.Scalar, elements)};");
            }
        });
    }

    private static string Operand(Simd simd, long stride, string row, string index) =>
        stride == 0 ? simd.Broadcast($"*{row}") : simd.Load(VectorLoop.At(row, index));

    private static string Element(string row, string index, long stride) => $"{row}[{(stride == 0 ? "0" : stride == 1 ? index : $"{index} * {stride}L")}]";
}
