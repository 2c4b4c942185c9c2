using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using AotCompiler.Cli.Conformance;
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

    private static bool HasTensorsOnly(OnnxModel model) =>
        model.Graph.Inputs.Concat(model.Graph.Outputs).All(static v => v.Type is null or OnnxTensorType);

    /// <summary>
    /// Loads a case. Where a shape depends on an input, the integer inputs become constants with the values of the first data
    /// set, and where that is not enough all inputs do: the case then checks constant folding.
    /// </summary>
    private static NodeCase Load(string folder)
    {
        string[] operators = [];
        Exception? last = null;
        foreach (ConstantInputs constants in Enum.GetValues<ConstantInputs>())
        {
            var test = new NodeCase(Path.GetFileName(folder), folder, constants);
            try
            {
                OnnxModel model = test.Read();
                operators = model.Graph.Nodes.Select(static n => n.OpType).Distinct().ToArray();
                test.Import();
                return test with { Operators = operators, SkipReason = HasTensorsOnly(model) ? null : "its data are sequences or optionals, which the compiled run of the suite checks" };
            }
            catch (ModelException e) when (e.Diagnostic.Code == DiagnosticCodes.ShapeNotConstant)
            {
                last = e;
            }
            catch (Exception e)
            {
                last = e;
                break;
            }
        }

        bool refused = last is ModelException { Diagnostic.Code: string code } && DiagnosticCodes.IsRefusal(code);
        return new NodeCase(Path.GetFileName(folder), folder, ConstantInputs.None)
        {
            Operators = operators,
            SkipReason = refused ? last!.Message : null,
            Failure = refused ? null : last,
        };
    }
}

/// <summary>One case: a model and its data sets.</summary>
/// <param name="Name">Name of its folder.</param>
/// <param name="Folder">Full path.</param>
/// <param name="Constants">Inputs that are constants with the values of the first data set.</param>
internal sealed record NodeCase(string Name, string Folder, ConstantInputs Constants)
{
    /// <summary>Operator types of the model's nodes.</summary>
    public IReadOnlyList<string> Operators { get; init; } = [];

    /// <summary>Why the model is refused, or null.</summary>
    public string? SkipReason { get; init; }

    /// <summary>What went wrong where the model should have been imported or refused properly, or null.</summary>
    public Exception? Failure { get; init; }

    /// <summary>The model, functions inlined, with the constants that stand for inputs.</summary>
    public OnnxModel Read()
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(Folder, "model.onnx"));
        OnnxModel model = FunctionInliner.Inline(OnnxReader.Read(bytes, NoExternalData.Instance, ReaderLimits.Default));
        if (Constants == ConstantInputs.None)
        {
            return model;
        }

        IEnumerable<OnnxTensor> constants = model.Graph.Inputs.Select((input, i) => (Input: input, Index: i))
            .Where(p => IsConstant(p.Input))
            .Select(p => OnnxReader.ReadTensor(File.ReadAllBytes(Path.Combine(DataSets()[0], $"input_{p.Index}.pb"))).WithName(p.Input.Name));
        return model with { Graph = model.Graph with { Initializers = model.Graph.Initializers.AddRange(constants) } };
    }

    /// <summary>The imported, not optimised graph.</summary>
    public Graph Import() => GraphImporter.Import(Read(), new CompilerOptions(), [], CancellationToken.None);

    /// <summary>Folders <c>test_data_set_*</c>; only the first where inputs are constants.</summary>
    public IReadOnlyList<string> DataSets() => Directory.GetDirectories(Folder, "test_data_set_*")
        .Order(StringComparer.Ordinal)
        .Take(Constants == ConstantInputs.None ? int.MaxValue : 1)
        .ToArray();

    /// <summary>The tensors for the inputs of an imported graph.</summary>
    public IReadOnlyList<Tensor> ReadInputs(string dataSet, Graph graph)
    {
        List<string> names = Read().Graph.Inputs.Select(static i => i.Name).ToList();
        return graph.Inputs.Select(v => ReadTensor(Path.Combine(dataSet, $"input_{names.IndexOf(v.Name)}.pb"))).ToArray();
    }

    /// <summary>The expected results of an imported graph.</summary>
    public static IReadOnlyList<Tensor> ReadOutputs(string dataSet, Graph graph) =>
        graph.Outputs.Select((_, i) => ReadTensor(Path.Combine(dataSet, $"output_{i}.pb"))).ToArray();

    private bool IsConstant(OnnxValueInfo input) => input.Type is OnnxTensorType tensor
        && (Constants == ConstantInputs.All || tensor.ElementType is OnnxDataType.Int64 or OnnxDataType.Int32);

    private static Tensor ReadTensor(string path)
    {
        OnnxTensor tensor = OnnxReader.ReadTensor(File.ReadAllBytes(path));
        var shape = new Shape(tensor.Dims.Select(static d => checked((int)d)));
        var type = (ElementType)(int)tensor.DataType;
        return tensor.DataType == OnnxDataType.String
            ? Tensor.OfStrings(shape, tensor.Strings, Path.GetFileName(path))
            : Tensor.FromBytes(type, shape, type.PackedBits() == 0 ? tensor.Data : PackedElements.Unpack(tensor.Data.Span, type, (int)tensor.ElementCount), Path.GetFileName(path));
    }
}
