using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Onnx.Proto;
using Google.Protobuf;
using Shouldly;
using Xunit;

namespace AotCompiler.Tests.Onnx;

/// <summary>Every way to store a tensor gives the same little-endian bytes, and a wrong amount of data is refused.</summary>
public class TensorReadingTests
{
    public static IEnumerable<object[]> TypedFields() => Cases().Select(c => new object[] { c.Type.ToString(), c });

    [Theory]
    [MemberData(nameof(TypedFields))]
    public void A_typed_field_decodes_to_bytes(string type, object value)
    {
        var c = (Case)value;
        OnnxTensor tensor = Read(c.Proto());
        tensor.DataType.ShouldBe(Enum.Parse<OnnxDataType>(type));
        tensor.Data.ToArray().ShouldBe(c.Expected);
        tensor.ByteLength.ShouldBe(c.Expected.Length);
        tensor.ElementCount.ShouldBe(c.Count);
    }

    [Theory]
    [MemberData(nameof(TypedFields))]
    public void Raw_data_is_the_same_bytes(string type, object value)
    {
        var c = (Case)value;
        Read(Protos.RawTensor("t", Enum.Parse<OnnxDataType>(type), [c.Count], c.Expected)).Data.ToArray().ShouldBe(c.Expected);
    }

    [Theory]
    [MemberData(nameof(TypedFields))]
    public void One_byte_or_entry_more_or_less_is_refused(string type, object value)
    {
        var c = (Case)value;
        foreach (long count in new[] { c.Count - 4, c.Count + 4 })
        {
            TensorProto proto = c.Proto();
            proto.Dims[0] = count;
            Refused(proto);
            Refused(Protos.RawTensor("t", Enum.Parse<OnnxDataType>(type), [count], c.Expected));
        }

        Refused(Protos.RawTensor("t", Enum.Parse<OnnxDataType>(type), [c.Count], [.. c.Expected, 0]));
    }

    [Fact]
    public void Every_element_type_is_covered() =>
        Cases().Select(c => c.Type).Append(OnnxDataType.String).Distinct().Order()
            .ShouldBe(Enum.GetValues<OnnxDataType>().Where(t => t != OnnxDataType.Undefined));

    [Theory]
    [InlineData(OnnxDataType.Int4, 3, 2)]
    [InlineData(OnnxDataType.UInt4, 1, 1)]
    [InlineData(OnnxDataType.Float4E2M1, 4, 2)]
    [InlineData(OnnxDataType.Int2, 5, 2)]
    [InlineData(OnnxDataType.UInt2, 4, 1)]
    public void Packed_elements_fill_whole_bytes(object type, long elements, int bytes) =>
        Read(Protos.RawTensor("t", (OnnxDataType)type, [elements], new byte[bytes])).ByteLength.ShouldBe(bytes);

    [Fact]
    public void Unpacked_and_split_fields_are_joined()
    {
        // TensorDataProto's fields one element at a time, as a writer without packing would have them.
        byte[] unpackedFloats = [8 | 0, 2, 0x10, 1, 0x25, 0, 0, 128, 63, 0x25, 0, 0, 0, 64];
        OnnxReader.ReadTensor(unpackedFloats).Data.ToArray().ShouldBe(Bytes(1f, 2f));

        TensorProto ints = Protos.EmptyTensor("t", OnnxDataType.Int64, 3);
        ints.Int64Data.Add(Protos.Varints(-1));
        ints.Int64Data.Add(Protos.Varints(300, 2));
        Read(ints).Data.ToArray().ShouldBe(Bytes(-1L, 300L, 2L));

        byte[] unpackedInts = [.. Protos.EmptyTensor("t", OnnxDataType.Int32, 2).ToByteArray(), 0x28, 7, 0x28, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1];
        OnnxReader.ReadTensor(unpackedInts).Data.ToArray().ShouldBe(Bytes(7, -1));
    }

    [Fact]
    public void Strings_are_kept_as_bytes()
    {
        OnnxTensor tensor = Read(Protos.StringTensor("s", [2, 1], "a", "ü"));
        tensor.Strings.ShouldBe(["a", "ü"]);
        tensor.ByteStrings[1].Length.ShouldBe(2);
        Should.Throw<ModelException>(() => tensor.Data);
        Refused(Protos.StringTensor("s", [3], "a"));
        Refused(Protos.RawTensor("s", OnnxDataType.String, [1], [65]));
    }

