using System.Collections.Generic;
using System.Linq;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Compilation;
using AotCompiler.Cli.Native.Freestanding;
using AotCompiler.Cli.Reports;
using AotCompiler.Compiler;
using AotCompiler.Emission;
using AotCompiler.Freestanding.Ilc;
using AotCompiler.Freestanding.Objects.Elf;
using AotCompiler.Freestanding.Targets;
using AotCompiler.Freestanding.Thumb;
using AotCompiler.Lowering;
using AotCompiler.Planning;

namespace AotCompiler.Cli.Sizing;

/// <summary>A model's freestanding object in one mode, and what its bytes are for.</summary>
internal sealed class ModelSize
{
    private readonly CompilationResult _result;
    private readonly CodeSizes _code;
    private readonly OptimizationGoal _goal;
    private readonly StackDepth? _stack;
    private readonly long? _stackBytes;

    private ModelSize(CompilationResult result, CodeSizes code, OptimizationGoal goal, StackDepth? stack, long? stackBytes)
    {
        _stack = stack;
        _stackBytes = stackBytes;
        _result = result;
        _code = code;
        _goal = goal;
    }

    private ExecutionPlan Plan => _result.Plan!;

    private IReadOnlyList<GeneratedMethod> Methods => _result.Code!.Methods;

    /// <summary>Builds the object and reads it.</summary>
    /// <param name="source">The model.</param>
    /// <param name="options">How to compile it.</param>
    /// <param name="target">Processor and system.</param>
    /// <param name="set">Instruction set.</param>
    /// <param name="ilc">NativeAOT's compiler.</param>
    /// <param name="terminal">Receives warnings.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="Diagnostics.ModelException">The model has no code without a runtime.</exception>
    public static ModelSize Measure(
        ModelSource source, CompilerOptions options, FreestandingTarget target, InstructionSet set, IlcCompiler ilc, Terminal terminal, CancellationToken cancellation)
    {
        var backEnd = new FreestandingBackEnd(o => source.Compile(o, terminal, cancellation), ilc);
        var request = new FreestandingRequest(options, target, [set], FreestandingKind.Object)
        {
            KeepNames = true,
        };
        FreestandingOutput output = backEnd.Build(request, cancellation);
        ElfObject code = ElfReader.Read(output.Bytes);
        StackDepth? stack = code.Machine == ElfMachine.Arm ? new StackDepth(code) : null;
        return new ModelSize(output.Result, CodeSizes.Read(code, output.Result.Plan!.WeightBytes), options.Optimize, stack, output.StackBytes);
    }

    /// <summary>For the comparison of modes.</summary>
    public ModeSize Mode => new(
        NameOf(_goal), _code.TextBytes, _code.ConstantBytes, Methods.Count, Plan.WeightBytes, Plan.Arena.ArenaBytes, _stackBytes);

    /// <summary>The whole report.</summary>
    /// <param name="model">File name of the model.</param>
    /// <param name="target">Processor and system.</param>
    /// <param name="set">Instruction set.</param>
    /// <param name="modes">The same model in every mode.</param>
    public SizeReport Report(string model, FreestandingTarget target, InstructionSet set, IReadOnlyList<ModeSize> modes) => new(
        model,
        target.Name,
        set.Name,
        NameOf(_goal),
        $"symbols of the freestanding object, made by NativeAOT's compiler {IlcPackage.Version}",
        _code.TextBytes,
        _code.ConstantBytes,
        Plan.WeightBytes,
        Plan.Arena.ArenaBytes,
        _stackBytes,
        Steps(),
        _code.Others(Methods).Select(static f => new FunctionSize(f.Name, f.Bytes)).ToArray(),
        modes);

    private static string NameOf(OptimizationGoal goal) => goal.ToString().ToLowerInvariant();

    private StepSize[] Steps()
    {
        Dictionary<int, GeneratedMethod> methods = Methods.SelectMany(static m => m.Steps.Select(step => (step, m))).ToDictionary(static s => s.step, static s => s.m);
        double time = Plan.Schedule.Steps.Sum(StepCost.Nanoseconds);
        var seen = new HashSet<Storage>();
        return Plan.Schedule.Steps.Where(s => methods.ContainsKey(s.Index)).Select(step =>
        {
            GeneratedMethod method = methods[step.Index];
            bool isFirst = method.Steps[0] == step.Index;
            long weights = step.Reads.Select(static v => v.Storage).Where(s => s.Kind == StorageKind.Weights && seen.Add(s)).Sum(static s => ArenaPlanner.RoundUp(s.Bytes));
            long arena = Plan.Buffers.Where(b => b.FirstStep <= step.Index && step.Index <= b.LastStep).Sum(static b => ArenaPlanner.RoundUp(b.Storage.Bytes));
            return new StepSize(
                step.Index,
                step.Name,
                step.Node?.Operator.Name,
                method.Name,
                isFirst ? _code.Of(method) : 0,
                isFirst ? null : method.Steps[0],
                step.Goal == CodeGoal.Size,
                time == 0 ? 0 : StepCost.Nanoseconds(step) / time,
                weights,
                arena,
                _stack?.Of(_code.NamesOf(method)));
        }).ToArray();
    }
}
