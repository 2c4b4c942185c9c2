using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO;
using System.Linq;
using AotCompiler.Collections;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;

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
        Description = "Value of a free dimension, by its name in the model or by position (input[0]=4), or the range that each run chooses from (seq=1..512, with multiples only h=32..512:32). Repeat for more. A batch dimension that is not given is 1.",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = ParseDimensions,
        DefaultValueFactory = static _ => [],
    };

    /// <summary>Outputs that feed inputs of the next run.</summary>
    public Option<StatePair[]> State { get; } = new("--state")
    {
        HelpName = "OUTPUT:INPUT",
        Description = "An output that is the input of the next run. The model keeps it, starting from zeros, and neither is passed any more. Repeat for more.",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = ParseStates,
        DefaultValueFactory = static _ => [],
    };

    /// <summary>Instruction set.</summary>
    public Option<TargetIsa?> Isa { get; } = new("--isa")
    {
        HelpName = "NAME",
        Description = $"Instruction set to compile for: {TargetIsa.KnownNames}. With auto, the default, the widest vectors of the machine are used.",
        CustomParser = ParseIsa,
    };

    /// <summary>What code is written for.</summary>
    public Option<OptimizationGoal> Optimize { get; } = new("--optimize")
    {
        HelpName = "balanced|size|speed",
        Description = "What the code is written for: speed in every step, few bytes in every step, or, balanced, speed in all steps that take time.",
        DefaultValueFactory = static _ => OptimizationGoal.Balanced,
        CustomParser = ParseGoal,
    };

    /// <summary>No Winograd convolutions.</summary>
    public Option<bool> NoWinograd { get; } = new("--no-winograd")
    {
        Description = "Compute every 3×3 convolution as a direct sum. Without it Winograd's minimal filtering is used where it is faster; its rounding error is larger.",
    };

    /// <summary>Most memory that a run may work in.</summary>
    public Option<int?> MemoryBudget { get; } = new("--memory-budget")
    {
        HelpName = "KIB",
        Description = "Most that the arena, a run's working memory, may take. Convolutions and what follows them then run in bands of rows where they must, with the same results; fails with the smallest arena found if that is not enough.",
        CustomParser = ParseMemoryBudget,
    };

    /// <summary>Measured choices.</summary>
    public Option<string?> Tuning { get; } = new("--tune")
    {
        HelpName = "FILE",
        Description = "The file that 'aotc tune' wrote for the model: layers are computed in the way that was measured to be fastest.",
    };

    /// <summary>Report as JSON.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "Write the report as JSON to standard output; diagnostics go to standard error." };

    /// <summary>The compiler options that the command line asks for.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="texts">Choices that only some commands offer.</param>
    /// <exception cref="ModelException">AOTC0401: one of the texts is malformed.</exception>
    public CompilerOptions ToCompilerOptions(ParseResult parse, OptionTexts? texts = null) =>
        OptionParser.Parse(parse.GetRequiredValue(Model), texts ?? new OptionTexts()) with
        {
            Dimensions = new EquatableArray<DimensionBinding>(parse.GetValue(Dimensions) ?? []),
            States = new EquatableArray<StatePair>(parse.GetValue(State) ?? []),
            Isa = parse.GetValue(Isa) ?? TargetIsa.Auto,
            Optimize = parse.GetValue(Optimize),
            Winograd = !parse.GetValue(NoWinograd),
            MemoryBudget = parse.GetValue(MemoryBudget),
            Tuning = parse.GetValue(Tuning) is { } file ? TuningFile.Parse(file, File.ReadAllText(file)) : null,
        };

    private static DimensionBinding[]? ParseDimensions(ArgumentResult result) => Try(
        result, () => OptionParser.Distinct(result.Tokens.Select(static t => OptionParser.Dimension(t.Value))).ToArray());

    private static StatePair[]? ParseStates(ArgumentResult result) => Try(result, () => result.Tokens.Select(static t => OptionParser.State(t.Value)).ToArray());

    private static int? ParseMemoryBudget(ArgumentResult result) => int.TryParse(Try(result, () => $"{OptionParser.MemoryBudget(result.Tokens.Single().Value)}"), out int value) ? value : null;

    private static TargetIsa? ParseIsa(ArgumentResult result) => Try(result, () => OptionParser.Isa(result.Tokens.Single().Value));

    private static OptimizationGoal ParseGoal(ArgumentResult result) =>
        Try(result, () => (object)OptionParser.Optimize(result.Tokens.Single().Value)) is OptimizationGoal goal ? goal : default;

    /// <summary>Turns the parser's diagnostic into an error of the command line.</summary>
    private static T? Try<T>(ArgumentResult result, Func<T> parse)
        where T : class
    {
        try
        {
            return parse();
        }
        catch (ModelException e)
        {
            result.AddError(e.Diagnostic.Message);
            return null;
        }
    }
}
