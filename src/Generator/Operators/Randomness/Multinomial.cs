using AotCompiler.Ir;

namespace AotCompiler.Operators.Randomness;

/// <summary>Multinomial: samples of classes, whose unnormalised log-probabilities are the rows of the input.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Multinomial.html · Types: from floats to i32 and i64 · Opsets: 22 added bfloat16. A sample is the number of running sums of the probabilities that a uniform number has reached. The numbers: see <see cref="RandomNumbers"/>.</remarks>
internal sealed class Multinomial : ComposedOperator
{
    public Multinomial()
        : base("Multinomial")
    {
    }

    public override int Since => 7;

    public override (int Min, int Max) InputCount => (1, 1);

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => axis == 0 && node.Required(input).Shape.Rank > 1;

    protected override void Compose(Node node, Composer compose)
    {
        Value logits = node.Required(0);
        compose.RequireFloat(logits.Type);
        ElementType type = RandomNumbers.TypeOf(node, ElementType.Int32);
        long samples = node.Attributes.Int("sample_size", 1);
        compose.Check(logits.Shape.Rank == 2 && logits.Shape[1] > 0, "the input must be a matrix with a column per class");
        compose.Check(type is ElementType.Int32 or ElementType.Int64, "dtype must be i32 or i64");
        compose.Check(samples is > 0 and < int.MaxValue, "sample_size must be a positive number");
        ElementType computed = RandomNumbers.ComputedType(logits.Type);
        Value probabilities = compose.Op("Softmax", new[] { compose.Cast(logits, computed) }, ("axis", 1L));
        Value sums = compose.Unsqueeze(compose.Op("CumSum", probabilities, compose.Ints(1)), 1);
        Value numbers = compose.Unsqueeze(RandomNumbers.Uniform(compose, logits.Shape.With(1, (int)samples), computed), 2);
        Value passed = compose.Reduce("ReduceSum", compose.Cast(compose.Op("LessOrEqual", sums, numbers), ElementType.Int32), keep: false, 2);

        // Rounding may leave the last sum below 1.
        compose.Return(compose.Cast(compose.Op("Min", passed, compose.Scalar(logits.Shape[1] - 1, ElementType.Int32)), type));
    }
}
