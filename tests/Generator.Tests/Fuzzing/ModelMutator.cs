using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Onnx;
using AotCompiler.Onnx.Proto;
using AotCompiler.Operators;
using Google.Protobuf;

namespace AotCompiler.Tests.Fuzzing;

/// <summary>
/// Breaks models on purpose, mostly in ways that keep the message well-formed, so that the stages behind the reader get
/// to see the damage. Deterministic for a seed.
/// </summary>
internal sealed class ModelMutator
{
    private static readonly string[] _texts =
    [
        "SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET", "reflect", "edge", "wrap", "constant", "linear", "cubic", "nearest", "CRD",
        "DCR", "add", "mul", "max", "LEFT", "tanh", "none", "asymmetric", "align_corners", "tf_crop_and_resize", "floor", "", "?",
    ];

    private static readonly string[] _attributeNames =
    [
        "axis", "axes", "keepdims", "strides", "pads", "dilations", "kernel_shape", "group", "auto_pad", "ceil_mode", "perm", "to", "mode",
        "alpha", "beta", "epsilon", "transA", "transB", "value", "value_ints", "blocksize", "batch_dims", "output_shape", "output_padding",
        "storage_order", "num_outputs", "split", "shape", "starts", "ends", "scales", "size", "stash_type", "exclusive", "largest", "k",
    ];

    private static readonly string[] _hostileNames =
    [
        "\"", "a\nb", "*/", "\"\"\"", "class", "\u202E", "\0", "x\"; System.Environment.Exit(1); //", "{0}", "@", "Run", "arena", "\\u0022", new string('n', 3000),
    ];

    private static readonly float[] _floats =
    [
        float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -0f, -1, 1e-45f, float.MaxValue, float.MinValue, 0.5f, 1e9f,
    ];

    private static readonly string[] _operators = OperatorRegistry.All.Select(static o => o.Name).ToArray();

    private readonly Random _random;
    private readonly IReadOnlyList<ModelProto> _seeds;
    private readonly (int Weight, Action<GraphProto> Apply)[] _changes;

    public ModelMutator(int seed, IReadOnlyList<ModelProto> seeds)
    {
        _random = new Random(seed);
        _seeds = seeds;
        _changes =
        [
            (5, ChangeInputShape), (1, ChangeInputType), (6, ChangeAttribute), (1, RemoveAttribute), (2, AddAttribute), (5, ChangeNodeInput),
            (1, ChangeNodeOutput), (1, RemoveNode), (1, DuplicateNode), (1, ReverseNodes), (3, ChangeOperator), (3, InsertNode), (1, SpliceNode),
            (3, ChangeTensorShape), (5, ChangeTensorData), (1, ChangeTensorType), (2, ChangeOutputs), (1, Rename), (1, InputToInitializer), (1, InitializerToInput),
        ];
    }

    /// <summary>The next mutated model's bytes.</summary>
    public byte[] Next()
    {
        ModelProto model = Pick(_seeds)!.Clone();
        for (int i = _random.Next(1, 5); i > 0; i--)
        {
            Change(model);
        }

        byte[] bytes = model.ToByteArray();
        return _random.Next(20) == 0 ? Damage(bytes) : bytes;
    }

    private void Change(ModelProto model)
    {
        if (_random.Next(25) == 0 && model.OpsetImport.Count > 0)
        {
            Pick(model.OpsetImport)!.Version = _random.Next(0, 29);
            return;
        }

        int ticket = _random.Next(_changes.Sum(static c => c.Weight));
        foreach ((int weight, Action<GraphProto> apply) in _changes)
        {
            ticket -= weight;
            if (ticket < 0)
            {
                apply(model.Graph);
                return;
            }
        }
    }

    private byte[] Damage(byte[] bytes)
    {
        if (bytes.Length == 0 || _random.Next(4) == 0)
        {
            return bytes[..(bytes.Length / 2)];
        }

        for (int i = _random.Next(1, 4); i > 0; i--)
        {
            bytes[_random.Next(bytes.Length)] ^= (byte)(1 << _random.Next(8));
        }

        return bytes;
    }

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

