using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>OptionalGetElement: what an optional holds; tensors and sequences are passed on.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__OptionalGetElement.html. Opset 18 allowed tensors and sequences. A run whose optional has no element ends with an error.</remarks>
internal sealed class OptionalGetElement : StructuralOperator
{
    public OptionalGetElement()
        : base("OptionalGetElement")
    {
    }

    public override int Since => 15;

    public override (int Min, int Max) InputCount => (1, 1);

    public override void Import(StructureContext context)
    {
        if (context.Input(0) is OptionalValue { Present: { } present })
        {
            context.Require(present, expected: true);
        }

        context.SetOutput(0, context.Input(0) switch
        {
            OptionalValue { Element: { } element } => element,
            null or OptionalValue => throw context.Fail(DiagnosticCodes.GraphMalformed, "the optional has no element"),
            { } value => value,
        });
    }
}
