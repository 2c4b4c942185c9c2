using System;
using System.Linq;
using System.Text;
using System.Threading;
using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Onnx.Proto;
using Google.Protobuf;
using Shouldly;
using Xunit;

namespace AotCompiler.Tests.Onnx;

public class OnnxReaderTests
{
    [Fact]
    public void A_model_is_mirrored()
    {
        ModelBuilder builder = new ModelBuilder(opset: 17)
            .Input("x", OnnxDataType.Float, ["batch", 3, 8, null])
            .Initializer("w", [2, 3, 1, 1], 1f, 2f, 3f, 4f, 5f, 6f)
            .Node("Conv", ["x", "w"], ["y"], ("strides", new long[] { 1, 1 }), ("auto_pad", "SAME_UPPER"))
            .Output("y", OnnxDataType.Float, 1, 2, 8, 8);
        builder.Proto.MetadataProps.Add(new StringStringEntryProto { Key = "author", Value = "me" });
        OnnxModel model = builder.ToModel();

        model.IrVersion.ShouldBe(10);
        model.OnnxOpset.ShouldBe(17);
        model.ProducerName.ShouldBe("tests");
        model.Metadata.ShouldBe([new OnnxStringPair("author", "me")]);
        ((OnnxTensorType)model.Graph.Inputs[0].Type!).Shape!.ToString().ShouldBe("[batch, 3, 8, ?]");
        model.Graph.Initializers[0].Dims.ShouldBe([2, 3, 1, 1]);
        model.Graph.Initializers[0].Data.Length.ShouldBe(24);
        OnnxNode node = model.Graph.Nodes[0];
        node.OpType.ShouldBe("Conv");
        node.Inputs.ShouldBe(["x", "w"]);
        node.FindAttribute("strides")!.Ints.ShouldBe([1, 1]);
        node.FindAttribute("auto_pad")!.String.ShouldBe("SAME_UPPER");
        node.FindAttribute("pads").ShouldBeNull();
    }

    [Fact]
    public void Every_kind_of_attribute_is_mirrored()
    {
        TensorProto tensor = Protos.Tensor("t", [1], 5);
        var sparse = new SparseTensorProto { Values = Protos.Tensor("v", [1], 1f), Indices = Protos.Tensor("i", [1], 2L), Dims = { 9 } };
        TypeProto type = Protos.TensorType(OnnxDataType.Bool, "n");
        GraphProto graph = new GraphBuilder("inner").Node("Neg", ["a"], ["b"]).Graph;
        OnnxNode node = new ModelBuilder()
            .Node(
                "Op", [], [],
                ("f", 1.5f), ("i", -3), ("s", "text"), ("t", tensor), ("g", graph), ("sp", sparse), ("tp", type),
                ("fs", new[] { 1f, 2f }), ("is", new[] { 3, 4 }), ("ss", new[] { "a", "b" }), ("ts", new[] { tensor, tensor }),
                ("gs", new[] { graph }), ("sps", new[] { sparse }), ("tps", new[] { type }))
            .ToModel().Graph.Nodes[0];

        OnnxAttribute Get(string name) => node.FindAttribute(name)!;
        Get("f").Float.ShouldBe(1.5f);
        Get("i").Int.ShouldBe(-3);
        Get("s").String.ShouldBe("text");
        Get("t").Tensor.Data.Span[0].ShouldBe((byte)5);
        Get("g").Graph.Nodes[0].OpType.ShouldBe("Neg");
        Get("sp").SparseTensor.Dims.ShouldBe([9]);
        Get("tp").Type.ShouldBeOfType<OnnxTensorType>().ElementType.ShouldBe(OnnxDataType.Bool);
        Get("fs").Floats.ShouldBe([1f, 2f]);
        Get("is").Ints.ShouldBe([3L, 4L]);
        Get("ss").Strings.ShouldBe(["a", "b"]);
        Get("ts").Tensors.Length.ShouldBe(2);
        Get("gs").Graphs[0].Name.ShouldBe("inner");
        Get("sps").SparseTensors.Length.ShouldBe(1);
        Get("tps").Types.Length.ShouldBe(1);
        Should.Throw<ModelException>(() => Get("f").Int).Message.ShouldContain("expects Int");
    }