    [Fact]
    public void Scalars_and_empty_tensors_have_one_and_no_element()
    {
        Read(Protos.Tensor("t", [], 3f)).Data.ToArray().ShouldBe(Bytes(3f));
        Read(Protos.EmptyTensor("t", OnnxDataType.Float, 2, 0)).Data.Length.ShouldBe(0);
        Refused(Protos.EmptyTensor("t", OnnxDataType.Float));
    }

    [Fact]
    public void Raw_data_is_not_copied()
    {
        OnnxTensor tensor = Read(Protos.Tensor("t", [2], 1f, 2f));
        tensor.Data.Span.Overlaps(tensor.Data.Span).ShouldBeTrue();
        MemoryMarshal.TryGetArray(tensor.Data, out ArraySegment<byte> first).ShouldBeTrue();
        MemoryMarshal.TryGetArray(tensor.WithName("u").Data, out ArraySegment<byte> second).ShouldBeTrue();
        second.Array.ShouldBeSameAs(first.Array);
    }

    [Fact]
    public void Raw_booleans_become_zero_or_one() =>
        Read(Protos.RawTensor("t", OnnxDataType.Bool, [3], [0, 1, 255])).Data.ToArray().ShouldBe([0, 1, 1]);

    [Fact]
    public void A_narrow_value_may_be_sign_or_zero_extended_but_must_fit()
    {
        TensorProto proto = Protos.EmptyTensor("t", OnnxDataType.Int8, 2);
        proto.Int32Data.Add(Protos.Varints(-1, 255));
        Read(proto).Data.ToArray().ShouldBe([255, 255]);

        TensorProto wide = Protos.EmptyTensor("t", OnnxDataType.Int8, 1);
        wide.Int32Data.Add(Protos.Varints(256));
        OnnxTensor tensor = Read(wide);
        Should.Throw<ModelException>(() => tensor.Data).Diagnostic.Code.ShouldBe(DiagnosticCodes.TensorMalformed);
    }

    [Fact]
    public void Data_in_a_wrong_or_second_field_is_refused()
    {
        TensorProto wrong = Protos.EmptyTensor("t", OnnxDataType.Float, 1);
        wrong.Int32Data.Add(Protos.Varints(1));
        Refused(wrong).ShouldContain("float_data");

        TensorProto two = Protos.Tensor("t", [1], 1f);
        two.FloatData.Add(Protos.Floats(1));
        Refused(two).ShouldContain("more than one field");

        TensorProto segment = Protos.Tensor("t", [1], 1f);
        segment.Segment = new TensorProto.Types.Segment { Begin = 0, End = 1 };
        Refused(segment).ShouldContain("segments");
    }

    [Fact]
    public void Bad_dimensions_are_refused()
    {
        Refused(Protos.EmptyTensor("t", OnnxDataType.Float, -1));
        Refused(Protos.EmptyTensor("t", OnnxDataType.Float, 1L << 32, 1L << 32));
        Refused(Protos.EmptyTensor("t", OnnxDataType.Float, 0, 1L << 32, 1L << 32));
        Refused(Protos.EmptyTensor("t", OnnxDataType.Float, 1L << 62));
        Refused(Protos.EmptyTensor("t", OnnxDataType.Float, new long[65]));
        Refused(Protos.EmptyTensor("t", (OnnxDataType)99, 1));
        Refused(Protos.EmptyTensor("t", OnnxDataType.Undefined, 1));
    }

