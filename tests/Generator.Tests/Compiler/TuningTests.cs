using System;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering.Tuning;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;
using Xunit;

namespace AotCompiler.Tests.Compiler;

/// <summary>Choices that were measured: taken where they fit, reported where they do not, never able to break code.</summary>
public class TuningTests
{
    private static readonly byte[] Model = new ModelBuilder()
        .Input("x", OnnxDataType.Float, 1, 16, 9, 9)
        .Initializer("w", [40, 16, 3, 3], Weights.Random(40 * 16 * 9, 1))
        .Initializer("d", [40, 1, 3, 3], Weights.Random(40 * 9, 2))
        .Node("Conv", ["x", "w"], ["c"], ("strides", new long[] { 2, 2 }))
        .Node("Conv", ["c", "d"], ["y"], ("group", 40L))
        .Output("y")
        .ToBytes();

    [Theory]
    [InlineData("x86-64-v4")]
    [InlineData("x86-64-v3")]
    public void Every_choice_of_every_layer_is_right(string isa)
    {
        Simd simd = TargetIsa.TryParse(isa)!.Widths.Single();
        CompilationResult plain = Compile(isa, null);
        ITunable[] layers = plain.Plan!.Schedule.Steps.OfType<ITunable>().ToArray();
        layers.Length.ShouldBe(2);
        int rounds = layers.Max(l => l.Choices(simd).Count);
        rounds.ShouldBeGreaterThan(5);
        Tensor input = OperatorCheck.RandomTensor(plain.Graph!.Inputs[0], new Random(1));
        for (int n = 1; n < rounds; n += Math.Max(1, rounds / 4))
        {
            int round = n;
            TuningTable table = Table(simd.Bits, layers.Select(l => new TunedLayer(l.Layer, l.Choices(simd)[round % l.Choices(simd).Count])).ToArray());
            Tensor expected = CompiledModel.Compile(Model, isa).Run(input)[0];
            Tensor actual = CompiledModel.Compile(Model, isa, new CompilerOptions { Tuning = table }).Run(input)[0];
            OperatorCheck.AssertClose(actual, expected, 1e-4, 1e-5, $"round {round}");
            CompilationResult tuned = Compile(isa, table);
            tuned.Diagnostics.ShouldBeEmpty();
            tuned.Code!.Hash.ShouldBe(plain.Code!.Hash, "a register tile changes neither plan nor weights");
        }
    }

    [Fact]
    public void The_first_choice_is_the_default()
    {
        CompilationResult plain = Compile("x86-64-v4", null);
        TuningTable table = Table(512, plain.Plan!.Schedule.Steps.OfType<ITunable>().Select(static l => new TunedLayer(l.Layer, l.Choices(Simd.V512)[0])).ToArray());
        Text(Compile("x86-64-v4", table)).ShouldBe(Text(plain));
    }

    [Fact]
    public void A_measured_choice_is_taken()
    {
        CompilationResult plain = Compile("x86-64-v4", null);
        ITunable layer = plain.Plan!.Schedule.Steps.OfType<ITunable>().First();
        CompilationResult tuned = Compile("x86-64-v4", Table(512, new TunedLayer(layer.Layer, layer.Choices(Simd.V512)[3])));
        Text(tuned).ShouldNotBe(Text(plain));
        tuned.Diagnostics.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("no such layer", "tile 1x1", 512, "not in this model")]
    [InlineData(null, "tile 999x999", 512, "not in this model")]
    [InlineData(null, "tile 1x1", 256, "vectors of 256 bits")]
    [InlineData(null, "tile 1x1", -7, "vectors of -7 bits")]
    public void What_does_not_fit_is_a_warning_and_changes_nothing(string? layer, string choice, int bits, string words)
    {
        CompilationResult plain = Compile("x86-64-v4", null);
        layer ??= plain.Plan!.Schedule.Steps.OfType<ITunable>().First().Layer;
        CompilationResult tuned = Compile("x86-64-v4", Table(bits, new TunedLayer(layer, choice)));
        Text(tuned).ShouldBe(Text(plain));
        ModelDiagnostic warning = tuned.Diagnostics.ShouldHaveSingleItem();
        warning.Code.ShouldBe(DiagnosticCodes.TuningUnused);
        warning.Severity.ShouldBe(DiagnosticSeverity.Warning);
        warning.Message.ShouldContain(words);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"version\": 2}")]
    [InlineData("{\"version\": 1, \"model\": 5}")]
    [InlineData("{\"version\": 1, \"model\": \"\", \"vectorBits\": 1e99, \"layers\": [1]}")]
    [InlineData("{\"version\": 1, \"model\": \"\", \"vectorBits\": 512, \"layers\": [{\"layer\": \"x\"}]}")]
    [InlineData("{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}}}")]
    [InlineData(null)]
    public void A_file_that_cannot_be_read_is_a_warning(string? json)
    {
        TuningTable table = TuningFile.Parse("/somewhere/digits.tune.json", json);
        table.Problem.ShouldNotBeNull();
        ModelDiagnostic warning = Compile("x86-64-v4", table).Diagnostics.ShouldHaveSingleItem();
        warning.Code.ShouldBe(DiagnosticCodes.TuningUnused);
        warning.Message.ShouldContain("digits.tune.json");
        warning.Message.ShouldNotContain("somewhere");
    }

    [Fact]
    public void A_file_is_read()
    {
        const string Json = """
            { "version": 1, "model": "abc", "isa": "auto", "vectorBits": 512, "later": [], "layers": [ { "layer": "a·b", "choice": "tile 2x1", "us": 1.5 } ] }
            """;
        TuningFile.Parse("m.tune.json", Json).ShouldBe(new TuningTable
        {
            FileName = "m.tune.json", ModelSha256 = "abc", VectorBits = 512, Layers = new([new TunedLayer("a·b", "tile 2x1")]),
        });
    }

    private static TuningTable Table(int bits, params TunedLayer[] layers) =>
        new() { FileName = "m.tune.json", ModelSha256 = ModelFile.FromBytes(Model).Sha256, VectorBits = bits, Layers = new(layers) };

    private static CompilationResult Compile(string isa, TuningTable? tuning)
    {
        CompilationResult result = ModelCompiler.Compile(
            ModelFile.FromBytes(Model), NoExternalData.Instance, new CompilerOptions { Isa = TargetIsa.TryParse(isa)!, Tuning = tuning });
        result.Success.ShouldBeTrue(string.Join('\n', result.Diagnostics));
        return result;
    }

    private static string Text(CompilationResult result) => string.Join('\n', result.Sources.Select(static s => s.Text));
}
