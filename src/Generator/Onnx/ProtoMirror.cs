using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using AotCompiler.Diagnostics;
using AotCompiler.Onnx.Proto;
using Google.Protobuf;
using TypeCase = AotCompiler.Onnx.Proto.TypeProto.ValueOneofCase;

namespace AotCompiler.Onnx;

/// <summary>Turns parsed messages into the plain types of <see cref="OnnxModel"/>.</summary>
internal sealed class ProtoMirror
{
    private readonly ReaderLimits _limits;
    private readonly CancellationToken _cancellation;
    private readonly TensorMirror _tensors;
    private int _graphDepth;

    public ProtoMirror(ReaderLimits limits, IExternalDataSource external, bool hasUnpackedTensorData, CancellationToken cancellation)
    {
        _limits = limits;
        _cancellation = cancellation;
        _tensors = new TensorMirror(limits, external, hasUnpackedTensorData);
    }

    public OnnxModel Model(ModelProto proto, ImmutableSortedDictionary<string, long> opsets)
    {
        if (proto.Graph is null)
        {
            throw new ModelException(DiagnosticCodes.FileMalformed, "The model has no graph. Export it again.");
        }

        return new OnnxModel
        {
            IrVersion = proto.IrVersion,
            OpsetImports = opsets,
            ProducerName = proto.ProducerName,
            ProducerVersion = proto.ProducerVersion,
            Domain = proto.Domain,
            ModelVersion = proto.ModelVersion,
            DocString = proto.DocString,
            Metadata = Pairs(proto.MetadataProps),
            Graph = Graph(proto.Graph),
            Functions = Map(proto.Functions, Function),
        };
    }

    public OnnxTensor Tensor(TensorProto proto) => _tensors.Tensor(proto);

    private static ImmutableArray<TTo> Map<TFrom, TTo>(ICollection<TFrom> source, Func<TFrom, TTo> map)
    {
        ImmutableArray<TTo>.Builder builder = ImmutableArray.CreateBuilder<TTo>(source.Count);
        foreach (TFrom item in source)
        {
            builder.Add(map(item));
        }

        return builder.MoveToImmutable();
    }

    private static ImmutableArray<OnnxStringPair> Pairs(ICollection<StringStringEntryProto> pairs) =>
        Map(pairs, p => new OnnxStringPair(p.Key, p.Value));

    private OnnxFunction Function(FunctionProto proto) => new()
    {
        Name = proto.Name,
        Domain = OnnxReader.NormaliseDomain(proto.Domain),
        Overload = proto.Overload,
        Inputs = proto.Input.ToImmutableArray(),
        Outputs = proto.Output.ToImmutableArray(),
        AttributeNames = proto.Attribute.ToImmutableArray(),
        AttributeDefaults = Map(proto.AttributeProto, a => Attribute(a, $"function \"{proto.Name}\"")),
        Nodes = Map(proto.Node, Node),
        OpsetImports = OnnxReader.ReadOpsets(proto.OpsetImport),
        ValueInfo = Map(proto.ValueInfo, ValueInfo),
    };

    private OnnxGraph Graph(GraphProto proto)
    {
        if (++_graphDepth > _limits.MaxGraphDepth)
        {
            throw new ModelException(
                DiagnosticCodes.LimitExceeded,
                $"Graph \"{proto.Name}\" lies within more than {_limits.MaxGraphDepth - 1} other graphs. Flatten the control flow of the model.");
        }

        var graph = new OnnxGraph
        {
            Name = proto.Name,
            Nodes = Map(proto.Node, Node),
            Initializers = Map(proto.Initializer, _tensors.Tensor),
            SparseInitializers = Map(proto.SparseInitializer, _tensors.SparseTensor),
            Inputs = Map(proto.Input, ValueInfo),
            Outputs = Map(proto.Output, ValueInfo),
            ValueInfo = Map(proto.ValueInfo, ValueInfo),
            QuantizationAnnotations = Map(
                proto.QuantizationAnnotation,
                a => new OnnxQuantizationAnnotation(a.TensorName, Pairs(a.QuantParameterTensorNames))),
        };
        _graphDepth--;
        return graph;
    }

    private OnnxNode Node(NodeProto proto)
    {
        _cancellation.ThrowIfCancellationRequested();
        return new OnnxNode
        {
            Name = proto.Name,
            OpType = proto.OpType,
            Domain = OnnxReader.NormaliseDomain(proto.Domain),
            Overload = proto.Overload,
            Inputs = proto.Input.ToImmutableArray(),
            Outputs = proto.Output.ToImmutableArray(),
            Attributes = Map(proto.Attribute, a => Attribute(a, $"'{proto.OpType}' node \"{proto.Name}\"")),
        };
    }

    private OnnxAttribute Attribute(AttributeProto proto, string owner)
    {
        OnnxAttributeKind kind = proto.Type == 0 ? GuessKind(proto) : (OnnxAttributeKind)proto.Type;
        return proto.RefAttrName.Length > 0
            ? OnnxAttribute.Reference(proto.Name, kind, proto.RefAttrName)
            : Value(proto, kind, owner);
    }

