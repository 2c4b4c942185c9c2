using System;
using System.Buffers.Binary;
using System.IO;
using System.Linq;
using System.Text;
using AotCompiler.Cli.Numerics;
using AotCompiler.Onnx;
using Shouldly;

namespace AotCompiler.Cli.Tests.Numerics;

public sealed class NpyFileTests
{
    [Theory]
    [InlineData((int)OnnxDataType.Float, "<f4")]
    [InlineData((int)OnnxDataType.Double, "<f8")]
    [InlineData((int)OnnxDataType.Float16, "<f2")]
    [InlineData((int)OnnxDataType.Int8, "|i1")]
    [InlineData((int)OnnxDataType.Int16, "<i2")]
    [InlineData((int)OnnxDataType.Int32, "<i4")]
    [InlineData((int)OnnxDataType.Int64, "<i8")]
    [InlineData((int)OnnxDataType.UInt8, "|u1")]
    [InlineData((int)OnnxDataType.UInt16, "<u2")]
    [InlineData((int)OnnxDataType.UInt32, "<u4")]
    [InlineData((int)OnnxDataType.UInt64, "<u8")]
    [InlineData((int)OnnxDataType.Bool, "|b1")]
    [InlineData((int)OnnxDataType.Complex64, "<c8")]
    [InlineData((int)OnnxDataType.Complex128, "<c16")]
    public void EveryType_SurvivesTheRoundTrip(int typeCode, string description)
    {
        var type = (OnnxDataType)typeCode;
        var data = Enumerable.Range(0, 6 * type.BitWidth() / 8).Select(i => (byte)(type == OnnxDataType.Bool ? i & 1 : i * 37)).ToArray();

        var file = NpyFile.Format(new TensorData(type, [2, 3], data));
        var read = NpyFile.Parse(file);

        Encoding.ASCII.GetString(file, 10, 60).ShouldStartWith($"{{'descr': '{description}', 'fortran_order': False, ");
        read.Type.ShouldBe(type);
        read.Shape.ShouldBe([2, 3]);
        read.Data.ShouldBe(data);
    }

