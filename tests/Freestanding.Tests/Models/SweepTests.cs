using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Conformance;
using AotCompiler.Cli.Native.Freestanding;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Emission;
using AotCompiler.Freestanding.Tests.Support;
using Shouldly;

namespace AotCompiler.Freestanding.Tests.Models;

/// <summary>Every model that compiles to C functions builds without a runtime.</summary>
[Trait("Category", "Sweep")]
public sealed class SweepTests
{
    private const long LargestFile = 150_000_000;

    [SharedModelTheory]
    [InlineData("onnx-backend/node", "linux-x64", "x86-64-v3")]
    [InlineData("onnx-backend/node", "linux-x64", "x86-64-v4")]
    [InlineData("onnx-backend/node", "linux-arm64", "armv8-a")]
    [InlineData("models", "linux-x64", "x86-64-v2,x86-64-v3,x86-64-v4")]
    [InlineData("models", "linux-arm64", "armv8-a,armv8.2-a+dotprod")]
    public void Builds_all_models_of_a_folder(string folder, string target, string sets)
    {
        var failures = new List<string>();
        IReadOnlyList<ConformanceCase> cases = ConformanceSuite.Find(Path.Combine(TestModels.Shared, folder), null).Cases;
        foreach (ConformanceCase model in cases.Where(static c => !c.Name.StartsWith("nonstandard", StringComparison.Ordinal) && new FileInfo(c.ModelPath).Length < LargestFile))
        {
            if (TryBuild(model, target, sets) is { } failure)
            {
                failures.Add($"{model.Name}: {failure}");
            }
        }

        failures.ShouldBeEmpty();
    }

    /// <summary>Null if the model builds, or if it has no C functions on any target.</summary>
    private static string? TryBuild(ConformanceCase model, string target, string sets)
    {
        FreestandingRequest request = FreestandingModel.Request(new CompilerOptions { ModelName = "sweep", Native = new NativeOptions("sweep") }, target, sets);
        try
        {
            FreestandingModel.BackEnd(o => model.Compile(o, CancellationToken.None).Result).Build(request, CancellationToken.None);
            return null;
        }
        catch (ModelException e) when (e.Diagnostic.Code != DiagnosticCodes.FreestandingUnsupported)
        {
            return null;
        }
        catch (Exception e) when (e is ModelException or CommandException)
        {
            return e.Message;
        }
    }
}
