using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>Optional: an optional with the input, or without an element.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Optional.html. Whether there is an element is known at compile time, but for what an If gives.</remarks>
internal sealed class Optional : StructuralOperator
{
    public Optional()
        : base("Optional")
    {
    }

    public override int Since => 15;

    public override (int Min, int Max) InputCount => (0, 1);

    public override void Import(StructureContext context) => context.SetOutput(0, new OptionalValue(context.Input(0)));
}
