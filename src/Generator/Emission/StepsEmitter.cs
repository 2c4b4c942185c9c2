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
    public static string Write(ExecutionPlan plan, CompilerOptions options, EmittedNames names, Simd simd, CancellationToken cancellation)
    {
        var code = new CodeWriter();
        ModelEmitter.WriteFileHeader(code, options);
        code.Line("using System.Runtime.CompilerServices;");
        code.Line("using System.Runtime.Intrinsics;");
        code.Line("using AotCompiler.Runtime;");
        code.Line();
        using (ModelEmitter.OpenNamespace(code, options))
        using (code.Block($"unsafe partial class {names.ClassName}"))
        {
            code.Line($"/// <summary>The steps, written for {simd.Bits}-bit vectors: {simd.Lanes} f32 each. All memory is the caller's; nothing is allocated or thrown.</summary>");
            using (code.Block($"private static class Steps{simd.Suffix}"))
            {
                var sizes = new SizeTable(plan.Schedule.Steps.SelectMany(static s => s.ComputedSizes));
                IReadOnlyList<string>[] used = plan.Schedule.Steps.Select(step => UsedSizes(step, plan, simd, sizes)).ToArray();
                WriteRun(code, plan, options, names, simd, sizes, used);
                if (plan.Phases.Count > 0)
                {
                    code.Line();
                    ShareEmitter.Write(code, plan, names, simd);
                }

                foreach (Step step in plan.Schedule.Steps.Where(static s => s is not (RegionStep or RegionMark)))
                {
                    cancellation.ThrowIfCancellationRequested();
                    code.Line();
                    WriteStep(code, step, plan, options, names, simd, sizes, used[step.Index]);
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

    /// <summary>A step is written once only to see which sizes it uses, since they are its method's parameters.</summary>
    private static IReadOnlyList<string> UsedSizes(Step step, ExecutionPlan plan, Simd simd, SizeTable sizes)
    {
        if (plan.Schedule.Graph.Sizes.Count == 0 || step is RegionStep or RegionMark)
        {
            return System.Array.Empty<string>();
        }

        sizes.BeginStep();
        step.Emit(new StepWriter(new CodeWriter(), simd, step.Name, sizes));
        return sizes.Used;
    }

    private static void WriteSizes(CodeWriter code, SizeTable sizes, SizeVariable? last)
    {
        foreach ((string name, Size size) in sizes.DecidedBy(last))
        {
            code.Line($"int {name} = {size.Format(SizeTable.Name)};   // {size}");
        }
    }

    private static void WriteRun(
        CodeWriter code, ExecutionPlan plan, CompilerOptions options, EmittedNames names, Simd simd, SizeTable sizes, IReadOnlyList<IReadOnlyList<string>> used)
    {
        code.Line("/// <summary>Runs all steps; returns 0, or 1 + the number of the step that met an index out of range.</summary>");
        IEnumerable<string> parameters = Bases(plan, names).Select(Parameter).Concat(SizeParameters(plan.Schedule.Graph)).Concat(Timestamps(options));
        using (code.Block($"internal static int Run({string.Join(", ", parameters)})"))
        {
            ArenaChecks? checks = options.CheckedArena ? new ArenaChecks(plan) : null;
            checks?.WriteStart(code);
            WriteSizes(code, sizes, null);
            WriteTimestamp(code, options, 0);
            foreach (Step step in plan.Schedule.Body)
            {
                WriteCall(code, step, names, plan.IsShared(step) ? new[] { "0", $"{step.ParallelExtent(simd)}" } : System.Array.Empty<string>(), new StepSizes(sizes, used), checks);
                foreach (Step done in Schedule.Flatten(new[] { step }))
                {
                    WriteTimestamp(code, options, done.Index + 1);
                }
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
    /// <param name="names">Names of the methods.</param>
    /// <param name="units">The units to compute, if the method wants to know: the first and the one behind the last.</param>
    /// <param name="sizes">Sizes of this run that the steps use; null if there are none.</param>
    /// <param name="checks">Checks of the arena to write behind the step, if any.</param>
    public static void WriteCall(CodeWriter code, Step step, EmittedNames names, IReadOnlyList<string> units, StepSizes? sizes = null, ArenaChecks? checks = null)
    {
        if (step is RegionStep region)
        {
            WriteRegion(code, region, names, sizes, checks);
            return;
        }

        IEnumerable<string> used = sizes?.Used[step.Index] ?? System.Array.Empty<string>();
        IEnumerable<string> arguments = BasesOf(step).Concat(used).Concat(step.ComputedSizes.Select(SizeTable.Target)).Concat(units);
        string call = $"{names.Steps[step.Index]}({string.Join(", ", arguments)})";
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

        foreach (SizeVariable count in sizes is null ? System.Array.Empty<SizeVariable>() : step.ComputedSizes)
        {
            code.Line($"int {SizeTable.Name(count)} = *{SizeTable.Target(count)};");
            WriteSizes(code, sizes!.Table, count);
        }

        checks?.WriteAfter(code, step.Index);
    }

    private static void WriteRegion(CodeWriter code, RegionStep region, EmittedNames names, StepSizes? sizes, ArenaChecks? checks)
    {
        code.Line();
        code.Line($"// Step {region.Index}, node \"{NameSanitizer.Comment(region.Node!.Name)}\": {region.Summary}.");
        checks?.WriteAfter(code, region.Index);
        region.EmitControl(code, block =>
        {
            foreach (Step inner in region.Blocks[block])
            {
                WriteCall(code, inner, names, System.Array.Empty<string>(), sizes, checks);
            }

            if (block < region.Blocks.Count - 1)
            {
                checks?.WriteAfter(code, region.Marks[block].Index);
            }
        });
        code.Line();
        checks?.WriteAfter(code, region.Marks[region.Marks.Count - 1].Index);
    }

    private static void WriteStep(
        CodeWriter code, Step step, ExecutionPlan plan, CompilerOptions options, EmittedNames names, Simd simd, SizeTable sizes, IReadOnlyList<string> used)
    {
        string node = step.Node is { } source ? $", node \"{NameSanitizer.Comment(source.Name)}\"" : string.Empty;
        code.Line($"/// <summary>Step {step.Index}{NameSanitizer.Xml(node)}: {NameSanitizer.Xml(step.Summary)}.</summary>");
        code.Line("/// <remarks>");
        foreach (string operand in Operands(step))
        {
            code.Line($"/// {NameSanitizer.Xml(operand)}<br/>");
        }

        string units = plan.IsShared(step) ? $" Computes units {StepWriter.Begin} to {StepWriter.End} - 1 of {step.ParallelExtent(simd)}." : string.Empty;
        code.Line($"/// Kernel: {NameSanitizer.Xml(step.Kernel)}.{units}");
        code.Line("/// </remarks>");
        code.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        bool isShared = plan.IsShared(step);
        string parameters = string.Join(", ", BasesOf(step).Select(Parameter)
            .Concat(used.Select(static s => $"int {s}"))
            .Concat(step.ComputedSizes.Select(static c => $"int* {SizeTable.Target(c)}"))
            .Concat(isShared ? new[] { $"int {StepWriter.Begin}", $"int {StepWriter.End}" } : System.Array.Empty<string>()));
        using (code.Block($"private static {(step.CanFail ? "int" : "void")} {names.Steps[step.Index]}({parameters})"))
        {
            foreach (string line in step.Explain(simd))
            {
                code.Line($"// {line}");
            }

            using (code.Block(options.CheckOverflow ? "unchecked" : string.Empty))
            {
                step.Emit(new StepWriter(code, simd, names.Steps[step.Index], sizes, isShared));
            }
        }

        foreach (StepPart part in step.Parts(simd))
        {
            WritePart(code, step, part, options, names, simd, sizes);
        }
    }

    private static void WritePart(CodeWriter code, Step step, StepPart part, CompilerOptions options, EmittedNames names, Simd simd, SizeTable sizes)
    {
        var writer = new StepWriter(code, simd, names.Steps[step.Index], sizes);
        code.Line();
        code.Line($"/// <summary>Part of step {step.Index}: {NameSanitizer.Xml(part.Summary)}.</summary>");
        code.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        using (code.Block($"private static void {writer.PartName(part)}({string.Join(", ", part.Parameters)})"))
        using (code.Block(options.CheckOverflow ? "unchecked" : string.Empty))
        {
            part.Emit(writer);
        }
    }

    /// <summary>Where the step's operands lie: <c>Reads x [1, 8, 28, 28] f32 @ arena +12,544.</c></summary>
    private static IEnumerable<string> Operands(Step step) => step.Reads.Distinct().Select(static v => $"Reads {Place(v)}.")
        .Concat(step.Writes.Distinct().Select(static v => $"Writes {Place(v)}."))
        .Concat(step.Scratch.Distinct().Select(static s => $"Works in {s.Bytes} B @ arena +{Literal.Grouped(s.Offset)}."));

    private static string Place(TensorView view)
    {
        string where = StepWriter.BaseName(view.Storage);
        string offset = StepWriter.HasOffset(view.Storage) ? $" +{Literal.Grouped(view.Storage.Owner.Offset)}" : string.Empty;
        string layout = view.Layout.Describe();
        return $"{NameSanitizer.Comment(view.Storage.Name)} {view.Shape} {view.Type.ShortName()}{(layout.Length > 0 ? $" ({layout})" : string.Empty)} @ {where}{offset}";
    }

    /// <summary>The memory bases a step touches, in the order of <see cref="Bases"/>.</summary>
    private static IReadOnlyList<string> BasesOf(Step step) => step.Reads.Concat(step.Writes)
        .Select(static v => v.Storage)
        .Concat(step.Scratch)
        .Select(static s => s.Owner)
        .OrderBy(static s => (int)s.Kind)
        .ThenBy(static s => s.BoundaryIndex)
        .ThenBy(static s => s.Kind == StorageKind.Window ? s.Id : 0)
        .Select(StepWriter.BaseName)
        .Distinct()
        .Concat(step.UsesStrings ? new[] { StepWriter.Strings } : System.Array.Empty<string>())
        .ToArray();
}

/// <summary>The sizes that are known only at run time and which of them each step uses.</summary>
/// <param name="Table">The sizes.</param>
/// <param name="Used">Names of the sizes, by step index.</param>
internal sealed record StepSizes(SizeTable Table, IReadOnlyList<IReadOnlyList<string>> Used);
