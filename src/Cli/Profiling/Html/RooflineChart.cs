using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Xml.Linq;
using AotCompiler.Cli.Reports;
using static AotCompiler.Cli.Profiling.Html.SvgElements;

namespace AotCompiler.Cli.Profiling.Html;

/// <summary>Each step by its arithmetic intensity and its speed, under the roofs that the machine's measured limits make.</summary>
internal static class RooflineChart
{
    private const double Width = 1120;
    private const double Height = 420;
    private const double Left = 76;
    private const double Right = 128;
    private const double Top = 18;
    private const double Bottom = 46;

    /// <summary>The picture; null if no step multiplies.</summary>
    public static XElement? Draw(ProfileReport report, KernelPalette palette)
    {
        StepProfile[] steps = report.Steps.Where(static s => s.GigaFlops is not null).OrderByDescending(static s => s.Share).ToArray();
        if (steps.Length == 0)
        {
            return null;
        }

        double low = Math.Pow(10, Math.Floor(Math.Log10(Math.Min(0.1, steps.Min(Intensity)))));
        double high = Math.Pow(10, Math.Ceiling(Math.Log10(Math.Max(10, steps.Max(Intensity)))));
        PeakReport peak = report.Peak.OfCores(report.Threads);
        var x = Scale.Logarithmic(low, high, Left, Width - Right);
        double floor = Math.Max(0.01, Math.Pow(10, Math.Floor(Math.Log10(Math.Min(1, steps.Min(static s => s.GigaFlops!.Value))))));
        var y = Scale.Logarithmic(floor, peak.GigaFlops * 1.8, Height - Bottom, Top);
        return Picture(
            Width,
            Height,
            "Roofline: speed of each step over its arithmetic intensity",
            Group(Class("axis"), y.Ticks.Select(t => Group(Line(Left, y[t], Width - Right, y[t]), Words(Left - 8, y[t] + 4, Label(t), new XAttribute("text-anchor", "end"))))),
            Group(Class("axis"), x.Ticks.Select(t => Group(Line(x[t], Top, x[t], Height - Bottom), Words(x[t], Height - Bottom + 16, Label(t), new XAttribute("text-anchor", "middle"))))),
            Group(Class("title"), Words(Left, Top - 5, "GFLOP/s"), Words(Width - Right, Height - 10, "floating-point operations per byte moved", new XAttribute("text-anchor", "end"))),
            Group(Class("roofs"), Roofs(peak, x, y, low, high, floor)),
            Group(Class("points"), steps.Select(s => Point(s, x, y, palette))));
    }

    private static IEnumerable<XElement> Roofs(PeakReport peak, Scale x, Scale y, double low, double high, double floor)
    {
        yield return Line(x[low], y[peak.GigaFlops], x[high], y[peak.GigaFlops], Class("roof"));
        yield return Words(x[high] + 6, y[peak.GigaFlops] + 4, $"FMA {PageText.Real(peak.GigaFlops, 0)} GFLOP/s");
        foreach ((string name, double speed) in new[] { ("L1", peak.CacheGigabytesPerSecond), ("L2", peak.MiddleGigabytesPerSecond), ("memory", peak.MemoryGigabytesPerSecond) })
        {
            double from = Math.Max(low, floor / speed);
            double to = Math.Min(high, peak.GigaFlops / speed);
            if (from < to)
            {
                double middle = from * Math.Pow(to / from, 0.3);
                double angle = Math.Atan2(y[to * speed] - y[from * speed], x[to] - x[from]) * 180 / Math.PI;
                yield return Line(x[from], y[from * speed], x[to], y[to * speed], Class("roof"));
                yield return Words(0, -5, $"{name} {PageText.Real(speed, 0)} GB/s", new XAttribute("text-anchor", "middle"), new XAttribute("transform", string.Create(CultureInfo.InvariantCulture, $"translate({x[middle]:0.##} {y[middle * speed]:0.##}) rotate({angle:0.#})")));
            }
        }
    }

    /// <summary>A disc whose area is the step's part of the time.</summary>
    private static XElement Point(StepProfile step, Scale x, Scale y, KernelPalette palette) => Circle(
        x[Intensity(step)],
        y[step.GigaFlops!.Value],
        Math.Clamp(60 * Math.Sqrt(step.Share), 3, 22),
        Class(palette.ClassOf(step.Kind)),
        OfStep(step.Index),
        StepChart.TipOf(step));

    private static double Intensity(StepProfile step) => 2.0 * step.MultiplyAdds / Math.Max(1, step.BytesMoved);

    private static string Label(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
