using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.MachineLearning;

/// <summary>FeatureVectorizer: the inputs' rows side by side, as f32; each cut or filled with zeros to its declared length.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx_aionnxml_FeatureVectorizer.html · Types: f32, f64, i64, i32 to f32 · Opsets: 1.</remarks>
internal sealed class FeatureVectorizer : MlOperator
{
    public FeatureVectorizer()
        : base("FeatureVectorizer")
    {
    }

    public override (int Min, int Max) InputCount => (1, int.MaxValue);

    public override void Infer(InferContext context)
    {
        int count = context.Node.OperatorInputCount;
        long[] lengths = context.Attributes.Ints("inputdimensions") ?? System.Array.Empty<long>();
        if (lengths.Length > 0 && lengths.Length != count)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"inputdimensions is for {lengths.Length} inputs, there are {count}");
        }

        for (int i = 0; i < count; i++)
        {
            context.RequireType(i, FeatureTypes);
            if (RowsOf(context.Input(i)).Rows != RowsOf(context.Input(0)).Rows)
            {
                throw context.Fail(DiagnosticCodes.ShapeMismatch, $"input {i} has another number of rows than input 0");
            }
        }

        long total = context.Node.Inputs.Select((v, i) => LengthOf(context.Node, i, v!)).Sum();
        context.SetOutput(0, ElementType.Float32, context.MakeShape(new[] { RowsOf(context.Input(0)).Rows, total }));
    }

    protected override void Compose(Node node, Composer compose)
    {
        Value[] parts = node.Inputs.Take(node.OperatorInputCount).Select((v, i) => Part(compose, v!, (int)LengthOf(node, i, v!))).ToArray();
        compose.Return(parts.Length == 1 ? compose.Op("Identity", parts[0]) : compose.Concat(1, parts));
    }

    private static Value Part(Composer compose, Value input, int length)
    {
        (int rows, int columns) = RowsOf(input);
        Value real = compose.Cast(input, ElementType.Float32);
        Value matrix = input.Shape.Rank < 2 ? compose.Reshape(real, rows, columns) : input.Shape.Rank == 2 ? real : compose.Split(real, 0, columns);
        return length == columns ? matrix
            : length < columns ? compose.Op("Slice", matrix, compose.Ints(0), compose.Ints(length), compose.Ints(1))
            : compose.Op("Pad", matrix, compose.Ints(0, 0, 0, length - columns));
    }

    private static (int Rows, int Columns) RowsOf(Value value)
    {
        Shape shape = value.Shape;
        return shape.Rank < 2 ? (1, (int)shape.ElementCount) : (shape[0], (int)shape.Product(1, shape.Rank));
    }

    private static long LengthOf(Node node, int input, Value value) =>
        node.Attributes.Ints("inputdimensions") is { Length: > 0 } lengths ? lengths[input] : RowsOf(value).Columns;
}
