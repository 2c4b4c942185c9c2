using System.Linq;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Lowering;
using AotCompiler.Planning;
using Spectre.Console;

namespace AotCompiler.Cli.Reports;

/// <summary>Where a model's time and weights go, step by step: shown when a build is over its budget.</summary>
internal static class BudgetTable
{
    public static void Write(Terminal terminal, ExecutionPlan plan, DeviceSpeed speed)
    {
        if (terminal.Json)
        {
            return;
        }

        double all = speed.Nanoseconds(plan.Schedule.Steps);
        Table table = Tables.New(">step", "operator", "node", ">estimate, ms", ">share", ">multiply-adds", ">weights");
        foreach (Step step in plan.Schedule.Steps)
        {
            double nanoseconds = speed.Nanoseconds(step);
            Tables.Row(
                table,
                $"{step.Index}",
                step.Node?.Operator.Name ?? step.Name,
                step.Node?.Name ?? string.Empty,
                Tables.Real(nanoseconds / 1e6),
                $"{100 * nanoseconds / all:0.0} %",
                Tables.Number(step.MultiplyAdds),
                Tables.Number(step.Reads.Select(static r => r.Storage).Where(static s => s.Kind == StorageKind.Weights).Distinct().Sum(static s => s.Bytes)));
        }

        Tables.Row(table, string.Empty, "all", string.Empty, Tables.Real(all / 1e6), string.Empty, Tables.Number(plan.MultiplyAdds), Tables.Number(plan.WeightBytes));
        terminal.Rich.Write(table);
    }
}
