using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>Computes a graph by <see cref="Operator.Evaluate"/>, node by node: slow and plain, the oracle for everything that is emitted.</summary>
internal static class GraphInterpreter
{
    /// <summary>Runs the graph.</summary>
    /// <param name="graph">A sorted graph.</param>
    /// <param name="inputs">One constant per graph input, of its type and shape.</param>
    /// <param name="states">What the last run left, one constant per state, replaced by what this one leaves; null for zeros.</param>
    /// <returns>One constant per graph output.</returns>
    public static IReadOnlyList<Tensor> Run(Graph graph, IReadOnlyList<Tensor> inputs, Tensor[]? states = null)
    {
        var values = new Dictionary<Value, Tensor>();
        var sizes = new ActualSizes(graph, inputs);
        for (int i = 0; i < graph.Inputs.Count; i++)
        {
            values[graph.Inputs[i]] = inputs[i];
        }

        for (int i = 0; i < graph.States.Count; i++)
        {
            Value state = graph.States[i].Input;
            values[state] = states?[i] ?? Tensor.FromBytes(state.Type, state.Shape, new byte[state.Shape.ElementCount * state.Type.Size()], state.Name);
        }

        Tensor Read(Value value) => value.Constant ?? (value.IsSizeExpression ? sizes.Data(value) : values[value]);
        foreach (Node node in graph.Nodes)
        {
            IReadOnlyList<Tensor> results = Evaluate(node, node.Operator.Operands(node, Read), sizes);
            for (int i = 0; i < node.Outputs.Count; i++)
            {
                values[node.Outputs[i]] = i == 0 && node.Epilogue is { } epilogue
                    ? ApplyEpilogue(epilogue, node, results[0], Read)
                    : results[i];
            }
        }

        for (int i = 0; states is not null && i < states.Length; i++)
        {
            states[i] = Read(graph.States[i].Output);
        }

        return graph.Outputs.Select(o => Read(o.Value)).ToArray();
    }

    /// <summary>The operator's own results: an epilogue may change the type of output 0, but only behind the operator.</summary>
    private static IReadOnlyList<Tensor> Evaluate(Node node, Tensor?[] operands, ActualSizes sizes)
    {
        if (node.Epilogue is null)
        {
            return sizes.Evaluate(node, operands);
        }

        ElementType final = node.Output.Type;
        node.Output.Type = node.Epilogue.OperandTypes[0];
        IReadOnlyList<Tensor> results = sizes.Evaluate(node, operands);
        node.Output.Type = final;
        return results;
    }

    private static Tensor ApplyEpilogue(ElementProgram program, Node node, Tensor result, System.Func<Value, Tensor> read)
    {
        var registers = new List<Tensor> { result };
        registers.AddRange(node.EpilogueOperands.Select(read));
        foreach (ElementInstruction instruction in program.Instructions)
        {
            registers.Add(ElementEvaluation.Map(
                instruction.Function,
                result.Shape,
                instruction.ResultType,
                instruction.Arguments.Select(a => registers[a]).ToArray()));
        }

        return registers[registers.Count - 1];
    }
}
