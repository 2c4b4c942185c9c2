using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Freestanding.Tests.Support;
using Shouldly;

namespace AotCompiler.Freestanding.Tests.Models;

/// <summary><c>aotc size</c>, and the bounds of the code that a small model may have.</summary>
public sealed class SizeTests
{
    private const long DigitsBound = 16 * 1024;

    [Fact]
    public void Code_of_the_digit_model_is_within_its_bound()
    {
        JsonElement report = Run("digits", "--optimize", "size");
        (report.GetProperty("codeBytes").GetInt64() + report.GetProperty("constantBytes").GetInt64()).ShouldBeLessThan(DigitsBound);
        JsonElement speed = report.GetProperty("modes").EnumerateArray().Single(static m => m.GetProperty("optimize").GetString() == "speed");
        (speed.GetProperty("codeBytes").GetInt64() + speed.GetProperty("constantBytes").GetInt64()).ShouldBeLessThan(DigitsBound * 5 / 2);
    }

    [Fact]
    public void Functions_are_all_of_the_code()
    {
        JsonElement report = Run("digits", "--optimize", "speed");
        long functions = report.GetProperty("steps").EnumerateArray().Concat(report.GetProperty("other").EnumerateArray()).Sum(static s => s.GetProperty("codeBytes").GetInt64());
        long code = report.GetProperty("codeBytes").GetInt64();
        functions.ShouldBeInRange(code * 9 / 10, code);
    }

    [Fact]
    public void Modes_are_compared()
    {
        JsonElement[] modes = Run("cnn-residual").GetProperty("modes").EnumerateArray().ToArray();
        modes.Select(static m => m.GetProperty("optimize").GetString()).ShouldBe(["size", "balanced", "speed"]);
        modes.Select(static m => m.GetProperty("codeBytes").GetInt64()).ShouldBeInOrder(SortDirection.Ascending);
    }

    [Fact]
    public void Keys_are_a_contract()
    {
        JsonElement report = Run("mlp");
        Keys(report).ShouldBe(["model", "target", "isa", "optimize", "source", "codeBytes", "constantBytes", "weightBytes", "arenaBytes", "stackBytes", "steps", "other", "modes"]);
        Keys(report.GetProperty("steps")[0]).ShouldBe(["index", "name", "operator", "method", "codeBytes", "sharedWith", "isCompact", "timeShare", "weightBytes", "arenaBytes", "stackBytes"]);
        Keys(report.GetProperty("modes")[0]).ShouldBe(["optimize", "codeBytes", "constantBytes", "methods", "weightBytes", "arenaBytes", "stackBytes"]);
    }

    [Theory]
    [InlineData("size", "--Os")]
    [InlineData("balanced", "-O")]
    [InlineData("speed", "-O")]
    public void The_machine_code_compiler_is_told(string goal, string option)
    {
        string folder = Directory.CreateTempSubdirectory("aotc-test-").FullName;
        try
        {
            string work = Path.Combine(folder, "work");
            Application.Run(["build", TestModels.Read("mlp").FullPath, "-o", folder, "--kind", "object", "--target", "none-armv7em", "--optimize", goal, "--keep", work], FreestandingModel.Quiet).ShouldBe(0);
            File.ReadAllLines(Path.Combine(work, "model.rsp")).ShouldContain(option);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string[] Keys(JsonElement element) => element.EnumerateObject().Select(static p => p.Name).ToArray();

    private static JsonElement Run(string model, params string[] options)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var output = new StringWriter();
        var error = new StringWriter();
        Application.Run([.. new[] { "size", TestModels.Read(model).FullPath, "--json" }, .. options], new Terminal(output, error)).ShouldBe(0, error.ToString());
        return JsonDocument.Parse(output.ToString()).RootElement;
    }
}
