using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Planning;

namespace AotCompiler.Compiler;

/// <summary>
/// Brings the arena of a model within a budget: convolutions by minimal filtering and other ways that need scratch memory give way
/// to the plainest where they must, and chains of steps run in bands of rows.
/// </summary>
/// <remarks>See docs/adr/0024-memory-budget.md.</remarks>
internal static class MemoryBudget
{
    /// <summary>Part of the estimated time that a smaller arena may cost where nobody asked for one.</summary>
    private const double AllowedLoss = 0.05;

    /// <summary>What a smaller arena must save.</summary>
    private const double NeededSaving = 0.1;

    /// <summary>From one size that is tried to the next.</summary>
    private const double Growth = 1.12;

    /// <summary>Plans that are made in full: each after the first aims lower by what the one before it was too large.</summary>
    private const int MaxAttempts = 8;

    /// <summary>The schedule within the budget.</summary>
    /// <param name="schedule">The schedule in its fastest form.</param>
    /// <param name="options">The user's choices, the budget among them.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="ModelException">AOTC0302: no plan within the budget was found; the message says the smallest and what bounds it.</exception>
    public static Schedule Fit(Schedule schedule, CompilerOptions options, CancellationToken cancellation)
    {
        if (options.MemoryBudget is not { } kibibytes)
        {
            return SavesUnasked(options) && CanChoose(schedule) ? Shrink(schedule, options, cancellation) : schedule;
        }

        long budget = kibibytes * 1024L;
        var best = new Attempt(schedule, PlanOf(schedule, cancellation));
        if (best.Plan.Arena.ArenaBytes <= budget)
        {
            return schedule;
        }

        if (CanChoose(schedule))
        {
            best = Search(schedule.Graph, options, budget, best, cancellation);
        }

        return best.Plan.Arena.ArenaBytes <= budget ? best.Schedule : throw Fail(best, budget);
    }

    /// <summary>The smallest memory that a budget could ask for, by estimate: before buffers have places.</summary>
    /// <param name="schedule">The schedule in its fastest form.</param>
    /// <param name="options">The user's choices.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static long LeastBytes(Schedule schedule, CompilerOptions options, CancellationToken cancellation) => CanChoose(schedule)
        ? BudgetSearch.LeastBytes(ProblemOf(schedule.Graph, options, cancellation))
        : new LiveMemory(schedule).Bytes.DefaultIfEmpty(0).Max();

    /// <summary>Sizes that are known only at run time have no rows to count.</summary>
    private static bool CanChoose(Schedule schedule) => schedule.Graph.Sizes.Count == 0 && !schedule.UsesStrings;

    /// <summary>Processors without vectors have little memory: bands are used there whenever they cost next to nothing.</summary>
    private static bool SavesUnasked(CompilerOptions options) => !options.Isa.HasVectors && options.Optimize != OptimizationGoal.Speed;

    /// <summary>The smallest arena that costs little time, or the schedule as it is.</summary>
    private static Schedule Shrink(Schedule schedule, CompilerOptions options, CancellationToken cancellation)
    {
        var whole = new Attempt(schedule, PlanOf(schedule, cancellation));
        double most = whole.Plan.Arena.ArenaBytes * (1 - NeededSaving);
        double allowed = AllowedLoss * DeviceSpeed.Of(options.Isa.Name).Nanoseconds(schedule.Steps);
        BudgetProblem problem = ProblemOf(schedule.Graph, options, cancellation);
        for (double target = BudgetSearch.LeastBytes(problem); target <= most; target *= Growth)
        {
            IReadOnlyList<UnitChoice>? choices = BudgetSearch.Solve(problem, (long)target);
            if (choices is null || choices.Sum(static c => (double)c.Nanoseconds) > allowed)
            {
                continue;
            }

            Attempt attempt = Make(schedule.Graph, options, problem, choices, cancellation);
            if (attempt.Plan.Arena.ArenaBytes <= most)
            {
                return attempt.Schedule;
            }
        }

        return schedule;
    }

    private static Attempt Make(Graph graph, CompilerOptions options, BudgetProblem problem, IReadOnlyList<UnitChoice> choices, CancellationToken cancellation)
    {
        Schedule schedule = StepOrder.Improve(LoweringContext.Lower(graph, options, ChoicesOf(graph, problem, choices), cancellation));
        return new Attempt(schedule, PlanOf(schedule, cancellation));
    }