    private static Case[] Cases()
    {
        Case Ints(OnnxDataType type, long[] values, byte[] expected, int perEntry = 1) =>
            new(type, values.Length * perEntry, t => t.Int32Data.Add(Protos.Varints(values)), expected);
        return
        [
            new(OnnxDataType.Float, 4, t => t.FloatData.Add(Protos.Floats(1, -2, float.NaN, 0)), Bytes(1f, -2f, float.NaN, 0f)),
            new(OnnxDataType.Complex64, 4, t => t.FloatData.Add(Protos.Floats(1, 2, 3, 4, 5, 6, 7, 8)), Bytes(1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f)),
            new(OnnxDataType.Double, 4, t => t.DoubleData.Add(Protos.Doubles(1, -2, 3, 1e300)), Bytes(1d, -2d, 3d, 1e300)),
            new(OnnxDataType.Complex128, 4, t => t.DoubleData.Add(Protos.Doubles(1, 2, 3, 4, 5, 6, 7, 8)), Bytes(1d, 2d, 3d, 4d, 5d, 6d, 7d, 8d)),
            new(OnnxDataType.Int64, 4, t => t.Int64Data.Add(Protos.Varints(long.MinValue, -1, 0, long.MaxValue)), Bytes(long.MinValue, -1, 0, long.MaxValue)),
            new(OnnxDataType.UInt64, 4, t => t.Uint64Data.Add(Protos.Varints(-1, 0, 1, 2)), Bytes(ulong.MaxValue, 0ul, 1ul, 2ul)),
            new(OnnxDataType.UInt32, 4, t => t.Uint64Data.Add(Protos.Varints(uint.MaxValue, 0, 1, 2)), Bytes(uint.MaxValue, 0u, 1u, 2u)),
            Ints(OnnxDataType.Int32, [int.MinValue, -1, 0, int.MaxValue], Bytes(int.MinValue, -1, 0, int.MaxValue)),
            Ints(OnnxDataType.Int16, [-32768, -1, 0, 32767], Bytes<short>(-32768, -1, 0, 32767)),
            Ints(OnnxDataType.UInt16, [0, 1, 40000, 65535], Bytes<ushort>(0, 1, 40000, 65535)),
            Ints(OnnxDataType.Float16, [0x3C00, 0xC000, 0, 1], Bytes<ushort>(0x3C00, 0xC000, 0, 1)),
            Ints(OnnxDataType.BFloat16, [0x3F80, 0xC000, 0, 1], Bytes<ushort>(0x3F80, 0xC000, 0, 1)),
            Ints(OnnxDataType.Int8, [-128, -1, 0, 127], [128, 255, 0, 127]),
            Ints(OnnxDataType.UInt8, [0, 1, 128, 255], [0, 1, 128, 255]),
            Ints(OnnxDataType.Bool, [0, 1, 2, -1], [0, 1, 1, 1]),
            Ints(OnnxDataType.Float8E4M3FN, [1, 2, 3, 255], [1, 2, 3, 255]),
            Ints(OnnxDataType.Float8E4M3FNUZ, [1, 2, 3, 255], [1, 2, 3, 255]),
            Ints(OnnxDataType.Float8E5M2, [1, 2, 3, 255], [1, 2, 3, 255]),
            Ints(OnnxDataType.Float8E5M2FNUZ, [1, 2, 3, 255], [1, 2, 3, 255]),
            Ints(OnnxDataType.Float8E8M0, [1, 2, 3, 255], [1, 2, 3, 255]),
            Ints(OnnxDataType.Int4, [0x21, 0xF8], [0x21, 0xF8], 2),
            Ints(OnnxDataType.UInt4, [0x21, 0xF8], [0x21, 0xF8], 2),
            Ints(OnnxDataType.Float4E2M1, [0x21, 0xF8], [0x21, 0xF8], 2),
            Ints(OnnxDataType.Int2, [0xE4, 0x1B], [0xE4, 0x1B], 4),
            Ints(OnnxDataType.UInt2, [0xE4, 0x1B], [0xE4, 0x1B], 4),
        ];
    }

    private static byte[] Bytes<T>(params T[] values)
        where T : unmanaged => MemoryMarshal.AsBytes<T>(values).ToArray();

    private static OnnxTensor Read(TensorProto proto) => OnnxReader.ReadTensor(proto.ToByteArray());

    private static string Refused(TensorProto proto) => Should.Throw<ModelException>(() => Read(proto)).Message;

    private sealed record Case(OnnxDataType Type, int Count, Action<TensorProto> Fill, byte[] Expected)
    {
        public TensorProto Proto()
        {
            TensorProto proto = Protos.EmptyTensor("t", Type, Count);
            Fill(proto);
            return proto;
        }

        public override string ToString() => Type.ToString();
    }
}
