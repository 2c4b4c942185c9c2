using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using AotCompiler.Ir;

namespace AotCompiler.Emission;

/// <summary>
/// What <c>NAME_info</c> points to: facts about the model as read-only bytes. There is no pointer in it, so that no loader has to
/// write to it and it can lie in flash; names have room of a fixed length. Fields are declared and written from one list.
/// </summary>
internal sealed class NativeInformation
{
    private const int ShaRoom = 72;
    private const int WordRoom = 16;

    // A name in a model may have any length; this is as much of it as the information shows.
    private const int MaxNameLength = 255;

    private readonly NativeInterface _native;
    private readonly int _nameRoom;

    public NativeInformation(NativeInterface native)
    {
        _native = native;
        _nameRoom = RoundUp(native.Inputs.Concat(native.Outputs).Select(static t => Utf8(t.Boundary.Original)).Append(Utf8(native.ModelName)).Max(static b => b.Length) + 1);
    }

    /// <summary>Characters of each name's room, the final zero included.</summary>
    public int NameRoom => _nameRoom;

    /// <summary>Fields of the structure that describes a tensor.</summary>
    public IReadOnlyList<NativeField> Tensor(NativeTensor? tensor) => new[]
    {
        NativeField.Int32("type", (int)(tensor?.Boundary.Type ?? 0), "element type, an enumerator of the types above"),
        NativeField.Int32("rank", tensor?.Boundary.Shape.Rank ?? 0, "number of dimensions"),
        NativeField.Int32("dynamic_dims", tensor is null ? 0 : DynamicDimensions(tensor), "bit i is set if each run decides dimension i, and shape holds its greatest value"),
        NativeField.Int32("element_size", tensor?.Boundary.Type.Size() ?? 0, "bytes of an element"),
        NativeField.Int64("size", tensor?.Bytes ?? 0, "bytes of the tensor, at most"),
        NativeField.Int64s("shape", Shape(tensor), $"{_native.Macro}_RANK_LIMIT", "dimensions, outermost first"),
        NativeField.Text("name", Utf8(tensor?.Boundary.Original ?? string.Empty), _nameRoom, $"{_native.Macro}_NAME_ROOM", "name in the model, UTF-8, ends with 0"),
    };

    /// <summary>Fields of the structure in front of the tensors.</summary>
    public IReadOnlyList<NativeField> Head => new[]
    {
        NativeField.Int32("abi_version", NativeInterface.AbiVersion, $"{_native.Macro}_ABI_VERSION of the library"),
        NativeField.Int32("info_size", HeadLength + (Slots * TensorLength), "bytes of this structure"),
        NativeField.Int32("head_size", HeadLength, "bytes in front of the tensors"),
        NativeField.Int32("tensor_size", TensorLength, "bytes of a tensor's description"),
        NativeField.Int32("rank_limit", _native.RankLimit, "length of each shape"),
        NativeField.Int32("name_room", _nameRoom, "length of each name"),
        NativeField.Int32("input_count", _native.Inputs.Count, "inputs of the model"),
        NativeField.Int32("output_count", _native.Outputs.Count, "outputs of the model"),
        NativeField.Int64("arena_size", _native.ArenaBytes, "bytes of working memory"),
        NativeField.Int64("arena_alignment", 64, "its alignment in bytes, and that of the state and the weights"),
        NativeField.Int64("state_size", _native.StateBytes, "bytes that are kept from run to run"),
        NativeField.Int64("weights_size", _native.WeightBytes, "bytes of weights"),
        NativeField.Int64("multiply_adds", _native.MultiplyAdds, "multiply-adds of a run"),
        NativeField.Text("model_sha256", Utf8(_native.Sha256), ShaRoom, $"{ShaRoom}", "hash of the ONNX file in hexadecimal, ends with 0"),
        NativeField.Text("isa", Utf8(_native.IsaName), WordRoom, $"{WordRoom}", "instruction set, ends with 0"),
        NativeField.Text("compiler", Utf8(ModelEmitter.CompilerVersion), WordRoom, $"{WordRoom}", "version of AotCompiler, ends with 0"),
        NativeField.Text("model_name", Utf8(_native.ModelName), _nameRoom, $"{_native.Macro}_NAME_ROOM", "name of the model, UTF-8, ends with 0"),
    };

