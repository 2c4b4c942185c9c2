using System;
using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Recurrent;

/// <summary>How a <see cref="RecurrentLoop"/> multiplies inputs and states by the weights of a recurrent node.</summary>
internal abstract class RecurrentProducts
{
    /// <param name="compose">Takes the parts outside the loop; its node is the recurrent one.</param>
    /// <param name="form">The node's form.</param>
    protected RecurrentProducts(Composer compose, RecurrentForm form)
    {
        Compose = compose;
        Form = form;
    }

    /// <summary>Element type of states and sums.</summary>
    public abstract ElementType Type { get; }

    /// <summary>True if the product of one sequence depends on the states of all, so that it matters what stands for those that have ended.</summary>
    public virtual bool MixesSequences => false;

    protected Composer Compose { get; }

    protected RecurrentForm Form { get; }

    /// <summary>The products of all inputs [T, B, I] in one direction, [T, B, gates · H], without bias.</summary>
    public abstract Value Project(Value x, int direction);

    /// <summary>The weights of a direction that the products of states read, by role.</summary>
    public abstract IEnumerable<(string Role, Value Weights)> Weights(int direction);

    /// <summary>The product of states [B, H] with the weights of one gate, [B, H], without bias.</summary>
    /// <param name="body">Takes the parts inside the loop.</param>
    /// <param name="state">The states.</param>
    /// <param name="gate">The gate.</param>
    /// <param name="weights">The weights inside the loop, by role; null for those that <see cref="Weights"/> does not give.</param>
    public abstract Value Multiply(Composer body, Value state, int gate, Func<string, Value?> weights);

    /// <summary>What of an input belongs to a direction; null if the input is absent.</summary>
    public Value? Part(int input, int direction)
    {
        int axis = Form.BatchFirst && input is 5 or 6 ? 1 : 0;
        return Compose.Node.Input(input) is { } value ? Compose.Squeeze(Compose.Slice(value, axis, direction, direction + 1), axis) : null;
    }
}

/// <summary>Products of real numbers: weights W [D, gates · H, I] and R [D, gates · H, H].</summary>
internal sealed class RealProducts : RecurrentProducts
{
    public RealProducts(Composer compose, RecurrentForm form)
        : base(compose, form)
    {
    }

    public override ElementType Type => Compose.Node.Required(0).Type;

    public override Value Project(Value x, int direction) => Compose.MatMul(x, Compose.Transpose(Part(1, direction)!, 1, 0));

    public override IEnumerable<(string Role, Value Weights)> Weights(int direction)
    {
        Value r = Part(2, direction)!;
        for (int gate = 0; gate < Form.Gates; gate++)
        {
            int first = gate * Form.Hidden;
            yield return ($"R{gate}", Compose.Transpose(Compose.Slice(r, 0, first, first + Form.Hidden), 1, 0));
        }
    }

    public override Value Multiply(Composer body, Value state, int gate, Func<string, Value?> weights) => body.MatMul(state, weights($"R{gate}")!);
}
