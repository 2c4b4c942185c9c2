using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using Shouldly;

namespace AotCompiler.Runtime.Tests;

/// <summary>The bounds hold on lesser machines too: the survey runs in child processes with instruction sets switched off.</summary>
public sealed class InstructionSetTests
{
    // Wide: a child process pays for start-up and for code that is slow without the instructions.
    private const uint Stride = 32771;

    [Theory]
    [InlineData("EnableAVX2")]
    [InlineData("EnableAVX512")]
    [InlineData("EnableHWIntrinsic")]
    public void Bounds_hold_without(string instructionSet)
    {
        IReadOnlyDictionary<string, double> errors = SurveyInChildProcess("DOTNET_" + instructionSet);
        errors.Count.ShouldBe(FunctionTable.All.Count);
        foreach (FunctionCase function in FunctionTable.All)
        {
            errors[function.Name].ShouldBeLessThanOrEqualTo(function.MaxUlp, function.Name);
        }
    }

    private static Dictionary<string, double> SurveyInChildProcess(string switchedOff)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            ArgumentList = { typeof(InstructionSetTests).Assembly.Location, Stride.ToString(CultureInfo.InvariantCulture) },
            Environment = { [switchedOff] = "0" },
        };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .ToDictionary(fields => fields[0], fields => double.Parse(fields[1], CultureInfo.InvariantCulture));
    }
}
