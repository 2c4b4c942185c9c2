using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators.MachineLearning;

namespace AotCompiler.Kernels;

/// <summary>What the leaves of a forest hold, and how the trees' answers are joined to a row of scores.</summary>
/// <param name="Starts">i32 [leaves + 1]: where the weights of each leaf begin; null if each holds one.</param>
/// <param name="Targets">i32 [weights]: the target of each; null if there is one.</param>
/// <param name="Weights">The weights; null if the walk ends at them.</param>
/// <param name="Output">Dense [rows, targets].</param>
/// <param name="Aggregate">How trees are joined.</param>
/// <param name="Trees">How many there are.</param>
internal sealed record ForestLeaves(TensorView? Starts, TensorView? Targets, TensorView? Weights, TensorView Output, ForestAggregate Aggregate, int Trees)
{
    /// <summary>What leaves read.</summary>
    public IEnumerable<TensorView> Reads => new[] { Starts, Targets, Weights }.OfType<TensorView>();

    /// <summary>The sentence about a step that walks the trees.</summary>
    public string Summary => $"{Trees} decision trees, joined by {Aggregate.ToString().ToLowerInvariant()}";

    private int TargetCount => Output.Shape[1];

    private string Element => Output.Type.CSharpName();

    /// <summary>What a target has before any leaf: minima and maxima of nothing are recognised by it at the end.</summary>
    private string Start => Aggregate switch
    {
        ForestAggregate.Min => $"{Element}.PositiveInfinity",
        ForestAggregate.Max => $"{Element}.NegativeInfinity",
        _ => "0",
    };

    /// <summary>Declares the pointers that <see cref="Emit"/> reads.</summary>
    public void EmitPointers(StepWriter writer)
    {
        foreach ((TensorView? table, string name) in new[] { (Starts, "leafStarts"), (Targets, "leafTargets"), (Weights, "leafWeights") })
        {
            if (table is not null)
            {
                writer.Pointer(table, name);
            }
        }
    }

    /// <summary>The scores of a row, an expression.</summary>
    /// <param name="y">The pointer to all scores.</param>
    /// <param name="row">The row, an expression.</param>
    public string Row(string y, string row) => TargetCount == 1 ? $"({y} + {row})" : $"({y} + (({row}) * {TargetCount}L))";

    /// <summary>Begins a row.</summary>
    public void EmitStart(StepWriter writer, string scores)
    {
        using (writer.For("t", TargetCount))
        {
            writer.Line($"{scores}[t] = {Start};");
        }
    }

    /// <summary>Adds what a leaf holds to a row's scores.</summary>
    /// <param name="writer">The code.</param>
    /// <param name="scores">The row's scores; a local if <paramref name="isLocal"/>.</param>
    /// <param name="leaf">The leaf's number, or its weight where the walk ends at it, an expression without effects.</param>
    /// <param name="isLocal">True if the only score is in a local.</param>
    public void Emit(StepWriter writer, string scores, string leaf, bool isLocal = false)
    {
        if (Starts is null)
        {
            EmitWeight(writer, scores, Weights is null ? leaf : $"leafWeights[{leaf}]", leaf, isLocal);
            return;
        }

        using (writer.Block($"for (int i = leafStarts[{leaf}]; i < leafStarts[{leaf} + 1]; i++)"))
        {
            EmitWeight(writer, scores, "leafWeights[i]", "i", isLocal);
        }
    }

    /// <summary>Ends a row.</summary>
    public void EmitFinish(StepWriter writer, string scores)
    {
        if (Aggregate != ForestAggregate.Sum)
        {
            using (writer.For("t", TargetCount))
            {
                writer.Line($"{scores}[t] = {(Aggregate == ForestAggregate.Average ? $"{scores}[t] / {Trees}" : $"{scores}[t] == {Start} ? 0 : {scores}[t]")};");
            }
        }
    }

    private void EmitWeight(StepWriter writer, string scores, string weight, string number, bool isLocal)
    {
        string score = isLocal ? scores : TargetCount == 1 ? $"{scores}[0]" : $"{scores}[leafTargets[{number}]]";
        writer.Line(Aggregate switch
        {
            ForestAggregate.Min => $"{score} = {weight} < {score} ? {weight} : {score};",
            ForestAggregate.Max => $"{score} = {weight} > {score} ? {weight} : {score};",
            _ => $"{score} += {weight};",
        });
    }
}
