using AotCompiler.Ir;

namespace AotCompiler.Operators.Randomness;

/// <summary>RandomNormal: numbers of a normal distribution.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__RandomNormal.html · Types: f32, f64, f16, bf16. · Opsets: 22 added bfloat16. The numbers: see <see cref="RandomNumbers"/>.</remarks>
internal sealed class RandomNormal : ComposedOperator
{
    public RandomNormal()
        : base("RandomNormal")
    {
    }

    public override int Since => 1;

    public override (int Min, int Max) InputCount => (0, 0);

    protected override void Compose(Node node, Composer compose)
    {
        ElementType type = RandomNumbers.TypeOf(node, ElementType.Float32);
        Shape shape = RandomNumbers.ShapeOf(compose);
        compose.RequireFloat(type);
        ElementType computed = RandomNumbers.ComputedType(type);
        Value numbers = compose.Mul(RandomNumbers.Normal(compose, shape, computed), compose.Scalar(node.Attributes.Float("scale", 1), computed));
        compose.Return(compose.Cast(compose.Add(numbers, compose.Scalar(node.Attributes.Float("mean", 0), computed)), type));
    }
}
