using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Xml;
using System.Xml.Linq;

namespace AotCompiler.Cli.Profiling.Html;

/// <summary>Elements of a page, as a tree that escapes what it holds. Coordinates are in pixels of the picture.</summary>
internal static class SvgElements
{
    /// <summary>A picture that scales with the page.</summary>
    /// <param name="width">Width of its coordinates.</param>
    /// <param name="height">Height of its coordinates.</param>
    /// <param name="label">What it shows, for those who cannot see it.</param>
    /// <param name="content">What is in it.</param>
    public static XElement Picture(double width, double height, string label, params object[] content) => new(
        "svg",
        new XAttribute("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {width:0.##} {height:0.##}")),
        new XAttribute("role", "img"),
        new XAttribute("aria-label", Clean(label)),
        content);

    public static XElement Rectangle(double x, double y, double width, double height, params object[] content) => new(
        "rect", At("x", x), At("y", y), At("width", Math.Max(0, width)), At("height", Math.Max(0, height)), content);

    public static XElement Line(double x1, double y1, double x2, double y2, params object[] content) => new(
        "line", At("x1", x1), At("y1", y1), At("x2", x2), At("y2", y2), content);

    public static XElement Circle(double x, double y, double radius, params object[] content) => new(
        "circle", At("cx", x), At("cy", y), At("r", radius), content);

    public static XElement Words(double x, double y, string text, params object[] content) => new(
        "text", At("x", x), At("y", y), content, Clean(text));

    public static XElement Path(IEnumerable<(double X, double Y)> points, params object[] content) => new(
        "path",
        new XAttribute("d", "M" + string.Join("L", points.Select(static p => string.Create(CultureInfo.InvariantCulture, $"{p.X:0.##} {p.Y:0.##}")))),
        content);

    public static XElement Group(params object[] content) => new("g", content);

    public static XAttribute Class(string name) => new("class", name);

    /// <summary>Lines that appear when the pointer is over the element; the first is a heading.</summary>
    public static XAttribute Tip(params string[] lines) => new("data-tip", Clean(string.Join('\n', lines.Where(static l => l.Length > 0))));

    /// <summary>Marks all elements of one step, which light up together.</summary>
    public static XAttribute OfStep(int step) => new("data-step", step);

    /// <summary>Text that XML can hold: a model's names can hold anything.</summary>
    public static string Clean(string text)
    {
        if (text.All(static c => c is '\n' || (!char.IsControl(c) && !char.IsSurrogate(c) && XmlConvert.IsXmlChar(c))))
        {
            return text;
        }

        var result = new List<char>(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            {
                result.Add(text[i]);
                result.Add(text[++i]);
            }
            else
            {
                char c = text[i];
                result.Add(c == '\n' || (!char.IsControl(c) && !char.IsSurrogate(c) && XmlConvert.IsXmlChar(c)) ? c : '?');
            }
        }

        return new string(result.ToArray());
    }

    private static XAttribute At(string name, double value) => new(name, value.ToString("0.##", CultureInfo.InvariantCulture));
}
