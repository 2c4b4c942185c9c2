using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Linq;

namespace AotCompiler.Cli.Commands;

/// <summary>Options whose values are numbers within bounds, with messages that say so.</summary>
internal static class NumberOption
{
    /// <summary>A count of at least one.</summary>
    public static Option<int?> Count(string name, string description) => new(name)
    {
        HelpName = "N",
        Description = description,
        CustomParser = static result => int.TryParse(Text(result), NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0
            ? value
            : Fail<int?>(result, "a whole number of at least 1"),
    };

    /// <summary>How many threads a run of the compiled model uses.</summary>
    public static Option<int?> Threads() => Count("--threads", "Threads that one run may use; results do not depend on it. Default: 1.");

    /// <summary>A finite number that is zero or more.</summary>
    public static Option<double> NonNegative(string name, string description, double defaultValue) => new(name)
    {
        HelpName = "NUMBER",
        Description = description,
        DefaultValueFactory = _ => defaultValue,
        CustomParser = static result => double.TryParse(Text(result), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= 0 && double.IsFinite(value)
            ? value
            : Fail<double>(result, "a number that is not negative"),
    };

    private static string Text(ArgumentResult result) => result.Tokens.Single().Value;

    private static T? Fail<T>(ArgumentResult result, string expected)
    {
        string option = (result.Parent as OptionResult)?.Option.Name ?? string.Empty;
        result.AddError($"{option} '{Text(result)}' is not {expected}.");
        return default;
    }
}
