using System.Collections.Generic;
using System.Linq;
using System.Text;
using AotCompiler.Cli.Compilation;
using AotCompiler.Compiler;
using AotCompiler.Freestanding.Tests.Support;
using Shouldly;

namespace AotCompiler.Freestanding.Tests.Models;

/// <summary>The same C# gives the same bits in all forms: by the just-in-time compiler, with NativeAOT's runtime, and without any.</summary>
public sealed class BitEqualityTests
{
    private const string Set = "x86-64-v3";

    [ToolTheory("gcc")]
    [InlineData("digits")]
    [InlineData("mlp")]
    [InlineData("cnn-residual")]
    [InlineData("attention")]
    [InlineData("quantized")]
    [InlineData("float16")]
    [InlineData("bfloat16")]
    [InlineData("float8")]
    [InlineData("int4")]
    [InlineData("data-sizes")]
    [InlineData("float64")]
    [InlineData("element-types")]
    [InlineData("products")]
    public void Gives_the_bits_of_the_just_in_time_compiler(string name)
    {
        using FreestandingModel model = FreestandingModel.Build(name, Machine.X64.Target, Set);
        model.Run(Machine.X64, Inputs(name, out byte[] expected)).ShouldBe(expected);
    }

    [ToolTheory("cc")]
    [InlineData("digits")]
    [InlineData("attention")]
    public void Shared_libraries_without_a_runtime_give_them(string name)
    {
        using var library = SharedModel.Build(name, "--isa", Set, "--runtime", "none");
        library.Run(Inputs(name, out byte[] expected)).ShouldBe(expected);
    }

    [ToolFact("cc")]
    public void Shared_libraries_with_a_runtime_give_them()
    {
        using var library = SharedModel.Build("digits", "--isa", Set);
        library.Run(Inputs("digits", out byte[] expected)).ShouldBe(expected);
    }

    [Trait("Category", "Long")]
    [SharedModelTheory]
    [InlineData("mlperf-tiny/kws_dscnn_fp32_tfl")]
    [InlineData("mlperf-tiny/ic_resnet8_fp32_tfl")]
    [InlineData("audio/dtln_1")]
    [InlineData("mlperf-tiny/kws_dscnn_int8_tfl")]
    [InlineData("vision/squeezenet1_1_fp16")]
    public void All_three_are_the_same(string name)
    {
        byte[] inputs = Inputs(name, out byte[] expected);
        using var freestanding = SharedModel.Build(name, "--isa", Set, "--runtime", "none");
        freestanding.Run(inputs).ShouldBe(expected, "without a runtime");
        using var native = SharedModel.Build(name, "--isa", Set);
        native.Run(inputs).ShouldBe(expected, "with the runtime");
    }

    [ToolFact("cc", "readelf")]
    public void Shared_libraries_without_a_runtime_need_no_library()
    {
        using var library = SharedModel.Build("digits", "--runtime", "none");
        string dynamic = Text(Tool.Run(library.Folder, "readelf", ["-d", library.File]));
        dynamic.ShouldNotContain("NEEDED");
        dynamic.ShouldContain("[libdigits.so]");
        string[] symbols = Text(Tool.Run(library.Folder, "readelf", ["--dyn-syms", "-W", library.File])).Split('\n').Where(static l => l.Contains("GLOBAL")).ToArray();
        symbols.Select(static s => s.Split(' ')[^1]).Order().ShouldBe(["digits_error", "digits_info", "digits_run"]);
        symbols.ShouldAllBe(static s => !s.Contains(" UND "));
    }

    private static byte[] Inputs(string name, out byte[] expected)
    {
        expected = FreestandingModel.RunJit(TestModels.Read(name), TestModels.Options(name) with { Isa = TargetIsa.TryParse(Set)! }, out byte[] inputs);
        return inputs;
    }

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    [ToolFact("gcc", "nm")]
    public void Needs_no_symbol_and_shows_only_the_functions()
    {
        using FreestandingModel model = FreestandingModel.Build("digits", Machine.X64.Target, "x86-64-v3");
        string[] symbols = Encoding.UTF8.GetString(Tool.Run(model.Folder, "nm", [model.Output.FileName])).Split('\n', System.StringSplitOptions.RemoveEmptyEntries);
        symbols.Where(static s => s.Contains(" U ")).ShouldBeEmpty();
        symbols.Where(static s => s.Contains(" T ")).Select(static s => s.Split(' ')[^1]).Order().ShouldBe(["digits_error", "digits_info", "digits_run"]);
    }
}
