using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Onnx.Proto;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Microsoft.CodeAnalysis.CSharp;
using Shouldly;

namespace AotCompiler.Tests.Compiler;

/// <summary>
/// Names in a model are text of a stranger. Whatever they are, the generated code compiles, runs, and has the tokens and
/// directives that it has with harmless names.
/// </summary>
public class HostileNamesTests
{
    private static readonly string Quote = new('"', 3);

    private static readonly IReadOnlyDictionary<string, string> Cases = new Dictionary<string, string>
    {
        ["quote"] = "a\"; Evil(); //",
        ["line feed"] = "a\nthrow null;",
        ["carriage return"] = "a\rthrow null;",
        ["next line"] = "a\u0085throw null;",
        ["line separator"] = "a\u2028throw null;\u2029",
        ["end of comment"] = "a */ throw null; /*",
        ["raw string"] = $"a{Quote}; throw null; {Quote}",
        ["interpolation"] = "{0} {x} {{",
        ["right to left"] = "a\u202eb\u2066c",
        ["directive"] = "\n#pragma warning restore\n#error no\n#if false\n",
        ["xml"] = "</summary><script>&amp;]]>",
        ["backslash"] = "\\u0022 \\",
        ["nul"] = "a\0b",
        ["long"] = new string('x', 64 * 1024),
        ["long digits"] = new string('7', 64 * 1024),
        ["emoji"] = "\U0001F600 \ufeff",
        ["empty words"] = "///...///",
        ["space"] = " ",
        ["at"] = "@",
        ["digit"] = "1",
        ["keyword"] = "class",
        ["contextual keyword"] = "await",
        ["own parameter"] = "arena",
        ["own local"] = "input0Pointer",
        ["own member"] = "Run",
        ["own constant"] = "ArenaBytes",
        ["own class"] = "Steps256",
        ["class name"] = "Hostile",
        ["framework"] = "global::System",
    };

    private static readonly Lazy<IReadOnlyList<string>> Harmless = new(static () => Shape(Compile("tensor")));

    public static TheoryData<string> Names => new(Cases.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Names_never_become_code(string kind)
    {
        CompilationResult result = Compile(Cases[kind]);
        Shape(result).ShouldBe(Harmless.Value);
        CompiledModel model = CompiledModel.Load(result);
        var random = new Random(1);
        Tensor[] inputs = model.Graph.Inputs.Select(v => OperatorCheck.RandomTensor(v, random, 0, 1)).ToArray();
        model.Run(inputs).Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("xLength", "x")]
    [InlineData("xShape", "x")]
    [InlineData("Steps128", "x")]
    [InlineData("ToString", "x")]
    [InlineData("class", "x")]
    [InlineData("1", "x")]
    [InlineData("\"\n", "x")]
    public void Model_names_never_clash_with_members(string modelName, string input)
    {
        byte[] bytes = new ModelBuilder()
            .Input(input, OnnxDataType.Float, 1, 4)
            .Node("Relu", [input], ["y"])
            .Output("y")
            .ToBytes();
        CompilationResult result = ModelCompiler.Compile(ModelFile.FromBytes(bytes), NoExternalData.Instance, new CompilerOptions { ModelName = modelName });
        CompiledModel.Load(result).Run(Tensor.Create(ElementType.Float32, new Shape(1, 4), [-1f, 2f, -3f, 4f]))[0].Floats().ToArray().ShouldBe([0f, 2f, 0f, 4f]);
    }

    /// <summary>Compiles a model of several kernels whose names are all a given one, told apart by spaces only.</summary>
    private static CompilationResult Compile(string name)
    {
        int count = 0;
        string Next() => name + new string(' ', count++);
        string image = Next(), row = Next(), filter = Next(), bias = Next(), matrix = Next();
        string index = Next(), looked = Next(), mean = Next(), features = Next(), pooled = Next(), turned = Next(), sum = Next(), exponential = Next();
        ModelBuilder builder = new ModelBuilder()
            .Input(image, OnnxDataType.Float, 1, 3, 9, 9)
            .Input(row, OnnxDataType.Float, 1, 5)
            .Input(index, OnnxDataType.Int64, 2)
            .Initializer(filter, [20, 3, 3, 3], Weights.Random(540, 1))
            .Initializer(bias, [20], Weights.Random(20, 2))
            .Initializer(matrix, [5, 7], Weights.Random(35, 3))
            .Node("Conv", [image, filter, bias], [features], ("pads", new long[] { 1, 1, 1, 1 }))
            .Node("MaxPool", [features], [pooled], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }))
            .Node("Transpose", [pooled], [turned], ("perm", new long[] { 0, 2, 3, 1 }))
            .Node("MatMul", [row, matrix], [sum])
            .Node("Softmax", [sum], [exponential])
            .Node("Gather", [turned, index], [looked], ("axis", 2))
            .Node("ReduceMean", [looked], [mean])
            .Output(turned)
            .Output(mean)
            .Output(exponential);
        foreach (NodeProto node in builder.Graph.Node)
        {
            node.Name = name;
        }

        builder.Proto.ProducerName = name;
        builder.Proto.ProducerVersion = name;
        builder.Graph.Name = name;
        CompilationResult result = ModelCompiler.Compile(
            ModelFile.FromBytes(builder.ToBytes()),
            NoExternalData.Instance,
            new CompilerOptions { ModelName = name, ClassName = "Hostile", Namespace = "Names", InlineWeightLimit = int.MaxValue, Isa = TargetIsa.TryParse("x86-64-v3")! });
        result.Success.ShouldBeTrue(string.Join('\n', result.Diagnostics));
        return result;
    }

    /// <summary>Kinds of all tokens and directives, a line for each file; numbers that count characters of names do not occur.</summary>
    private static IReadOnlyList<string> Shape(CompilationResult result) => result.Sources
        .Select(static source =>
        {
            var root = CSharpSyntaxTree.ParseText(source.Text).GetRoot();
            root.ContainsDiagnostics.ShouldBeFalse();
            source.Text.ShouldAllBe(static c => c == '\n' || (c >= ' ' && c != '\u202e' && c != '\u2066' && c != '\ufeff' && c != '\u2028' && c != '\u0085'));
            return string.Join(' ', root.DescendantTokens().Select(static t => t.Kind()).Concat(
                root.DescendantTrivia().Where(static t => t.IsDirective).Select(static t => t.Kind())));
        })
        .ToArray();
}
