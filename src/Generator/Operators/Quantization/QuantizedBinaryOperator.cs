using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>com.microsoft's QLinear operators of two tensors that broadcast, quantize(f(dequantize(a), dequantize(b))).</summary>
internal abstract class QuantizedBinaryOperator : ComposedOperator
{
    private readonly string _function;

    /// <param name="name">Operator type.</param>
    /// <param name="function">The standard operator on real numbers.</param>
    protected QuantizedBinaryOperator(string name, string function)
        : base(name, "com.microsoft")
    {
        _function = function;
    }

    public sealed override (int Min, int Max) InputCount => (7, 8);

    public override bool RoundsToCodes => true;

    public sealed override void Infer(InferContext context)
    {
        QuantizedOperands.Check(context, 0, 1, 2);
        QuantizedOperands.Check(context, 3, 4, 5);
        context.RequireSameType(0, 3);
        QuantizedOperands.CheckResult(context, 6, 7, context.Type(0));
        context.SetOutput(0, context.Type(0), context.Broadcast(0, 3));
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => node.Required(input).Shape.Rank > 1;

    protected sealed override void Compose(Node node, Composer compose)
    {
        Value a = compose.Dequantize(node.Required(0), node.Required(1), node.Input(2));
        Value b = compose.Dequantize(node.Required(3), node.Required(4), node.Input(5));
        compose.Return(compose.Quantize(compose.Op(_function, a, b), node.Required(6), node.Input(7), node.Required(0).Type));
    }
}
