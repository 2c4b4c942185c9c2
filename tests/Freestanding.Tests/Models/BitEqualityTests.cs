using System.Collections.Generic;
using System.Linq;
using System.Text;
using AotCompiler.Cli.Compilation;
using AotCompiler.Compiler;
using AotCompiler.Freestanding.Tests.Support;
using Shouldly;

namespace AotCompiler.Freestanding.Tests.Models;

/// <summary>Freestanding code computes what the just-in-time compiler's code computes.</summary>
public sealed class BitEqualityTests
{
    [ToolTheory("gcc")]
    [InlineData("digits")]
    [InlineData("mlp")]
    [InlineData("cnn-residual")]
    [InlineData("attention")]
    public void Gives_the_bits_of_the_just_in_time_compiler(string name)
    {
        using FreestandingModel model = FreestandingModel.Build(name, Machine.X64.Target, "x86-64-v3");
        byte[] expected = FreestandingModel.RunJit(TestModels.Read(name), TestModels.Options(name) with { Isa = TargetIsa.TryParse("x86-64-v3")! }, out byte[] inputs);
        model.Run(Machine.X64, inputs).ShouldBe(expected);
    }

    [ToolFact("gcc", "nm")]
    public void Needs_no_symbol_and_shows_only_the_functions()
    {
        using FreestandingModel model = FreestandingModel.Build("digits", Machine.X64.Target, "x86-64-v3");
        string[] symbols = Encoding.UTF8.GetString(Tool.Run(model.Folder, "nm", [model.Output.FileName])).Split('\n', System.StringSplitOptions.RemoveEmptyEntries);
        symbols.Where(static s => s.Contains(" U ")).ShouldBeEmpty();
        symbols.Where(static s => s.Contains(" T ")).Select(static s => s.Split(' ')[^1]).Order().ShouldBe(["digits_error", "digits_info", "digits_run"]);
    }
}
