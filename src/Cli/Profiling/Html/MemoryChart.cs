using System;
using System.Linq;
using System.Xml.Linq;
using AotCompiler.Cli.Reports;
using AotCompiler.Compiler.Printing;
using static AotCompiler.Cli.Profiling.Html.SvgElements;

namespace AotCompiler.Cli.Profiling.Html;

/// <summary>The arena over time: a box per buffer, from its first to its last step, at its place in memory.</summary>
internal static class MemoryChart
{
    private const double Height = 380;
    private const double Top = 14;
    private const double Bottom = 34;
    private const int MinLetters = 9;
    private const double LetterWidth = 6.3;
    private const double LineHeight = 15;

    /// <summary>The picture; null for a model that needs no arena.</summary>
    public static XElement? Draw(PlanDescription plan, ProfileReport report, KernelPalette palette)
    {
        if (plan.ArenaBytes == 0)
        {
            return null;
        }

        var y = Scale.Linear(plan.ArenaBytes, Height - Bottom, Top, 6, plan.ArenaBytes >= 4 << 20 ? 1 << 20 : plan.ArenaBytes >= 4096 ? 1024 : 1);
        double pitch = StepChart.Pitch(plan.StepCount);
        return Picture(
            StepChart.Width,
            Height,
            "Place and life of each buffer of the arena",
            Group(Class("axis"), y.Ticks.Select(t => StepChart.HorizontalTick(y[t], PageText.Bytes(t)))),
            StepChart.StepAxis(plan.StepCount, Height - Bottom),
            Group(Class("buffers"), plan.Buffers.Select(b => Box(b, y, pitch, report, palette))),
            Line(StepChart.Left, y[plan.ArenaLowerBoundBytes], StepChart.Width - StepChart.Right, y[plan.ArenaLowerBoundBytes], Class("bound")));
    }

    private static XElement Box(BufferDescription buffer, Scale y, double pitch, ProfileReport report, KernelPalette palette)
    {
        double x = StepChart.Left + (buffer.FirstStep * pitch);
        double width = (buffer.LastStep - buffer.FirstStep + 1) * pitch;
        double top = y[buffer.Offset + buffer.Bytes];
        double height = Math.Max(0.5, y[buffer.Offset] - top);
        int letters = (int)((width - 8) / LetterWidth);
        object[] label = letters >= MinLetters && height >= LineHeight
            ? [Words(x + 4, top + (height / 2) + 4, Shorten(buffer.Name, letters), Class("label"))]
            : [];
        return Group(
            Tip(
                buffer.Name,
                $"{PageText.Bytes(buffer.Bytes)} at {Tables.Number(buffer.Offset)}",
                buffer.FirstStep == buffer.LastStep ? $"lives in step {buffer.FirstStep}" : $"lives in steps {buffer.FirstStep} to {buffer.LastStep}"),
            Rectangle(x, top, width, height, Class($"buffer {palette.ClassOf(KindOf(buffer, report))}")),
            label);
    }

    /// <summary>The kind of the last step that can have made it: zeros around it may have come first.</summary>
    private static string KindOf(BufferDescription buffer, ProfileReport report)
    {
        StepProfile first = report.Steps[buffer.FirstStep];
        return first.Operator is null && buffer.FirstStep < buffer.LastStep
            ? report.Steps.Skip(buffer.FirstStep).Take(buffer.LastStep - buffer.FirstStep + 1).First(s => s.Operator is not null || s.Index == buffer.LastStep).Kind
            : first.Kind;
    }

    private static string Shorten(string name, int letters) => name.Length <= letters ? name : $"…{name[^(letters - 1)..]}";
}
