using System.Collections.Generic;
using System.IO;
using System.Linq;
using AotCompiler.Cli.Tests.Support;
using Shouldly;

namespace AotCompiler.Cli.Tests.Native;

/// <summary>The sample for microcontrollers on an emulated board.</summary>
public sealed class MicrocontrollerTests
{
    [ToolFact("arm-none-eabi-gcc", "qemu-system-arm", "make")]
    public void The_sample_reads_a_digit_on_a_Cortex_M4()
    {
        using var folder = new TestFolder();
        string sample = Path.Combine(Repository.Root, "samples", "Microcontroller");
        CliRun build = CliRun.Of("build", Repository.Model("digits", "digits.onnx"), "-o", folder["m4"], "--kind", "static", "--target", "none-armv7em", "--json").Succeeded();
        string output = Tools.Run("make", ["-s", "-C", sample, "run", "MODEL=digits", $"MODEL_DIR={folder["m4"]}", $"BUILD={folder["build"]}"]);
        output.ShouldContain("It is a 3");
        Dictionary<string, long> table = output.Split('\n')
            .Where(static line => line.Length > 16 && char.IsAsciiLetter(line[0]) && line.TrimEnd().Split(' ').Any(static word => long.TryParse(word, out _)))
            .GroupBy(static line => line[..15].Trim())
            .ToDictionary(static g => g.Key, static g => g.First().Split(' ').Select(static word => long.TryParse(word, out long number) ? number : 0).Max());
        table["activations RAM"].ShouldBe(build.Json.GetProperty("arenaBytes").GetInt64());
        table["instructions"].ShouldBeInRange(table["multiply-adds"], 8 * table["multiply-adds"]);
    }
}
