using System;
using System.Collections.Generic;
using AotCompiler.Ir;
using AotCompiler.Operators.Quantization;

namespace AotCompiler.Operators.Recurrent;

/// <summary>
/// Products with weights of 8-bit codes, W [D, I, gates · H] and R [D, H, gates · H] with scales and zero points as inputs 8 to 11, on whole
/// numbers: as in ONNX Runtime, the inputs of all steps and sequences are quantised to u8 by their range, and in each step the states of all sequences.
/// </summary>
internal sealed class CodeProducts : RecurrentProducts
{
    private const int InputScale = 8;
    private const int StateScale = 10;
    private readonly Dictionary<Value, (Value Codes, Value Scale, Value ZeroPoint)> _inputs = new();
    private readonly Dictionary<Value, Value> _products = new();

    public CodeProducts(Composer compose, RecurrentForm form)
        : base(compose, form)
    {
    }

    public override ElementType Type => ElementType.Float32;

    public override bool MixesSequences => true;

    public override Value Project(Value x, int direction)
    {
        if (!_inputs.TryGetValue(x, out (Value Codes, Value Scale, Value ZeroPoint) codes))
        {
            _inputs[x] = codes = DynamicQuantizeLinear.Quantize(WithinLongest(x), Compose);
        }

        return Product(Compose, codes, Part(1, direction)!, Part(InputScale, direction)!, Part(InputScale + 1, direction));
    }

    public override IEnumerable<(string Role, Value Weights)> Weights(int direction)
    {
        yield return ("R", Part(2, direction)!);
        yield return ("scale", Part(StateScale, direction)!);
        if (Part(StateScale + 1, direction) is { } zeroPoint)
        {
            yield return ("zero", zeroPoint);
        }
    }

    public override Value Multiply(Composer body, Value state, int gate, Func<string, Value?> weights)
    {
        if (!_products.TryGetValue(state, out Value? product))
        {
            _products[state] = product = Product(body, DynamicQuantizeLinear.Quantize(state, body), weights("R")!, weights("scale")!, weights("zero"));
        }

        return body.Slice(product, 1, gate * Form.Hidden, (gate + 1) * Form.Hidden);
    }

    private static Value Product(Composer compose, (Value Codes, Value Scale, Value ZeroPoint) left, Value right, Value scale, Value? zeroPoint) => compose.Op(
        OperatorRegistry.Get("MatMulIntegerToFloat", "com.microsoft"), new[] { left.Codes, right, left.Scale, scale, left.ZeroPoint, zeroPoint });

    /// <summary>Inputs without the steps behind the longest sequence, which ONNX Runtime does not read: zeros do not change a range.</summary>
    private Value WithinLongest(Value x)
    {
        if (Compose.Node.Input(4) is not { } lengths)
        {
            return x;
        }

        Value longest = Compose.Reduce("ReduceMax", Compose.Cast(lengths, ElementType.Int64), keep: false);
        Value inside = Compose.Op("Less", Compose.Unsqueeze(Compose.Positions(x, 0), 1, 2), longest);
        return Compose.Where(inside, x, Compose.Scalar(0));
    }
}
