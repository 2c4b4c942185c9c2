using AotCompiler.Ir;

namespace AotCompiler.Operators.Randomness;

/// <summary>RandomNormalLike: numbers of a normal distribution, in the shape of the input.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__RandomNormalLike.html · Types: f32, f64, f16, bf16. · Opsets: 22 added bfloat16. The numbers: see <see cref="RandomNumbers"/>.</remarks>
internal sealed class RandomNormalLike : ComposedOperator
{
    public RandomNormalLike()
        : base("RandomNormalLike")
    {
    }

    public override int Since => 1;

    public override (int Min, int Max) InputCount => (1, 1);

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        Value like = node.Required(0);
        ElementType type = RandomNumbers.TypeOf(node, like.Type);
        Shape shape = like.Shape;
        compose.RequireFloat(type);
        ElementType computed = RandomNumbers.ComputedType(type);
        Value numbers = compose.Mul(RandomNumbers.Normal(compose, shape, computed), compose.Scalar(node.Attributes.Float("scale", 1), computed));
        compose.Return(compose.Cast(compose.Add(numbers, compose.Scalar(node.Attributes.Float("mean", 0), computed)), type));
    }
}
