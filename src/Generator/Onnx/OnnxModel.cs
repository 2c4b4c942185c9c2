using System.Collections.Immutable;

namespace AotCompiler.Onnx;

/// <summary>An ONNX file as it is: nothing interpreted, names unchecked, only lengths and limits verified.</summary>
/// <remarks>The domain <c>ai.onnx</c> is written as the empty string everywhere. Absent strings are empty.</remarks>
internal sealed record OnnxModel
{
    /// <summary>Version of the file format, 1 to 13.</summary>
    public required long IrVersion { get; init; }

    /// <summary>Operator set versions by domain.</summary>
    public required ImmutableSortedDictionary<string, long> OpsetImports { get; init; }

    public string ProducerName { get; init; } = "";

    public string ProducerVersion { get; init; } = "";

    public string Domain { get; init; } = "";

    public long ModelVersion { get; init; }

    public string DocString { get; init; } = "";

    /// <summary>Free key-value pairs, in file order.</summary>
    public ImmutableArray<OnnxStringPair> Metadata { get; init; } = ImmutableArray<OnnxStringPair>.Empty;

    public required OnnxGraph Graph { get; init; }

    /// <summary>Functions that nodes may call; see <see cref="FunctionInliner"/>.</summary>
    public ImmutableArray<OnnxFunction> Functions { get; init; } = ImmutableArray<OnnxFunction>.Empty;

    /// <summary>The version of the default operator set, 0 when not imported.</summary>
    public long OnnxOpset => OpsetImports.TryGetValue("", out long version) ? version : 0;

    /// <summary>The operator set version that defines a node of this model, 0 when its domain is not imported.</summary>
    public long OpsetOf(OnnxNode node) => node.Opset ?? (OpsetImports.TryGetValue(node.Domain, out long version) ? version : 0);
}

/// <summary>A key and a value.</summary>
internal readonly record struct OnnxStringPair(string Key, string Value);

/// <summary>A main graph, or a subgraph in an attribute.</summary>
internal sealed record OnnxGraph
{
    public string Name { get; init; } = "";

    public ImmutableArray<OnnxNode> Nodes { get; init; } = ImmutableArray<OnnxNode>.Empty;

    /// <summary>Constants by name; one that is also an input is that input's default value.</summary>
    public ImmutableArray<OnnxTensor> Initializers { get; init; } = ImmutableArray<OnnxTensor>.Empty;

    public ImmutableArray<OnnxSparseTensor> SparseInitializers { get; init; } = ImmutableArray<OnnxSparseTensor>.Empty;

    public ImmutableArray<OnnxValueInfo> Inputs { get; init; } = ImmutableArray<OnnxValueInfo>.Empty;

    public ImmutableArray<OnnxValueInfo> Outputs { get; init; } = ImmutableArray<OnnxValueInfo>.Empty;

    /// <summary>Declared types of inner values; optional.</summary>
    public ImmutableArray<OnnxValueInfo> ValueInfo { get; init; } = ImmutableArray<OnnxValueInfo>.Empty;

    public ImmutableArray<OnnxQuantizationAnnotation> QuantizationAnnotations { get; init; } =
        ImmutableArray<OnnxQuantizationAnnotation>.Empty;
}

/// <summary>Which tensors hold the scale and the zero point of a tensor.</summary>
/// <param name="TensorName">The quantised tensor.</param>
/// <param name="ParameterTensors">Pairs such as <c>SCALE_TENSOR</c> and a value name.</param>
internal sealed record OnnxQuantizationAnnotation(string TensorName, ImmutableArray<OnnxStringPair> ParameterTensors);

/// <summary>One call of an operator or function.</summary>
internal sealed record OnnxNode
{
    public string Name { get; init; } = "";

    public required string OpType { get; init; }

    public string Domain { get; init; } = "";

    /// <summary>Chooses among functions of the same domain and name.</summary>
    public string Overload { get; init; } = "";

    /// <summary>
    /// The operator set version the node was written for where it is not the model's, which only an inlined function
    /// can bring about; ask <see cref="OnnxModel.OpsetOf"/>.
    /// </summary>
    public long? Opset { get; init; }

    /// <summary>Value names; an omitted optional input is the empty string.</summary>
    public ImmutableArray<string> Inputs { get; init; } = ImmutableArray<string>.Empty;

    /// <summary>Value names; an unused optional output is the empty string.</summary>
    public ImmutableArray<string> Outputs { get; init; } = ImmutableArray<string>.Empty;

    public ImmutableArray<OnnxAttribute> Attributes { get; init; } = ImmutableArray<OnnxAttribute>.Empty;

    /// <summary>The attribute of this name, or null.</summary>
    public OnnxAttribute? FindAttribute(string name)
    {
        foreach (OnnxAttribute attribute in Attributes)
        {
            if (attribute.Name == name)
            {
                return attribute;
            }
        }

        return null;
    }
}

/// <summary>A function of the model: a body with its own inputs, outputs and attribute parameters.</summary>
internal sealed record OnnxFunction
{
    public required string Name { get; init; }

    public string Domain { get; init; } = "";

    public string Overload { get; init; } = "";

    public ImmutableArray<string> Inputs { get; init; } = ImmutableArray<string>.Empty;

    public ImmutableArray<string> Outputs { get; init; } = ImmutableArray<string>.Empty;

    /// <summary>Attribute parameters without a default value.</summary>
    public ImmutableArray<string> AttributeNames { get; init; } = ImmutableArray<string>.Empty;

    /// <summary>Attribute parameters with their default values.</summary>
    public ImmutableArray<OnnxAttribute> AttributeDefaults { get; init; } = ImmutableArray<OnnxAttribute>.Empty;

    public ImmutableArray<OnnxNode> Nodes { get; init; } = ImmutableArray<OnnxNode>.Empty;

    public required ImmutableSortedDictionary<string, long> OpsetImports { get; init; }

    public ImmutableArray<OnnxValueInfo> ValueInfo { get; init; } = ImmutableArray<OnnxValueInfo>.Empty;
}
