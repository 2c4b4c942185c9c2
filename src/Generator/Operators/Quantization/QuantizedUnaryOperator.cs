using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>com.microsoft's QLinear operators of one tensor, quantize(f(dequantize(x))): inputs x, its scale and zero point, the result's scale and zero point.</summary>
internal abstract class QuantizedUnaryOperator : CompositeOperator
{
    private const int InputZeroPoint = 2;
    private const int OutputZeroPoint = 4;

    protected QuantizedUnaryOperator(string name)
        : base(name, "com.microsoft")
    {
    }

    public sealed override (int Min, int Max) InputCount => (4, 5);

    public override bool RoundsToCodes => true;

    public sealed override void Infer(InferContext context)
    {
        QuantizedOperands.Check(context, 0, 1, InputZeroPoint);
        QuantizedOperands.CheckResult(context, 3, OutputZeroPoint, context.Type(0));
        var expansion = new Expansion(new GraphRewriter(new Graph("inference")), context.Node.Name);
        Value real = new("x", ElementType.Float32, context.Shape(0));
        Value result = Function(context.Node, real, expansion);
        context.SetOutput(0, context.Type(0), result.Shape);
    }

    public sealed override IReadOnlyList<Value> Expand(Node node, Expansion expansion)
    {
        Value x = node.Required(0);
        Value real = expansion.Dequantize(x, node.Required(1), node.Input(InputZeroPoint));
        return new[] { expansion.Quantize(Function(node, real, expansion), node.Required(3), node.Input(OutputZeroPoint), x.Type) };
    }

    /// <summary>The function on real numbers.</summary>
    protected abstract Value Function(Node node, Value x, Expansion expansion);
}
