using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using AotCompiler.Lowering;
using AotCompiler.Planning;

namespace AotCompiler.Emission;

/// <summary>The code of one step for one vector width, before it has a name: its operands' addresses are parameters.</summary>
internal sealed class StepBody
{
    private readonly IReadOnlyList<CodeLine> _lines;
    private readonly IReadOnlyList<(StepPart Part, IReadOnlyList<CodeLine> Lines)> _parts;

    private StepBody(Step step, StepWriter writer, IReadOnlyList<string> sizes, IReadOnlyList<(StepPart Part, IReadOnlyList<CodeLine> Lines)> parts)
    {
        Step = step;
        Sizes = sizes;
        Operands = writer.Operands;
        Numbers = writer.Numbers;
        IsShared = writer.IsShared;
        _lines = writer.Code.Finish();
        _parts = parts;
    }

    public Step Step { get; }

    /// <summary>Memory that the step works on: the method's first parameters.</summary>
    public IReadOnlyList<StepOperand> Operands { get; }

    /// <summary>Names of the sizes known only at run time that the step uses, parameters too.</summary>
    public IReadOnlyList<string> Sizes { get; }

    /// <summary>Numbers in the code that may become parameters.</summary>
    public IReadOnlyList<long> Numbers { get; }

    /// <summary>True if the method computes a range of the step's units, so that threads can share it.</summary>
    public bool IsShared { get; }

    /// <summary>True if the body has working memory on the stack, which it does not need cleared.</summary>
    public bool UsesStack => HasStack(_lines);

    private static bool HasStack(IReadOnlyList<CodeLine> lines) => lines.Any(static l => l.Text.Contains($"= {StepWriter.StackAllocation} "));

    /// <summary>Writes a step's body.</summary>
    /// <param name="step">The step.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="simd">The vector width.</param>
    /// <param name="sizes">Gets the sizes that the step uses.</param>
    public static StepBody Write(Step step, ExecutionPlan plan, Simd simd, SizeTable sizes)
    {
        sizes.BeginStep();
        bool isCompact = step.Goal == CodeGoal.Size;
        var writer = new StepWriter(new CodeWriter(), simd, sizes, plan.IsShared(step), isCompact);
        step.Emit(writer);
        var parts = new List<(StepPart, IReadOnlyList<CodeLine>)>();
        foreach (StepPart part in step.Parts(simd))
        {
            // Numbers are parameters of the step's own method only.
            var partWriter = new StepWriter(new CodeWriter(), simd, sizes, part.IsRange);
            part.Emit(partWriter);
            if (partWriter.Operands.Count > 0 && !part.IsRange)
            {
                throw new InvalidOperationException($"part {part.Name} of {step.Name} has operands that its step does not pass to it");
            }

            IEnumerable<string> range = partWriter.Operands.Select(static o => $"{o.Type} {o.Name}")
                .Concat(sizes.Used.Select(static s => $"int {s}"))
                .Append($"int {StepWriter.Begin}")
                .Append($"int {StepWriter.End}");
            parts.Add((part.IsRange ? part with { Parameters = range.ToArray() } : part, partWriter.Code.Finish()));
        }

        return new StepBody(step, writer, sizes.Used, parts);
    }

    /// <summary>
    /// Text that bodies have in common exactly if one method can do for both, given their addresses; remarks do not count.
    /// </summary>
    /// <param name="withNumbers">True if their <see cref="Numbers"/> have to be equal too; false if they can be parameters.</param>
    public string Key(bool withNumbers)
    {
        var key = new StringBuilder();
        key.Append(Numbers.Count).Append(' ').Append(IsShared).Append(' ').Append(Step.CanFail).Append(' ').Append(Step.UsesStrings).Append('\n');
        foreach (StepOperand operand in Operands)
        {
            key.Append(operand.Type).Append(' ').Append(operand.Name).Append('\n');
        }

        foreach (string name in Sizes.Concat(Step.ComputedSizes.Select(SizeTable.Target)))
        {
            key.Append(name).Append('\n');
        }

        IReadOnlyList<string>? numbers = withNumbers ? Literals : null;
        Append(key, _lines, numbers);
        foreach ((StepPart part, IReadOnlyList<CodeLine> lines) in _parts)
        {
            key.Append(part.Name).Append('(').Append(string.Join(",", part.Parameters)).Append(")\n");
            Append(key, lines, numbers);
        }

        return key.ToString();
    }

    /// <summary>True if a number stands in the code, and was not only asked for.</summary>
    public bool Uses(int number)
    {
        string place = $"{NumberText.Start}{number}{NumberText.End}";
        return _lines.Any(l => l.Text.IndexOf(place, StringComparison.Ordinal) >= 0);
    }

    /// <summary>The numbers as they stand in code that has them as constants.</summary>
    public IReadOnlyList<string> Literals => Numbers.Select(static n => $"{n}").ToArray();

    /// <summary>Writes the body's lines.</summary>
    /// <param name="code">Where they go.</param>
    /// <param name="method">Name of the method.</param>
    /// <param name="numbers">What stands for each of the <see cref="Numbers"/>.</param>
    public void WriteTo(CodeWriter code, string method, IReadOnlyList<string> numbers) => WriteLines(code, _lines, method, numbers);

    /// <summary>The methods beside the step's own, whether they have working memory on the stack, and what writes their lines.</summary>
    public IEnumerable<(StepPart Part, bool UsesStack, Action<CodeWriter, string> Write)> Parts => _parts.Select(p =>
        (p.Part, HasStack(p.Lines), (Action<CodeWriter, string>)((code, method) => WriteLines(code, p.Lines, method, Array.Empty<string>()))));

    private static void WriteLines(CodeWriter code, IReadOnlyList<CodeLine> lines, string method, IReadOnlyList<string> numbers)
    {
        foreach (CodeLine line in lines)
        {
            code.Add(line with { Text = NumberText.Fill(line.Text, numbers).Replace($"{StepWriter.MethodMark}", method) });
        }
    }

    private static void Append(StringBuilder key, IReadOnlyList<CodeLine> lines, IReadOnlyList<string>? numbers)
    {
        foreach (CodeLine line in lines.Where(static l => !l.Text.StartsWith("//", StringComparison.Ordinal)))
        {
            key.Append(numbers is null ? line.Text : NumberText.Fill(line.Text, numbers)).Append('\n');
        }
    }
}
