using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>SequenceMap: a body for every element of a sequence; its nodes stand in the graph once per element, or in a loop where only a run knows how many there are.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__SequenceMap.html. Further sequences go along in step, tensors are the same for all.</remarks>
internal sealed class SequenceMap : StructuralOperator
{
    public SequenceMap()
        : base("SequenceMap")
    {
    }

    public override int Since => 17;

    public override (int Min, int Max) InputCount => (1, int.MaxValue);

    public override (int Min, int Max) OutputCount => (1, int.MaxValue);

    public override void Import(StructureContext context)
    {
        if (context.Inputs.Any(static v => v is StackedSequence or JoinedSequence))
        {
            Repeat(context);
            return;
        }

        int length = context.Sequence(0).Elements.Count;
        if (context.Inputs.Any(v => v is null || (v is SequenceValue other && other.Elements.Count != length)))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "the sequences have different lengths, or an input is absent");
        }

        var results = new List<IReadOnlyList<ModelValue>>();
        for (int i = 0; i < length; i++)
        {
            int element = i;
            IReadOnlyList<ModelValue> result = context.Inline("body", context.Inputs.Select(v => v is SequenceValue s ? s.Elements[element] : v!).ToArray());
            if (result.Count < context.Outputs.Count)
            {
                throw context.Fail(DiagnosticCodes.GraphMalformed, $"the body has {result.Count} outputs, the node {context.Outputs.Count}");
            }

            results.Add(result);
        }

        for (int k = 0; k < context.Outputs.Count; k++)
        {
            context.SetOutput(k, new SequenceValue(results.Select(r => r[k]).ToArray()));
        }
    }

    /// <summary>As many elements as a run has: a loop.</summary>
    private static void Repeat(StructureContext context)
    {
        Extent?[] lengths = context.Inputs.Select(static v => v switch
        {
            SequenceValue list => list.Elements.Count,
            StackedSequence stacked => stacked.Stack.Shape.Extent(0),
            JoinedSequence joined => joined.Lengths.Shape.Extent(0),
            _ => (Extent?)null,
        }).ToArray();
        if (lengths[0] is not { } length || context.Inputs.Contains(null) || lengths.Any(l => l is { } other && other != length))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "the sequences have different lengths, or an input is absent");
        }

        StructureContext loop = context.AsLoop("body", context.Dimension(length));
        ((IStructuralOperator)loop.Operator).Import(loop);
        for (int k = 0; k < context.Outputs.Count; k++)
        {
            context.SetOutput(k, loop.Outputs[k]!);
        }
    }
}
