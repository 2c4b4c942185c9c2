using System.IO;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Planning;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Compiler;

/// <summary>Limits on a model's time and size.</summary>
public sealed class BudgetTests
{
    [Theory]
    [InlineData("0.000001", true)]
    [InlineData("1000", false)]
    public void An_estimate_over_the_budget_is_an_error_that_names_the_largest_steps(string milliseconds, bool isOver)
    {
        CompilationResult result = ModelCompiler.Compile(
            ModelFile.FromBytes(File.ReadAllBytes(SmallModels.PathOf("cnn-residual"))),
            AotCompiler.Onnx.NoExternalData.Instance,
            OptionParser.Parse("m.onnx", new OptionTexts { BudgetMs = milliseconds }));
        result.Success.ShouldBe(!isOver);
        result.Diagnostics.Where(static d => d.Code == DiagnosticCodes.BuildBudgetExceeded).Select(static d => d.Message.Contains("Conv", System.StringComparison.Ordinal))
            .ShouldBe(isOver ? [true] : []);
    }

    [Fact]
    public void Processors_are_slower_with_narrower_vectors()
    {
        string[] sets = ["x86-64-v4", "x86-64-v3", "x86-64-v2", "armv8-a", "armv7"];
        double[] speeds = sets.Select(static s => DeviceSpeed.Of(s).MultiplyAddsPerNanosecond).ToArray();
        speeds.ShouldBe(speeds.OrderByDescending(static s => s));
        DeviceSpeed.Of("armv7", "none-armv7em").MultiplyAddsPerNanosecond.ShouldBeLessThan(speeds[^1]);
        DeviceSpeed.Of("x86-64-v4|x86-64-v2").ShouldBe(DeviceSpeed.Of("x86-64-v2"));
        DeviceSpeed.Of("auto").ShouldBe(DeviceSpeed.Of("x86-64-v3"));
    }

    [Fact]
    public void A_file_may_be_as_large_as_its_budget()
    {
        Budget.CheckSize("a.so", 2048, 2).ShouldBeNull();
        Budget.CheckSize("a.so", 2049, 2)!.Message.ShouldContain("a.so");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("soon")]
    public void A_budget_is_a_positive_number(string text) => Should.Throw<ModelException>(() => Budget.Parse(text, "BudgetMs")).Diagnostic.Code.ShouldBe(DiagnosticCodes.OptionInvalid);

    [Fact]
    public void Several_instruction_sets_are_one_choice()
    {
        TargetIsa both = TargetIsa.TryParse("x86-64-v2, x86-64-v4")!;
        both.Name.ShouldBe("x86-64-v2|x86-64-v4");
        both.VectorBits.ShouldBe([512, 128]);
        TargetIsa.TryParse("x86-64-v2,auto").ShouldBeNull();
        TargetIsa.TryParse("x86-64-v2,none").ShouldBeNull();
    }
}
