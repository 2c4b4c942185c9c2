using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Recurrent;

/// <summary>Writes the body of a <see cref="RecurrentLoop"/>: one step of all sequences in one direction. Vectors are rows, [B, H].</summary>
internal sealed class RecurrentCell
{
    private readonly Composer _body;
    private readonly RecurrentForm _form;
    private readonly RecurrentProducts _products;
    private readonly IReadOnlyList<ActivationChoice> _activations;
    private readonly Func<int, Value> _inputs;
    private readonly Func<string, Value?> _outer;

    /// <param name="body">The body.</param>
    /// <param name="form">The recurrent node's form.</param>
    /// <param name="products">Its products.</param>
    /// <param name="activations">The functions f, g, h of the direction.</param>
    /// <param name="state">H before the step.</param>
    /// <param name="cell">C before the step, of LSTM.</param>
    /// <param name="inputs">A gate's projected input and its bias, for the step.</param>
    /// <param name="outer">What is the same in all steps, as the body sees it: the weights of the products, <c>B</c> the bias of a gate, <c>P</c> peepholes; null for what the node does not have.</param>
    public RecurrentCell(
        Composer body,
        RecurrentForm form,
        RecurrentProducts products,
        IReadOnlyList<ActivationChoice> activations,
        Value state,
        Value? cell,
        Func<int, Value> inputs,
        Func<string, Value?> outer)
    {
        _body = body;
        _form = form;
        _products = products;
        _activations = activations;
        State = state;
        Cell = cell;
        _inputs = inputs;
        _outer = outer;
    }

    /// <summary>H before the step.</summary>
    public Value State { get; }

    /// <summary>C before the step; null but for LSTM.</summary>
    public Value? Cell { get; }

    /// <summary>X · Wᵀ + Wb of a gate.</summary>
    public Value Input(int gate) => _inputs(gate);

    /// <summary>state · Rᵀ + Rb of a gate.</summary>
    public Value Recurrent(int gate, Value state)
    {
        Value product = _products.Multiply(_body, state, gate, _outer);
        return _outer($"B{gate}") is { } bias ? Add(product, bias) : product;
    }

    /// <summary>All that a gate adds up.</summary>
    public Value Sum(int gate) => Add(Input(gate), Recurrent(gate, State));

    /// <summary>LSTM's peephole weights: 0 input, 1 output, 2 forget; null if the node has none.</summary>
    public Value? Peephole(int index) => _outer($"P{index}");

    /// <summary>An activation of the direction, of a clipped argument.</summary>
    public Value Activate(int index, Value x) => ActivateWhole(index, _form.Clip is { } clip ? _body.Op("Clip", x, Number(-clip), Number(clip)) : x);

    /// <summary>An activation of the direction, of its argument as it is.</summary>
    public Value ActivateWhole(int index, Value x)
    {
        ActivationChoice choice = _activations[index];
        return choice.Name switch
        {
            "Affine" => Add(Mul(Number(choice.Scale), x), Number(choice.Beta ?? 0)),
            "ScaledTanh" => Mul(Number(choice.Scale), _body.Op("Tanh", Mul(Number(choice.Beta ?? 1), x))),
            _ => _body.Op(choice.Name, new[] { x }, choice.Attributes.ToArray()),
        };
    }

    /// <summary>1 - x.</summary>
    public Value Complement(Value x) => _body.Sub(Number(1), x);

    public Value Add(Value a, Value b) => _body.Add(a, b);

    public Value Mul(Value a, Value b) => _body.Mul(a, b);

    private Value Number(double value) => _body.Scalar(value, _products.Type);
}
