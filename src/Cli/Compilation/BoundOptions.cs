using System.Collections.Generic;
using System.Linq;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Data;
using AotCompiler.Cli.Numerics;
using AotCompiler.Collections;
using AotCompiler.Compiler;

namespace AotCompiler.Cli.Compilation;

/// <summary>Chooses the free dimensions: the user's if any are given, else those of the data.</summary>
internal static class BoundOptions
{
    /// <summary>Options for running on these tensors; tells the terminal what was bound for the user.</summary>
    public static CompilerOptions For(
        CompilerOptions options, ModelInputs inputs, IReadOnlyDictionary<string, TensorData> tensors, Terminal terminal)
    {
        if (options.Dimensions.Count > 0)
        {
            return options;
        }

        EquatableArray<DimensionBinding> bindings = inputs.BindDimensions(tensors);
        if (bindings.Count > 0)
        {
            terminal.Note($"free dimensions are those of the data: {string.Join(" ", bindings.Select(static b => $"--dim {b.Name}={b.Value}"))}");
        }

        return options with { Dimensions = bindings };
    }
}
