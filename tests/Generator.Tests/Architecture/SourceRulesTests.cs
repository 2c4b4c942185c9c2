using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using AotCompiler.Diagnostics;
using AotCompiler.Operators;
using AotCompiler.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Shouldly;

namespace AotCompiler.Tests.Architecture;

/// <summary>Rules about the source files themselves.</summary>
public class SourceRulesTests
{
    private const int MaxLines = 600;

    private static readonly string[] AllSources = [.. Repository.Sources("src"), .. Repository.Sources("tests"), .. Repository.Sources("samples")];

    private static readonly IReadOnlyList<Operator> Operators = typeof(Operator).Assembly.GetTypes()
        .Where(static t => t.IsSealed && typeof(Operator).IsAssignableFrom(t))
        .Select(static t => (Operator)Activator.CreateInstance(t, nonPublic: true)!)
        .OrderBy(static o => o.Name, StringComparer.Ordinal)
        .ToArray();

    [Fact]
    public void No_file_is_longer_than_a_reader_can_hold() => AllSources
        .Select(static path => (path, lines: File.ReadLines(Repository.PathOf(path)).Count()))
        .Where(static file => file.lines > MaxLines)
        .ShouldBeEmpty();

    [Fact]
    public void Only_the_Roslyn_folder_knows_Roslyn() => Repository.Sources("src/Generator")
        .Where(static path => !path.StartsWith("src/Generator/Roslyn/", StringComparison.Ordinal))
        .Where(static path => Regex.IsMatch(Repository.Read(path), @"Microsoft\s*\.\s*CodeAnalysis"))
        .ShouldBeEmpty();

    /// <summary>A model, and external data beside it, are all that a compilation reads, each in one place.</summary>
    [Fact]
    public void Only_the_named_classes_access_files() => Repository.Sources("src/Generator")
        .Where(static path => Regex.IsMatch(Repository.Read(path), @"\b(FileStream|FileInfo|DirectoryInfo|StreamReader|StreamWriter|Environment|(File|Directory)\.[A-Z])|RS1035"))
        .ShouldBe(
        [
            "src/Generator/Compiler/ModelFile.cs",
            "src/Generator/Onnx/ExternalDataSource.cs",
            "src/Generator/Onnx/FileIdentity.cs",
        ]);

    [Fact]
    public void Every_operator_has_its_tests()
    {
        HashSet<string> tests = Repository.Sources("tests/Generator.Tests/Operators").Select(static path => Path.GetFileName(path)).ToHashSet();
        Operators.Select(static o => $"{o.GetType().Name}Tests.cs").Where(file => !tests.Contains(file)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_operator_has_a_file_of_its_own()
    {
        HashSet<string> files = Repository.Sources("src/Generator/Operators").Select(static path => Path.GetFileName(path)).ToHashSet();
        Operators.Select(static o => $"{o.GetType().Name}.cs").Where(file => !files.Contains(file)).ShouldBeEmpty();
    }

    /// <summary>
    /// Operators/ names operators; patterns in Optimization/ name those they look for and make. Every other stage asks the
    /// <see cref="Operator"/>, so that a new one needs no change there.
    /// </summary>
    [Fact]
    public void No_stage_switches_on_operator_names()
    {
        HashSet<string> names = Operators.Select(static o => o.Name).ToHashSet(StringComparer.Ordinal);
        string[] stages = ["Onnx", "Import", "Lowering", "Kernels", "Planning", "Emission", "Compiler", "Roslyn"];
        stages.SelectMany(static folder => Repository.Sources($"src/Generator/{folder}"))
            .SelectMany(path => CSharpSyntaxTree.ParseText(Repository.Read(path)).GetRoot().DescendantNodes()
                .OfType<LiteralExpressionSyntax>()
                .Where(literal => literal.IsKind(SyntaxKind.StringLiteralExpression) && names.Contains(literal.Token.ValueText) && IsCompared(literal))
                .Select(literal => $"{path}: {literal.Parent}"))
            .ShouldBeEmpty();
    }

    [Fact]
    public void Every_diagnostic_has_its_page_and_is_used()
    {
        string[] codes = Codes().Select(static c => c.Code).ToArray();
        codes.ShouldBeUnique();
        codes.Where(static code => !File.Exists(Repository.PathOf("docs", "diagnostics", $"{code}.md"))).ShouldBeEmpty();
        Directory.EnumerateFiles(Repository.PathOf("docs", "diagnostics"), "AOTC*.md")
            .Select(static path => Path.GetFileNameWithoutExtension(path))
            .Where(page => !codes.Contains(page))
            .ShouldBeEmpty();
        string[] sources = Repository.Sources("src").Where(static path => !path.EndsWith("/DiagnosticCodes.cs", StringComparison.Ordinal))
            .Concat(Directory.EnumerateFiles(Repository.PathOf("src"), "*.targets", SearchOption.AllDirectories))
            .Select(Repository.Read)
            .ToArray();
        Codes()
            .Where(c => !sources.Any(text => text.Contains($"DiagnosticCodes.{c.Name}", StringComparison.Ordinal) || text.Contains(c.Code, StringComparison.Ordinal)))
            .ShouldBeEmpty();
    }

    [Fact]
    public void Every_diagnostic_page_says_cause_example_and_remedy() => Codes()
        .Where(static c => new[] { $"# {c.Code}", "## Cause", "## Example", "## How to fix" }.Any(part => !Repository.Read($"docs/diagnostics/{c.Code}.md").Contains(part, StringComparison.Ordinal)))
        .ShouldBeEmpty();

    private static IEnumerable<(string Name, string Code)> Codes() => typeof(DiagnosticCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(static field => (field.Name, (string)field.GetRawConstantValue()!));

    /// <summary>True for a literal in a comparison, a case or a pattern, or as an argument of a method that compares.</summary>
    private static bool IsCompared(LiteralExpressionSyntax literal) => literal.Parent switch
    {
        BinaryExpressionSyntax binary => binary.IsKind(SyntaxKind.EqualsExpression) || binary.IsKind(SyntaxKind.NotEqualsExpression),
        CaseSwitchLabelSyntax or ConstantPatternSyntax => true,
        ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } => call.Expression.ToString().Split('.')[^1] is "Is" or "Equals" or "MakerOf" or "Find",
        _ => false,
    };
}
