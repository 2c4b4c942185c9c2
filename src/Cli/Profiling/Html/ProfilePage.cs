using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;
using System.Xml.Linq;
using AotCompiler.Cli.Reports;
using AotCompiler.Compiler.Printing;
using static AotCompiler.Cli.Profiling.Html.SvgElements;

namespace AotCompiler.Cli.Profiling.Html;

/// <summary>Writes a profile as one page that needs nothing else: numbers, pictures, and a table that can be sorted.</summary>
/// <remarks>Look and behaviour are in the template; its slots, <c>{{name}}</c>, are filled here.</remarks>
internal sealed class ProfilePage
{
    private const string Template = "Profile/profile.html";

    private readonly string _title;
    private readonly ProfileReport _report;
    private readonly PlanDescription _plan;
    private readonly KernelPalette _palette;

    private ProfilePage(string title, ProfileReport report, PlanDescription plan)
    {
        _title = title;
        _report = report;
        _plan = plan;
        _palette = new KernelPalette(report);
    }

    /// <summary>The page's text. Depends on the arguments alone.</summary>
    /// <param name="title">What the model is called.</param>
    /// <param name="report">What was measured.</param>
    /// <param name="plan">The memory plan of the same model.</param>
    public static string Write(string title, ProfileReport report, PlanDescription plan) => new ProfilePage(title, report, plan).Fill();

    private bool HasThreads => _report.Threads > 1;

