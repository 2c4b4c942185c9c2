using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Recurrent;

/// <summary>Runs a recurrent node by its definition, in double precision.</summary>
internal sealed class RecurrentOracle
{
    private readonly RecurrentForm _form;
    private readonly IReadOnlyList<Tensor?> _inputs;
    private readonly Action<RecurrentOracle, int> _cell;
    private int _direction;
    private int _batch;
    private int _step;

    /// <param name="form">The node.</param>
    /// <param name="inputs">X, W, R, B, sequence_lens, initial_h, initial_c, P; absent ones null.</param>
    /// <param name="cell">Computes one step of one sequence and direction.</param>
    public RecurrentOracle(RecurrentForm form, IReadOnlyList<Tensor?> inputs, Action<RecurrentOracle, int> cell)
    {
        _form = form;
        _inputs = inputs;
        _cell = cell;
        State = new double[form.Hidden];
        Cell = new double[form.Hidden];
    }

    /// <summary>The hidden state of the sequence that is being computed, [H].</summary>
    public double[] State { get; private set; }

    /// <summary>Its cell state, [H].</summary>
    public double[] Cell { get; private set; }

    /// <summary>X · Wᵀ + Wb of a gate's unit, for the current step.</summary>
    public double Input(int gate, int unit)
    {
        int row = (gate * _form.Hidden) + unit;
        double sum = Bias(row);
        ReadOnlySpan<float> x = _inputs[0]!.Floats().Slice(_form.InputIndex(_step, _batch), _form.InputSize);
        if (_form.IsProjected)
        {
            return sum + x[(_direction * _form.GateRows) + row];
        }

        ReadOnlySpan<float> w = _inputs[1]!.Floats().Slice(((_direction * _form.GateRows) + row) * _form.InputSize, _form.InputSize);
        for (int k = 0; k < x.Length; k++)
        {
            sum += (double)x[k] * w[k];
        }

        return sum;
    }

    /// <summary>state · Rᵀ + Rb of a gate's unit.</summary>
    public double Recurrent(int gate, int unit, double[] state)
    {
        int row = (gate * _form.Hidden) + unit;
        double sum = Bias(_form.GateRows + row);
        ReadOnlySpan<float> r = _inputs[2]!.Floats().Slice(((_direction * _form.GateRows) + row) * _form.Hidden, _form.Hidden);
        for (int k = 0; k < state.Length; k++)
        {
            sum += state[k] * r[k];
        }

        return sum;
    }

    /// <summary>LSTM's peephole weight: 0 input, 1 output, 2 forget.</summary>
    public double Peephole(int index, int unit) =>
        _inputs.Count > 7 && _inputs[7] is { } p ? p.Floats()[(((_direction * 3) + index) * _form.Hidden) + unit] : 0;

    /// <summary>An activation of the current direction, on its clipped argument.</summary>
    public double Activate(int index, double x) => ActivateWhole(index, _form.Clip is { } clip ? Math.Max(-clip, Math.Min(clip, x)) : x);

    /// <summary>An activation of the current direction, on its argument as it is.</summary>
    public double ActivateWhole(int index, double x) => _form.Activation(_direction, index).Evaluate(new[] { x });

    /// <summary>Runs all directions and sequences.</summary>
    /// <param name="outputs">How many of Y, Y_h and Y_c are wanted.</param>
    public IReadOnlyList<Tensor> Run(int outputs)
    {
        var y = new float[_form.SequenceShape.ElementCount];
        var states = new float[_form.StateShape.ElementCount];
        var cells = new float[_form.StateShape.ElementCount];
        for (_direction = 0; _direction < _form.Directions; _direction++)
        {
            for (_batch = 0; _batch < _form.Batch; _batch++)
            {
                int at = _form.StateIndex(_direction, _batch);
                State = Initial(5, at);
                Cell = Initial(6, at);
                RunSequence(y);
                Store(State, states, at);
                Store(Cell, cells, at);
            }
        }

        return new[]
        {
            Tensor.Create(ElementType.Float32, _form.SequenceShape, y),
            Tensor.Create(ElementType.Float32, _form.StateShape, states),
            Tensor.Create(ElementType.Float32, _form.StateShape, cells),
        }.Take(outputs).ToArray();
    }

    private void RunSequence(float[] y)
    {
        long length = _inputs[4] is { } lengths ? lengths.ToInt64Array()[_batch] : _form.Steps;
        if (length < 0 || length > _form.Steps)
        {
            throw new ModelException(DiagnosticCodes.ShapeMismatch, $"A sequence length is outside [0, {_form.Steps}]. Check the model with its exporter.");
        }

        for (int s = 0; s < length; s++)
        {
            _step = _form.IsReversed(_direction) ? (int)length - 1 - s : s;
            _cell(this, _direction);
            Store(State, y, _form.OutputIndex(_step, _direction, _batch));
        }
    }

    private double Bias(int index) => _inputs[3] is { } b ? b.Floats()[(_direction * 2 * _form.GateRows) + index] : 0;

    private double[] Initial(int input, int at)
    {
        var result = new double[_form.Hidden];
        if (_inputs.Count > input && _inputs[input] is { } state)
        {
            for (int i = 0; i < result.Length; i++)
            {
                result[i] = state.Floats()[at + i];
            }
        }

        return result;
    }

    private static void Store(double[] source, float[] target, int at)
    {
        for (int i = 0; i < source.Length; i++)
        {
            target[at + i] = (float)source[i];
        }
    }
}
