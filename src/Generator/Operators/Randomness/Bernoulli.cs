using AotCompiler.Ir;

namespace AotCompiler.Operators.Randomness;

/// <summary>Bernoulli: 1 with the probability that the input element gives, else 0.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Bernoulli.html · Types: from floats to numbers and bool · Opsets: 22 added bfloat16. The numbers: see <see cref="RandomNumbers"/>.</remarks>
internal sealed class Bernoulli : ComposedOperator
{
    public Bernoulli()
        : base("Bernoulli")
    {
    }

    public override int Since => 15;

    public override (int Min, int Max) InputCount => (1, 1);

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        Value probability = node.Required(0);
        compose.RequireFloat(probability.Type);
        ElementType computed = RandomNumbers.ComputedType(probability.Type);
        Value numbers = RandomNumbers.Uniform(compose, probability.Shape, computed);
        compose.Return(compose.Cast(compose.Op("Less", numbers, compose.Cast(probability, computed)), RandomNumbers.TypeOf(node, probability.Type)));
    }
}
