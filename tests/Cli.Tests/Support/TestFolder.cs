using System;
using System.IO;
using System.IO.Compression;
using System.Runtime.InteropServices;
using AotCompiler.Cli.Numerics;
using AotCompiler.Cli.Tests.Numerics;
using AotCompiler.Onnx;
using AotCompiler.Onnx.Proto;
using Google.Protobuf;

namespace AotCompiler.Cli.Tests.Support;

/// <summary>A temporary folder with models and data.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("aotc-tests-").FullName;

    public string this[string name] => System.IO.Path.Combine(_path, name);

    /// <summary>Writes the model sum = Add(a: float[N, 2], b: float[2]); N is free.</summary>
    public string AddModel(string name = "add.onnx", string freeDimension = "N")
    {
        var node = new NodeProto { OpType = "Add" };
        node.Input.Add(["a", "b"]);
        node.Output.Add("sum");
        var graph = new GraphProto { Name = "add" };
        graph.Node.Add(node);
        graph.Input.Add(Value("a", new() { DimParam = freeDimension }, new() { DimValue = 2 }));
        graph.Input.Add(Value("b", new TensorShapeProto.Types.Dimension { DimValue = 2 }));
        graph.Output.Add(Value("sum", new() { DimParam = freeDimension }, new() { DimValue = 2 }));
        var model = new ModelProto { IrVersion = 7, Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 13 });
        File.WriteAllBytes(this[name], model.ToByteArray());
        return this[name];
    }

    /// <summary>Writes an f32 array.</summary>
    public string Array(string name, long[] shape, params float[] elements)
    {
        string path = this[name];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        NpyFile.Write(path, Tensors.Of(OnnxDataType.Float, shape, elements));
        return path;
    }

    /// <summary>Writes f32 arrays as one .npz file.</summary>
    public string Archive(string file, params (string Name, long[] Shape, float[] Elements)[] arrays)
    {
        using ZipArchive archive = ZipFile.Open(this[file], ZipArchiveMode.Create);
        foreach ((string name, long[] shape, float[] elements) in arrays)
        {
            using Stream entry = archive.CreateEntry($"{name}.npy").Open();
            entry.Write(NpyFile.Format(Tensors.Of(OnnxDataType.Float, shape, elements)));
        }

        return this[file];
    }

    /// <summary>Writes an f32 TensorProto.</summary>
    public string Proto(string file, string tensorName, long[] shape, params float[] elements)
    {
        var tensor = new TensorProto
        {
            Name = tensorName,
            DataType = (int)OnnxDataType.Float,
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(elements.AsSpan())),
        };
        tensor.Dims.Add(shape);
        string path = this[file];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, tensor.ToByteArray());
        return path;
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);

    private static ValueInfoProto Value(string name, params TensorShapeProto.Types.Dimension[] dimensions)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(dimensions);
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)OnnxDataType.Float, Shape = shape } },
        };
    }
}
