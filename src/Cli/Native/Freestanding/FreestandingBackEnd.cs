using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Compilation;
using AotCompiler.Collections;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Emission;
using AotCompiler.Freestanding.Dispatch;
using AotCompiler.Freestanding.Ilc;
using AotCompiler.Freestanding.Objects;
using AotCompiler.Freestanding.Objects.Coff;
using AotCompiler.Freestanding.Objects.Elf;
using AotCompiler.Freestanding.Objects.MachO;
using AotCompiler.Freestanding.Targets;
using AotCompiler.Freestanding.Thumb;
using AotCompiler.InProcess;
using AotCompiler.Lowering;

namespace AotCompiler.Cli.Native.Freestanding;

/// <summary>
/// Makes object files of a model that need no runtime, no C library and no operating system: the generated C# is compiled against
/// the core library of this project, by NativeAOT's compiler to machine code, and the object is reduced to the model's functions.
/// </summary>
/// <param name="compile">Compiles the model to C#; throws if it cannot.</param>
/// <param name="ilc">NativeAOT's compiler.</param>
internal sealed partial class FreestandingBackEnd(Func<CompilerOptions, CompilationResult> compile, IlcCompiler ilc)
{
    private const string LibraryFolder = "freestanding";

    /// <summary>Assemblies that freestanding code is compiled against: the core library and the kernels' mathematics, with vectors or for single numbers.</summary>
    public static IReadOnlyList<string> Libraries(InstructionSet set) =>
    [
        Path.Combine(AppContext.BaseDirectory, LibraryFolder, IlcCompiler.CoreLibrary + ".dll"),
        Path.Combine(AppContext.BaseDirectory, LibraryFolder, set.HasVectors ? string.Empty : "scalar", "AotCompiler.Runtime.dll"),
    ];