    [Fact]
    public void Every_kind_of_type_is_mirrored()
    {
        TypeProto tensor = Protos.TensorType(OnnxDataType.Int64);
        OnnxType Mirror(TypeProto type) => new ModelBuilder().Node("Op", [], [], ("t", type)).ToModel().Graph.Nodes[0].Attributes[0].Type;

        Mirror(new TypeProto { SequenceType = new() { ElemType = tensor } }).ShouldBeOfType<OnnxSequenceType>().ElementType.ShouldBeOfType<OnnxTensorType>();
        Mirror(new TypeProto { OptionalType = new() { ElemType = tensor } }).ShouldBeOfType<OnnxOptionalType>();
        Mirror(new TypeProto { MapType = new() { KeyType = 8, ValueType = tensor } }).ShouldBeOfType<OnnxMapType>().KeyType.ShouldBe(OnnxDataType.String);
        Mirror(new TypeProto { SparseTensorType = new() { ElemType = 1 } }).ShouldBeOfType<OnnxSparseTensorType>().Shape.ShouldBeNull();
        Mirror(new TypeProto { OpaqueType = new() { Domain = "d", Name = "n" } }).ShouldBe(new OnnxOpaqueType("d", "n"));
    }

    [Fact]
    public void Both_spellings_of_the_default_domain_are_one()
    {
        var builder = new ModelBuilder(opset: 12).Import("ai.onnx", 13).Node("ai.onnx", "Neg", ["a"], ["b"]);
        OnnxModel model = builder.ToModel();
        model.OnnxOpset.ShouldBe(13);
        model.Graph.Nodes[0].Domain.ShouldBe("");
        model.OpsetOf(model.Graph.Nodes[0]).ShouldBe(13);
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(13, 27)]
    public void Supported_versions_are_read(long irVersion, int opset) => new ModelBuilder(opset, irVersion).ToModel().OnnxOpset.ShouldBe(opset);

    [Theory]
    [InlineData(0, 9, "IR version 0")]
    [InlineData(14, 9, "IR version 14")]
    [InlineData(-1, 9, "IR version -1")]
    [InlineData(2, 9, "came with version 3")]
    [InlineData(8, 28, "version 28 of operator set \"ai.onnx\"; versions 1 to 27")]
    [InlineData(8, 0, "version 0 of operator set")]
    public void Other_versions_are_diagnosed(long irVersion, int opset, string reason)
    {
        ModelException e = Should.Throw<ModelException>(() => new ModelBuilder(opset, irVersion).ToModel());
        e.Diagnostic.Code.ShouldBe(DiagnosticCodes.VersionUnsupported);
        e.Message.ShouldContain(reason);
    }

    [Fact]
    public void Operator_sets_of_other_domains_are_checked_where_their_versions_are_known()
    {
        new ModelBuilder().Import("ai.onnx.ml", 5).Import("com.example", 99).ToModel().OpsetImports["com.example"].ShouldBe(99);
        Should.Throw<ModelException>(() => new ModelBuilder().Import("ai.onnx.ml", 6).ToModel()).Message.ShouldContain("1 to 5");
    }

    [Fact]
    public void A_model_that_imports_nothing_means_version_1_before_imports_existed()
    {
        var builder = new ModelBuilder(irVersion: 2);
        builder.Proto.OpsetImport.Clear();
        builder.ToModel().OnnxOpset.ShouldBe(1);
        builder.Proto.IrVersion = 3;
        Should.Throw<ModelException>(() => builder.ToModel()).Message.ShouldContain("no opset_import");
    }

    [Fact]
    public void An_attribute_without_a_kind_has_the_kind_of_its_value()
    {
        var builder = new ModelBuilder().Node("Op", [], [], ("axes", new long[] { 1 }));
        builder.Graph.Node[0].Attribute[0].ClearType();
        builder.ToModel().Graph.Nodes[0].Attributes[0].Ints.ShouldBe([1]);
    }

