using System.Linq;
using System.Text.RegularExpressions;
using AotCompiler.Compiler;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Snapshots;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Emission;

/// <summary>Steps that do the same with different memory share one method; steps that differ in anything else do not.</summary>
public class StepSharingTests
{
    [Fact]
    public void Equal_blocks_share_their_methods()
    {
        ModelBuilder model = Chain(16, 16, 16, 16);
        string code = Code(model);

        // All three halos and the first two convolutions, which write into a halo's interior; each called in a run and in a share of one.
        Methods(code, "Kernel").ShouldBe(2);
        Calls(code, "Kernel").ShouldBe(2 * 5);
        OperatorCheck.Run(model);
    }

    [Fact]
    public void Shared_methods_say_whose_they_are()
    {
        string code = Code(Chain(16, 16, 16, 16));
        code.ShouldContain("/// <summary>Steps 3 and 5: ");
        code.ShouldContain("// Step 2, halo of x1.");
        code.ShouldContain("// Step 5, node \"conv1\".");
        code.ShouldMatch("/// Step 5, node \"conv1\": Reads .* @ arena \\+");
    }

    [Fact]
    public void Shared_methods_are_shared_by_threads_too()
    {
        string code = Code(Chain(16, 16, 16, 16), new CompilerOptions { ShareEverything = true });
        Methods(code, "Kernel").ShouldBeGreaterThan(0);
        code.ShouldContain("int beginUnit, int endUnit)");
    }

    [Fact]
    public void Other_shapes_have_methods_of_their_own() => Methods(Code(Chain(16, 16, 32, 64)), "Kernel\\d+_Conv").ShouldBe(0);

    [Fact]
    public void Other_constants_have_methods_of_their_own()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 40)
            .Initializer("low", [], 0.25f)
            .Initializer("high", [], 0.5f)
            .Node("Max", ["x", "low"], ["a"])
            .Node("Max", ["x", "high"], ["b"])
            .Output("a")
            .Output("b");
        Methods(Code(model), "Kernel").ShouldBe(0);
        OperatorCheck.Run(model);
    }

    [Fact]
    public void Inputs_and_outputs_are_memory_like_any_other()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 7, 5)
            .Input("y", OnnxDataType.Float, 7, 5)
            .Node("Softmax", ["x"], ["a"])
            .Node("Softmax", ["y"], ["b"])
            .Node("Softmax", ["b"], ["c"])
            .Output("a")
            .Output("c");
        Methods(Code(model), "Kernel").ShouldBe(1);
        Calls(Code(model), "Kernel").ShouldBe(3);
        OperatorCheck.Run(model);
    }

    [Fact]
    public void A_failing_step_is_named_though_its_method_is_shared()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 6, 4)
            .Input("i", OnnxDataType.Int64, 3)
            .Input("j", OnnxDataType.Int64, 3)
            .Node("Gather", ["x", "i"], ["a"])
            .Node("Gather", ["x", "j"], ["b"])
            .Output("a")
            .Output("b");
        string code = Code(model);
        Calls(code, "if \\(Kernel").ShouldBe(2);
        code.ShouldContain("return 1;");
        code.ShouldContain("return 2;");
    }

    /// <summary>3×3 convolutions of so many channels, one behind the other; Winograd's form is one of several, so that it is left out.</summary>
    private static ModelBuilder Chain(params int[] channels)
    {
        ModelBuilder model = new ModelBuilder().Input("x0", OnnxDataType.Float, 1, channels[0], 9, 10);
        for (int i = 0; i + 1 < channels.Length; i++)
        {
            int size = channels[i + 1] * channels[i] * 9;
            model
                .Initializer($"w{i}", [channels[i + 1], channels[i], 3, 3], Enumerable.Range(0, size).Select(n => ((n * 37 % 101) - 50) / 400f).ToArray())
                .Node("Conv", [$"x{i}", $"w{i}"], [$"conv{i}"], ("pads", new long[] { 1, 1, 1, 1 }))
                .Node("Relu", [$"conv{i}"], [$"x{i + 1}"]);
            model.Graph.Node[(2 * i)].Name = $"conv{i}";
        }

        return model.Output($"x{channels.Length - 1}");
    }

    private static string Code(ModelBuilder model, CompilerOptions? options = null)
    {
        options = (options ?? new CompilerOptions()) with { ModelName = "Model", Winograd = false, Isa = TargetIsa.TryParse("x86-64-v3")! };
        CompilationResult result = ModelCompiler.Compile(ModelFile.FromBytes(model.ToBytes()), NoExternalData.Instance, options);
        result.Success.ShouldBeTrue(string.Join('\n', result.Diagnostics));
        return result.Sources.Single(static s => s.HintName.Contains(".Steps", System.StringComparison.Ordinal)).Text;
    }

    private static int Methods(string code, string name) => Regex.Count(code, $@"private static (void|int) {name}\w*\(");

    private static int Calls(string code, string name) => Regex.Count(code, $@"^ +{name}\w*\(.*\)( != 0\))?;?$", RegexOptions.Multiline);
}
