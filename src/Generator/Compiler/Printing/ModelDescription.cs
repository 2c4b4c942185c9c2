using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;

namespace AotCompiler.Compiler.Printing;

/// <summary>The Read stage's output as data: what the file says.</summary>
internal sealed record ModelDescription
{
    public required string GraphName { get; init; }

    public required long IrVersion { get; init; }

    /// <summary>Operator set versions by domain; the default domain is spelled <c>ai.onnx</c>.</summary>
    public required IReadOnlyDictionary<string, long> Opsets { get; init; }

    /// <summary>Program that made the file, with its version; may be empty.</summary>
    public required string Producer { get; init; }

    /// <summary>Inputs the caller must give; those with a default value are not among them.</summary>
    public required IReadOnlyList<DeclaredValueDescription> Inputs { get; init; }

    public required IReadOnlyList<DeclaredValueDescription> Outputs { get; init; }

    /// <summary>Operators with their number of nodes, by name.</summary>
    public required IReadOnlyList<OperatorCount> Operators { get; init; }

    public required int NodeCount { get; init; }

    public required int InitializerCount { get; init; }

    /// <summary>Elements of all initializers.</summary>
    public required long ParameterCount { get; init; }

    /// <summary>Bytes of all initializers.</summary>
    public required long ParameterBytes { get; init; }

    public required IReadOnlyList<string> LocalFunctions { get; init; }

    /// <summary>Describes a model as it was read.</summary>
    public static ModelDescription Of(OnnxModel model)
    {
        var defaults = new HashSet<string>(model.Graph.Initializers.Select(static i => i.Name));
        return new ModelDescription
        {
            GraphName = model.Graph.Name,
            IrVersion = model.IrVersion,
            Opsets = model.OpsetImports.ToDictionary(static o => DomainName(o.Key), static o => o.Value),
            Producer = $"{model.ProducerName} {model.ProducerVersion}".Trim(),
            Inputs = model.Graph.Inputs.Where(i => !defaults.Contains(i.Name)).Select(DeclaredValueDescription.Of).ToArray(),
            Outputs = model.Graph.Outputs.Select(DeclaredValueDescription.Of).ToArray(),
            Operators = model.Graph.Nodes
                .GroupBy(static n => n.Domain.Length == 0 ? n.OpType : $"{n.Domain}.{n.OpType}")
                .OrderBy(static g => g.Key, System.StringComparer.Ordinal)
                .Select(static g => new OperatorCount(g.Key, g.Count()))
                .ToArray(),
            NodeCount = model.Graph.Nodes.Length,
            InitializerCount = model.Graph.Initializers.Length,
            ParameterCount = model.Graph.Initializers.Sum(static i => i.ElementCount),
            ParameterBytes = model.Graph.Initializers.Sum(static i => i.ByteLength),
            LocalFunctions = model.Functions.Select(static f => $"{f.Domain}.{f.Name}").ToArray(),
        };
    }

    private static string DomainName(string domain) => domain.Length == 0 ? "ai.onnx" : domain;
}

/// <summary>An input or output as declared in the file.</summary>
/// <param name="Name">Name in the model.</param>
/// <param name="Type">Element type, or what it is if not a tensor.</param>
/// <param name="Shape">One number, name or <c>?</c> per dimension; null if not even the rank is declared.</param>
internal sealed record DeclaredValueDescription(string Name, string Type, IReadOnlyList<string>? Shape)
{
    public static DeclaredValueDescription Of(OnnxValueInfo value) => value.Type switch
    {
        OnnxTensorType tensor => new(value.Name, ((ElementType)(int)tensor.ElementType).ShortName(), tensor.Shape?.Dimensions.Select(static d => d.ToString()).ToArray()),
        OnnxSequenceType => new(value.Name, "sequence", null),
        OnnxMapType => new(value.Name, "map", null),
        OnnxOptionalType => new(value.Name, "optional", null),
        OnnxSparseTensorType => new(value.Name, "sparse tensor", null),
        _ => new(value.Name, "undefined", null),
    };
}

/// <summary>An operator and how many nodes call it.</summary>
internal sealed record OperatorCount(string Name, int Count);
