using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Movement;

/// <summary>Identity: its input.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Identity.html · Types: all tensors · Opsets: 14 and 16 added sequences and optionals.</remarks>
internal sealed class Identity : ReshapingOperator, IStructuralOperator
{
    public Identity()
        : base("Identity")
    {
    }

    public override (int Min, int Max) InputCount => (1, 1);

    public bool IsStructural(NodeForm node) => node.Inputs.Any(static i => i is not null and not TensorValue);

    public void Import(StructureContext context) => context.SetOutput(0, context.Inputs[0]!);

    protected override Shape ResultShape(InferContext context) => context.Shape(0);
}
