using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Xml.Linq;
using AotCompiler.Cli.Reports;
using static AotCompiler.Cli.Profiling.Html.SvgElements;

namespace AotCompiler.Cli.Profiling.Html;

/// <summary>A bar per step, as high as its time; with a peer, a mark at the peer's time.</summary>
internal static class StepChart
{
    public const double Width = 1120;

    /// <summary>Pixels left of the first step, the same in every picture over steps so that they line up.</summary>
    public const double Left = 76;

    public const double Right = 12;

    private const double Height = 300;
    private const double Top = 14;
    private const double Bottom = 34;

    public static XElement Draw(ProfileReport report, KernelPalette palette)
    {
        IReadOnlyList<StepProfile> steps = report.Steps;
        double high = steps.Count > 0 ? steps.Max(static s => s.MinUs) * 1.06 : 1;
        var y = Scale.Linear(high, Height - Bottom, Top, 5);
        double pitch = Pitch(steps.Count);
        return Picture(
            Width,
            Height,
            "Time of each step",
            Group(Class("axis"), y.Ticks.Select(t => HorizontalTick(y[t], PageText.Time(t)))),
            StepAxis(steps.Count, Height - Bottom),
            Group(Class("bars"), steps.Select(s => Bar(s, y, pitch, palette))),
            Group(Class("peer"), steps.Where(static s => s.OnnxruntimeUs is not null).Select(s => PeerMark(s, y, pitch))));
    }

    /// <summary>Pixels of one step.</summary>
    public static double Pitch(int steps) => (Width - Left - Right) / Math.Max(1, steps);

    /// <summary>A line across the picture with its label at the left.</summary>
    public static XElement HorizontalTick(double y, string label) => Group(
        Line(Left, y, Width - Right, y), Words(Left - 8, y + 4, label, new XAttribute("text-anchor", "end")));

    /// <summary>Numbers of steps below a picture.</summary>
    public static XElement StepAxis(int steps, double y)
    {
        double pitch = Pitch(steps);
        var scale = Scale.Linear(Math.Max(1, steps), Left, Width - Right, 16);
        int[] ticks = scale.Ticks.Where(t => t == Math.Floor(t) && t < steps).Select(static t => (int)t).ToArray();
        return Group(
            Class("axis"),
            ticks.Select(t => Words(Left + ((t + 0.5) * pitch), y + 16, t.ToString(CultureInfo.InvariantCulture), new XAttribute("text-anchor", "middle"))),
            Words(Left - 8, y + 16, "step", new XAttribute("text-anchor", "end")));
    }

    /// <summary>What is known of a step, for the pointer.</summary>
    public static XAttribute TipOf(StepProfile step) => Tip(
        $"{step.Index} · {step.Name}",
        $"{step.Kernel}",
        step.Output.Count > 0 ? $"output {Tables.Shape(step.Output)}" : string.Empty,
        $"{PageText.Time(step.MinUs)} ({PageText.Percent(step.Share)} of the run), median {PageText.Time(step.MedianUs)}",
        step.GigaFlops is { } flops ? $"{PageText.Real(flops, 1)} GFLOP/s, {PageText.Real(step.PercentOfPeak, 0)} % of peak" : string.Empty,
        $"{PageText.Bytes(step.BytesMoved)} moved{(step.GigabytesPerSecond is { } speed ? $", {PageText.Real(speed, 1)} GB/s" : string.Empty)}",
        step.OnnxruntimeUs is { } peer ? $"ONNX Runtime {PageText.Time(peer)}: {string.Join(", ", step.OnnxruntimeNodes!.Take(4))}{(step.OnnxruntimeNodes!.Count > 4 ? ", …" : string.Empty)}" : string.Empty);

    private static XElement Bar(StepProfile step, Scale y, double pitch, KernelPalette palette)
    {
        double gap = pitch >= 5 ? 1 : pitch >= 2.5 ? 0.5 : 0;
        double height = Math.Max(0.75, y[0] - y[step.MinUs]);
        double x = Left + (step.Index * pitch);

        // The whole column answers to the pointer, however low the bar.
        return Group(
            OfStep(step.Index),
            TipOf(step),
            Rectangle(x, Top, pitch, y[0] - Top, Class("hit")),
            Rectangle(x + gap, y[0] - height, pitch - (2 * gap), height, Class(palette.ClassOf(step.Kind))));
    }

    private static XElement PeerMark(StepProfile step, Scale y, double pitch)
    {
        double x = Left + (step.Index * pitch);
        double height = y[step.OnnxruntimeUs!.Value];

        // Far slower than our slowest step: an arrow at the top.
        return height < Top
            ? Path([(x + (pitch / 2) - 3, Top + 5), (x + (pitch / 2), Top), (x + (pitch / 2) + 3, Top + 5)])
            : Line(x, height, x + pitch, height);
    }
}