    private void ChangeAttribute(GraphProto graph)
    {
        if (Pick(graph.Node.SelectMany(static n => n.Attribute).ToArray()) is not { } attribute)
        {
            return;
        }

        switch ((OnnxAttributeKind)attribute.Type)
        {
            case OnnxAttributeKind.Int:
                attribute.I = Integer();
                break;
            case OnnxAttributeKind.Float:
                attribute.F = Pick(_floats);
                break;
            case OnnxAttributeKind.String:
                attribute.S = ByteString.CopyFromUtf8(Pick(_texts)!);
                break;
            case OnnxAttributeKind.Ints:
                ChangeList(attribute.Ints, Integer);
                break;
            case OnnxAttributeKind.Floats:
                ChangeList(attribute.Floats, () => Pick(_floats));
                break;
            case OnnxAttributeKind.Tensor when attribute.T is not null:
                ChangeTensor(attribute.T);
                break;
            default:
                attribute.Type = _random.Next(15);
                break;
        }
    }

    private void ChangeList<T>(IList<T> list, Func<T> make)
    {
        switch (_random.Next(4))
        {
            case 0:
                list.Insert(_random.Next(list.Count + 1), make());
                break;
            case 1 when list.Count > 0:
                list.RemoveAt(_random.Next(list.Count));
                break;
            default:
                if (list.Count > 0)
                {
                    list[_random.Next(list.Count)] = make();
                }

                break;
        }
    }

    private void RemoveAttribute(GraphProto graph)
    {
        if (Pick(graph.Node) is { Attribute.Count: > 0 } node)
        {
            node.Attribute.RemoveAt(_random.Next(node.Attribute.Count));
        }
    }

    private void AddAttribute(GraphProto graph)
    {
        if (Pick(graph.Node) is not { } node)
        {
            return;
        }

        var attribute = new AttributeProto { Name = Pick(_attributeNames) };
        switch (_random.Next(4))
        {
            case 0:
                attribute.Type = (int)OnnxAttributeKind.Float;
                attribute.F = Pick(_floats);
                break;
            case 1:
                attribute.Type = (int)OnnxAttributeKind.String;
                attribute.S = ByteString.CopyFromUtf8(Pick(_texts)!);
                break;
            case 2:
                attribute.Type = (int)OnnxAttributeKind.Ints;
                attribute.Ints.Add(Enumerable.Range(0, _random.Next(5)).Select(_ => Integer()));
                break;
            default:
                attribute.Type = (int)OnnxAttributeKind.Int;
                attribute.I = Integer();
                break;
        }

        node.Attribute.Add(attribute);
    }

    private void ChangeNodeInput(GraphProto graph)
    {
        if (Pick(graph.Node) is not { } node)
        {
            return;
        }

        switch (_random.Next(6))
        {
            case 0 when node.Input.Count > 0:
                node.Input.RemoveAt(_random.Next(node.Input.Count));
                break;
            case 1:
                node.Input.Insert(_random.Next(node.Input.Count + 1), ValueName(graph));
                break;
            case 2 when node.Input.Count > 1:
                (node.Input[0], node.Input[^1]) = (node.Input[^1], node.Input[0]);
                break;
            default:
                if (node.Input.Count > 0)
                {
                    node.Input[_random.Next(node.Input.Count)] = ValueName(graph);
                }

                break;
        }
    }

    private void ChangeNodeOutput(GraphProto graph)
    {
        if (Pick(graph.Node) is not { } node)
        {
            return;
        }

        if (_random.Next(2) == 0 && node.Output.Count > 1)
        {
            node.Output[_random.Next(node.Output.Count)] = string.Empty;
        }
        else
        {
            node.Output.Add(NewName(graph));
        }
    }

