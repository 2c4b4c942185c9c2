using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>IsInf: true where x is infinite, with the sign that attributes <c>detect_positive</c> and <c>detect_negative</c> allow.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__IsInf.html · Types: f32, f64, f8 · Opsets: 10 introduced it; 20 added types.</remarks>
internal sealed class IsInf : UnaryOperator
{
    public IsInf()
        : base("IsInf")
    {
    }

    public override int Since => 10;

    public override void Upgrade(UpgradeContext context)
    {
        base.Upgrade(context);
        context.WidenNarrowFloat(0);
    }

    public override ElementFunction Function(Node node)
    {
        bool positive = node.Attributes.Flag("detect_positive", true);
        bool negative = node.Attributes.Flag("detect_negative", true);
        string test = positive ? (negative ? "IsInfinity" : "IsPositiveInfinity") : "IsNegativeInfinity";
        bool any = positive || negative;
        return new DelegateFunction($"IsInf({positive},{negative})", 1, "isinf({0})")
        {
            Real = x => (positive && double.IsPositiveInfinity(x[0])) || (negative && double.IsNegativeInfinity(x[0])) ? 1 : 0,
            Float = (_, x) => any ? $"float.{test}({x[0]})" : "false",
            Double = x => any ? $"double.{test}({x[0]})" : "false",
            Native = (lanes, types, x) => any
                ? lanes.Mask($"{lanes.Class}.Equals({(positive && negative ? $"{lanes.Class}.Abs({x[0]})" : x[0])}, {lanes.Class}.Create({lanes.Element(types[0])}.{(positive ? "Positive" : "Negative")}Infinity))")
                : lanes.Zero(ElementType.Bool),
            NativeFor = DelegateFunction.OrderedOfAnyWidth,
            Result = ElementType.Bool,
        };
    }
}
