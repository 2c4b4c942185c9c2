using System.Collections.Generic;
using System.Linq;
using AotCompiler.Cli.Reports;

namespace AotCompiler.Cli.Profiling.Html;

/// <summary>Gives each kind of kernel a colour of its own, those that take most time first; the rest share one.</summary>
internal sealed class KernelPalette
{
    /// <summary>Colours that stay apart for most eyes, in light and dark; defined in the template as <c>k0</c>, <c>k1</c>, ….</summary>
    public const int Colours = 8;

    private readonly Dictionary<string, int> _indices;

    public KernelPalette(ProfileReport report)
    {
        Kinds = report.Steps.GroupBy(static s => s.Kind)
            .Select(static g => (Kind: g.Key, Share: g.Sum(static s => s.Share), Count: g.Count()))
            .OrderByDescending(static k => k.Share)
            .ThenBy(static k => k.Kind, System.StringComparer.Ordinal)
            .ToArray();
        _indices = Kinds.Take(Colours).Select(static (k, i) => (k.Kind, i)).ToDictionary(static k => k.Kind, static k => k.i);
    }

    /// <summary>Kinds by their part of the time, largest first.</summary>
    public IReadOnlyList<(string Kind, double Share, int Count)> Kinds { get; }

    /// <summary>Class of the style that has the kind's colour.</summary>
    public string ClassOf(string kind) => _indices.TryGetValue(kind, out int index) ? $"k{index}" : "kx";
}
