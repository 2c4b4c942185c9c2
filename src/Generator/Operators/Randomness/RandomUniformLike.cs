using AotCompiler.Ir;

namespace AotCompiler.Operators.Randomness;

/// <summary>RandomUniformLike: numbers of a uniform distribution between low and high, in the shape of the input.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__RandomUniformLike.html · Types: f32, f64, f16, bf16. · Opsets: 22 added bfloat16. The numbers: see <see cref="RandomNumbers"/>.</remarks>
internal sealed class RandomUniformLike : ComposedOperator
{
    public RandomUniformLike()
        : base("RandomUniformLike")
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
        (float low, float high) = (node.Attributes.Float("low", 0), node.Attributes.Float("high", 1));
        Value numbers = compose.Mul(RandomNumbers.Uniform(compose, shape, computed), compose.Scalar((double)high - low, computed));
        compose.Return(compose.Cast(compose.Add(numbers, compose.Scalar(low, computed)), type));
    }
}
