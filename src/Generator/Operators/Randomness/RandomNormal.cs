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

    protected override void Compose(Node node, Composer compose) =>
        RandomNumbers.ReturnNormal(compose, RandomNumbers.TypeOf(node, ElementType.Float32), RandomNumbers.ShapeOf(compose));
}