    /// <summary>Makes the file.</summary>
    /// <param name="request">What to make.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="ModelException">AOTC0407: a step has no code on the target.</exception>
    public FreestandingOutput Build(FreestandingRequest request, CancellationToken cancellation)
    {
        string folder = request.WorkFolder is null ? Directory.CreateTempSubdirectory("aotc-").FullName : Directory.CreateDirectory(request.WorkFolder).FullName;
        try
        {
            CompilationResult result = compile(OptionsFor(request.Options, request.InstructionSets));
            var work = new Work(request, result, folder, cancellation);
            string[] exports = Exports(result.Code!.Native!);
            long? stack = null;
            byte[] bytes = request.Target.Format == ObjectFormat.Elf ? BuildElf(work, exports, out stack) : BuildForeign(work, exports);
            return new FreestandingOutput(bytes, Decorated(request.Target, exports), request.Target, result) { Kind = request.Kind, StackBytes = stack };
        }
        finally
        {
            if (request.WorkFolder is null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private byte[] BuildElf(Work work, string[] exports, out long? stack)
    {
        ElfObject whole = work.Request.InstructionSets.Count == 1 ? ReadElf(CompileAlone(work), work) : CompileAll(work);
        stack = whole.Machine == ElfMachine.Arm ? new StackDepth(whole).Of(exports) : null;
        if (work.Request.Target.HasNoDouble && DoublePrecision.Find(whole, exports) is { } path)
        {
            throw Unsupported(work, path.LastOrDefault(static f => StepName().IsMatch(f)) ?? path[^1], $"{path[^1]} computes in 64-bit floats, which the processor does not have.");
        }

        ElfObject reduced = ElfReducer.Reduce(whole, exports, work.Request.KeepNames);
        RequireComplete(reduced, whole.Symbols, work);
        return ElfWriter.Write(reduced);
    }

    /// <summary>Objects of other systems stay as ILC writes them, but for the names that others see.</summary>
    private byte[] BuildForeign(Work work, string[] exports)
    {
        byte[] bytes = File.ReadAllBytes(CompileAlone(work));
        string[] names = Decorated(work.Request.Target, exports);
        var kept = names.ToHashSet(StringComparer.Ordinal);
        bytes = work.Request.Target.Format == ObjectFormat.Coff ? CoffObject.Localise(bytes, kept) : MachOObject.Reduce(bytes, kept);
        ObjectSymbols symbols = work.Request.Target.Format == ObjectFormat.Coff ? CoffObject.Read(bytes) : MachOObject.Read(bytes);
        return symbols.Undefined is [var missing, ..] ? throw Unsupported(work, null, $"it calls {missing}, which code without a C library does not have.")
            : names.Except(symbols.Defined).FirstOrDefault() is { } lost ? throw new CommandException($"NativeAOT's compiler did not export {lost}.")
            : bytes;
    }

    /// <summary>Names of C functions in objects: macOS puts an underscore in front.</summary>
    private static string[] Decorated(FreestandingTarget target, string[] names) =>
        target.Format == ObjectFormat.MachO ? names.Select(static n => "_" + n).ToArray() : names;

    /// <summary>The options for some instruction sets. Weights always lie in an assembly of their own, which gives them their alignment.</summary>
    public static CompilerOptions OptionsFor(CompilerOptions options, IReadOnlyList<InstructionSet> sets)
    {
        int[] widths = sets.Select(static s => s.VectorBits).Distinct().OrderDescending().ToArray();
        return options with
        {
            Isa = new TargetIsa(widths.Length == 1 ? string.Join('|', sets) : TargetIsa.Auto.Name, new EquatableArray<int>(widths)),
            InlineWeightLimit = 0,
            SingleThreaded = true,
            Native = options.Native ?? new NativeOptions(),
        };
    }

    private static string[] Exports(NativeInterface native) => new[] { "run", "info", "error" }
        .Concat(native.StateBytes > 0 ? new[] { "reset" } : [])
        .Select(f => $"{native.Name}_{f}")
        .ToArray();

    /// <summary>Code for one instruction set: everything in one object, whose path is returned.</summary>
    private string CompileAlone(Work work)
    {
        string api = $"{work.Result.Code!.FullClassName}.g.cs";
        return Compile(work, "model", work.Result.Sources.Where(s => s.HintName != api), work.Request.InstructionSets[0], withWeights: true);
    }

    /// <summary>Code for several instruction sets, and the functions that choose among them.</summary>
    private ElfObject CompileAll(Work work)
    {
        FreestandingRequest request = work.Request;
        CompilationResult result = work.Result;
        CompilerOptions options = OptionsFor(request.Options, request.InstructionSets);
        string prefix = result.Code!.FullClassName;
        var objects = new List<ElfObject>();
        var choices = new List<(int Level, string Symbol)>();
        foreach (InstructionSet set in request.InstructionSets)
        {
            Simd simd = Simd.OfBits(set.VectorBits) ?? Simd.Scalar;
            string symbol = $"{result.Code.Native!.Name}_steps_level{set.Level}";
            SourceFile[] sources =
            [
                result.Sources.Single(s => s.HintName == $"{prefix}.Steps{simd.Suffix}.g.cs"),
                InstructionSetEmitter.WriteExport(result.Plan!, options, simd, symbol),
            ];
            ElfObject steps = ReadElf(Compile(work, $"steps{set.Level}", sources, set, withWeights: false), work);
            ElfObject reduced = ElfReducer.Reduce(steps, [symbol], request.KeepNames);
            RequireComplete(reduced, steps.Symbols, work);
            objects.Add(reduced);
            choices.Add((set.Level, symbol));
        }

        SourceFile[] entry =
        [
            result.Sources.Single(s => s.HintName == $"{prefix}.{NativeExportsEmitter.ClassName}.g.cs"),
            InstructionSetEmitter.WriteChoice(result.Plan!, options, ProcessorLevel.Function, choices),
        ];
        ElfObject main = ReadElf(Compile(work, "entry", entry, request.InstructionSets[0], withWeights: true), work);
        objects.Insert(0, ElfReducer.Reduce(main, Exports(result.Code.Native!), request.KeepNames));
        objects.Add(ProcessorLevel.Create(main.Machine));
        return ElfMerger.Merge(objects);
    }

    /// <summary>C# to IL to an object, whose path is returned.</summary>
    private string Compile(Work work, string name, IEnumerable<SourceFile> sources, InstructionSet set, bool withWeights)
    {
        string assembly = Path.Combine(work.Folder, name + ".dll");
        string output = Path.Combine(work.Folder, name + work.Request.Target.ObjectExtension);
        var references = new List<string>(Libraries(set));
        if (withWeights && work.Result.Code!.WeightTypeName is not null)
        {
            string weights = Path.Combine(work.Folder, "weights.dll");
            PackedWeights.WriteTo(work.Result, weights, work.Cancellation);
            references.Add(weights);
        }

        IReadOnlyList<LibraryError> errors = LibraryCompiler.Compile(
            assembly, sources.Select(static s => (s.HintName, s.Text)), references, [NativeExportsEmitter.FreestandingSymbol]);
        if (errors.Count > 0)
        {
            throw Unsupported(work, errors[0].Method, $"it uses what code without the .NET runtime does not have: {errors[0].Message}.");
        }

        try
        {
            ilc.Compile(assembly, references, output, work.Request.Target, set, work.Request.Options.Optimize == OptimizationGoal.Size, work.Cancellation);
        }
        catch (IlcException e) when (e.Method is not null)
        {
            throw Unsupported(work, e.Method, e.Message);
        }
        catch (IlcException e)
        {
            throw new CommandException(e.Message);
        }

        return output;
    }

    /// <summary>An object of ILC's, with what its functions need around them.</summary>
    private static ElfObject ReadElf(string path, Work work)
    {
        ElfObject code = ElfReader.Read(File.ReadAllBytes(path));
        var parts = new List<ElfObject> { code };
        if (Names(StackGuard.Symbol))
        {
            parts.Add(StackGuard.Create(code.Machine, code.Flags));
        }

        if (Names(StackProbe.Symbol))
        {
            parts.Add(StackProbe.Create(code.Machine, code.Flags, work.Request.Target.HasSystem));
        }

        return parts.Count == 1 ? code : ElfMerger.Merge(parts);

        bool Names(string symbol) => code.Symbols.Exists(s => s.Name == symbol);
    }

    private static void RequireComplete(ElfObject code, IReadOnlyCollection<ElfSymbol> names, Work work)
    {
        if (ElfReducer.Undefined(code, names) is [var first, ..])
        {
            throw Unsupported(work, first.User, $"it calls {first.Name}, which code without a C library does not have.");
        }
    }

    /// <summary>An error that names the step and the operator of a method.</summary>
    private static ModelException Unsupported(Work work, string? method, string reason)
    {
        CompilationResult result = work.Result;
        FreestandingTarget target = work.Request.Target;
        Match match = StepName().Match(method ?? string.Empty);
        Step? step = match.Success ? result.Plan!.Schedule.Steps.ElementAtOrDefault(int.Parse(match.Groups["index"].Value, CultureInfo.InvariantCulture)) : null;
        string where = step is null ? $"Method {method ?? "unknown"}"
            : $"Step {step.Index}{(step.Node is { } node ? $", '{node.Operator.Name}' node \"{NameSanitizer.Comment(node.Name)}\"" : string.Empty)} (method {method})";
        return new ModelException(
            DiagnosticCodes.FreestandingUnsupported,
            $"{where} has no code for {target}: {reason} {Advice(target)}");
    }

    /// <summary>What to do instead: .NET has no runtime for every target.</summary>
    private static string Advice(FreestandingTarget target) =>
        target.HasNoDouble ? "Compute in 32-bit floats and integers in the model, or use a processor with 64-bit floats: no .NET runtime exists for this target."
        : "Build a shared library with the .NET runtime inside (--kind shared, or NativeKind=\"shared\" in a project), or change the operator.";

    /// <summary>Methods are named after their step, or after the first of several that share them.</summary>
    [GeneratedRegex(@"(Step|Kernel)(?<index>\d+)_")]
    private static partial Regex StepName();

    /// <summary>What one build works on.</summary>
    private sealed record Work(FreestandingRequest Request, CompilationResult Result, string Folder, CancellationToken Cancellation);
}
