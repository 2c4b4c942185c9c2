using AotCompiler.Ir;

namespace AotCompiler.Operators.Randomness;

/// <summary>Dropout in training: elements become 0 with the probability of ratio, the others grow by 1 / (1 - ratio). The mask is true where an element stays.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__Dropout.html. What <see cref="Elementwise.Dropout"/> becomes where input 2, training_mode, is not constant
/// false, and before opset 7 without is_test. A mode that is only known at run time decides in every run. The numbers: see <see cref="RandomNumbers"/>.
/// </remarks>
internal sealed class TrainingDropout : ComposedOperator
{
    private const float DefaultRatio = 0.5f;

    public TrainingDropout()
        : base("TrainingDropout", InternalDomain)
    {
    }

    public override (int Min, int Max) InputCount => (1, 3);

    public override (int Min, int Max) OutputCount => (1, 2);

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        Value x = node.Required(0);
        Value mode = node.Input(2) is { } given ? Mode(compose, given) : compose.Constant(Tensor.FromBytes(ElementType.Bool, Shape.Scalar, new byte[] { 1 }, "training"));
        compose.RequireFloat(x.Type);
        ElementType type = RandomNumbers.ComputedType(x.Type);
        Value ratio = node.Input(1) is { } share
            ? compose.Cast(compose.Reshape(share, Shape.Scalar), type)
            : compose.Scalar(node.Attributes.Float("ratio", DefaultRatio), type);
        Value stays = compose.Op("GreaterOrEqual", RandomNumbers.Uniform(compose, x.Shape, type), ratio);
        stays = compose.Op("Or", stays, compose.Op("Not", mode));
        Value grown = compose.Div(compose.Cast(x, type), compose.Sub(compose.Scalar(1, type), ratio));
        Value kept = compose.Where(mode, grown, compose.Cast(x, type));
        compose.Return(
            compose.Cast(compose.Where(stays, kept, compose.Scalar(0, type)), x.Type),
            node.Opset < 10 ? compose.Cast(stays, x.Type) : stays);
    }

    private static Value Mode(Composer compose, Value mode)
    {
        compose.Check(mode.Type == ElementType.Bool && mode.Shape.ElementCount == 1, "training_mode must be one bool");
        return compose.Reshape(mode, Shape.Scalar);
    }
}