    private void RemoveNode(GraphProto graph)
    {
        if (graph.Node.Count > 0)
        {
            graph.Node.RemoveAt(_random.Next(graph.Node.Count));
        }
    }

    private void DuplicateNode(GraphProto graph)
    {
        if (Pick(graph.Node) is { } node)
        {
            NodeProto copy = node.Clone();
            Redirect(graph, copy);
        }
    }

    private void ReverseNodes(GraphProto graph)
    {
        NodeProto[] nodes = graph.Node.Reverse().ToArray();
        graph.Node.Clear();
        graph.Node.Add(nodes);
    }

    private void ChangeOperator(GraphProto graph)
    {
        if (Pick(graph.Node) is { } node)
        {
            node.OpType = Pick(_operators);
        }
    }

    /// <summary>Puts a random operator on random values, and its result in place of another value.</summary>
    private void InsertNode(GraphProto graph)
    {
        var node = new NodeProto { OpType = Pick(_operators), Name = $"inserted{graph.Node.Count}" };
        for (int i = _random.Next(1, 4); i > 0; i--)
        {
            node.Input.Add(ValueName(graph));
        }

        node.Output.Add(string.Empty);
        Redirect(graph, node);
    }

    private void SpliceNode(GraphProto graph)
    {
        if (Pick(Pick(_seeds)!.Graph.Node) is { } foreign)
        {
            NodeProto copy = foreign.Clone();
            for (int i = 0; i < copy.Input.Count; i++)
            {
                copy.Input[i] = ValueName(graph);
            }

            Redirect(graph, copy);
        }
    }

    /// <summary>Adds a node under new output names and makes a reader or an output of the model use its first one.</summary>
    private void Redirect(GraphProto graph, NodeProto node)
    {
        for (int i = 0; i < node.Output.Count; i++)
        {
            node.Output[i] = $"{NewName(graph)}.{i}";
        }

        if (node.Output.Count > 0 && Pick(graph.Node) is { Input.Count: > 0 } reader && _random.Next(2) == 0)
        {
            reader.Input[_random.Next(reader.Input.Count)] = node.Output[0];
        }
        else if (node.Output.Count > 0)
        {
            graph.Output.Add(new ValueInfoProto { Name = node.Output[0] });
        }

        graph.Node.Insert(_random.Next(graph.Node.Count + 1), node);
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

    private string ValueName(GraphProto graph)
    {
        string[] names = graph.Input.Select(static v => v.Name)
            .Concat(graph.Initializer.Select(static t => t.Name))
            .Concat(graph.Node.SelectMany(static n => n.Output))
            .Append(_random.Next(10) == 0 ? string.Empty : graph.Output.FirstOrDefault()?.Name ?? string.Empty)
            .ToArray();
        return Pick(names)!;
    }

    private string NewName(GraphProto graph) => $"mutant{graph.Node.Count}_{_random.Next(1000)}";

    private int ElementTypeCode() => _random.Next(8) == 0 ? _random.Next(30) : Pick(new[] { 1, 1, 2, 3, 5, 6, 7, 7, 9, 10, 11, 12, 13 });

    private long Dimension() => _random.Next(4) == 0 ? Integer() : _random.Next(0, 20);

    private long Integer() => _random.Next(5) switch
    {
        0 => Pick(new[] { long.MinValue, long.MaxValue, int.MinValue, int.MaxValue, 1L << 31, 1L << 32, 1L << 62, -(1L << 32), 1L << 16, 1L << 20, 1L << 24, 1L << 28 }),
        1 => -_random.Next(1, 6),
        2 => Pick(new long[] { 0, 1, -1, 15, 16, 17, 31, 33, 64, 100, 1000 }),
        _ => _random.Next(0, 8),
    };

    /// <summary>A random element; the default where there is none.</summary>
    private T? Pick<T>(IEnumerable<T> items)
    {
        IList<T> list = items as IList<T> ?? items.ToArray();
        return list.Count == 0 ? default : list[_random.Next(list.Count)];
    }
}
