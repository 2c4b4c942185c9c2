using System;
using System.IO;
using System.Linq;
using AotCompiler.Cli.Numerics;
using AotCompiler.Cli.Tests.Numerics;
using AotCompiler.Cli.Tests.Support;
using AotCompiler.Host;
using AotCompiler.Onnx;
using AotCompiler.Onnx.Proto;
using Google.Protobuf;
using Shouldly;

namespace AotCompiler.Cli.Tests.Native;

public sealed class TensorProtoFileTests
{
    /// <summary>Every tensor file of the repository, read by the compiler's own reader for comparison.</summary>
    [Fact]
    public void ReadsWhatTheCompilerReads()
    {
        string[] files = Directory.GetFiles(Path.Combine(Repository.Root, "models"), "*.pb", SearchOption.AllDirectories);
        files.Length.ShouldBeGreaterThan(100);
        foreach (string file in files)
        {
            OnnxTensor expected = OnnxReader.ReadTensor(File.ReadAllBytes(file));
            TensorData actual = TensorProtoFile.Read(file);
            actual.Type.ShouldBe(expected.DataType, file);
            actual.Shape.ShouldBe(expected.Dims.ToArray(), file);
            actual.Data.AsSpan().SequenceEqual(expected.Data.Span).ShouldBeTrue(file);
        }
    }

    [Fact]
    public void ReadsTypedFields()
    {
        // dims 2, data_type int16, int32_data [-2, 300]: packed, negative numbers as ten bytes.
        byte[] packed = [0x08, 2, 0x10, (byte)OnnxDataType.Int16, 0x2A, 12, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 0xAC, 0x02];
        TensorProtoFile.Parse(packed).Elements<short>().ShouldBe([(short)-2, (short)300]);

        // The same without packing, and a boolean that is not 1.
        byte[] unpacked = [0x08, 2, 0x10, (byte)OnnxDataType.Bool, 0x28, 7, 0x28, 0];
        TensorProtoFile.Parse(unpacked).Data.ShouldBe([1, 0]);

        // A scalar double in double_data.
        byte[] scalar = [0x10, (byte)OnnxDataType.Double, 0x52, 8, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F];
        TensorProtoFile.Parse(scalar).Elements<double>().ShouldBe([1.0]);
    }

    [Fact]
    public void DamagedFilesAreRefused()
    {
        byte[] whole = new TensorProto { DataType = (int)OnnxDataType.Float, Dims = { 3L }, RawData = ByteString.CopyFrom(new byte[12]), Name = "x" }.ToByteArray();
        using var folder = new TestFolder();
        for (int length = 0; length < whole.Length; length++)
        {
            string path = folder[$"{length}.pb"];
            File.WriteAllBytes(path, whole[..length]);
            Try(path).ShouldBeOneOf(typeof(InvalidDataException), null);
        }
    }

    private static Type? Try(string path)
    {
        try
        {
            TensorProtoFile.Read(path);
            return null;
        }
        catch (Exception e)
        {
            return e.GetType();
        }
    }
}
