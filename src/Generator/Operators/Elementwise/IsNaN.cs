using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>IsNaN: true where x is not a number.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__IsNaN.html · Types: f32, f64, f8 · Opsets: 9 introduced it; 13 and 20 added types.</remarks>
internal sealed class IsNaN : UnaryFunctionOperator
{
    public IsNaN()
        : base("IsNaN", new DelegateFunction("IsNaN", 1, "isnan({0})")
        {
            Real = static x => double.IsNaN(x[0]) ? 1 : 0,
            Float = static (_, x) => $"float.IsNaN({x[0]})",
            Double = static x => $"double.IsNaN({x[0]})",
            Native = static (lanes, _, x) => $"~{lanes.Mask($"{lanes.Class}.Equals({x[0]}, {x[0]})")}",
            NativeFor = DelegateFunction.OrderedOfAnyWidth,
            Result = ElementType.Bool,
        })
    {
    }

    public override int Since => 9;

    public override void Upgrade(UpgradeContext context)
    {
        base.Upgrade(context);
        context.WidenNarrowFloat(0);
    }
}
