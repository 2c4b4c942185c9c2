using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.MachineLearning;

/// <summary>ArrayFeatureExtractor: the listed columns of the last dimension.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx_aionnxml_ArrayFeatureExtractor.html · Types: f32, f64, i64, i32, string; indices i64 · Opsets: 1.</remarks>
internal sealed class ArrayFeatureExtractor : MlOperator
{
    public ArrayFeatureExtractor()
        : base("ArrayFeatureExtractor")
    {
    }

    public override (int Min, int Max) InputCount => (2, 2);

    public override void Infer(InferContext context)
    {
        context.RequireType(0, FeatureTypes.Append(ElementType.String).ToArray());
        context.RequireType(1, ElementType.Int64);
        Shape shape = context.Shape(0);
        if (shape.Rank == 0)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "it needs at least one dimension");
        }

        // A vector is one row.
        IEnumerable<long> rows = shape.Rank == 1 ? new[] { 1L } : shape.Dimensions.Take(shape.Rank - 1).Select(static d => (long)d);
        context.SetOutput(0, context.Type(0), context.MakeShape(rows.Append(context.Shape(1).ElementCount)));
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        (Value x, Value indices) = (node.Required(0), node.Required(1));
        Value vector = compose.Reshape(indices, new Shape(new[] { Extent.Of(indices.Shape.ElementSize) }));
        Value picked = compose.Op("Gather", new[] { x, vector }, ("axis", -1L));
        compose.Return(x.Shape.Rank == 1 ? compose.Unsqueeze(picked, 0) : picked);
    }
}
