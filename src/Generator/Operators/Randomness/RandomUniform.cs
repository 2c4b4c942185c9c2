using AotCompiler.Ir;

namespace AotCompiler.Operators.Randomness;

/// <summary>RandomUniform: numbers of a uniform distribution between low and high.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__RandomUniform.html · Types: f32, f64, f16, bf16. · Opsets: 22 added bfloat16. The numbers: see <see cref="RandomNumbers"/>.</remarks>
internal sealed class RandomUniform : ComposedOperator
{
    public RandomUniform()
        : base("RandomUniform")
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
        (float low, float high) = (node.Attributes.Float("low", 0), node.Attributes.Float("high", 1));
        Value numbers = compose.Mul(RandomNumbers.Uniform(compose, shape, computed), compose.Scalar((double)high - low, computed));
        compose.Return(compose.Cast(compose.Add(numbers, compose.Scalar(low, computed)), type));
    }
}
