using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Import;
using AotCompiler.Ir;
using AotCompiler.Onnx;

namespace AotCompiler.Conformance.Tests;

/// <summary>
/// The single-operator cases of the ONNX backend conformance suite, which lies outside the repository: in
/// <c>../shared/onnx-backend/node</c>, or below the folder that <c>AOTC_SHARED</c> names.
/// </summary>
internal static class NodeSuite
{
    /// <summary>Diagnostics by which a model is refused because of what it needs, not because it is wrong.</summary>
    private static readonly HashSet<string> _refusals = new(StringComparer.Ordinal)
    {
        DiagnosticCodes.VersionUnsupported,
        DiagnosticCodes.OperatorUnsupported,
        DiagnosticCodes.TypeUnsupported,
        DiagnosticCodes.FeatureUnsupported,
        DiagnosticCodes.DimensionUnbound,
        DiagnosticCodes.ShapeNotConstant,
    };

    private static readonly Lazy<IReadOnlyList<NodeCase>> _all = new(FindAll);

    /// <summary>The folder of the cases, or null where the suite is absent.</summary>
    public static string? Root { get; } = FindRoot();

    /// <summary>All cases in name order, those that cannot run included; none where the suite is absent.</summary>
    public static IReadOnlyList<NodeCase> All => _all.Value;

    /// <summary>The case of this name.</summary>
    public static NodeCase Get(string name) => All.Single(c => c.Name == name);

    private static string? FindRoot()
    {
        string? shared = Environment.GetEnvironmentVariable("AOTC_SHARED");
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); shared is null && folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AotCompiler.sln")))
            {
                shared = Path.Combine(folder.FullName, "..", "shared");
            }
        }

        string root = Path.GetFullPath(Path.Combine(shared ?? ".", "onnx-backend", "node"));
        return Directory.Exists(root) ? root : null;
    }

    private static IReadOnlyList<NodeCase> FindAll() => Root is null
        ? []
        : Directory.GetDirectories(Root)
            .Where(static d => File.Exists(Path.Combine(d, "model.onnx")))
            .Order(StringComparer.Ordinal)
            .Select(Load)
            .ToArray();

    private static NodeCase Load(string folder)
    {
        string name = Path.GetFileName(folder);
        string[] operators = [];
        byte[] bytes = File.ReadAllBytes(Path.Combine(folder, "model.onnx"));
        try
        {
            OnnxModel model = FunctionInliner.Inline(OnnxReader.Read(bytes, NoExternalData.Instance, ReaderLimits.Default));
            operators = model.Graph.Nodes.Select(static n => n.OpType).Distinct().ToArray();
            GraphImporter.Import(model, new CompilerOptions(), [], CancellationToken.None);
            return new NodeCase(name, folder, operators, null, null);
        }
        catch (ModelException e) when (_refusals.Contains(e.Diagnostic.Code))
        {
            return new NodeCase(name, folder, operators, e.Diagnostic.Message, null);
        }
        catch (Exception e)
        {
            return new NodeCase(name, folder, operators, null, e);
        }
    }
}

/// <summary>One case: a model and its data sets.</summary>
/// <param name="Name">Name of its folder.</param>
/// <param name="Folder">Full path.</param>
/// <param name="Operators">Operator types of the model's nodes.</param>
/// <param name="SkipReason">Why the model is refused, or null.</param>
/// <param name="Failure">What went wrong where the model should have been imported or refused properly, or null.</param>
internal sealed record NodeCase(string Name, string Folder, IReadOnlyList<string> Operators, string? SkipReason, Exception? Failure)
{
    /// <summary>The model's bytes.</summary>
    public byte[] ReadModel() => File.ReadAllBytes(Path.Combine(Folder, "model.onnx"));

    /// <summary>The imported, not optimised graph.</summary>
    public Graph Import() => GraphImporter.Import(
        FunctionInliner.Inline(OnnxReader.Read(ReadModel(), NoExternalData.Instance, ReaderLimits.Default)),
        new CompilerOptions(),
        [],
        CancellationToken.None);

    /// <summary>Folders <c>test_data_set_*</c>.</summary>
    public IReadOnlyList<string> DataSets() => Directory.GetDirectories(Folder, "test_data_set_*").Order(StringComparer.Ordinal).ToArray();

    /// <summary>The tensors <c>input_0.pb</c>, … or <c>output_0.pb</c>, … of a data set, as many as wanted.</summary>
    public static IReadOnlyList<Tensor> ReadTensors(string dataSet, string kind, int count) =>
        Enumerable.Range(0, count).Select(i => ReadTensor(Path.Combine(dataSet, $"{kind}_{i}.pb"))).ToArray();

    private static Tensor ReadTensor(string path)
    {
        OnnxTensor tensor = OnnxReader.ReadTensor(File.ReadAllBytes(path));
        var shape = new Shape(tensor.Dims.Select(static d => checked((int)d)));
        return Tensor.FromBytes((ElementType)(int)tensor.DataType, shape, tensor.Data, Path.GetFileName(path));
    }
}
