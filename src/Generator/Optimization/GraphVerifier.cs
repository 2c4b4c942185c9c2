using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;

namespace AotCompiler.Optimization;

/// <summary>
/// Checks what every stage relies on: each value is made once and before it is read, uses and inputs agree, nothing
/// removed is reachable, names are unique, and types and shapes are those that inference gives again.
/// </summary>
internal static class GraphVerifier
{
    /// <summary>Checks a sorted graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="culprit">What ran before, for the message.</param>
    /// <exception cref="InvalidOperationException">The graph is broken: a defect of the compiler.</exception>
    public static void Verify(Graph graph, string culprit)
    {
        string? problem = FirstProblem(graph);
        if (problem is not null)
        {
            throw new InvalidOperationException($"{culprit} left a broken graph: {problem}.");
        }
    }

    private static string? FirstProblem(Graph graph)
    {
        var made = new HashSet<Value>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (Value input in graph.Inputs.Concat(graph.States.Select(static s => s.Input)))
        {
            if (input.Producer is not null || input.IsConstant || !made.Add(input) || !names.Add(input.Name))
            {
                return $"graph input {input} is also made elsewhere";
            }
        }

        foreach (Node node in graph.Nodes)
        {
            string? problem = Inputs(node, made) ?? Outputs(node, made, names) ?? Inference(node, graph) ?? node.Subgraphs.Select(FirstProblem).FirstOrDefault(static p => p is not null);
            if (problem is not null)
            {
                return $"{node}: {problem}";
            }
        }

        var live = new HashSet<Node>(graph.Nodes);
        return graph.Outputs.Where(o => !IsAvailable(o.Value, made)).Select(o => $"output \"{o.Name}\" is made by nothing").FirstOrDefault()
            ?? graph.States.Where(s => !IsAvailable(s.Output, made)).Select(static s => $"the next value of state {s.Input} is made by nothing").FirstOrDefault()
            ?? made.SelectMany(static v => v.Uses, static (v, use) => (Value: v, Use: use))
                .Where(u => !live.Contains(u.Use.Node))
                .Select(u => $"{u.Value} lists a use by {u.Use.Node}, which is not in the graph")
                .FirstOrDefault();
    }

    private static bool IsAvailable(Value value, HashSet<Value> made) => value.IsConstant || value.IsSizeExpression ? value.Producer is null : made.Contains(value);

    private static string? Inputs(Node node, HashSet<Value> made)
    {
        if (node.IsRemoved)
        {
            return "it is removed";
        }

        for (int i = 0; i < node.Inputs.Count; i++)
        {
            if (node.Inputs[i] is not { } input)
            {
                continue;
            }

            if (!IsAvailable(input, made))
            {
                return $"input {i} {input} is not made before";
            }

            if (!input.Uses.Contains(new Use(node, i)))
            {
                return $"input {i} {input} does not list the use";
            }
        }

        int operands = node.Inputs.Count - node.OperatorInputCount;
        return operands != (node.Epilogue?.OperandCount ?? 1) - 1 ? $"it has {operands} epilogue operands" : null;
    }

    private static string? Outputs(Node node, HashSet<Value> made, HashSet<string> names)
    {
        foreach (Value output in node.Outputs)
        {
            if (!ReferenceEquals(output.Producer, node) || output.IsConstant || !made.Add(output))
            {
                return $"output {output} is made twice";
            }

            if (!names.Add(output.Name))
            {
                return $"output {output} has a name that another value has";
            }

            foreach (Use use in output.Uses)
            {
                if (use.Index >= use.Node.Inputs.Count || !ReferenceEquals(use.Node.Inputs[use.Index], output))
                {
                    return $"output {output} lists a use by {use.Node} that is none";
                }
            }
        }

        return null;
    }

    private static string? Inference(Node node, Graph graph)
    {
        if (ShapeInference.FirstDifference(node, graph) is { } problem)
        {
            return problem;
        }

        if (node.Epilogue is not { } epilogue)
        {
            return null;
        }

        Value? wrong = node.EpilogueOperands.Where((v, i) => v.Type != epilogue.OperandTypes[i + 1] || !v.Shape.BroadcastsTo(node.Output.Shape)).FirstOrDefault();
        return wrong is null ? null : $"epilogue operand {wrong} does not fit";
    }
}
