using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Linear;

/// <summary>Rows of a constant matrix of codes of a few bits, which stays packed in memory: what is picked of it becomes numbers at run time.</summary>
/// <param name="insert">Adds an operator of the standard with its inputs and attributes.</param>
/// <param name="constant">Adds a constant.</param>
internal sealed class PackedRows(Func<string, Value[], (string, object)[], Value> insert, Func<Tensor, string, Value> constant)
{
    /// <summary>True if the rows of a matrix can be taken apart again: bytes are full, and so are groups.</summary>
    public static bool Covers(PackedMatrix matrix) => matrix.Codes.Shape[1] % (8 / matrix.Bits) == 0 && matrix.Codes.Shape[1] % matrix.GroupSize == 0;

    /// <summary>The rows of some indices as f32 [indices…, K].</summary>
    public Value Gather(PackedMatrix matrix, Value indices)
    {
        int k = matrix.Codes.Shape[1];
        long[] same = new long[indices.Shape.Rank];
        Value Rows(Tensor table, string role) => insert("Gather", new[] { constant(table, role), indices }, new (string, object)[] { ("axis", 0L) });
        Value Split(Value value, params long[] last) => insert("Reshape", new[] { value, constant(Tensor.Vector(same.Concat(last).ToArray()), "shape") }, NoAttributes);
        Value codes = Split(Unpacked(Rows(Packed(matrix), "codes"), matrix.Bits), k / matrix.GroupSize, matrix.GroupSize);
        ReadOnlySpan<float> zeros = matrix.ZeroPoints.Floats();
        bool alike = zeros.ToArray().Distinct().Count() == 1;
        Value zero = alike ? constant(Tensor.Scalar(zeros[0]), "zero") : Split(Rows(matrix.ZeroPoints, "zeros"), k / matrix.GroupSize, 1);
        Value scaled = Op("Mul", Op("Sub", codes, zero), Split(Rows(matrix.Scales, "scales"), k / matrix.GroupSize, 1));
        return Split(scaled, k);
    }

    private static (string, object)[] NoAttributes { get; } = Array.Empty<(string, object)>();

    private Value Op(string op, params Value[] inputs) => insert(op, inputs, NoAttributes);

    /// <summary>The codes of bytes [indices…, K / codes of a byte] as f32 [indices…, K / codes of a byte, codes of a byte].</summary>
    private Value Unpacked(Value bytes, int bits)
    {
        Value rest = insert("Cast", new[] { bytes }, new (string, object)[] { ("to", (long)ElementType.Float32) });
        if (bits == 8)
        {
            return rest;
        }

        Value last = constant(Tensor.Vector(new long[] { -1 }), "last");
        Value up = constant(Tensor.Scalar(1 << bits), "up");
        Value down = constant(Tensor.Scalar(1f / (1 << bits)), "down");
        var parts = new List<Value>();
        for (int i = 1; i < 8 / bits; i++)
        {
            Value next = Op("Floor", Op("Mul", rest, down));
            parts.Add(Op("Unsqueeze", Op("Sub", rest, Op("Mul", next, up)), last));
            rest = next;
        }

        parts.Add(Op("Unsqueeze", rest, last));
        return insert("Concat", parts.ToArray(), new (string, object)[] { ("axis", -1L) });
    }

    /// <summary>The codes packed into bytes from the low bits up.</summary>
    private static Tensor Packed(PackedMatrix matrix)
    {
        int perByte = 8 / matrix.Bits;
        var shape = new Shape(matrix.Codes.Shape[0], matrix.Codes.Shape[1] / perByte);
        return Tensor.Lazy(ElementType.UInt8, shape, $"PackedRows[{matrix.Bits} bits]({matrix.Codes.Recipe})", () =>
        {
            ReadOnlySpan<byte> codes = matrix.Codes.Bytes;
            var bytes = new byte[shape.ElementCount];
            for (int i = 0; i < codes.Length; i++)
            {
                bytes[i / perByte] |= (byte)(codes[i] << (i % perByte * matrix.Bits));
            }

            return bytes;
        });
    }
}
