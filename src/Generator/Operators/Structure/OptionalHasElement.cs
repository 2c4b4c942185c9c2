using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>OptionalHasElement: whether an optional has an element, a constant unless a branch decides it; tensors and sequences count as such.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__OptionalHasElement.html. Opset 18 allowed tensors, sequences and no input at all.</remarks>
internal sealed class OptionalHasElement : StructuralOperator
{
    public OptionalHasElement()
        : base("OptionalHasElement")
    {
    }

    public override int Since => 15;

    public override (int Min, int Max) InputCount => (0, 1);

    public override void Import(StructureContext context)
    {
        if (context.Input(0) is OptionalValue { Present: { } present })
        {
            context.SetOutput(0, new TensorValue(present));
            return;
        }

        bool has = context.Input(0) is not (null or OptionalValue { Element: null });
        context.SetOutput(0, new TensorValue(context.Constant(
            Tensor.FromBytes(ElementType.Bool, Shape.Scalar, new[] { (byte)(has ? 1 : 0) }, has ? "true" : "false"), "has")));
    }
}
