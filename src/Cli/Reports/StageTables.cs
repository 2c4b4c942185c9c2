using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Compiler.Printing;
using Spectre.Console;

namespace AotCompiler.Cli.Reports;

/// <summary>The compiler's stages as tables for people.</summary>
internal static class StageTables
{
    /// <summary>What the file says.</summary>
    public static void Write(Terminal terminal, ModelDescription model)
    {
        Tables.Facts(
            terminal,
            ("graph", model.GraphName),
            ("producer", model.Producer),
            ("format", $"IR version {model.IrVersion}, {string.Join(", ", model.Opsets.Select(static o => $"{o.Key} opset {o.Value}"))}"),
            ("nodes", Tables.Number(model.NodeCount)),
            ("parameters", $"{Tables.Number(model.ParameterCount)} in {Tables.Number(model.InitializerCount)} tensors, {Tables.Number(model.ParameterBytes)} bytes"),
            ("local functions", string.Join(", ", model.LocalFunctions)));
        Table table = Tables.New("", "name", "type", "shape");
        foreach ((string direction, DeclaredValueDescription value) in model.Inputs.Select(static i => ("input", i)).Concat(model.Outputs.Select(static o => ("output", o))))
        {
            Tables.Row(table, direction, value.Name, value.Type, value.Shape is null ? "undeclared" : $"[{string.Join(", ", value.Shape)}]");
        }

        terminal.Rich.Write(table);
        Table operators = Tables.New("operator", ">nodes");
        foreach (OperatorCount count in model.Operators)
        {
            Tables.Row(operators, count.Name, Tables.Number(count.Count));
        }

        terminal.Rich.Write(operators);
    }

    /// <summary>The optimised graph.</summary>
    public static void Write(Terminal terminal, GraphDescription graph)
    {
        Tables.Facts(
            terminal,
            ("inputs", string.Join(", ", graph.Inputs.Select(Describe))),
            ("outputs", string.Join(", ", graph.Outputs.Select(Describe))),
            ("nodes", Tables.Number(graph.Nodes.Count)));
        Table nodes = Tables.New("node", "operator", "reads", "makes", "then", "attributes");
        foreach (NodeDescription node in graph.Nodes)
        {
            Tables.Row(
                nodes,
                node.Name,
                node.Operator,
                string.Join(", ", node.Inputs.Select(static i => i ?? "-")),
                string.Join(", ", node.Outputs.Select(Describe)),
                string.Join(", ", node.Epilogue),
                string.Join(" ", node.Attributes.Select(static a => $"{a.Key}={a.Value}")));
        }

        terminal.Rich.Write(nodes);
        Table constants = Tables.New("constant", "type", "shape", "made by");
        foreach (ConstantDescription constant in graph.Constants)
        {
            Tables.Row(constants, constant.Name, constant.Type, Tables.Shape(constant.Shape), constant.Recipe);
        }

        terminal.Rich.Write(constants);
    }

    /// <summary>The steps.</summary>
    public static void Write(Terminal terminal, ScheduleDescription schedule)
    {
        Tables.Facts(terminal, ("steps", Tables.Number(schedule.Steps.Count)), ("multiply-adds", Tables.Number(schedule.MultiplyAdds)));
        Table table = Tables.New(">step", "name", "kernel", "reads", "writes", ">scratch B", ">multiply-adds");
        foreach (StepDescription step in schedule.Steps)
        {
            Tables.Row(
                table,
                Tables.Number(step.Index),
                step.Name,
                step.Kernel,
                string.Join("\n", step.Reads.Select(Describe)),
                string.Join("\n", step.Writes.Select(Describe)),
                Tables.Number(step.ScratchBytes),
                Tables.Number(step.MultiplyAdds));
        }

        terminal.Rich.Write(table);
    }

    /// <summary>The memory plan.</summary>
    public static void Write(Terminal terminal, PlanDescription plan)
    {
        string excess = plan.ArenaLowerBoundBytes == 0
            ? "1.000"
            : ((double)plan.ArenaBytes / plan.ArenaLowerBoundBytes).ToString("0.000", CultureInfo.InvariantCulture);
        Tables.Facts(
            terminal,
            ("arena", $"{Tables.Number(plan.ArenaBytes)} bytes"),
            ("lower bound", $"{Tables.Number(plan.ArenaLowerBoundBytes)} bytes (the arena is {excess} times that)"),
            ("most live", plan.PeakStep < 0 ? "nothing" : $"in step {Tables.Number(plan.PeakStep)}, {plan.PeakStepName}"),
            ("with a budget", plan.LeastArenaBytes is not { } least ? "not asked"
                : least >= plan.ArenaBytes ? "no less than that"
                : $"{Tables.Number(least)} bytes or a little more, in bands of rows (--memory-budget {Tables.Number((least + 1023) / 1024)})"),
            ("without reuse", $"{Tables.Number(plan.ArenaWithoutReuseBytes)} bytes"),
            ("strategy", plan.Strategy),
            ("weights", $"{Tables.Number(plan.WeightBytes)} bytes"),
            ("work", $"{Tables.Number(plan.StepCount)} steps, {Tables.Number(plan.MultiplyAdds)} multiply-adds"));
        Table buffers = Tables.New("", "buffer", ">bytes", ">offset", ">first step", ">last step", "written over");
        ILookup<(string, int), string> over = plan.InPlace.ToLookup(static p => (p.Buffer, p.Step), static p => p.Over);
        for (int i = 0; i < plan.Buffers.Count; i++)
        {
            BufferDescription buffer = plan.Buffers[i];
            Tables.Row(
                buffers,
                MemoryMap.Symbol(i).ToString(),
                buffer.Name,
                Tables.Number(buffer.Bytes),
                Tables.Number(buffer.Offset),
                Tables.Number(buffer.FirstStep),
                Tables.Number(buffer.LastStep),
                string.Join(", ", over[(buffer.Name, buffer.FirstStep)]));
        }

        terminal.Rich.Write(buffers);
        foreach (string line in MemoryMap.Draw(plan))
        {
            terminal.WriteLine(line);
        }

        Table weights = Tables.New("weight", "type", "shape", "made by", ">bytes", ">offset");
        foreach (WeightDescription weight in plan.Weights)
        {
            Tables.Row(weights, weight.Name, weight.Type, Tables.Shape(weight.Shape), weight.Recipe, Tables.Number(weight.Bytes), Tables.Number(weight.Offset));
        }

        terminal.Rich.Write(weights);
    }

    private static string Describe(ValueDescription value) => $"{value.Name} {value.Type} {Tables.Shape(value.Shape)}";

    private static string Describe(ViewDescription view) =>
        $"{view.Kind} {view.Storage} {view.Type} {Tables.Shape(view.Shape)}{(view.Layout.Length > 0 ? $" ({view.Layout})" : string.Empty)}";
}
