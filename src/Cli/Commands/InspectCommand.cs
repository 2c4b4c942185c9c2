using System.Collections.Generic;
using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Compilation;
using AotCompiler.Cli.Reports;
using AotCompiler.Compiler;
using AotCompiler.Compiler.Printing;
using AotCompiler.Ir;
using AotCompiler.Planning;

namespace AotCompiler.Cli.Commands;

/// <summary>Shows what the compiler makes of a model, stage by stage.</summary>
internal sealed class InspectCommand : ModelCommand
{
    private readonly Option<string> _stage = new("--stage")
    {
        HelpName = "STAGE",
        Description = "model: what the file says. graph: the graph after all optimisations. schedule: the steps that run, with their kernels. plan: the memory of every tensor.",
        DefaultValueFactory = static _ => "model",
    };

    public InspectCommand() => _stage.AcceptOnlyFromAmong("model", "graph", "schedule", "plan");

    public override string Name => "inspect";

    public override string Description => "Shows what the compiler makes of a model, stage by stage.";

    public override IReadOnlyList<string> Examples =>
    [
        "aotc inspect digits.onnx",
        "aotc inspect digits.onnx --stage plan",
        "aotc inspect bert.onnx --stage schedule --dim batch=1 --dim seq=128 --json",
    ];

    protected override IEnumerable<Symbol> Symbols => [_stage];

    public override int Execute(ParseResult parse, Terminal terminal, CancellationToken cancellation)
    {
        ModelSource source = ModelSource.Read(parse.GetRequiredValue(Options.Model));
        CompilerOptions options = Options.ToCompilerOptions(parse);
        switch (parse.GetRequiredValue(_stage))
        {
            case "model":
                Write(terminal, ModelDescription.Of(source.Onnx), ReportJson.Default.ModelDescription, StageTables.Write);
                break;
            case "graph":
                CompilationResult result = source.TryCompile(options, terminal, cancellation);
                Graph graph = result.Graph ?? throw ModelSource.FirstError(result);
                Write(terminal, GraphDescription.Of(graph), ReportJson.Default.GraphDescription, StageTables.Write);
                break;
            case "schedule":
                ExecutionPlan scheduled = Plan(source, options, terminal, cancellation);
                Write(terminal, ScheduleDescription.Of(scheduled.Schedule), ReportJson.Default.ScheduleDescription, StageTables.Write);
                break;
            default:
                ExecutionPlan plan = Plan(source, options, terminal, cancellation);
                PlanDescription description = PlanDescription.Of(plan);
                description = description with { LeastArenaBytes = System.Math.Min(plan.Arena.ArenaBytes, MemoryBudget.LeastBytes(plan.Schedule, options, cancellation)) };
                Write(terminal, description, ReportJson.Default.PlanDescription, StageTables.Write);
                break;
        }

        return ExitCode.Success;
    }

    private static ExecutionPlan Plan(ModelSource source, CompilerOptions options, Terminal terminal, CancellationToken cancellation)
    {
        CompilationResult result = source.TryCompile(options, terminal, cancellation);
        return result.Plan ?? throw ModelSource.FirstError(result);
    }

    private static void Write<T>(Terminal terminal, T description, JsonTypeInfo<T> json, System.Action<Terminal, T> asTables)
    {
        if (terminal.Json)
        {
            terminal.WriteJson(description, json);
        }
        else
        {
            asTables(terminal, description);
        }
    }
}
