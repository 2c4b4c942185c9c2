using System;
using System.Globalization;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Lowering;
using AotCompiler.Planning;

namespace AotCompiler.Compiler;

/// <summary>Limits on a model's time and size that fail a build.</summary>
internal static class Budget
{
    private const int MaxSteps = 5;

    /// <summary>The error of a model whose estimated time is over a budget; null if it is within.</summary>
    /// <param name="schedule">The model's steps.</param>
    /// <param name="speed">The processor that the estimate is for.</param>
    /// <param name="milliseconds">The budget of one run.</param>
    public static ModelDiagnostic? CheckTime(Schedule schedule, DeviceSpeed speed, double milliseconds)
    {
        double nanoseconds = speed.Nanoseconds(schedule.Steps);
        if (nanoseconds <= milliseconds * 1e6)
        {
            return null;
        }

        string largest = string.Join(", ", schedule.Steps
            .OrderByDescending(speed.Nanoseconds)
            .Take(MaxSteps)
            .Select(s => string.Format(CultureInfo.InvariantCulture, "step {0} {1} {2:0.###} ms", s.Index, s.Node?.Operator.Name ?? s.Name, speed.Nanoseconds(s) / 1e6)));
        return ModelDiagnostic.Error(DiagnosticCodes.BuildBudgetExceeded, string.Format(
            CultureInfo.InvariantCulture,
            "A run is estimated to take {0:0.###} ms on {1}, the budget is {2:0.###} ms. The largest shares: {3}. Use a smaller model, a wider instruction set, or a larger budget; 'aotc profile' measures.",
            nanoseconds / 1e6,
            speed.Device,
            milliseconds,
            largest));
    }

    /// <summary>The error of a file that is larger than a budget; null if it is within.</summary>
    /// <param name="file">Name of the file.</param>
    /// <param name="bytes">Its size.</param>
    /// <param name="kilobytes">The budget in units of 1,024 bytes.</param>
    public static ModelDiagnostic? CheckSize(string file, long bytes, double kilobytes) => bytes <= kilobytes * 1024 ? null
        : ModelDiagnostic.Error(DiagnosticCodes.BuildBudgetExceeded, string.Format(
            CultureInfo.InvariantCulture,
            "{0} has {1:#,0.#} KB, the budget is {2:#,0.#} KB. Use a smaller model or narrower weights, a library without the .NET runtime (--kind static), or a larger budget.",
            file,
            bytes / 1024.0,
            kilobytes));

    /// <summary>Parses a budget, a positive number.</summary>
    /// <exception cref="ModelException">AOTC0401: it is none.</exception>
    public static double Parse(string text, string option) =>
        double.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value > 0
            ? value
            : throw new ModelException(DiagnosticCodes.OptionInvalid, $"{option} '{text.Trim()}' is not a positive number. Write digits and at most one point: 2.5.");
}
