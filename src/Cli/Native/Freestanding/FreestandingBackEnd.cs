using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Compilation;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Emission;
using AotCompiler.Freestanding.Archives;
using AotCompiler.Freestanding.Ilc;
using AotCompiler.Freestanding.Objects.Elf;
using AotCompiler.Freestanding.Targets;
using AotCompiler.InProcess;
using AotCompiler.Lowering;

namespace AotCompiler.Cli.Native.Freestanding;

/// <summary>
/// Makes object files of a model that need no runtime, no C library and no operating system: the generated C# is compiled against
/// the core library of this project, by NativeAOT's compiler to machine code, and the object is reduced to the model's functions.
/// </summary>
internal sealed partial class FreestandingBackEnd
{
    private const string LibraryFolder = "freestanding";

    private readonly Func<CompilerOptions, CompilationResult> _compile;
    private readonly IlcCompiler _ilc;

    /// <param name="compile">Compiles the model to C#; throws if it cannot.</param>
    /// <param name="ilc">NativeAOT's compiler.</param>
    public FreestandingBackEnd(Func<CompilerOptions, CompilationResult> compile, IlcCompiler ilc)
    {
        _compile = compile;
        _ilc = ilc;
    }

    /// <summary>Assemblies that freestanding code is compiled against: the core library and the kernels' mathematics.</summary>
    public static IReadOnlyList<string> Libraries { get; } = new[] { IlcCompiler.CoreLibrary, "AotCompiler.Runtime" }
        .Select(static name => Path.Combine(AppContext.BaseDirectory, LibraryFolder, name + ".dll"))
        .ToArray();

    /// <summary>Makes the file.</summary>
    /// <param name="request">What to make.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="ModelException">AOTC0407: a step has no code on the target.</exception>
    public FreestandingOutput Build(FreestandingRequest request, CancellationToken cancellation)
    {
        string folder = request.WorkFolder is null ? Directory.CreateTempSubdirectory("aotc-").FullName : Directory.CreateDirectory(request.WorkFolder).FullName;
        try
        {
            InstructionSet set = request.InstructionSets.Single();
            CompilationResult result = _compile(Options(request, set));
            ElfObject code = ReadObject(CompileSet(request, set, result, folder, cancellation));
            string[] exports = Exports(result.Code!.Native!);
            ElfObject reduced = ElfReducer.Reduce(code, exports, request.KeepNames);
            RequireComplete(reduced, result);
            byte[] bytes = ElfWriter.Write(reduced);
            string name = result.Code.Native!.Name;
            byte[] file = request.Kind == FreestandingKind.Object ? bytes : ArchiveWriter.Write([new ArchiveMember(name + request.Target.ObjectExtension, bytes, exports)]);
            return new FreestandingOutput(FileName(request, name), file, result);
        }
        finally
        {
            if (request.WorkFolder is null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    /// <summary>Weights always lie in an assembly of their own, which gives them their alignment.</summary>
    private static CompilerOptions Options(FreestandingRequest request, InstructionSet set) => request.Options with
    {
        Isa = new TargetIsa(set.Name, new Collections.EquatableArray<int>(set.VectorBits)),
        InlineWeightLimit = 0,
        Native = request.Options.Native ?? new NativeOptions(),
    };

    private static string FileName(FreestandingRequest request, string name) => request.Kind switch
    {
        FreestandingKind.Object => name + request.Target.ObjectExtension,
        _ => request.Target.Format == ObjectFormat.Coff ? name + ".lib" : $"lib{name}.a",
    };

    private static string[] Exports(NativeInterface native) => new[] { "run", "info", "error" }
        .Concat(native.StateBytes > 0 ? new[] { "reset" } : [])
        .Select(f => $"{native.Name}_{f}")
        .ToArray();

    private string CompileSet(FreestandingRequest request, InstructionSet set, CompilationResult result, string folder, CancellationToken cancellation)
    {
        string assembly = Path.Combine(folder, "model.dll");
        string output = Path.Combine(folder, $"model.{set.Name}{request.Target.ObjectExtension}");
        var references = new List<string>(Libraries);
        if (result.Code!.WeightTypeName is not null)
        {
            string weights = Path.Combine(folder, "weights.dll");
            PackedWeights.WriteTo(result, weights, cancellation);
            references.Add(weights);
        }

        string api = $"{result.Code.FullClassName}.g.cs";
        IReadOnlyList<LibraryError> errors = LibraryCompiler.Compile(
            assembly,
            result.Sources.Where(s => s.HintName != api).Select(static s => (s.HintName, s.Text)),
            references,
            [NativeExportsEmitter.FreestandingSymbol]);
        if (errors.Count > 0)
        {
            throw Unsupported(result, errors[0].Method, $"it uses what code without the .NET runtime does not have: {errors[0].Message}");
        }

        try
        {
            _ilc.Compile(assembly, references, output, request.Target, set, request.PreferSize, cancellation);
        }
        catch (IlcException e) when (e.Method is not null)
        {
            throw Unsupported(result, e.Method, e.Message);
        }
        catch (IlcException e)
        {
            throw new CommandException(e.Message);
        }

        return output;
    }

    private static ElfObject ReadObject(string path) => ElfReader.Read(File.ReadAllBytes(path));

    private static void RequireComplete(ElfObject code, CompilationResult result)
    {
        if (ElfReducer.Undefined(code) is [var first, ..])
        {
            throw Unsupported(result, first.User, $"it calls {first.Name}, which code without a C library does not have");
        }
    }

    /// <summary>An error that names the step and the operator of a method.</summary>
    private static ModelException Unsupported(CompilationResult result, string? method, string reason)
    {
        Match match = StepName().Match(method ?? string.Empty);
        Step? step = match.Success ? result.Plan!.Schedule.Steps.ElementAtOrDefault(int.Parse(match.Groups["index"].Value, CultureInfo.InvariantCulture)) : null;
        string where = step is null ? $"Method {method ?? "unknown"}"
            : $"Step {step.Index}{(step.Node is { } node ? $", '{node.Operator.Name}' node \"{NameSanitizer.Comment(node.Name)}\"" : string.Empty)} (method {method})";
        return new ModelException(
            DiagnosticCodes.FreestandingUnsupported,
            $"{where} has no code on this target: {reason}. Use the model with the .NET runtime, or change the operator.");
    }

    [GeneratedRegex(@"Step(?<index>\d+)_")]
    private static partial Regex StepName();
}

/// <summary>A file of freestanding code.</summary>
/// <param name="FileName">Name, by the target's customs.</param>
/// <param name="Bytes">Contents.</param>
/// <param name="Result">The compilation that it was made of, with the C interface and the plan.</param>
internal sealed record FreestandingOutput(string FileName, byte[] Bytes, CompilationResult Result);
