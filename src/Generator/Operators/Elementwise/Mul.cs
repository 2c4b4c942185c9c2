using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators.Linear;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Mul: y = a · b with multidirectional broadcasting; integers wrap.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Mul.html · Types: f32, f64, integers · Opsets: 7 replaced the broadcast attribute; 14 added small integers.</remarks>
internal sealed class Mul : BinaryOperator
{
    public Mul()
        : base("Mul", new DelegateFunction("Mul", 2, "{0} · {1}")
        {
            Real = static x => x[0] * x[1],
            Integer = static x => unchecked(x[0] * x[1]),
            Float = static (_, x) => $"{x[0]} * {x[1]}",
            Doubles = static (_, x) => $"{x[0]} * {x[1]}",
            Native = static (_, _, x) => $"{x[0]} * {x[1]}",
            Other = static (type, x) => $"({type.CSharpName()})({x[0]} * {x[1]})",
            Cheap = true,
        })
    {
    }

    public override void Lower(Node node, LoweringContext context)
    {
        if (!GatedInput.Absorbs(node, context))
        {
            base.Lower(node, context);
        }
    }

    protected override double? LeftNeutral => 1;

    protected override double? RightNeutral => 1;
}
