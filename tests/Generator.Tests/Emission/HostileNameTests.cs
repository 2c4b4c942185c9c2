using System.Collections.Generic;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using Microsoft.CodeAnalysis.CSharp;
using Shouldly;
using Xunit;

namespace AotCompiler.Tests.Emission;

/// <summary>Names in a model are foreign text: whatever they are, the generated code has the same tokens.</summary>
public class HostileNameTests
{
    public static TheoryData<string> Names() =>
    [
        "\"", "\n#error injected\n", "\r\nvoid Injected() { }", "*/ class Injected { /*", "\"\"\"", "\\u000Aclass Injected { }", "\u2028class Injected { }",
        "\u0085class Injected { }", "\u202Ebidi", "#pragma warning disable", "\0", "{0}{", "</summary>", "class", "@", "1", " ", new string('n', 70_000),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Names_never_become_code(string hostile) => Kinds(hostile).ShouldBe(Kinds("plain"));

    /// <summary>The kinds of all tokens of a model whose nodes and values are all called after <paramref name="name"/>.</summary>
    private static List<SyntaxKind> Kinds(string name)
    {
        ModelBuilder model = new ModelBuilder()
            .Input($"{name}x", OnnxDataType.Float, 1, 3, 5, 5)
            .Input($"{name}i", OnnxDataType.Int64, 2)
            .Initializer($"{name}w", [4, 3, 3, 3], Enumerable.Repeat(0.5f, 108).ToArray())
            .Node("Conv", [$"{name}x", $"{name}w"], [$"{name}c"])
            .Node("Softmax", [$"{name}c"], [$"{name}s"])
            .Node("Gather", [$"{name}s", $"{name}i"], [$"{name}g"], ("axis", 2))
            .Node("Transpose", [$"{name}g"], [$"{name}t"])
            .Node("ReduceMean", [$"{name}t"], [$"{name}r"])
            .Output($"{name}r")
            .Output($"{name}t");
        foreach (var node in model.Graph.Node)
        {
            node.Name = name + node.Name;
        }

        model.Graph.Name = name;
        model.Proto.ProducerName = name;
        CompilationResult result = ModelCompiler.Compile(ModelFile.FromBytes(model.ToBytes()), NoExternalData.Instance, new CompilerOptions());
        result.Success.ShouldBeTrue(string.Join('\n', result.Diagnostics));
        List<Microsoft.CodeAnalysis.SyntaxTree> trees = result.Sources.Select(static s => CSharpSyntaxTree.ParseText(s.Text)).ToList();
        trees.SelectMany(static t => t.GetDiagnostics()).ShouldBeEmpty();
        return trees.SelectMany(static t => t.GetRoot().DescendantTokens()).Select(static t => t.Kind()).ToList();
    }
}
