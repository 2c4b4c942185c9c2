using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Shouldly;

namespace AotCompiler.Tests.Architecture;

/// <summary>
/// Dependencies between the compiler's parts point one way. A part is a folder of src/Generator; the few types that belong
/// to another part than their folder are listed here. The rule is explained in docs/architecture.md.
/// </summary>
public class LayeringTests
{
    private const string Base = "Base";
    private const string Onnx = "Onnx";
    private const string Ir = "Ir";
    private const string Options = "Options";
    private const string Lowering = "Lowering";
    private const string Vocabulary = "Vocabulary";
    private const string Kernels = "Kernels";
    private const string Operators = "Operators";
    private const string Import = "Import";
    private const string Optimization = "Optimization";
    private const string Planning = "Planning";
    private const string Emission = "Emission";
    private const string Compiler = "Compiler";
    private const string Roslyn = "Roslyn";

    /// <summary>What each part may name, besides itself.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        [Base] = [],
        [Onnx] = [Base],
        [Ir] = [Base],
        [Options] = [Base, Ir],
        [Lowering] = [Base, Ir, Options],
        [Vocabulary] = [Base, Ir],
        [Kernels] = [Base, Ir, Lowering, Vocabulary],
        [Operators] = [Base, Ir, Lowering, Vocabulary, Kernels],
        [Import] = [Base, Onnx, Ir, Options, Operators],
        [Optimization] = [Base, Ir, Vocabulary, Operators],
        [Planning] = [Base, Ir, Lowering],
        [Emission] = [Base, Onnx, Ir, Options, Lowering, Planning],
        [Compiler] = [Base, Onnx, Ir, Options, Lowering, Operators, Import, Optimization, Planning, Emission],
        [Roslyn] = [Base, Onnx, Options, Emission, Compiler],
    };

    /// <summary>Types that belong to another part than their folder.</summary>
    private static readonly Dictionary<string, string> Placed = new()
    {
        // How values, vectors and lines of C# are spelled: element functions and kernels write code long before the Emit stage.
        ["CodeWriter"] = Ir,
        ["CodeLine"] = Ir,
        ["OpenBlock"] = Ir,
        ["ScopeBlocks"] = Ir,
        ["Simd"] = Ir,
        ["NativeLanes"] = Ir,
        ["Literal"] = Ir,
        ["NameSanitizer"] = Ir,
        ["StepWriter"] = Lowering,
        ["StepOperand"] = Lowering,
        ["NumberText"] = Lowering,
        ["SizeTable"] = Lowering,

        // The words in which operators tell kernels what to compute: functions and geometry.
        ["ReductionFunction"] = Vocabulary,
        ["ReduceEvaluation"] = Vocabulary,
        ["Neutral"] = Vocabulary,
        ["Normalization"] = Vocabulary,
        ["NormalizationKind"] = Vocabulary,
        ["ResponseWindow"] = Vocabulary,
        ["SpatialWindow"] = Vocabulary,
        ["TransposedWindow"] = Vocabulary,
        ["TransposedPhase"] = Vocabulary,
        ["MatrixShape"] = Vocabulary,
        ["GemmForm"] = Vocabulary,
        ["RecurrentForm"] = Vocabulary,
        ["GateGroup"] = Vocabulary,
        ["RegionForm"] = Vocabulary,
        ["PixelForm"] = Vocabulary,
        ["BranchMode"] = Vocabulary,
        ["ForestAggregate"] = Vocabulary,

        // The user's choices are read by several stages.
        ["CompilerOptions"] = Options,
        ["DimensionBinding"] = Options,
        ["StatePair"] = Options,
        ["NativeOptions"] = Options,
        ["OptimizationGoal"] = Options,
        ["TargetIsa"] = Options,

        // What was measured is data that the user hands over; several stages look it up.
        ["TuningTable"] = Base,
        ["TunedLayer"] = Base,
    };

    /// <summary>
    /// References upwards that are meant: a node knows its operator, and the lowering driver asks operators what they are
    /// and adds copies, conversions and halos on its own. Errors about a node have one form, which NodeContext gives them.
    /// </summary>
    private static readonly HashSet<(string From, string Type)> Meant =
    [
        (Ir, "Operator"),
        (Lowering, "IJoiningOperator"),
        (Lowering, "IReshapingOperator"),
        (Lowering, "NodeContext"),
        (Vocabulary, "NodeContext"),
        (Lowering, "BandStep"),
        (Lowering, "CopyStep"),
        (Lowering, "ElementwiseStep"),
        (Lowering, "HaloStep"),
        (Lowering, "PackStep"),
        (Lowering, "SizesStep"),
    ];

    private static readonly string[] Folders =
        [Onnx, Ir, Lowering, Kernels, Operators, Import, Optimization, Planning, Emission, Compiler, Roslyn];

    [Fact]
    public void Dependencies_point_one_way()
    {
        IEnumerable<string> violations = References()
            .Where(static r => r.From != r.To && !Allowed[r.From].Contains(r.To) && !Meant.Contains((r.From, r.Type)))
            .Select(static r => $"{r.File} ({r.From}) names {r.Type} ({r.To})")
            .Distinct()
            .Order(StringComparer.Ordinal);
        string.Join('\n', violations).ShouldBeEmpty();
    }

    [Fact]
    public void The_rule_has_no_cycle()
    {
        List<string> order = [];
        while (order.Count < Allowed.Count)
        {
            string? next = Allowed.Keys.FirstOrDefault(p => !order.Contains(p) && Allowed[p].All(order.Contains));
            order.Add(next.ShouldNotBeNull($"behind {string.Join(", ", order)}"));
        }
    }

    [Fact]
    public void Every_exception_is_needed()
    {
        HashSet<(string From, string Type)> used = References().Select(static r => (r.From, r.Type)).ToHashSet();
        Meant.Where(m => !used.Contains(m)).ShouldBeEmpty();
        HashSet<string> declared = Declarations(Trees()).Keys.ToHashSet();
        Placed.Keys.Where(name => !declared.Contains(name)).ShouldBeEmpty();
    }

    /// <summary>All mentions of the compiler's types in its own sources.</summary>
    private static IReadOnlyList<(string File, string From, string Type, string To)> References() => _references.Value;

    private static readonly Lazy<IReadOnlyList<(string File, string From, string Type, string To)>> _references = new(static () =>
    {
        IReadOnlyList<SyntaxTree> trees = Trees();
        Dictionary<string, string> parts = Declarations(trees);
        CSharpCompilation compilation = CSharpCompilation.Create(
            "generator",
            trees,
            [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)]);
        var result = new List<(string, string, string, string)>();
        foreach (SyntaxTree tree in trees)
        {
            SemanticModel? model = null;
            foreach (SimpleNameSyntax name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
            {
                string text = name.Identifier.Text;
                if (!parts.TryGetValue(text, out string? to) || PartOf(tree, name) is not { } from || from == to)
                {
                    continue;
                }

                model ??= compilation.GetSemanticModel(tree);
                ISymbol? symbol = model.GetSymbolInfo(name).Symbol;
                if (symbol is INamedTypeSymbol or IMethodSymbol { MethodKind: MethodKind.Constructor } && symbol.Locations.Any(static l => l.IsInSource))
                {
                    result.Add((tree.FilePath, from, text, to));
                }
            }
        }

        return result;
    });

    private static IReadOnlyList<SyntaxTree> Trees() => Repository.Sources("src/Generator")
        .Select(static path => CSharpSyntaxTree.ParseText(Repository.Read(path), new CSharpParseOptions(LanguageVersion.Latest), path))
        .ToArray();

    private static Dictionary<string, string> Declarations(IEnumerable<SyntaxTree> trees)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (SyntaxTree tree in trees)
        {
            foreach (BaseTypeDeclarationSyntax type in tree.GetRoot().DescendantNodes().OfType<BaseTypeDeclarationSyntax>())
            {
                if (type.Parent is BaseNamespaceDeclarationSyntax)
                {
                    result[type.Identifier.Text] = Placed.TryGetValue(type.Identifier.Text, out string? part) ? part : FolderOf(tree);
                }
            }
        }

        return result;
    }

    /// <summary>The part of the outermost type around a node; null for using directives.</summary>
    private static string? PartOf(SyntaxTree tree, SyntaxNode node) =>
        node.Ancestors().OfType<BaseTypeDeclarationSyntax>().LastOrDefault() is not { } type ? null
        : Placed.TryGetValue(type.Identifier.Text, out string? part) ? part
        : FolderOf(tree);

    private static string FolderOf(SyntaxTree tree)
    {
        string folder = tree.FilePath.Split('/')[2];
        return Folders.Contains(folder) ? folder : Base;
    }
}
