using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>com.microsoft's QLinear operators of two tensors that broadcast, quantize(f(dequantize(a), dequantize(b))).</summary>
internal abstract class QuantizedBinaryOperator : ComposedOperator
{
    private readonly string _function;
    private readonly string _unrounded;

    /// <param name="name">Operator type.</param>
    /// <param name="function">The standard operator on real numbers.</param>
    /// <param name="unrounded">The operator of the compiler's own for scales and zero points that are known.</param>
    protected QuantizedBinaryOperator(string name, string function, string unrounded)
        : base(name, "com.microsoft")
    {
        _function = function;
        _unrounded = unrounded;
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

    /// <summary>The attributes of the operator of the compiler's own, for scales and zero points.</summary>
    protected abstract (string Name, object Value)[] Attributes((float Scale, float Zero) a, (float Scale, float Zero) b, (float Scale, float Zero) result);

    protected sealed override void Compose(Node node, Composer compose)
    {
        if (Known(node, 1) is { } left && Known(node, 4) is { } right && Known(node, 6) is { } result)
        {
            Value Whole(int input) => compose.Dequantize(node.Required(input), compose.Scalar(1), node.Input(input + 2));
            Value unrounded = compose.Op(OperatorRegistry.Get(_unrounded, InternalDomain), new[] { Whole(0), Whole(3) }, Attributes(left, right, result));
            compose.Return(compose.Quantize(unrounded, compose.Scalar(1), null, node.Required(0).Type));
            return;
        }

        Value a = compose.Dequantize(node.Required(0), node.Required(1), node.Input(2));
        Value b = compose.Dequantize(node.Required(3), node.Required(4), node.Input(5));
        compose.Return(compose.Quantize(compose.Op(_function, a, b), node.Required(6), node.Input(7), node.Required(0).Type));
    }

    /// <summary>A scale, and the zero point behind it.</summary>
    private static (float Scale, float Zero)? Known(Node node, int scale) =>
        ElementEvaluation.Uniform(node.Required(scale).Constant) is { } factor and > 0
        && (node.Input(scale + 1) is { } zeroPoint ? ElementEvaluation.Uniform(zeroPoint.Constant) : 0) is { } zero
            ? ((float)factor, (float)zero)
            : null;
}
