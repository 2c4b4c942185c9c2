using System.Globalization;

namespace AotCompiler.Cli.Profiling.Html;

/// <summary>Numbers as people read them.</summary>
internal static class PageText
{
    /// <summary>With so many digits behind the point; a dash for null.</summary>
    public static string Real(double? value, int digits) => value is { } number && double.IsFinite(number)
        ? number.ToString($"N{digits}", CultureInfo.InvariantCulture)
        : "–";

    /// <summary>Three significant digits in ns, µs or ms.</summary>
    public static string Time(double microseconds) => microseconds switch
    {
        >= 1000 => $"{Significant(microseconds / 1000)} ms",
        >= 1 => $"{Significant(microseconds)} µs",
        > 0 => $"{Real(microseconds * 1000, 0)} ns",
        _ => "0",
    };

    /// <summary>Three significant digits in B, KiB or MiB.</summary>
    public static string Bytes(double bytes) => bytes switch
    {
        >= 1024 * 1024 => $"{Significant(bytes / 1024 / 1024)} MiB",
        >= 1024 => $"{Significant(bytes / 1024)} KiB",
        > 0 => $"{Real(bytes, 0)} B",
        _ => "0",
    };

    /// <summary>In thousands, millions or billions.</summary>
    public static string Count(double count) => count switch
    {
        >= 1e9 => $"{Significant(count / 1e9)} G",
        >= 1e6 => $"{Significant(count / 1e6)} M",
        >= 1e3 => $"{Significant(count / 1e3)} k",
        _ => Real(count, 0),
    };

    public static string Percent(double share) => $"{Significant(100 * share)} %";

    private static string Significant(double value) => Real(value, value >= 100 ? 0 : value >= 10 ? 1 : 2);
}