    [Theory]
    [InlineData(new long[0], "'shape': (), }")]
    [InlineData(new long[] { 5 }, "'shape': (5,), }")]
    [InlineData(new long[] { 2, 3 }, "'shape': (2, 3), }")]
    [InlineData(new long[] { 4, 0, 3 }, "'shape': (4, 0, 3), }")]
    public void Header_IsWrittenAsNumPyDoes(long[] shape, string expected)
    {
        var count = shape.Aggregate(1L, (a, b) => a * b);

        var file = NpyFile.Format(new TensorData(OnnxDataType.Float, shape, new byte[count * 4]));

        var headerLength = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8));
        var header = Encoding.ASCII.GetString(file, 10, headerLength);
        ((10 + headerLength) % 64).ShouldBe(0);
        header.TrimEnd().ShouldEndWith(expected);
        header.ShouldEndWith("\n");
        NpyFile.Parse(file).Shape.ShouldBe(shape);
    }

    [Fact]
    public void HeaderBeyond64KiB_IsWrittenAsVersion2()
    {
        var shape = Enumerable.Repeat(1L, 40_000).ToArray();

        var file = NpyFile.Format(new TensorData(OnnxDataType.UInt8, shape, [9]));

        file[6].ShouldBe((byte)2);
        NpyFile.Parse(file).Shape.ShouldBe(shape);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AllVersions_AreRead(byte version)
    {
        var file = File(version, "{'descr': '<i2', 'fortran_order': False, 'shape': (2,), }", [1, 0, 2, 0]);

        NpyFile.Parse(file).Elements<short>().ShouldBe([(short)1, (short)2]);
    }

    [Theory]
    [InlineData("{'shape':(2L,),\"descr\":'<i2' , 'fortran_order':False}\n")]
    [InlineData("{ 'fortran_order': False,\t'shape': ( 2 , ), 'descr': 'i2' }  \n")]
    [InlineData("{'descr': '=i2', 'fortran_order': True, 'shape': (2), }")]
    public void OtherSpellingsOfTheHeader_AreRead(string header)
    {
        NpyFile.Parse(File(1, header, [1, 0, 2, 0])).Elements<short>().ShouldBe([(short)1, (short)2]);
    }

    [Fact]
    public void BigEndian_IsSwapped()
    {
        var floats = File(1, "{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }", [0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0]);
        var complex = File(1, "{'descr': '>c8', 'fortran_order': False, 'shape': (), }", [0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0]);

        NpyFile.Parse(floats).Elements<float>().ShouldBe([1f, -2f]);
        NpyFile.Parse(complex).Elements<float>().ShouldBe([1f, -2f]);
    }

    [Fact]
    public void FortranOrder_IsTurnedIntoCOrder()
    {
        // a[i, j, k] = 100·i + 10·j + k with the first index fastest.
        var data = new byte[2 * 3 * 4 * 2];
        var position = 0;
        for (var k = 0; k < 4; k++)
        {
            for (var j = 0; j < 3; j++)
            {
                for (var i = 0; i < 2; i++, position += 2)
                {
                    BinaryPrimitives.WriteInt16LittleEndian(data.AsSpan(position), (short)((100 * i) + (10 * j) + k));
                }
            }
        }

        var tensor = NpyFile.Parse(File(1, "{'descr': '<i2', 'fortran_order': True, 'shape': (2, 3, 4), }", data));

        var expected = from i in Enumerable.Range(0, 2) from j in Enumerable.Range(0, 3) from k in Enumerable.Range(0, 4) select (short)((100 * i) + (10 * j) + k);
        tensor.Elements<short>().ShouldBe(expected);
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", "needs 12 bytes of data, the file has 4")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (), } x", "text after")]
    [InlineData("{'descr': '<U7', 'fortran_order': False, 'shape': (), }", "'<U7' is not supported")]
    [InlineData("{'descr': '', 'fortran_order': False, 'shape': (), }", "'' is not supported")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (), }", "structured")]
    [InlineData("{'descr': '<f4', 'shape': (), }", "no 'fortran_order'")]
    [InlineData("{'descr': '<f4', 'fortran_order': 0, 'shape': (), }", "True or False")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "non-negative")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", "64-bit")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (4000000000, 4000000000, 4000000000), }", "too large")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1 2), }", "')' is expected")]
    [InlineData("{'descr': '<f4', 'color': False, 'shape': (), }", "'color' is not known")]
    [InlineData("{'descr': '<f4", "quoted string")]
    [InlineData("{", "quoted string")]
    [InlineData("", "'{' is expected")]
    public void MalformedHeaders_AreRefused(string header, string message)
    {
        Should.Throw<InvalidDataException>(() => NpyFile.Parse(File(1, header, [0, 0, 0, 0]))).Message.ShouldContain(message);
    }

    [Fact]
    public void DamagedFiles_AreRefused()
    {
        var file = File(1, "{'descr': '|b1', 'fortran_order': False, 'shape': (4,), }", [0, 1, 1, 0]);

        Should.Throw<InvalidDataException>(() => NpyFile.Parse([])).Message.ShouldContain("signature");
        Should.Throw<InvalidDataException>(() => NpyFile.Parse("PK\u0003\u0004 zip archive"u8)).Message.ShouldContain("signature");
        Should.Throw<InvalidDataException>(() => NpyFile.Parse([.. file[..6], 4, .. file[7..]])).Message.ShouldContain("version 4.0");
        Should.Throw<InvalidDataException>(() => NpyFile.Parse(file.AsSpan(0, 20))).Message.ShouldContain("header should have");
        Should.Throw<InvalidDataException>(() => NpyFile.Parse([.. file[..^1], 7])).Message.ShouldContain("boolean");
        for (var length = 0; length < file.Length; length++)
        {
            Should.Throw<InvalidDataException>(() => NpyFile.Parse(file.AsSpan(0, length)));
        }
    }

    [Fact]
    public void TypesThatNumPyLacks_AreRefused()
    {
        var tensor = new TensorData(OnnxDataType.BFloat16, [1], [0, 0]);

        Should.Throw<NotSupportedException>(() => NpyFile.Format(tensor)).Message.ShouldContain("bfloat16");
    }

    [Fact]
    public void FilesOnDisk_NameThemselvesInErrors()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".npy");
        try
        {
            NpyFile.Write(path, Tensors.Floats(1, 2, 3));
            NpyFile.Read(path).Elements<float>().ShouldBe([1f, 2f, 3f]);
            System.IO.File.WriteAllText(path, "text");
            Should.Throw<InvalidDataException>(() => NpyFile.Read(path)).Message.ShouldStartWith(path);
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    [Fact]
    public void TensorData_ChecksItsLength()
    {
        Should.Throw<ArgumentException>(() => new TensorData(OnnxDataType.Float, [2, 2], new byte[15])).Message.ShouldContain("16 bytes");
        Should.Throw<ArgumentException>(() => new TensorData(OnnxDataType.Float, [-1], []));
        Should.Throw<ArgumentException>(() => new TensorData(OnnxDataType.String, [1], []));
        new TensorData(OnnxDataType.Int4, [3], new byte[2]).Count.ShouldBe(3);
        new TensorData(OnnxDataType.Float, [1L << 40, 0, 1L << 40], []).Count.ShouldBe(0);
    }

    private static byte[] File(byte version, string header, byte[] data)
    {
        var length = new byte[version == 1 ? 2 : 4];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)header.Length);
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. Encoding.ASCII.GetBytes(header), .. data];
    }
}
