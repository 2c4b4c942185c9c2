using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Emission;

/// <summary>Writes the method of one or more steps, with remarks that say for whom and on what memory it works.</summary>
internal static class StepMethodEmitter
{
    /// <summary>Writes the method and those of its parts.</summary>
    public static void Write(CodeWriter code, StepMethod method, Simd simd, CompilerOptions options)
    {
        StepBody body = method.Bodies[0];
        WriteRemarks(code, method, simd);
        WriteAttributes(code, body.UsesStack);
        using (code.Block($"private static {(body.Step.CanFail ? "int" : "void")} {method.Name}({string.Join(", ", Parameters(method))})"))
        {
            foreach (string line in body.Step.Explain(simd))
            {
                code.Line($"// {line}");
            }

            using (code.Block(options.CheckOverflow ? "unchecked" : string.Empty))
            {
                body.WriteTo(code, method.Name, method.Numbers.Texts);
            }
        }

        foreach ((StepPart part, bool usesStack, Action<CodeWriter, string> write) in body.Parts)
        {
            code.Line();
            code.Line($"/// <summary>Part of {Steps(method)}: {NameSanitizer.Xml(part.Summary)}.</summary>");
            WriteAttributes(code, usesStack);
            using (code.Block($"private static void {method.Name}_{part.Name}({string.Join(", ", part.Parameters)})"))
            using (code.Block(options.CheckOverflow ? "unchecked" : string.Empty))
            {
                write(code, method.Name);
            }
        }
    }

    private static void WriteAttributes(CodeWriter code, bool usesStack)
    {
        if (usesStack)
        {
            code.Line("[SkipLocalsInit]");
        }

        code.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
    }

    private static IEnumerable<string> Parameters(StepMethod method)
    {
        StepBody body = method.Bodies[0];
        return body.Operands.Select(static o => $"{o.Type} {o.Name}")
            .Concat(body.Step.UsesStrings ? new[] { $"StringTable {StepWriter.Strings}" } : Array.Empty<string>())
            .Concat(method.Numbers.Names.Select(static n => $"int {n}"))
            .Concat(body.Sizes.Select(static s => $"int {s}"))
            .Concat(body.Step.ComputedSizes.Select(static c => $"int* {SizeTable.Target(c)}"))
            .Concat(body.IsShared ? new[] { $"int {StepWriter.Begin}", $"int {StepWriter.End}" } : Array.Empty<string>());
    }

    private static void WriteRemarks(CodeWriter code, StepMethod method, Simd simd)
    {
        Step first = method.First;
        string node = !method.IsCommon && first.Node is { } source ? $", node \"{NameSanitizer.Comment(source.Name)}\"" : string.Empty;
        code.Line($"/// <summary>{Capital(Steps(method))}{NameSanitizer.Xml(node)}: {NameSanitizer.Xml(first.Summary)}.</summary>");
        code.Line("/// <remarks>");
        foreach (StepBody body in method.Bodies)
        {
            WriteOperands(code, body.Step, method.IsCommon);
        }

        string units = method.Bodies[0].IsShared
            ? $" Computes units {StepWriter.Begin} to {StepWriter.End} - 1{(method.IsCommon ? string.Empty : $" of {first.ParallelExtent(simd)}")}."
            : string.Empty;
        code.Line($"/// Kernel: {NameSanitizer.Xml(first.Kernel)}.{units}");
        code.Line("/// </remarks>");
        foreach (StepOperand operand in method.Bodies[0].Operands)
        {
            string what = method.IsCommon ? TypeAndLayout(operand.View) : operand.Comment;
            code.Line($"/// <param name=\"{operand.Name}\">{NameSanitizer.Xml(what)}</param>");
        }
    }

    private static void WriteOperands(CodeWriter code, Step step, bool isCommon)
    {
        if (isCommon)
        {
            string node = step.Node is { } source ? $", node \"{NameSanitizer.Comment(source.Name)}\"" : string.Empty;
            string operands = string.Join(" ", Operands(step));
            code.Line($"/// Step {step.Index}{NameSanitizer.Xml(node)}: {NameSanitizer.Xml(operands)}<br/>");
            return;
        }

        foreach (string operand in Operands(step))
        {
            code.Line($"/// {NameSanitizer.Xml(operand)}<br/>");
        }
    }

    /// <summary>For people: <c>step 3</c>, <c>steps 3, 7 and 9</c>.</summary>
    private static string Steps(StepMethod method)
    {
        string[] numbers = method.Bodies.Select(static b => $"{b.Step.Index}").ToArray();
        return numbers.Length == 1
            ? $"step {numbers[0]}"
            : $"steps {string.Join(", ", numbers.Take(numbers.Length - 1))} and {numbers[numbers.Length - 1]}";
    }

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text.Substring(1);

    private static string TypeAndLayout(TensorView view)
    {
        string layout = view.Layout.Describe();
        return $"{view.Type.ShortName()}{(layout.Length > 0 ? $" ({layout})" : string.Empty)}";
    }

    /// <summary>Where a step's operands lie: <c>Reads x [1, 8, 28, 28] f32 @ arena +12,544.</c></summary>
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
}
