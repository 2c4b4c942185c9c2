using System.Collections.Generic;
using System.Linq;
using System.Threading;
using AotCompiler.Compiler;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Planning;

namespace AotCompiler.Emission;

/// <summary>Writes the steps for one vector width: a nested class with one method per step and one that calls them in order.</summary>
internal static class StepsEmitter
{
    /// <summary>Writes the file.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="options">The user's choices.</param>
    /// <param name="names">Names of the class and its members.</param>
    /// <param name="simd">The width.</param>
    /// <param name="methods">The steps' methods.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static string Write(
        ExecutionPlan plan, CompilerOptions options, EmittedNames names, Simd simd, out IReadOnlyList<GeneratedMethod> methods, CancellationToken cancellation)
    {
        var sizes = new SizeTable(plan.Schedule.Steps.SelectMany(static s => s is RegionStep region ? region.BlockSizes.Concat(s.ComputedSizes) : s.ComputedSizes));
        StepMethods found = StepMethods.Find(plan, names, simd, sizes, cancellation);
        foreach (Step shared in plan.Schedule.Body.Where(plan.IsShared))
        {
            Units(shared, simd, sizes);
        }

        methods = found.All.Select(m => new GeneratedMethod(simd.Bits, m.Name, m.Bodies.Select(static b => b.Step.Index).ToArray(), m.First.Goal)).ToArray();
        return Write(plan, options, names, simd, sizes, found, cancellation);
    }

    private static string Write(
        ExecutionPlan plan, CompilerOptions options, EmittedNames names, Simd simd, SizeTable sizes, StepMethods methods, CancellationToken cancellation)
    {
        var code = new CodeWriter();
        ModelEmitter.WriteFileHeader(code, options);
        code.Line("using System.Runtime.CompilerServices;");
        code.Line("using System.Runtime.Intrinsics;");
        if (plan.Schedule.Steps.Any(static s => s.NamesInstructions))
        {
            code.Line("using System.Runtime.Intrinsics.X86;");
        }

        code.Line("using AotCompiler.Runtime;");
        code.Line();
        using (ModelEmitter.OpenNamespace(code, options))
        using (code.Block($"unsafe partial class {names.ClassName}"))
        {
            code.Line($"/// <summary>The steps, written for {simd.Bits}-bit vectors: {simd.Lanes} f32 each. All memory is the caller's; nothing is allocated or thrown.</summary>");
            using (code.Block($"private static class Steps{simd.Suffix}"))
            {
                WriteRun(code, plan, options, names, simd, sizes, methods);
                if (plan.Phases.Count > 0)
                {
                    code.Line();
                    ShareEmitter.Write(code, plan, options, names, methods, simd, sizes);
                }

                foreach (StepMethod method in methods.All)
                {
                    cancellation.ThrowIfCancellationRequested();
                    code.Line();
                    StepMethodEmitter.Write(code, method, simd, options);
                }
            }
        }

        return code.ToString();
    }

    /// <summary>Writes the call of all steps, at the widest vectors that the hardware has.</summary>
    /// <param name="code">Where it goes.</param>
    /// <param name="isa">The widths.</param>
    /// <param name="result">What takes the result, with an equals sign; empty if nothing does.</param>
    /// <param name="arguments">Arguments for <see cref="Bases"/> and what follows them.</param>
    public static void WriteDispatch(CodeWriter code, TargetIsa isa, string result, string arguments)
    {
        Simd[] widths = isa.Widths.ToArray();
        if (widths.Length == 1)
        {
            code.Line($"{result}Steps{widths[0].Suffix}.Run({arguments});");
            return;
        }

        code.Line("// A constant condition for the JIT and NativeAOT: only one of the calls remains.");
        for (int i = 0; i < widths.Length; i++)
        {
            string header = i == widths.Length - 1 ? "else" : $"{(i == 0 ? string.Empty : "else ")}if ({widths[i].Class}.IsHardwareAccelerated)";
            using (code.Block(header))
            {
                code.Line($"{result}Steps{widths[i].Suffix}.Run({arguments});");
            }
        }
    }

    /// <summary>Parameters that all steps together need, in a fixed order.</summary>
    public static IReadOnlyList<string> Bases(ExecutionPlan plan, EmittedNames names) =>
        new[] { "arena", "weights" }
            .Concat(plan.Schedule.UsesStrings ? new[] { StepWriter.Strings } : System.Array.Empty<string>())
            .Concat(plan.StateBytes > 0 ? new[] { "state" } : System.Array.Empty<string>())
            .Concat(names.Inputs.Select(static (_, i) => $"input{i}"))
            .Concat(names.Outputs.Select(static (_, i) => $"output{i}"))
            .ToArray();

    private static string Parameter(string name) => name == StepWriter.Strings ? $"StringTable {name}" : $"byte* {name}";

    /// <summary>Parameters of the run behind <see cref="Bases"/>: the sizes that the caller chooses, and where counts go that steps find.</summary>
    public static IEnumerable<string> SizeParameters(Graph graph) => graph.Sizes
        .Select(static v => v.IsComputed ? $"int* {SizeTable.Target(v)}" : $"int {SizeTable.Name(v)}");

    /// <summary>Declarations of the parameters of the method that runs all steps.</summary>
    public static IReadOnlyList<string> RunParameters(ExecutionPlan plan, CompilerOptions options, EmittedNames names) =>
        Bases(plan, names).Select(Parameter).Concat(SizeParameters(plan.Schedule.Graph)).Concat(Timestamps(options)).ToArray();

    /// <summary>How many units a shared step has in this run: a number, or the name of a size.</summary>
    public static string Units(Step step, Simd simd, SizeTable sizes) => step.ParallelExtent(simd) is { Size: { } size } ? sizes.Use(size) : $"{step.ParallelExtent(simd).Maximum}";

    /// <summary>Declares the sizes that are known as soon as a count is.</summary>
    /// <param name="code">Where they go.</param>
    /// <param name="sizes">The sizes.</param>
    /// <param name="last">The count; null for those that only the caller's sizes decide.</param>
    public static void WriteSizes(CodeWriter code, SizeTable sizes, SizeVariable? last)
    {
        foreach ((string name, Size size) in sizes.DecidedBy(last))
        {
            code.Line($"int {name} = {size.Format(SizeTable.Name)};   // {size}");
        }
    }

    private static void WriteRun(
        CodeWriter code, ExecutionPlan plan, CompilerOptions options, EmittedNames names, Simd simd, SizeTable sizes, StepMethods methods)
    {
        code.Line("/// <summary>Runs all steps; returns 0, or 1 + the number of the step that met an index out of range.</summary>");
        using (code.Block($"internal static int Run({string.Join(", ", RunParameters(plan, options, names))})"))
        {
            ArenaChecks? checks = options.CheckedArena ? new ArenaChecks(plan) : null;
            checks?.WriteStart(code);
            WriteSizes(code, sizes, null);
            WriteStart(code, options);
            foreach (Step step in plan.Schedule.Body)
            {
                WriteCall(code, step, methods, plan.IsShared(step) ? new[] { "0", Units(step, simd, sizes) } : System.Array.Empty<string>(), sizes, checks);
                WriteTimestamps(code, step, options);
            }

            code.Line("return 0;");
        }

        if (options.CheckedArena)
        {
            ArenaChecks.WriteMethods(code);
        }
    }

    /// <summary>The parameter for timestamps, in builds that have it.</summary>
    private static IEnumerable<string> Timestamps(CompilerOptions options) => options.Profile ? new[] { "long* timestamps" } : Enumerable.Empty<string>();

    /// <summary>Notes when a step ended, in builds that do. Of a step that threads share, the last one's time stays.</summary>
    public static void WriteTimestamps(CodeWriter code, Step step, CompilerOptions options)
    {
        foreach (Step done in Schedule.Flatten(new[] { step }))
        {
            WriteTimestamp(code, options, done.Index + 1);
        }
    }

    /// <summary>Notes when a run begins, in builds that do.</summary>
    public static void WriteStart(CodeWriter code, CompilerOptions options) => WriteTimestamp(code, options, 0);

    private static void WriteTimestamp(CodeWriter code, CompilerOptions options, int index)
    {
        if (options.Profile)
        {
            code.Line($"if (timestamps != null) timestamps[{index}] = global::System.Diagnostics.Stopwatch.GetTimestamp();");
        }
    }

    /// <summary>The call of a step; one that fails ends the calling method with the step's number plus 1. Of a region, its control flow with the calls inside.</summary>
    /// <param name="code">Where it goes.</param>
    /// <param name="step">The step.</param>
    /// <param name="methods">The methods.</param>
    /// <param name="units">The units to compute, if the method wants to know: the first and the one behind the last.</param>
    /// <param name="sizes">Sizes of this run, to which steps may add counts; null if there are none.</param>
    /// <param name="checks">Checks of the arena to write behind the step, if any.</param>
    public static void WriteCall(CodeWriter code, Step step, StepMethods methods, IReadOnlyList<string> units, SizeTable? sizes = null, ArenaChecks? checks = null)
    {
        if (step is RegionStep region)
        {
            WriteRegion(code, region, methods, sizes, checks);
            return;
        }

        StepMethod method = methods.MethodOf(step);
        string call = $"{method.Name}({string.Join(", ", Arguments(method, methods.BodyOf(step)).Concat(units))})";
        if (method.IsCommon)
        {
            string what = step.Node is { } node ? $"node \"{NameSanitizer.Comment(node.Name)}\"" : NameSanitizer.Comment(step.Name);
            code.Line($"// Step {step.Index}, {what}.");
        }

        if (step.CanFail)
        {
            using (code.Block($"if ({call} != 0)"))
            {
                code.Line($"return {step.Index + 1};");
            }
        }
        else
        {
            code.Line($"{call};");
        }

        WriteCounts(code, step.ComputedSizes, sizes);
        checks?.WriteAfter(code, step.Index);
    }

    /// <summary>What is known once counts are found.</summary>
    private static void WriteCounts(CodeWriter code, IReadOnlyList<SizeVariable> counts, SizeTable? sizes)
    {
        foreach (SizeVariable count in sizes is null ? System.Array.Empty<SizeVariable>() : counts)
        {
            code.Line($"int {SizeTable.Name(count)} = *{SizeTable.Target(count)};");
            WriteSizes(code, sizes!, count);
        }
    }

    /// <summary>In the order of <see cref="StepMethodEmitter"/>'s parameters, without units.</summary>
    private static IEnumerable<string> Arguments(StepMethod method, StepBody body) => body.Operands.Select(static o => o.Argument)
        .Concat(body.Step.UsesStrings ? new[] { StepWriter.Strings } : System.Array.Empty<string>())
        .Concat(method.Numbers.Arguments(body))
        .Concat(body.Sizes)
        .Concat(body.Step.ComputedSizes.Select(SizeTable.Target));

    private static void WriteRegion(CodeWriter code, RegionStep region, StepMethods methods, SizeTable? sizes, ArenaChecks? checks)
    {
        code.Line();
        code.Line($"// Step {region.Index}, node \"{NameSanitizer.Comment(region.Node!.Name)}\": {region.Summary}.");
        checks?.WriteAfter(code, region.Index);
        region.EmitControl(code, block =>
        {
            WriteCounts(code, region.BlockSizes, sizes);
            foreach (Step inner in region.Blocks[block])
            {
                WriteCall(code, inner, methods, System.Array.Empty<string>(), sizes, checks);
            }

            if (block < region.Blocks.Count - 1)
            {
                checks?.WriteAfter(code, region.Marks[block].Index);
            }
        });
        code.Line();
        WriteCounts(code, region.ComputedSizes, sizes);
        checks?.WriteAfter(code, region.Marks[region.Marks.Count - 1].Index);
    }
}