    private string Fill()
    {
        var slots = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["title"] = WebUtility.HtmlEncode(Clean(_title)),
            ["conditions"] = Text(Conditions().Select(static c => new XElement("span", c))),
            ["totals"] = Text(Totals().Select(Tile)),
            ["kinds"] = Text([KindBar(), KindLegend()]),
            ["steps"] = Text([StepChart.Draw(_report, _palette)]),
            ["peernote"] = _report.Onnxruntime is null ? string.Empty : Text([new XElement("p", Class("note"), "The dark marks are ONNX Runtime's time for the same nodes; an arrow at the top is a time beyond the scale.")]),
            ["memory"] = Text([MemoryChart.Draw(_plan, _report, _palette) ?? new XElement("p", "The model needs no working memory.")]),
            ["memorynote"] = WebUtility.HtmlEncode($"{_plan.Buffers.Count} buffers; without reuse they would take {PageText.Bytes(_plan.ArenaWithoutReuseBytes)}. The dashed line is the lower bound, {PageText.Bytes(_plan.ArenaLowerBoundBytes)}: the most that is live at once."),
            ["roofline"] = Text([RooflineChart.Draw(_report, _palette) ?? new XElement("p", "No step multiplies.")]),
            ["head"] = Text([TableHead()]),
            ["rows"] = Text(_report.Steps.Select(Row)),
        };
        return Filled(ReadTemplate(), slots);
    }

    private static string Filled(string template, Dictionary<string, string> slots)
    {
        var page = new StringBuilder();
        int done = 0;
        for (int start = template.IndexOf("{{", StringComparison.Ordinal); start >= 0; start = template.IndexOf("{{", done, StringComparison.Ordinal))
        {
            int end = template.IndexOf("}}", start, StringComparison.Ordinal);
            page.Append(template, done, start - done).Append(slots[template[(start + 2)..end]]);
            done = end + 2;
        }

        return page.Append(template, done, template.Length - done).ToString();
    }

    private static string ReadTemplate()
    {
        using Stream stream = typeof(ProfilePage).Assembly.GetManifestResourceStream(Template)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static string Text(IEnumerable<XElement> elements) => string.Join('\n', elements.Select(static e => e.ToString(SaveOptions.DisableFormatting)));

    private IEnumerable<string> Conditions()
    {
        yield return $"target {_report.Isa}, {_report.VectorBits}-bit vectors";
        yield return Tables.Threads(_report.Threads);
        foreach ((string name, int value) in _report.Dimensions)
        {
            yield return Clean($"{name} = {value.ToString(CultureInfo.InvariantCulture)}");
        }

        yield return Clean($"inputs: {_report.Inputs}");
        yield return $"{Tables.Number(_report.Runs)} runs";
    }

    private IEnumerable<(string Name, string Value, string Detail)> Totals()
    {
        yield return ("Latency", PageText.Time(_report.MinMs * 1000), $"fastest run; median {PageText.Time(_report.MedianMs * 1000)}");
        if (_report.Onnxruntime is { } peer)
        {
            yield return ("ONNX Runtime", PageText.Time(peer.MedianMs * 1000), $"median, version {peer.Version}, while it is profiled");
        }

        yield return ("GFLOP/s", PageText.Real(_report.GigaFlops, 1), $"{PageText.Count(_report.MultiplyAdds)} multiply-adds");
        yield return ("Of the machine", $"{PageText.Real(_report.PercentOfPeak, 0)} %", $"of {PageText.Real(_report.Peak.OfCores(_report.Threads).GigaFlops, 0)} GFLOP/s, measured");
        yield return ("Arena", PageText.Bytes(_report.ArenaBytes), _report.ArenaLowerBoundBytes == 0 ? "no working memory" : $"{PageText.Real((double)_report.ArenaBytes / _report.ArenaLowerBoundBytes, 3)} × the lower bound");
        yield return ("Weights", PageText.Bytes(_report.WeightBytes), "packed, read in place");
        yield return ("Steps", Tables.Number(_report.Steps.Count), $"sum {PageText.Time(_report.StepSumMs * 1000)}");
    }

    private static XElement Tile((string Name, string Value, string Detail) total) => new(
        "div", Class("tile"), new XElement("h3", total.Name), new XElement("strong", Clean(total.Value)), new XElement("small", Clean(total.Detail)));

    private XElement KindBar()
    {
        double x = 0;
        var parts = new List<XElement>();
        foreach ((string kind, double share, int count) in _palette.Kinds)
        {
            parts.Add(Rectangle(x * StepChart.Width, 0, share * StepChart.Width, 22, Class(_palette.ClassOf(kind)), Tip(kind, $"{PageText.Percent(share)} of the run in {count} steps")));
            x += share;
        }

        return Picture(StepChart.Width, 22, "Time by kind of kernel", Group(Class("share"), parts));
    }

    private XElement KindLegend() => new("ul", Class("legend"), _palette.Kinds.Select(k => new XElement(
        "li",
        new XElement("i", Class(_palette.ClassOf(k.Kind)), string.Empty),
        Clean(k.Kind),
        new XElement("span", $"{PageText.Percent(k.Share)}, {k.Count}×"))));

    private XElement TableHead()
    {
        IEnumerable<(string Name, bool IsNumber)> columns =
        [
            ("#", true), ("Step", false), ("Kind", false), ("Output", false), ("Min", true), ("Median", true), .. HasThreads ? new[] { ("1 thread", true), ("Speedup", true) } : [], ("Share", true), ("GFLOP/s", true),
            ("% peak", true), ("Moved", true), ("GB/s", true), .. _report.Onnxruntime is null ? [] : new[] { ("ONNX Runtime", true), ("Ratio", true) },
        ];
        return new XElement("tr", columns.Select(static c => new XElement(
            "th", new XAttribute("scope", "col"), c.IsNumber ? Class("number") : null, new XElement("button", new XAttribute("type", "button"), c.Name))));
    }

    private XElement Row(StepProfile step)
    {
        object[] peer = _report.Onnxruntime is null
            ? []
            :
            [
                Cell(step.OnnxruntimeUs, step.OnnxruntimeUs is { } time ? PageText.Time(time) : "–"),
                Cell(step.OnnxruntimeUs / step.MinUs, PageText.Real(step.OnnxruntimeUs / step.MinUs, 2)),
            ];
        object[] alone = HasThreads ? [Cell(step.OneThreadUs, PageText.Time(step.OneThreadUs ?? 0)), Cell(step.Speedup, PageText.Real(step.Speedup, 2))] : [];
        return new XElement(
            "tr",
            OfStep(step.Index),
            Cell(step.Index, step.Index.ToString(CultureInfo.InvariantCulture)),
            new XElement("td", Clean(step.Name), new XElement("small", Clean(step.Summary)), new XElement("small", Clean(step.Kernel))),
            new XElement("td", Class("kind"), new XElement("i", Class(_palette.ClassOf(step.Kind)), string.Empty), Clean(step.Kind)),
            new XElement("td", Class("shape"), string.Join('×', step.Output)),
            Cell(step.MinUs, PageText.Time(step.MinUs)),
            Cell(step.MedianUs, PageText.Time(step.MedianUs)),
            alone,
            ShareCell(step),
            Cell(step.GigaFlops, PageText.Real(step.GigaFlops, 1)),
            Cell(step.PercentOfPeak, PageText.Real(step.PercentOfPeak, 0)),
            Cell(step.BytesMoved, PageText.Bytes(step.BytesMoved)),
            Cell(step.GigabytesPerSecond, PageText.Real(step.GigabytesPerSecond, 1)),
            peer);
    }

    /// <summary>A part of the time, with a bar behind it as long as it is large beside the largest.</summary>
    private XElement ShareCell(StepProfile step)
    {
        XElement cell = Cell(step.Share, PageText.Percent(step.Share));
        double length = 100 * step.Share / _report.Steps.Max(static s => s.Share);
        cell.Add(new XAttribute("style", string.Create(CultureInfo.InvariantCulture, $"--part:{length:0.#}%")));
        return cell;
    }

    /// <summary>A number with the value it is sorted by.</summary>
    private static XElement Cell(double? value, string text) => new(
        "td", Class("number"), new XAttribute("data-value", (value is { } number && double.IsFinite(number) ? number : -1).ToString("R", CultureInfo.InvariantCulture)), text);
}
