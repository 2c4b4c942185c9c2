using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Emission;
using AotCompiler.Lowering;
using AotCompiler.Lowering.Tuning;

namespace AotCompiler.Compiler;

/// <summary>Says which of a tuning file's choices could not be taken. Code is right without them; it may be slower.</summary>
internal static class TuningCheck
{
    private const int Shown = 3;

    /// <summary>What the user should know; null if every entry was used.</summary>
    /// <param name="table">The table.</param>
    /// <param name="schedule">The lowered model.</param>
    /// <param name="sha256">Hash of the model.</param>
    /// <param name="options">The user's choices.</param>
    public static ModelDiagnostic? Check(TuningTable table, Schedule schedule, string sha256, CompilerOptions options)
    {
        const string Again = "Run 'aotc tune' again, or delete the file.";
        if (table.Problem is { } problem)
        {
            return Warning($"The tuning file {table.FileName} is not used: {problem}. {Again}");
        }

        Simd? simd = options.Isa.Widths.FirstOrDefault(w => w.Bits == table.VectorBits);
        if (simd is null)
        {
            return Warning($"The tuning file {table.FileName} is not used: it was measured with vectors of {table.VectorBits} bits, which target {options.Isa.Name} has not. Run 'aotc tune --isa {options.Isa.Name}', or delete the file.");
        }

        Dictionary<string, HashSet<string>> known = Known(schedule, simd);
        string[] unused = table.Layers.Where(l => !known.TryGetValue(l.Layer, out HashSet<string>? choices) || !choices.Contains(l.Choice)).Select(static l => l.Layer).ToArray();
        if (unused.Length == 0)
        {
            return null;
        }

        bool other = !string.Equals(table.ModelSha256, sha256, StringComparison.OrdinalIgnoreCase);
        string list = string.Join(", ", unused.Take(Shown).Select(static l => $"'{NameSanitizer.Comment(l)}'")) + (unused.Length > Shown ? ", …" : string.Empty);
        return Warning($"{unused.Length} of the {table.Layers.Count} layers in the tuning file {table.FileName} are not in this model{(other ? ", which is not the one that was measured" : string.Empty)}: {list}. They are ignored. {Again}");
    }

    private static Dictionary<string, HashSet<string>> Known(Schedule schedule, Simd simd)
    {
        var known = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        void Add(string layer, IReadOnlyList<string> choices)
        {
            if (!known.ContainsKey(layer))
            {
                known.Add(layer, new HashSet<string>(choices, StringComparer.Ordinal));
            }
        }

        foreach (ITunable step in schedule.Steps.OfType<ITunable>())
        {
            Add(step.Layer, step.Choices(simd));
        }

        foreach (LayerDecision decision in schedule.Decisions)
        {
            Add(decision.Layer, decision.Choices);
        }

        return known;
    }

    private static ModelDiagnostic Warning(string message) => ModelDiagnostic.Warning(DiagnosticCodes.TuningUnused, message);
}
