using System;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>SequenceEmpty: a sequence without elements.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__SequenceEmpty.html. The attribute <c>dtype</c> says nothing that elements do not say later.</remarks>
internal sealed class SequenceEmpty : StructuralOperator
{
    public SequenceEmpty()
        : base("SequenceEmpty")
    {
    }

    public override int Since => 11;

    public override (int Min, int Max) InputCount => (0, 0);

    public override void Import(StructureContext context) => context.SetOutput(0, new SequenceValue(Array.Empty<ModelValue>()));
}
