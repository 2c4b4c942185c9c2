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

    protected override void Compose(Node node, Composer compose) =>
        RandomNumbers.ReturnUniform(compose, RandomNumbers.TypeOf(node, ElementType.Float32), RandomNumbers.ShapeOf(compose));
}
