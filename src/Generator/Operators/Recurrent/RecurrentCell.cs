using System;
using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Recurrent;

/// <summary>Writes the body of a <see cref="RecurrentLoop"/>: one step of all sequences in one direction. Vectors are rows, [B, H].</summary>
internal sealed class RecurrentCell
{
    private readonly GraphRewriter _body;
    private readonly string _name;
    private readonly RecurrentForm _form;
    private readonly IReadOnlyList<ActivationChoice> _activations;
    private readonly Func<int, Value> _inputs;
    private readonly Func<string, Value?> _outer;

    /// <param name="body">The body.</param>
    /// <param name="name">Name of the recurrent node.</param>
    /// <param name="form">Its form.</param>
    /// <param name="activations">The functions f, g, h of the direction.</param>
    /// <param name="state">H before the step.</param>
    /// <param name="cell">C before the step, of LSTM.</param>
    /// <param name="inputs">A gate's projected input and its bias, for the step.</param>
    /// <param name="outer">What is the same in all steps, as the body sees it: <c>R</c> of a gate transposed [H, H], <c>B</c> its bias, <c>P</c> peepholes; null for what the node does not have.</param>
    public RecurrentCell(
        GraphRewriter body,
        string name,
        RecurrentForm form,
        IReadOnlyList<ActivationChoice> activations,
        Value state,
        Value? cell,
        Func<int, Value> inputs,
        Func<string, Value?> outer)
    {
        _body = body;
        _name = name;
        _form = form;
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
        Value product = Op("MatMul", state, _outer($"R{gate}")!);
        return _outer($"B{gate}") is { } bias ? Add(product, bias) : product;
    }

    /// <summary>All that a gate adds up.</summary>
    public Value Sum(int gate) => Add(Input(gate), Recurrent(gate, State));

    /// <summary>LSTM's peephole weights: 0 input, 1 output, 2 forget; null if the node has none.</summary>
    public Value? Peephole(int index) => _outer($"P{index}");

    /// <summary>An activation of the direction, of a clipped argument.</summary>
    public Value Activate(int index, Value x) => ActivateWhole(index, _form.Clip is { } clip ? Op("Clip", x, Number(-clip), Number(clip)) : x);

    /// <summary>An activation of the direction, of its argument as it is.</summary>
    public Value ActivateWhole(int index, Value x)
    {
        ActivationChoice choice = _activations[index];
        return choice.Name switch
        {
            "Affine" => Add(Mul(Number(choice.Scale), x), Number(choice.Beta ?? 0)),
            "ScaledTanh" => Mul(Number(choice.Scale), Op("Tanh", Mul(Number(choice.Beta ?? 1), x))),
            _ => _body.Insert(OperatorRegistry.Get(choice.Name), _name, new[] { x }, choice.Attributes),
        };
    }

    /// <summary>1 - x.</summary>
    public Value Complement(Value x) => Op("Sub", Number(1), x);

    public Value Add(Value a, Value b) => Op("Add", a, b);

    public Value Mul(Value a, Value b) => Op("Mul", a, b);

    private Value Op(string op, params Value[] inputs) => _body.Insert(op, _name, inputs);

    private Value Number(double value) => _body.Constant(Tensor.Create(ElementType.Float64, Shape.Scalar, new[] { value }), _name);
}