    private static Attempt Search(Graph graph, CompilerOptions options, long budget, Attempt best, CancellationToken cancellation)
    {
        BudgetProblem problem = ProblemOf(graph, options, cancellation);
        long? least = null;
        long target = budget;
        for (int i = 0; i < MaxAttempts; i++)
        {
            IReadOnlyList<UnitChoice>? choices = BudgetSearch.Solve(problem, target);
            if (choices is null)
            {
                if (least is not null)
                {
                    break;
                }

                target = least ??= BudgetSearch.LeastBytes(problem);
                choices = BudgetSearch.Solve(problem, target);
            }

            if (choices is null)
            {
                break;
            }

            Attempt attempt = Make(graph, options, problem, choices, cancellation);
            long bytes = attempt.Plan.Arena.ArenaBytes;
            best = bytes < best.Plan.Arena.ArenaBytes ? attempt : best;
            if (bytes <= budget)
            {
                return attempt;
            }

            target -= Math.Max(ArenaPlanner.Alignment, bytes - budget);
        }

        return best;
    }

    /// <summary>The nodes in the order of least memory, in both ways. The graph keeps that order.</summary>
    private static BudgetProblem ProblemOf(Graph graph, CompilerOptions options, CancellationToken cancellation)
    {
        Schedule ordered = StepOrder.Improve(LoweringContext.Lower(graph, options, MemoryChoices.AllDirect, cancellation));
        graph.Reorder(Order(graph, ordered));
        return new BudgetProblem(
            LoweringContext.Lower(graph, options, MemoryChoices.AllDirect, cancellation),
            LoweringContext.Lower(graph, options, cancellation),
            BandCost.Of(options.Isa.Name, options.Isa.HasVectors),
            cancellation);
    }

    /// <summary>Nodes by their first step; a node without steps, such as a view, comes behind the node before it.</summary>
    private static IEnumerable<Node> Order(Graph graph, Schedule schedule)
    {
        var first = new int[graph.Nodes.Count + 1];
        for (int i = 0; i < first.Length; i++)
        {
            first[i] = int.MaxValue;
        }

        foreach (Step step in schedule.Body.Where(static s => !s.WritesOnlyHalo))
        {
            first[step.Unit] = Math.Min(first[step.Unit], step.Index);
        }

        for (int i = 0; i < first.Length; i++)
        {
            first[i] = first[i] == int.MaxValue ? (i == 0 ? -1 : first[i - 1]) : first[i];
        }

        return graph.Nodes.Select((node, i) => (Node: node, Position: i)).OrderBy(n => first[n.Position]).ThenBy(static n => n.Position).Select(static n => n.Node).ToArray();
    }

    private static MemoryChoices ChoicesOf(Graph graph, BudgetProblem problem, IReadOnlyList<UnitChoice> choices)
    {
        IEnumerable<Node> direct = choices.Where(static c => c.Way != UnitWay.Fast)
            .SelectMany(c => graph.Nodes.Skip(c.First).Take(c.End - c.First));
        return new MemoryChoices(choices.Where(static c => c.Way == UnitWay.Banded).Select(problem.ChainOf).ToArray(), new HashSet<Node>(direct));
    }

    private static ExecutionPlan PlanOf(Schedule schedule, CancellationToken cancellation) => PlanBuilder.Build(schedule, 0, shareEverything: false, cancellation);

    private static ModelException Fail(Attempt best, long budget)
    {
        Step peak = new LiveMemory(best.Schedule).Peak!;
        long arena = best.Plan.Arena.ArenaBytes;
        return new ModelException(
            DiagnosticCodes.BudgetExceeded,
            $"No plan within the memory budget of {budget} bytes was found. The smallest arena found has {arena} bytes; step {peak.Index}, '{peak.Name}' ({peak.Kernel}), needs most of it. "
            + $"Set MemoryBudget to {(arena + 1023) / 1024} or more, or reduce the bound dimensions.");
    }

    private sealed record Attempt(Schedule Schedule, ExecutionPlan Plan);
}
