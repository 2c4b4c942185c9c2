using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>com.microsoft's QLinear operators of one tensor, quantize(f(dequantize(x))): inputs x, its scale and zero point, the result's scale and zero point.</summary>
internal abstract class QuantizedUnaryOperator : ComposedOperator
{
    protected const int InputZeroPoint = 2;
    protected const int OutputScale = 3;
    protected const int OutputZeroPoint = 4;

    protected QuantizedUnaryOperator(string name)
        : base(name, "com.microsoft")
    {
    }

    public sealed override (int Min, int Max) InputCount => (4, 5);

    public override bool RoundsToCodes => true;

    public sealed override void Infer(InferContext context)
    {
        QuantizedOperands.Check(context, 0, 1, InputZeroPoint);
        QuantizedOperands.CheckResult(context, OutputScale, OutputZeroPoint, context.Type(0));
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => node.Required(input).Shape.Rank > 1;

    protected sealed override void Compose(Node node, Composer compose) => compose.Return(Codes(node, compose));

    /// <summary>The result.</summary>
    protected virtual Value Codes(Node node, Composer compose)
    {
        Value x = node.Required(0);
        Value real = compose.Dequantize(x, node.Required(1), node.Input(InputZeroPoint));
        return compose.Quantize(Function(node, real, compose), node.Required(OutputScale), node.Input(OutputZeroPoint), x.Type);
    }

    /// <summary>The function on real numbers.</summary>
    protected abstract Value Function(Node node, Value x, Composer compose);
}
