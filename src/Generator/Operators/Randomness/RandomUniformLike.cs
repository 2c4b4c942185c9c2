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

    protected override void Compose(Node node, Composer compose) =>
        RandomNumbers.ReturnUniform(compose, RandomNumbers.TypeOf(node, node.Required(0).Type), node.Required(0).Shape);
}
