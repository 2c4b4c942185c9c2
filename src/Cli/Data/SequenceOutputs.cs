using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using AotCompiler.Cli.Numerics;
using AotCompiler.Ir;
using AotCompiler.Onnx;

namespace AotCompiler.Cli.Data;

/// <summary>
/// A sequence of which a run finds the tensors is one output, its tensors along a first dimension, or side by side along the one axis
/// in which they differ, with an output of their lengths (ADR 17). Reference data have its tensors one by one.
/// </summary>
internal static class SequenceOutputs
{
    /// <summary>The outputs with such sequences taken apart, as far as they have the tensors that are expected; others as they are.</summary>
    /// <param name="expected">The reference, named <c>x[0]</c>, <c>x[1]</c>, … for a sequence.</param>
    /// <param name="actual">What the model computed.</param>
    /// <returns>Names and tensors, each with the position of the output that it is or is a part of.</returns>
    public static IReadOnlyList<(string Name, TensorData Data, int Output)> TakenApart(IReadOnlyList<TensorFile> expected, IReadOnlyList<(string Name, TensorData Data)> actual) => actual
        .Select(static (output, position) => (output, position))
        .Where(o => expected.Any(e => e.Name == o.output.Name) || !IsLengths(o.output.Name, actual))
        .SelectMany(o => (Elements(o.output, expected, actual) ?? [o.output]).Select(e => (e.Name, e.Data, o.position)))
        .ToArray();

    private static bool IsLengths(string name, IReadOnlyList<(string Name, TensorData Data)> actual) => actual.Any(o => JoinedSequence.LengthsOf(o.Name) == name);

    private static IEnumerable<(string Name, TensorData Data)>? Elements(
        (string Name, TensorData Data) output, IReadOnlyList<TensorFile> expected, IReadOnlyList<(string Name, TensorData Data)> actual)
    {
        TensorData[] wanted = Enumerable.Range(0, expected.Count)
            .Select(i => expected.FirstOrDefault(e => e.Name == TensorFile.Element(output.Name, i))?.Data)
            .TakeWhile(static data => data is not null)
            .Select(static data => data!)
            .ToArray();
        if (wanted.Length == 0 || output.Data.Type.BitWidth() % 8 != 0)
        {
            return null;
        }

        long[] shape = output.Data.Shape;
        TensorData? lengths = actual.FirstOrDefault(o => o.Name == JoinedSequence.LengthsOf(output.Name)).Data;
        if (lengths is null)
        {
            bool isStack = shape.Length == wanted[0].Shape.Length + 1 && shape[0] == wanted.Length;
            return isStack ? Cut(output, 0, Enumerable.Repeat(1L, wanted.Length).ToArray(), isStack: true) : null;
        }

        long[] sizes = MemoryMarshal.Cast<byte, long>(lengths.Data).ToArray();
        int axis = Enumerable.Range(0, shape.Length).FirstOrDefault(a => shape[a] == sizes.Sum() && Fits(wanted, sizes, shape, a), -1);
        return axis < 0 ? null : Cut(output, axis, sizes, isStack: false);
    }

    /// <summary>True if the expected tensors stand side by side along an axis with these lengths.</summary>
    private static bool Fits(TensorData[] wanted, long[] sizes, long[] shape, int axis) => wanted.Length == sizes.Length
        && wanted.Zip(sizes).All(e => e.First.Shape.SequenceEqual(shape.Select((d, i) => i == axis ? e.Second : d)));

    private static (string Name, TensorData Data)[] Cut((string Name, TensorData Data) output, int axis, long[] sizes, bool isStack)
    {
        long[] shape = output.Data.Shape;
        int cell = checked((int)shape.Skip(axis + 1).Aggregate(output.Data.Type.BitWidth() / 8L, static (product, d) => product * d));
        int row = checked((int)(shape[axis] * cell));
        int start = 0;
        var elements = new (string, TensorData)[sizes.Length];
        for (int i = 0; i < sizes.Length; i++)
        {
            int length = checked((int)(sizes[i] * cell));
            byte[] data = Enumerable.Range(0, row == 0 ? 0 : output.Data.Data.Length / row)
                .SelectMany(r => output.Data.Data.AsSpan((r * row) + start, length).ToArray())
                .ToArray();
            long[] own = isStack ? shape[1..] : shape.Select((d, a) => a == axis ? sizes[i] : d).ToArray();
            elements[i] = (TensorFile.Element(output.Name, i), new TensorData(output.Data.Type, own, data));
            start += length;
        }

        return elements;
    }
}
