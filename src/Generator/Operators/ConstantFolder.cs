using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>Evaluates nodes whose inputs are all constant, or matter only by their shape, or whose results are empty. Small results are computed at once, large ones become recipes.</summary>
internal static class ConstantFolder
{
    /// <summary>Bytes of one folded constant beyond which the node stays in the graph.</summary>
    public const long LimitBytes = 1L << 31;

    // Plain evaluation makes some hundred million products in a second: beyond this a model could hold up a build.
    private const long MaxProducts = 1L << 28;

    // A small result is computed at once, and everything it is made of with it.
    private const long MaxElementsRead = 1L << 24;

    private const int MaxRecipeLength = 120;

    /// <summary>Gives the node's outputs their constants; false if an input is not constant. The caller removes the node.</summary>
    public static bool TryFold(Node node)
    {
        if (!node.Operator.IsPure || node.Outputs.Any(static v => !v.Type.HasWholeBytes()) || node.Epilogue is not null || node.ComputedSizes.Count > 0 || SizeTracing.HasRunTimeSizes(node))
        {
            return false;
        }

        if (node.Outputs.All(static v => v.Shape.ElementCount == 0))
        {
            FoldEmpty(node);
            return true;
        }

        for (int i = 0; i < node.Inputs.Count; i++)
        {
            if (node.Inputs[i] is { IsConstant: false } && node.Operator.ReadsData(i))
            {
                return false;
            }
        }

        if (node.Outputs.Any(static v => v.Shape.ElementCount * v.Type.Size() >= LimitBytes))
        {
            throw new ModelException(DiagnosticCodes.TooLarge, NodeContext.Describe(node, "the constant it makes is beyond 2 GiB", "Reduce the bound dimensions."));
        }

        if (IsTooMuchWork(node))
        {
            return false;
        }

        Tensor?[] inputs = node.Operator.Operands(node, static v => v.Constant!);
        string recipe = Recipe(node, inputs);
        IReadOnlyList<Tensor>? results = null;
        IReadOnlyList<Tensor> Results() => results ??= NodeEvaluation.Evaluate(node, inputs);
        bool single = node.Outputs.Count == 1;
        for (int i = 0; i < node.Outputs.Count; i++)
        {
            Value output = node.Outputs[i];
            int index = i;
            output.Constant = Tensor.Lazy(
                output.Type,
                output.Shape,
                recipe,
                () => single ? NodeEvaluation.Evaluate(node, inputs)[0].Memory : Results()[index].Memory);
        }

        return true;
    }

    /// <summary>True for work that is better left to run time: very many products, or a small result of very large recipes.</summary>
    private static bool IsTooMuchWork(Node node)
    {
        bool small = node.Outputs.All(static v => v.Shape.ElementCount * v.Type.Size() <= Tensor.EagerLimitBytes);
        return node.Operator.EvaluationProducts(node) > MaxProducts
            || (small && node.Inputs.Where((v, i) => v is not null && node.Operator.ReadsData(i)).Sum(static v => v!.Shape.ElementCount) > MaxElementsRead);
    }

    /// <summary>What has no elements is known without its inputs; so no kernel ever has to make nothing.</summary>
    private static void FoldEmpty(Node node)
    {
        foreach (Value output in node.Outputs)
        {
            output.Constant = Tensor.FromBytes(output.Type, output.Shape, Array.Empty<byte>(), "empty");
        }
    }

    /// <summary>The operator applied to its inputs' recipes; a long chain is named after its last node.</summary>
    private static string Recipe(Node node, Tensor?[] inputs)
    {
        string text = $"{node.Operator.Name}({string.Join(", ", inputs.Where(static t => t is not null).Select(static t => t!.Recipe))})";
        return text.Length <= MaxRecipeLength ? text : $"{node.Operator.Name}[{node.Name}]";
    }
}
