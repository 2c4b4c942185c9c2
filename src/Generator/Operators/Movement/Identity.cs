using AotCompiler.Ir;

namespace AotCompiler.Operators.Movement;

/// <summary>Identity: its input.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Identity.html · Types: all tensors · Opsets: 14 and 16 added sequences and optionals, which are not supported.</remarks>
internal sealed class Identity : ReshapingOperator
{
    public Identity()
        : base("Identity")
    {
    }

    public override (int Min, int Max) InputCount => (1, 1);

    protected override Shape ResultShape(InferContext context) => context.Shape(0);
}
