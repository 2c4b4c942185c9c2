using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;

namespace AotCompiler.Optimization;

/// <summary>
/// Computes element-wise consumers on the producer's result before it is stored: activations, residual additions, gates
/// such as x · sigmoid(x), whole chains of element-wise nodes.
/// </summary>
/// <remarks>
/// Consumers are visited before producers, so a chain is already one node when its producer takes it in, and a diamond has
/// become a node that reads the producer twice. Since the consumer is the only reader of the producer's result, its other
/// operands cannot depend on that result: no cycle can arise. Of two producers the one that runs later takes the consumer.
/// </remarks>
internal sealed class EpilogueFusion : NodePass
{
    /// <summary>Functions in one program: more would spill registers.</summary>
    private const int MaxInstructions = 16;

    /// <summary>Values read beside the producer's own result.</summary>
    private const int MaxOperands = 6;

    protected override bool ConsumersFirst => true;

    protected override bool Visit(Node node, GraphRewriter rewriter)
    {
        Value result = node.Output;
        if (result.Uses.Count == 0 || rewriter.Graph.IsOutput(result) || !rewriter.OnlyFirstOutputUsed(node))
        {
            return false;
        }

        Node consumer = result.Uses[0].Node;
        if (consumer.Operator is not ElementwiseOperator elementwise
            || result.Uses.Any(u => !ReferenceEquals(u.Node, consumer))
            || !consumer.Output.Shape.Equals(result.Shape)
            || elementwise.Operands(consumer).Concat(consumer.EpilogueOperands).Count(v => ReferenceEquals(v, result)) != result.Uses.Count)
        {
            return false;
        }

        Fused fused = Combine(node, consumer, elementwise);
        if (fused.Program.Instructions.Count > MaxInstructions || fused.Operands.Count > MaxOperands || !IsWorthwhile(node, consumer, elementwise, fused.Program) || !node.Operator.AcceptsEpilogue(node, fused.Program))
        {
            return false;
        }

        Apply(node, consumer, fused, rewriter);
        return true;
    }

    /// <summary>The producer's epilogue, if it has one, followed by the consumer's program.</summary>
    private static Fused Combine(Node node, Node consumer, ElementwiseOperator elementwise)
    {
        ElementProgram head = node.Epilogue ?? ElementProgram.Identity(node.Output.Type);
        ElementProgram tail = elementwise.Program(consumer);
        Value[] tailOperands = elementwise.Operands(consumer).Concat(consumer.EpilogueOperands).ToArray();
        List<Value> operands = node.EpilogueOperands.ToList();
        foreach (Value operand in tailOperands)
        {
            if (!ReferenceEquals(operand, node.Output) && !operands.Contains(operand))
            {
                operands.Add(operand);
            }
        }

        // Registers: the operator's own result, all further operands, the head's instructions, the tail's.
        int count = operands.Count + 1;
        int headResult = head.Instructions.Count == 0 ? 0 : count + head.Instructions.Count - 1;
        int MapHead(int register) => register < head.OperandCount ? register : register - head.OperandCount + count;
        int MapTail(int register) => register >= tail.OperandCount ? register - tail.OperandCount + count + head.Instructions.Count
            : ReferenceEquals(tailOperands[register], node.Output) ? headResult
            : 1 + operands.IndexOf(tailOperands[register]);
        var instructions = head.Instructions.Select(i => i with { Arguments = i.Arguments.Select(MapHead).ToArray() })
            .Concat(tail.Instructions.Select(i => i with { Arguments = i.Arguments.Select(MapTail).ToArray() }))
            .ToArray();
        ElementType[] types = new[] { head.OperandTypes[0] }.Concat(operands.Select(static v => v.Type)).ToArray();
        return new Fused(new ElementProgram(types, instructions), operands);
    }

    /// <summary>Vector work must not become scalar because a neighbour is: two passes over memory cost less.</summary>
    private static bool IsWorthwhile(Node node, Node consumer, ElementwiseOperator elementwise, ElementProgram epilogue)
    {
        if (node.Operator is not ElementwiseOperator producer)
        {
            return true;
        }

        ElementProgram both = ElementProgram.Single(producer.Function(node), producer.Operands(node).Select(static v => v.Type).ToArray()).Then(epilogue);
        return both.RunsOnVectors || !(producer.Program(node).RunsOnVectors || elementwise.Program(consumer).RunsOnVectors);
    }

    private static void Apply(Node node, Node consumer, Fused fused, GraphRewriter rewriter)
    {
        Value last = consumer.Output;
        consumer.Remove();
        node.SetEpilogue(fused.Program, fused.Operands);
        rewriter.Graph.Replace(last, node.Output);
        node.Output.Name = last.Name;
        node.Output.Type = last.Type;
    }

    private sealed record Fused(ElementProgram Program, IReadOnlyList<Value> Operands);
}
