using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using AotCompiler.Compiler;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using Shouldly;
using Shouldly.Configuration;

namespace AotCompiler.Tests.Snapshots;

/// <summary>Compares generated code with the approved text in the folder <c>Approved</c>; CONTRIBUTING.md says how to approve a change.</summary>
internal static class Snapshot
{
    private const string StepStart = "            /// <summary>Step";

    /// <summary>Compiles a model for one instruction set.</summary>
    public static CompilationResult Compile(byte[] model, string name, string isa)
    {
        CompilationResult result = ModelCompiler.Compile(ModelFile.FromBytes(model), NoExternalData.Instance, new CompilerOptions
        {
            ModelName = name,
            Namespace = "Snapshots",
            Isa = TargetIsa.TryParse(isa)!,
        });
        result.Success.ShouldBeTrue(string.Join('\n', result.Diagnostics));
        return result;
    }

    /// <summary>The methods of all steps, with their comments.</summary>
    public static string Steps(ModelBuilder model, string isa = "x86-64-v3")
    {
        string code = Compile(model.ToBytes(), "Model", isa).Sources.Single(static s => s.HintName.Contains(".Steps", StringComparison.Ordinal)).Text;
        IEnumerable<string> methods = code.Split(StepStart).Skip(1).Select(static method => StepStart + method);
        string text = string.Concat(methods);
        string[] lines = text.Split('\n');

        // The braces that close the class of the steps, the model and the namespace.
        int end = Array.FindLastIndex(lines, static line => line == "            }");
        return string.Join('\n', lines.Take(end + 1).Select(static line => line.Length > 12 ? line[12..] : string.Empty)) + "\n";
    }

    /// <summary>Fails unless the text is the approved one.</summary>
    /// <remarks>The approved texts are found beside the source file of this frame, which must therefore not be optimised away.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    public static void ShouldBeApproved(this string text, string name) => text.ShouldMatchApproved(options => options
        .Configure(static c => c.TestMethodFinder = new FirstNonShouldlyMethodFinder())
        .SubFolder("Approved")
        .WithFilenameGenerator((_, _, type, extension) => $"{name}.{type}.{extension}")
        .WithStringCompareOptions(StringCompareShould.IgnoreLineEndings)
        .NoDiff());
}
