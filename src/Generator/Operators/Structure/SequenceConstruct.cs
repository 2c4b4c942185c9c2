using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>SequenceConstruct: the inputs as a sequence.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__SequenceConstruct.html. No run-time cost: sequences are lists of the importer.</remarks>
internal sealed class SequenceConstruct : StructuralOperator
{
    public SequenceConstruct()
        : base("SequenceConstruct")
    {
    }

    public override int Since => 11;

    public override (int Min, int Max) InputCount => (1, int.MaxValue);

    public override void Import(StructureContext context) =>
        context.SetOutput(0, new SequenceValue(context.Inputs.Select((_, i) => (ModelValue)new TensorValue(context.Tensor(i))).ToArray()));
}
