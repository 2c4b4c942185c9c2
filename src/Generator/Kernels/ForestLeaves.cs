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
    public IEnumerable<TensorView> Reads => new[] { Starts, Targets, Weights }.Where(static v => v is not null).Select(static v => v!);

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

    /// <summary>Begins a row.</summary>
    public void EmitStart(StepWriter writer, string y)
    {
        writer.Line($"{Element}* scores = {y} + (row * {TargetCount}L);");
        if (TargetCount == 1)
        {
            writer.Line($"{Element} score = {Start};");
            return;
        }

        using (writer.For("t", TargetCount))
        {
            writer.Line($"scores[t] = {Start};");
        }
    }

    /// <summary>Adds what a leaf holds.</summary>
    /// <param name="writer">The code.</param>
    /// <param name="leaf">Its number, an expression.</param>
    public void Emit(StepWriter writer, string leaf)
    {
        if (Starts is null)
        {
            EmitWeight(writer, $"leafWeights[{leaf}]", leaf);
            return;
        }

        using (writer.Block($"for (int i = leafStarts[{leaf}]; i < leafStarts[{leaf} + 1]; i++)"))
        {
            EmitWeight(writer, "leafWeights[i]", "i");
        }
    }

    /// <summary>Adds a weight to its target's score.</summary>
    /// <param name="writer">The code.</param>
    /// <param name="weight">The weight, an expression without effects.</param>
    /// <param name="number">The number of the weight, which tells the target where there are several.</param>
    public void EmitWeight(StepWriter writer, string weight, string number)
    {
        string score = TargetCount == 1 ? "score" : $"scores[leafTargets[{number}]]";
        writer.Line(Aggregate switch
        {
            ForestAggregate.Min => $"{score} = {weight} < {score} ? {weight} : {score};",
            ForestAggregate.Max => $"{score} = {weight} > {score} ? {weight} : {score};",
            _ => $"{score} += {weight};",
        });
    }

    /// <summary>Ends a row.</summary>
    public void EmitFinish(StepWriter writer)
    {
        if (TargetCount == 1)
        {
            writer.Line($"scores[0] = {Finished("score")};");
        }
        else if (Aggregate != ForestAggregate.Sum)
        {
            using (writer.For("t", TargetCount))
            {
                writer.Line($"scores[t] = {Finished("scores[t]")};");
            }
        }
    }

    private string Finished(string score) => Aggregate switch
    {
        ForestAggregate.Sum => score,
        ForestAggregate.Average => $"{score} / {Trees}",
        _ => $"{score} == {Start} ? 0 : {score}",
    };
}
