using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Onnx;
using AotCompiler.Onnx.Proto;
using Google.Protobuf;

namespace AotCompiler.Cli.Fuzzing;

/// <content>Inputs, outputs and constants.</content>
internal sealed partial class ModelMutator
{
    private void ChangeInputShape(GraphProto graph)
    {
        if (Pick(graph.Input)?.Type?.TensorType is not { } type)
        {
            return;
        }

        type.Shape ??= new TensorShapeProto();
        var dims = type.Shape.Dim;
        switch (_random.Next(6))
        {
            case 0 when dims.Count > 0:
                dims.RemoveAt(_random.Next(dims.Count));
                break;
            case 1:
                dims.Insert(_random.Next(dims.Count + 1), new() { DimValue = Dimension() });
                break;
            case 2 when _random.Next(4) == 0:
                dims.Clear();
                break;
            default:
                if (dims.Count > 0)
                {
                    dims[_random.Next(dims.Count)] = _random.Next(20) == 0 ? new() { DimParam = "batch" } : new() { DimValue = Dimension() };
                }

                break;
        }
    }

    private void ChangeInputType(GraphProto graph)
    {
        if (Pick(graph.Input)?.Type?.TensorType is { } type)
        {
            type.ElemType = ElementTypeCode();
        }
    }

    private void ChangeTensorShape(GraphProto graph)
    {
        if (Pick(graph.Initializer) is { } tensor)
        {
            ChangeList(tensor.Dims, Dimension);
            if (_random.Next(4) > 0)
            {
                FitData(tensor);
            }
        }
    }

    /// <summary>Gives the tensor as much data as its dimensions say, unless that is much.</summary>
    private void FitData(TensorProto tensor)
    {
        long count = 1;
        foreach (long dim in tensor.Dims)
        {
            count = dim is < 0 or > 5000 ? long.MaxValue : count > 5000 ? count : count * dim;
        }

        int size = ((OnnxDataType)tensor.DataType) switch
        {
            OnnxDataType.Bool or OnnxDataType.Int8 or OnnxDataType.UInt8 => 1,
            OnnxDataType.Int64 or OnnxDataType.Double or OnnxDataType.UInt64 => 8,
            OnnxDataType.Float16 or OnnxDataType.Int16 or OnnxDataType.UInt16 => 2,
            _ => 4,
        };
        if (count <= 5000)
        {
            byte[] data = new byte[count * size];
            byte[] old = tensor.RawData.ToByteArray();
            for (int i = 0; i < data.Length && old.Length > 0; i++)
            {
                data[i] = old[i % old.Length];
            }

            tensor.FloatData.Clear();
            tensor.Int32Data.Clear();
            tensor.Int64Data.Clear();
            tensor.RawData = ByteString.CopyFrom(data);
        }
    }

    private void ChangeTensorData(GraphProto graph)
    {
        // Small integer constants decide shapes; they matter most.
        TensorProto[] shapes = graph.Initializer.Where(static t => t.DataType == (int)OnnxDataType.Int64).ToArray();
        if (Pick(_random.Next(3) > 0 && shapes.Length > 0 ? shapes : graph.Initializer.ToArray()) is { } tensor)
        {
            ChangeTensor(tensor);
        }
    }

    private void ChangeTensor(TensorProto tensor)
    {
        byte[] data = tensor.RawData.ToByteArray();
        if (tensor.DataType == (int)OnnxDataType.Int64 && data.Length >= 8)
        {
            BitConverter.TryWriteBytes(data.AsSpan(8 * _random.Next(data.Length / 8)), Integer());
        }
        else if (tensor.DataType == (int)OnnxDataType.Float && data.Length >= 4)
        {
            BitConverter.TryWriteBytes(data.AsSpan(4 * _random.Next(data.Length / 4)), Pick(_floats));
        }
        else if (data.Length > 0)
        {
            data[_random.Next(data.Length)] = (byte)_random.Next(256);
        }
        else
        {
            ChangeList(tensor.Dims, Dimension);
            return;
        }

        tensor.RawData = ByteString.CopyFrom(data);
    }

    private void ChangeTensorType(GraphProto graph)
    {
        if (Pick(graph.Initializer) is { } tensor)
        {
            tensor.DataType = ElementTypeCode();
            FitData(tensor);
        }
    }

    private void ChangeOutputs(GraphProto graph)
    {
        switch (_random.Next(4))
        {
            case 0 when graph.Output.Count > 0:
                graph.Output.RemoveAt(_random.Next(graph.Output.Count));
                break;
            case 1 when graph.Output.Count > 0:
                Pick(graph.Output)!.Name = ValueName(graph);
                break;
            default:
                graph.Output.Add(new ValueInfoProto { Name = ValueName(graph) });
                break;
        }
    }

    private void Rename(GraphProto graph)
    {
        string old = ValueName(graph);
        string name = Pick(_hostileNames)!;
        foreach (NodeProto node in graph.Node)
        {
            Replace(node.Input, old, name);
            Replace(node.Output, old, name);
            node.Name = _random.Next(10) == 0 ? name : node.Name;
        }

        foreach (ValueInfoProto value in graph.Input.Concat(graph.Output).Where(v => v.Name == old))
        {
            value.Name = name;
        }

        foreach (TensorProto tensor in graph.Initializer.Where(t => t.Name == old))
        {
            tensor.Name = name;
        }
    }

    private void InputToInitializer(GraphProto graph)
    {
        if (Pick(graph.Input) is { Type.TensorType: { } type } input)
        {
            var tensor = new TensorProto { Name = input.Name, DataType = type.ElemType };
            tensor.Dims.Add(type.Shape?.Dim.Select(static d => d.DimValue) ?? []);
            FitData(tensor);
            graph.Initializer.Add(tensor);
            graph.Input.Remove(input);
        }
    }

    private void InitializerToInput(GraphProto graph)
    {
        if (Pick(graph.Initializer) is not { } tensor)
        {
            return;
        }

        graph.Initializer.Remove(tensor);
        var shape = new TensorShapeProto();
        shape.Dim.Add(tensor.Dims.Select(static d => new TensorShapeProto.Types.Dimension { DimValue = d }));
        graph.Input.Add(new ValueInfoProto { Name = tensor.Name, Type = new TypeProto { TensorType = new() { ElemType = tensor.DataType, Shape = shape } } });
    }

    private static void Replace(IList<string> names, string old, string name)
    {
        for (int i = 0; i < names.Count; i++)
        {
            names[i] = names[i] == old ? name : names[i];
        }
    }
}