    private OnnxAttribute Value(AttributeProto proto, OnnxAttributeKind kind, string owner) => kind switch
    {
        OnnxAttributeKind.Float => OnnxAttribute.Of(proto.Name, proto.F),
        OnnxAttributeKind.Int => OnnxAttribute.Of(proto.Name, proto.I),
        OnnxAttributeKind.String => OnnxAttribute.Of(proto.Name, proto.S.Memory),
        OnnxAttributeKind.Tensor => OnnxAttribute.Of(proto.Name, _tensors.Tensor(Present(proto.T, proto, owner))),
        OnnxAttributeKind.Graph => OnnxAttribute.Of(proto.Name, Graph(Present(proto.G, proto, owner))),
        OnnxAttributeKind.SparseTensor => OnnxAttribute.Of(proto.Name, _tensors.SparseTensor(Present(proto.SparseTensor, proto, owner))),
        OnnxAttributeKind.Type => OnnxAttribute.Of(proto.Name, Type(Present(proto.Tp, proto, owner)) ?? throw NoValue(proto, owner)),
        OnnxAttributeKind.Floats => OnnxAttribute.Of(proto.Name, proto.Floats.ToImmutableArray()),
        OnnxAttributeKind.Ints => OnnxAttribute.Of(proto.Name, proto.Ints.ToImmutableArray()),
        OnnxAttributeKind.Strings => OnnxAttribute.Of(proto.Name, Map(proto.Strings, s => s.Memory)),
        OnnxAttributeKind.Tensors => OnnxAttribute.Of(proto.Name, Map(proto.Tensors, _tensors.Tensor)),
        OnnxAttributeKind.Graphs => OnnxAttribute.Of(proto.Name, Map(proto.Graphs, Graph)),
        OnnxAttributeKind.SparseTensors => OnnxAttribute.Of(proto.Name, Map(proto.SparseTensors, _tensors.SparseTensor)),
        OnnxAttributeKind.Types => OnnxAttribute.Of(proto.Name, Map(proto.TypeProtos, t => Type(t) ?? throw NoValue(proto, owner))),
        _ => throw new ModelException(
            DiagnosticCodes.GraphMalformed,
            $"Attribute \"{proto.Name}\" of {owner} has the unknown kind {proto.Type}. Export the model again."),
    };

    private static T Present<T>(T? message, AttributeProto proto, string owner)
        where T : class => message ?? throw NoValue(proto, owner);

    private static ModelException NoValue(AttributeProto proto, string owner) => new(
        DiagnosticCodes.GraphMalformed,
        $"Attribute \"{proto.Name}\" of {owner} has no value of its kind. Export the model again.");

    /// <summary>IR version 1 had no kind; the field in use tells it.</summary>
    private static OnnxAttributeKind GuessKind(AttributeProto proto) =>
        proto.HasF ? OnnxAttributeKind.Float
        : proto.HasI ? OnnxAttributeKind.Int
        : proto.HasS ? OnnxAttributeKind.String
        : proto.T is not null ? OnnxAttributeKind.Tensor
        : proto.G is not null ? OnnxAttributeKind.Graph
        : proto.Floats.Count > 0 ? OnnxAttributeKind.Floats
        : proto.Ints.Count > 0 ? OnnxAttributeKind.Ints
        : proto.Strings.Count > 0 ? OnnxAttributeKind.Strings
        : proto.Tensors.Count > 0 ? OnnxAttributeKind.Tensors
        : proto.Graphs.Count > 0 ? OnnxAttributeKind.Graphs
        : OnnxAttributeKind.Undefined;

    private OnnxValueInfo ValueInfo(ValueInfoProto proto) => new(proto.Name, Type(proto.Type));

    private OnnxType? Type(TypeProto? proto) => proto?.ValueCase switch
    {
        TypeCase.TensorType => new OnnxTensorType((OnnxDataType)proto.TensorType.ElemType, Shape(proto.TensorType.Shape)),
        TypeCase.SparseTensorType =>
            new OnnxSparseTensorType((OnnxDataType)proto.SparseTensorType.ElemType, Shape(proto.SparseTensorType.Shape)),
        TypeCase.SequenceType => new OnnxSequenceType(Type(proto.SequenceType.ElemType)),
        TypeCase.OptionalType => new OnnxOptionalType(Type(proto.OptionalType.ElemType)),
        TypeCase.MapType => new OnnxMapType((OnnxDataType)proto.MapType.KeyType, Type(proto.MapType.ValueType)),
        TypeCase.OpaqueType => new OnnxOpaqueType(proto.OpaqueType.Domain, proto.OpaqueType.Name),
        _ => null,
    };

    private OnnxShape? Shape(TensorShapeProto? proto)
    {
        if (proto is null)
        {
            return null;
        }

        if (proto.Dim.Count > _limits.MaxRank)
        {
            throw new ModelException(
                DiagnosticCodes.LimitExceeded,
                $"A value is declared with rank {proto.Dim.Count}; at most {_limits.MaxRank} is supported.");
        }

        return new OnnxShape(Map(proto.Dim, Dimension));
    }

    private static OnnxDimension Dimension(TensorShapeProto.Types.Dimension proto) => new(
        proto.HasDimValue ? proto.DimValue : null,
        proto.DimParam.Length > 0 ? proto.DimParam : null);
}
