using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using AotCompiler.Onnx;
using AotCompiler.Onnx.Proto;
using Google.Protobuf;

namespace AotCompiler.Tests.Onnx;

/// <summary>Makes single messages of the format.</summary>
internal static class Protos
{
    public static NodeProto Node(
        string name, string domain, string opType, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes)
    {
        var node = new NodeProto { Name = name, OpType = opType };
        if (domain.Length > 0)
        {
            node.Domain = domain;
        }

        node.Input.Add(inputs);
        node.Output.Add(outputs);
        node.Attribute.Add(attributes.Select(a => Attribute(a.Name, a.Value)));
        return node;
    }

    public static ValueInfoProto Value(string name, OnnxDataType type, long[] dims) =>
        Value(name, type, dims.Select(d => (object?)d).ToArray());

    public static ValueInfoProto Value(string name, OnnxDataType type, object?[] dims) => new() { Name = name, Type = TensorType(type, dims) };

    /// <summary>A map from keys to scalars.</summary>
    public static ValueInfoProto MapValue(string name, OnnxDataType key, OnnxDataType value) => new()
    {
        Name = name,
        Type = new TypeProto { MapType = new TypeProto.Types.Map { KeyType = (int)key, ValueType = TensorType(value) } },
    };

    public static TypeProto TensorType(OnnxDataType type, params object?[] dims)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(dims.Select(Dimension));
        return new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } };
    }

    /// <summary>A tensor with raw data.</summary>
    public static TensorProto Tensor<T>(string name, long[] dims, params T[] values)
        where T : unmanaged => RawTensor(name, DataType<T>(), dims, MemoryMarshal.AsBytes<T>(values).ToArray());

    /// <summary>A tensor that is zero but for some elements.</summary>
    public static SparseTensorProto Sparse(string name, long[] dims, TensorProto values, TensorProto indices)
    {
        values.Name = name;
        var tensor = new SparseTensorProto { Values = values, Indices = indices };
        tensor.Dims.Add(dims);
        return tensor;
    }

    public static TensorProto RawTensor(string name, OnnxDataType type, long[] dims, byte[] data)
    {
        TensorProto tensor = EmptyTensor(name, type, dims);
        tensor.RawData = ByteString.CopyFrom(data);
        return tensor;
    }

    public static TensorProto EmptyTensor(string name, OnnxDataType type, params long[] dims)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type };
        tensor.Dims.Add(dims);
        return tensor;
    }

    public static TensorProto StringTensor(string name, long[] dims, params string[] values)
    {
        TensorProto tensor = EmptyTensor(name, OnnxDataType.String, dims);
        tensor.StringData.Add(values.Select(ByteString.CopyFromUtf8));
        return tensor;
    }

    /// <summary>Integers as a packed field, sign-extended.</summary>
    public static ByteString Varints(params long[] values)
    {
        var proto = new TensorDataProto();
        proto.Int64Data.Add(values);
        return Packed(proto);
    }

    /// <summary>Floats as a packed field.</summary>
    public static ByteString Floats(params float[] values) => ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(values));

    /// <summary>Doubles as a packed field.</summary>
    public static ByteString Doubles(params double[] values) => ByteString.CopyFrom(MemoryMarshal.AsBytes<double>(values));

    public static AttributeProto Attribute(string name, object value)
    {
        var attribute = new AttributeProto { Name = name };
        attribute.Type = (int)Set(attribute, value);
        return attribute;
    }

    private static OnnxAttributeKind Set(AttributeProto a, object value)
    {
        switch (value)
        {
            case AttributeRef reference:
                a.RefAttrName = reference.Name;
                return reference.Kind;
            case float or double or Half:
                a.F = Convert.ToSingle(value);
                return OnnxAttributeKind.Float;
            case bool or int or long or Enum:
                a.I = Convert.ToInt64(value);
                return OnnxAttributeKind.Int;
            case string text:
                a.S = ByteString.CopyFromUtf8(text);
                return OnnxAttributeKind.String;
            case byte[] bytes:
                a.S = ByteString.CopyFrom(bytes);
                return OnnxAttributeKind.String;
            default:
                return SetList(a, value) ?? SetMessage(a, value);
        }
    }

    private static OnnxAttributeKind? SetList(AttributeProto a, object value)
    {
        switch (value)
        {
            case IEnumerable<float> floats:
                a.Floats.Add(floats);
                return OnnxAttributeKind.Floats;
            case IEnumerable<long> ints:
                a.Ints.Add(ints);
                return OnnxAttributeKind.Ints;
            case IEnumerable<int> ints:
                a.Ints.Add(ints.Select(i => (long)i));
                return OnnxAttributeKind.Ints;
            case IEnumerable<string> strings:
                a.Strings.Add(strings.Select(ByteString.CopyFromUtf8));
                return OnnxAttributeKind.Strings;
            case IEnumerable<TensorProto> tensors:
                a.Tensors.Add(tensors);
                return OnnxAttributeKind.Tensors;
            case IEnumerable<GraphProto> graphs:
                a.Graphs.Add(graphs);
                return OnnxAttributeKind.Graphs;
            case IEnumerable<TypeProto> types:
                a.TypeProtos.Add(types);
                return OnnxAttributeKind.Types;
            case IEnumerable<SparseTensorProto> tensors:
                a.SparseTensors.Add(tensors);
                return OnnxAttributeKind.SparseTensors;
            default:
                return null;
        }
    }

    private static OnnxAttributeKind SetMessage(AttributeProto a, object value)
    {
        switch (value)
        {
            case TensorProto tensor:
                a.T = tensor;
                return OnnxAttributeKind.Tensor;
            case GraphProto graph:
                a.G = graph;
                return OnnxAttributeKind.Graph;
            case GraphBuilder graph:
                a.G = graph.Graph;
                return OnnxAttributeKind.Graph;
            case TypeProto type:
                a.Tp = type;
                return OnnxAttributeKind.Type;
            case SparseTensorProto tensor:
                a.SparseTensor = tensor;
                return OnnxAttributeKind.SparseTensor;
            default:
                throw new ArgumentException($"An attribute cannot hold a {value.GetType()}.", nameof(value));
        }
    }

    private static TensorShapeProto.Types.Dimension Dimension(object? dim) => dim switch
    {
        null => new(),
        string name => new() { DimParam = name },
        _ => new() { DimValue = Convert.ToInt64(dim) },
    };

    private static OnnxDataType DataType<T>() => Type.GetTypeCode(typeof(T)) switch
    {
        TypeCode.Single => OnnxDataType.Float,
        TypeCode.Double => OnnxDataType.Double,
        TypeCode.Boolean => OnnxDataType.Bool,
        TypeCode.SByte => OnnxDataType.Int8,
        TypeCode.Byte => OnnxDataType.UInt8,
        TypeCode.Int16 => OnnxDataType.Int16,
        TypeCode.UInt16 => OnnxDataType.UInt16,
        TypeCode.Int32 => OnnxDataType.Int32,
        TypeCode.UInt32 => OnnxDataType.UInt32,
        TypeCode.Int64 => OnnxDataType.Int64,
        TypeCode.UInt64 => OnnxDataType.UInt64,
        _ when typeof(T) == typeof(Half) => OnnxDataType.Float16,
        _ => throw new ArgumentException($"ONNX has no element type for {typeof(T)}; use RawInitializer."),
    };

    private static ByteString Packed(TensorDataProto proto)
    {
        // One field, so the payload follows its tag and its length.
        var input = new CodedInputStream(proto.ToByteArray());
        return input.ReadTag() == 0 ? ByteString.Empty : input.ReadBytes();
    }
}
