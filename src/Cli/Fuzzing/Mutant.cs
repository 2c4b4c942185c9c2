using System.Collections.Generic;
using System.Globalization;
using AotCompiler.Compiler;

namespace AotCompiler.Cli.Fuzzing;

/// <summary>A model that was changed on purpose.</summary>
/// <param name="Index">Its number among those of a seed.</param>
/// <param name="Bytes">The file.</param>
/// <param name="Options">What it is compiled with.</param>
internal sealed record Mutant(int Index, byte[] Bytes, CompilerOptions Options)
{
    /// <summary>The options as arguments of the command line.</summary>
    public IReadOnlyList<string> Arguments()
    {
        var result = new List<string>();
        foreach (DimensionBinding dimension in Options.Dimensions)
        {
            string least = dimension.Minimum is { } minimum ? string.Create(CultureInfo.InvariantCulture, $"{minimum}..") : string.Empty;
            result.AddRange(["--dim", string.Create(CultureInfo.InvariantCulture, $"{dimension.Name}={least}{dimension.Value}")]);
        }

        if (Options.Optimize == OptimizationGoal.Size)
        {
            result.AddRange(["--optimize", "size"]);
        }

        if (Options.Isa != TargetIsa.Auto)
        {
            result.AddRange(["--isa", Options.Isa.Name]);
        }

        if (Options.MemoryBudget is { } budget)
        {
            result.AddRange(["--memory-budget", budget.ToString(CultureInfo.InvariantCulture)]);
        }

        return result;
    }
}