    /// <summary>The whole structure: a multiple of 8 bytes, little-endian.</summary>
    public byte[] ToBytes() => Head
        .Concat(Described(_native.Inputs))
        .Concat(Described(_native.Outputs))
        .SelectMany(static f => f.Bytes)
        .ToArray();

    private static int Count(IReadOnlyList<NativeTensor> tensors) => Math.Max(1, tensors.Count);

    // C has no arrays of no elements.
    private int Slots => Count(_native.Inputs) + Count(_native.Outputs);

    private int TensorLength => Tensor(null).Sum(static f => f.Bytes.Length);

    private int HeadLength => (8 * sizeof(int)) + (5 * sizeof(long)) + ShaRoom + WordRoom + WordRoom + _nameRoom;

    private IEnumerable<NativeField> Described(IReadOnlyList<NativeTensor> tensors) =>
        Enumerable.Range(0, Count(tensors)).SelectMany(i => Tensor(i < tensors.Count ? tensors[i] : null));

    private static int DynamicDimensions(NativeTensor tensor)
    {
        int mask = 0;
        for (int axis = 0; axis < Math.Min(32, tensor.Boundary.Shape.Rank); axis++)
        {
            mask |= tensor.Boundary.Shape.Extent(axis).IsDynamic ? 1 << axis : 0;
        }

        return mask;
    }

    private long[] Shape(NativeTensor? tensor)
    {
        var shape = new long[_native.RankLimit];
        for (int axis = 0; axis < (tensor?.Boundary.Shape.Rank ?? 0); axis++)
        {
            shape[axis] = tensor!.Boundary.Shape[axis];
        }

        return shape;
    }

    private static int RoundUp(int length) => (length + 7) / 8 * 8;

    /// <summary>The text in UTF-8, cut between two characters if it is too long.</summary>
    private static byte[] Utf8(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int length = Math.Min(bytes.Length, MaxNameLength);
        while (length < bytes.Length && length > 0 && (bytes[length] & 0xC0) == 0x80)
        {
            length--;
        }

        return bytes.Take(length).ToArray();
    }
}

/// <summary>A field of the information, as C declares it and as its bytes.</summary>
/// <param name="Declaration">Type and name in C, without a semicolon.</param>
/// <param name="Meaning">What it says.</param>
/// <param name="Bytes">Its bytes, little-endian.</param>
internal sealed record NativeField(string Declaration, string Meaning, byte[] Bytes)
{
    public static NativeField Int32(string name, int value, string meaning) => new($"int32_t {name}", meaning, Little(value, sizeof(int)));

    public static NativeField Int64(string name, long value, string meaning) => new($"int64_t {name}", meaning, Little(value, sizeof(long)));

    public static NativeField Int64s(string name, long[] values, string length, string meaning) =>
        new($"int64_t {name}[{length}]", meaning, values.SelectMany(static v => Little(v, sizeof(long))).ToArray());

    /// <param name="name">Name of the field.</param>
    /// <param name="text">The text, cut if there is no room for it and a final zero.</param>
    /// <param name="room">Bytes of the field.</param>
    /// <param name="length">The same in C.</param>
    /// <param name="meaning">What it says.</param>
    public static NativeField Text(string name, byte[] text, int room, string length, string meaning)
    {
        var bytes = new byte[room];
        Array.Copy(text, bytes, Math.Min(text.Length, room - 1));
        return new NativeField($"char {name}[{length}]", meaning, bytes);
    }

    private static byte[] Little(long value, int length) => Enumerable.Range(0, length).Select(i => (byte)(value >> (8 * i))).ToArray();
}
