using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.MachineLearning;

/// <summary>
/// ZipMap: gives each column of a matrix a key. In ONNX every row becomes a map; here the matrix stays what it is, and the keys are
/// constants beside it: nobody has to build a dictionary to read a probability.
/// </summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx_aionnxml_ZipMap.html · Types: f32; keys i64, string · Opsets: 1.</remarks>
internal sealed class ZipMap : MlOperator
{
    public ZipMap()
        : base("ZipMap")
    {
    }

    public override void Infer(InferContext context)
    {
        context.RequireType(0, ElementType.Float32);
        ClassLabels labels = ClassLabels.Require(context, "classlabels_int64s");
        Shape shape = context.Shape(0);
        if (shape.Rank is not (1 or 2) || shape[shape.Rank - 1] != labels.Count)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"it has {labels.Count} keys, which is not the number of columns");
        }

        context.SetOutput(0, ElementType.Float32, shape.Rank == 1 ? new Shape(1, shape[0]) : shape);
    }

    protected override void Compose(Node node, Composer compose)
    {
        Value columns = compose.Op("Identity", compose.Reshape(node.Required(0), node.Output.Shape));
        compose.Context.SetKeys(columns, KeysOf(node));
        compose.Return(columns);
    }

    private static IReadOnlyList<string> KeysOf(Node node)
    {
        Tensor keys = ClassLabels.TryOf(node, "classlabels_int64s")!.Tensor;
        return keys.Type == ElementType.String ? keys.ToStrings() : keys.ToInt64Array().Select(static k => k.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToArray();
    }
}
