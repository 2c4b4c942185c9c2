using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.IO;
using System.Linq;
using AotCompiler.Collections;
using AotCompiler.Compiler;

namespace AotCompiler.Cli.Commands;

/// <summary>The options that every command has, and the compiler options they stand for.</summary>
internal sealed class ModelOptions
{
    /// <summary>Path of the model.</summary>
    public Argument<string> Model { get; } = new("MODEL") { Description = "The ONNX file." };

    /// <summary>Values of free dimensions.</summary>
    public Option<DimensionBinding[]> Dimensions { get; } = new("--dim", "-d")
    {
        HelpName = "NAME=VALUE",
        Description = "Value of a free dimension, by its name in the model or by position (input[0]=4). Repeat for more. A batch dimension that is not given is 1.",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = ParseDimensions,
        DefaultValueFactory = static _ => [],
    };

    /// <summary>Instruction set.</summary>
    public Option<TargetIsa?> Isa { get; } = new("--isa")
    {
        HelpName = "NAME",
        Description = $"Instruction set to compile for: {TargetIsa.KnownNames}. With auto, the default, the widest vectors of the machine are used.",
        CustomParser = ParseIsa,
    };

    /// <summary>Report as JSON.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "Write the report as JSON to standard output; diagnostics go to standard error." };

    /// <summary>The compiler options that the command line asks for.</summary>
    public CompilerOptions ToCompilerOptions(ParseResult parse) => new()
    {
        ModelName = Path.GetFileNameWithoutExtension(parse.GetRequiredValue(Model)),
        Dimensions = new EquatableArray<DimensionBinding>(parse.GetValue(Dimensions) ?? []),
        Isa = parse.GetValue(Isa) ?? TargetIsa.Auto,
    };

    private static DimensionBinding[]? ParseDimensions(ArgumentResult result)
    {
        var bindings = new List<DimensionBinding>();
        foreach (string token in result.Tokens.Select(static t => t.Value))
        {
            int separator = token.LastIndexOf('=');
            if (separator <= 0
                || !int.TryParse(token.AsSpan(separator + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int value))
            {
                result.AddError($"'--dim {token}' is not of the form NAME=VALUE with a whole number, such as --dim batch=4.");
                return null;
            }

            string name = token[..separator];
            if (bindings.Any(b => b.Name == name && b.Value != value))
            {
                result.AddError($"'--dim' gives '{name}' two different values.");
                return null;
            }

            bindings.Add(new DimensionBinding(name, value));
        }

        return bindings.ToArray();
    }

    private static TargetIsa? ParseIsa(ArgumentResult result)
    {
        string name = result.Tokens.Single().Value;
        TargetIsa? isa = TargetIsa.TryParse(name);
        if (isa is null)
        {
            result.AddError($"'--isa {name}' is not known. Known are {TargetIsa.KnownNames}.");
        }

        return isa;
    }
}
