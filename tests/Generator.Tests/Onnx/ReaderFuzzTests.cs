using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Onnx.Proto;
using Google.Protobuf;
using Shouldly;
using Xunit;

namespace AotCompiler.Tests.Onnx;

/// <summary>Whatever the bytes, reading ends in a model or a <see cref="ModelException"/>, with little memory. Seeds are fixed.</summary>
public class ReaderFuzzTests
{
    private const long MemorySlack = 64L << 20;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Mutated_models_are_survived(int seed)
    {
        var random = new Random(seed);
        byte[][] models = Models().ToArray();
        for (int i = 0; i < 1500; i++)
        {
            Survive(Mutate((byte[])models[random.Next(models.Length)].Clone(), models, random));
        }
    }

    [Fact]
    public void Every_truncation_is_survived()
    {
        foreach (byte[] model in Models())
        {
            for (int length = 0; length < model.Length; length++)
            {
                Survive(model.AsSpan(0, length).ToArray());
            }
        }
    }

    [Fact]
    public void Every_changed_bit_is_survived()
    {
        byte[] model = Models().First();
        for (int bit = 0; bit < 8 * model.Length; bit++)
        {
            byte[] copy = (byte[])model.Clone();
            copy[bit / 8] ^= (byte)(1 << (bit % 8));
            Survive(copy);
        }
    }

    [Fact]
    public void Random_bytes_are_survived()
    {
        var random = new Random(5);
        for (int i = 0; i < 2000; i++)
        {
            byte[] bytes = new byte[random.Next(300)];
            random.NextBytes(bytes);
            Survive(bytes);
        }
    }

    private static IEnumerable<byte[]> Models()
    {
        TensorProto packed = Protos.EmptyTensor("p", OnnxDataType.Int64, 3);
        packed.Int64Data.Add(Protos.Varints(1, -2, 300));
        TensorProto external = Protos.EmptyTensor("e", OnnxDataType.Float, 2);
        external.DataLocation = 1;
        external.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "w.bin" });
        external.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = "4" });
        yield return new ModelBuilder(17)
            .Input("x", OnnxDataType.Float, ["n", 3, 4, 4])
            .Initializer("w", [2, 3, 1, 1], 1f, 2f, 3f, 4f, 5f, 6f)
            .Initializer(packed)
            .Initializer(Protos.StringTensor("s", [2], "a", "b"))
            .Node("Conv", ["x", "w"], ["y"], ("strides", new[] { 1, 1 }), ("alpha", 0.5f), ("auto_pad", "VALID"))
            .Output("y", OnnxDataType.Float, 1, 2, 4, 4)
            .ToBytes();
        yield return new ModelBuilder().Import("f", 1)
            .Function(new FunctionBuilder("f", "F", ["x"], ["y"], ["a"]).Default("b", 1f)
                .Node("If", ["x"], ["y"], ("then_branch", new GraphBuilder().Initializer("k", [1], 1L).Output("k")), ("v", new AttributeRef("a", OnnxAttributeKind.Int)))
                .Node("f", "G", ["y"], ["z"]))
            .Function(new FunctionBuilder("f", "G", ["x"], ["y"]).Node("Neg", ["x"], ["y"]))
            .Node("f", "F", ["a"], ["b"], ("a", 3))
            .Initializer(external)
            .ToBytes();
        yield return new ModelBuilder()
            .Node("Op", [], [], ("sp", new SparseTensorProto { Values = Protos.Tensor("v", [1], 1f), Indices = Protos.Tensor("i", [1], 2L), Dims = { 9 } }))
            .Node("Op", [], [], ("tp", new TypeProto { SequenceType = new() { ElemType = Protos.TensorType(OnnxDataType.Int4, 2, null) } }))
            .ToBytes();
    }

    private static byte[] Mutate(byte[] bytes, byte[][] models, Random random)
    {
        for (int i = random.Next(1, 6); i > 0 && bytes.Length > 0; i--)
        {
            int at = random.Next(bytes.Length);
            int length = random.Next(1, Math.Min(24, bytes.Length - at) + 1);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] = new byte[] { 0, 1, 0x7F, 0x80, 0xFF }[random.Next(5)];
                    break;
                case 2:
                    bytes = [.. bytes[..at], .. bytes[(at + length)..]];
                    break;
                case 3:
                    bytes = [.. bytes[..at], .. bytes[at..(at + length)], .. bytes[at..]];
                    break;
                case 4:
                    byte[] other = models[random.Next(models.Length)];
                    int from = random.Next(other.Length);
                    bytes = [.. bytes[..at], .. other[from..Math.Min(other.Length, from + length)], .. bytes[at..]];
                    break;
                default:
                    // An over-long number in place of a byte, such as a length or a tag.
                    bytes = [.. bytes[..at], .. Enumerable.Repeat((byte)0xFF, random.Next(1, 11)), (byte)random.Next(128), .. bytes[(at + 1)..]];
                    break;
            }
        }

        return bytes;
    }

    private static void Survive(byte[] bytes)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            OnnxModel model = OnnxReader.Read(bytes, NoExternalData.Instance, ReaderLimits.Default);
            Touch(FunctionInliner.Inline(model).Graph);
        }
        catch (ModelException e)
        {
            e.Diagnostic.Message.ShouldNotBeNullOrEmpty();
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"Input {Convert.ToBase64String(bytes)}", e);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan((4 * bytes.Length) + MemorySlack);
    }

    private static void Touch(OnnxGraph graph)
    {
        foreach (OnnxTensor tensor in graph.Initializers)
        {
            _ = tensor.DataType == OnnxDataType.String ? tensor.ByteStrings.Length : tensor.Data.Length;
        }
    }
}
