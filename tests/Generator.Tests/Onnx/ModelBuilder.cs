using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using AotCompiler.Onnx;
using AotCompiler.Onnx.Proto;
using Google.Protobuf;

namespace AotCompiler.Tests.Onnx;

/// <summary>Writes small models:
/// <code>
/// new ModelBuilder(opset: 17)
///     .Input("x", OnnxDataType.Float, 1, 3, 8, 8)
///     .Initializer("w", [4, 3, 1, 1], weights)
///     .Node("Conv", ["x", "w"], ["y"], ("strides", new long[] { 1, 1 }))
///     .Output("y", OnnxDataType.Float, 1, 4, 8, 8)
///     .ToBytes();
/// </code>
/// Attribute values may be int, long, bool, float, double, string, lists of these, <see cref="TensorProto"/>,
/// <see cref="GraphProto"/>, <see cref="TypeProto"/>, <see cref="GraphBuilder"/> or <see cref="AttributeRef"/>.</summary>
internal sealed class ModelBuilder : GraphBuilder<ModelBuilder>
{
    public ModelBuilder(int opset = 21, long irVersion = 10)
        : base("test")
    {
        Proto = new ModelProto { IrVersion = irVersion, ProducerName = "tests", Graph = Graph };
        Import("", opset);
    }

    /// <summary>The message itself, for what the builder has no method for.</summary>
    public ModelProto Proto { get; }

    /// <summary>Imports another operator set.</summary>
    public ModelBuilder Import(string domain, int version)
    {
        Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = version });
        return this;
    }

    /// <summary>Adds a local function.</summary>
    public ModelBuilder Function(FunctionBuilder function)
    {
        Proto.Functions.Add(function.Proto);
        return this;
    }

    public byte[] ToBytes() => Proto.ToByteArray();

    /// <summary>Writes and reads the model.</summary>
    public OnnxModel ToModel() => OnnxReader.Read(ToBytes(), NoExternalData.Instance, ReaderLimits.Default);
}

/// <summary>Builds the graph of an attribute such as <c>then_branch</c>.</summary>
internal sealed class GraphBuilder : GraphBuilder<GraphBuilder>
{
    public GraphBuilder(string name = "subgraph")
        : base(name)
    {
    }
}

/// <summary>Stands for an attribute of the surrounding function.</summary>
internal sealed record AttributeRef(string Name, OnnxAttributeKind Kind);

/// <summary>What a main graph and a subgraph have in common.</summary>
internal abstract class GraphBuilder<TSelf>
    where TSelf : GraphBuilder<TSelf>
{
    protected GraphBuilder(string name) => Graph = new GraphProto { Name = name };

    public GraphProto Graph { get; }

    /// <summary>Adds an input of fixed shape; no dimensions is a scalar.</summary>
    public TSelf Input(string name, OnnxDataType type, params long[] dims) => Add(Graph.Input, Protos.Value(name, type, dims));

    /// <summary>Adds an input whose dimensions are numbers (int or long), names (string) or unknown (null).</summary>
    public TSelf Input(string name, OnnxDataType type, object?[] dims) => Add(Graph.Input, Protos.Value(name, type, dims));

    /// <summary>Adds an output of fixed shape.</summary>
    public TSelf Output(string name, OnnxDataType type, params long[] dims) => Add(Graph.Output, Protos.Value(name, type, dims));

    /// <summary>Adds an output whose dimensions are numbers, names or unknown.</summary>
    public TSelf Output(string name, OnnxDataType type, object?[] dims) => Add(Graph.Output, Protos.Value(name, type, dims));

    /// <summary>Adds an output without a declared type.</summary>
    public TSelf Output(string name) => Add(Graph.Output, new ValueInfoProto { Name = name });

    /// <summary>Declares the type of an inner value.</summary>
    public TSelf ValueInfo(string name, OnnxDataType type, params long[] dims) => Add(Graph.ValueInfo, Protos.Value(name, type, dims));

    /// <summary>Adds a constant; the element type follows from <typeparamref name="T"/> (float, int, bool, …).</summary>
    public TSelf Initializer<T>(string name, long[] dims, params T[] values)
        where T : unmanaged => Add(Graph.Initializer, Protos.Tensor(name, dims, values));

    /// <summary>Adds a constant of an element type that C# does not have, from its bytes.</summary>
    public TSelf RawInitializer(string name, OnnxDataType type, long[] dims, byte[] data) =>
        Add(Graph.Initializer, Protos.RawTensor(name, type, dims, data));

    public TSelf Initializer(TensorProto tensor) => Add(Graph.Initializer, tensor);

    /// <summary>Adds a node of the default domain, named after its operator and position.</summary>
    public TSelf Node(string opType, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes) =>
        Node("", opType, inputs, outputs, attributes);

    /// <summary>Adds a node of any domain.</summary>
    public TSelf Node(string domain, string opType, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes) =>
        Add(Graph.Node, Protos.Node($"{opType}_{Graph.Node.Count}", domain, opType, inputs, outputs, attributes));

    private TSelf Add<T>(ICollection<T> list, T item)
    {
        list.Add(item);
        return (TSelf)this;
    }
}

/// <summary>Builds a local function.</summary>
internal sealed class FunctionBuilder
{
    public FunctionBuilder(string domain, string name, string[] inputs, string[] outputs, string[]? attributes = null, int opset = 21)
    {
        Proto = new FunctionProto { Domain = domain, Name = name };
        Proto.Input.Add(inputs);
        Proto.Output.Add(outputs);
        Proto.Attribute.Add(attributes ?? []);
        Proto.OpsetImport.Add(new OperatorSetIdProto { Version = opset });
    }

    public FunctionProto Proto { get; }

    public FunctionBuilder Overload(string overload)
    {
        Proto.Overload = overload;
        return this;
    }

    public FunctionBuilder Import(string domain, int version)
    {
        Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = version });
        return this;
    }

    /// <summary>Adds an attribute parameter with a default value.</summary>
    public FunctionBuilder Default(string name, object value)
    {
        Proto.AttributeProto.Add(Protos.Attribute(name, value));
        return this;
    }

    public FunctionBuilder Node(string opType, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes) =>
        Node("", opType, inputs, outputs, attributes);

    public FunctionBuilder Node(
        string domain, string opType, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes)
    {
        Proto.Node.Add(Protos.Node($"{opType}_{Proto.Node.Count}", domain, opType, inputs, outputs, attributes));
        return this;
    }
}