    [Theory]
    [InlineData("", "an empty file")]
    [InlineData("\u0089PNG\r\n\u001a\n", "a PNG picture")]
    [InlineData("PK\u0003\u0004 data", "ZIP archive")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:0", "Git LFS pointer")]
    [InlineData("<ir_version: 7, opset_import: [ \"\" : 10 ]>\nagraph (float[N] x) => (y) { y = Neg(x) }", "text form of ONNX")]
    [InlineData("ir_version: 7\ngraph {\n}", "text form of ONNX")]
    [InlineData("{\"a\": 1}", "a JSON text")]
    [InlineData("<!DOCTYPE html>", "an HTML or XML text")]
    [InlineData("hello", "a text")]
    [InlineData("\0\0\0\0", "filled with zeros")]
    [InlineData("\u001c\0\0\0TFL3", "TensorFlow Lite")]
    [InlineData("\u0040\0\0\0\0\0\0\0{\"a\":1}", "safetensors")]
    public void A_file_that_is_no_model_is_named(string content, string expected)
    {
        ModelException e = Should.Throw<ModelException>(() => Read(Encoding.Latin1.GetBytes(content)));
        e.Diagnostic.Code.ShouldBe(DiagnosticCodes.FileMalformed);
        e.Message.ShouldContain(expected);
    }

    [Fact]
    public void A_tensor_file_is_named() =>
        Should.Throw<ModelException>(() => Read(Protos.Tensor("x", [1], 1f).ToByteArray())).Message.ShouldContain("one tensor");

    [Fact]
    public void A_model_without_a_graph_is_refused() =>
        Should.Throw<ModelException>(() => Read(new ModelProto { IrVersion = 8, OpsetImport = { new OperatorSetIdProto { Version = 8 } } }.ToByteArray()))
            .Message.ShouldContain("no graph");

    [Fact]
    public void Every_limit_is_diagnosed()
    {
        ModelBuilder builder = new ModelBuilder().Node("Neg", ["a"], ["b"]).Node("Neg", ["b"], ["c"]);
        Limited(builder, new ReaderLimits { MaxFileBytes = 10 }).ShouldContain("bytes");
        Limited(builder, new ReaderLimits { MaxNodes = 1 }).ShouldContain("more than 1 nodes");
        Limited(builder, new ReaderLimits { MaxNameBytes = 2 }).ShouldContain("name");
        Limited(builder, new ReaderLimits { MaxStructureBytes = 0 }).ShouldContain("memory");
        Limited(Nested(3), new ReaderLimits { MaxGraphDepth = 3 }).ShouldContain("within more than 2 other graphs");
        Limited(Nested(1000), ReaderLimits.Default).ShouldContain("nests");
        Limited(new ModelBuilder().Input("x", OnnxDataType.Float, new long[65]), ReaderLimits.Default).ShouldContain("rank");
    }

    [Fact]
    public void Two_byte_messages_cannot_take_much_memory()
    {
        // Ten million attributes without content would become gigabytes of objects.
        byte[] attributes = Enumerable.Repeat(new byte[] { 0x2A, 0 }, 10_000_000).SelectMany(b => b).ToArray();
        byte[] bytes = Wrap(7, Wrap(1, attributes));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Should.Throw<ModelException>(() => Read(bytes)).Diagnostic.Code.ShouldBe(DiagnosticCodes.LimitExceeded);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 20);
    }

    [Theory]
    [InlineData(new byte[] { 0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 }, "longer than ten bytes")]
    [InlineData(new byte[] { 0x08, 0xFF }, "cut off")]
    [InlineData(new byte[] { 0x3A, 0x05, 0x00 }, "runs beyond the end")]
    [InlineData(new byte[] { 0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 }, "runs beyond the end")]
    [InlineData(new byte[] { 0x08, 0x08, 0x3B }, "wire type 3")]
    [InlineData(new byte[] { 0x38, 0x01 }, "wrong wire type")]
    [InlineData(new byte[] { 0x02, 0x00 }, "no valid number")]
    [InlineData(new byte[] { 0x08, 0x08, 0x3A, 0x03, 0x12, 0x01, 0xFF }, "UTF-8")]
    public void Malformed_messages_are_diagnosed(byte[] bytes, string reason)
    {
        ModelException e = Should.Throw<ModelException>(() => Read(bytes));
        e.Diagnostic.Code.ShouldBe(DiagnosticCodes.FileMalformed);
        e.Message.ShouldContain(reason);
    }

    [Fact]
    public void Unknown_fields_are_skipped()
    {
        byte[] model = new ModelBuilder().Node("Neg", ["a"], ["b"]).ToBytes();
        Read([.. model, .. Wrap(20, [1, 2, 3]), .. Wrap(1000, [])]).Graph.Nodes.Length.ShouldBe(1);
    }

    [Fact]
    public void Cancellation_ends_the_reading()
    {
        byte[] model = new ModelBuilder().Node("Neg", ["a"], ["b"]).ToBytes();
        Should.Throw<OperationCanceledException>(
            () => OnnxReader.Read(model, NoExternalData.Instance, ReaderLimits.Default, new CancellationToken(canceled: true)));
    }

    private static OnnxModel Read(byte[] bytes) => OnnxReader.Read(bytes, NoExternalData.Instance, ReaderLimits.Default);

    private static string Limited(ModelBuilder builder, ReaderLimits limits)
    {
        ModelException e = Should.Throw<ModelException>(() => OnnxReader.Read(builder.ToBytes(), NoExternalData.Instance, limits));
        e.Diagnostic.Code.ShouldBe(DiagnosticCodes.LimitExceeded);
        return e.Message;
    }

    private static ModelBuilder Nested(int depth)
    {
        var graph = new GraphBuilder();
        for (int i = 1; i < depth; i++)
        {
            graph = new GraphBuilder().Node("If", ["c"], ["y"], ("then_branch", graph));
        }

        return new ModelBuilder().Node("If", ["c"], ["y"], ("then_branch", graph));
    }

    /// <summary>A length-delimited field.</summary>
    private static byte[] Wrap(int field, byte[] content)
    {
        using var stream = new System.IO.MemoryStream();
        using var output = new CodedOutputStream(stream);
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(content));
        output.Flush();
        return stream.ToArray();
    }
}
