using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.MachineLearning;

/// <summary>CategoryMapper: strings to integers by a table, or integers to strings.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx_aionnxml_CategoryMapper.html · Types: string, i64 · Opsets: 1.</remarks>
internal sealed class CategoryMapper : MlOperator
{
    public CategoryMapper()
        : base("CategoryMapper")
    {
    }

    public override void Infer(InferContext context)
    {
        context.RequireType(0, ElementType.String, ElementType.Int64);
        int texts = context.Attributes.Strings("cats_strings")?.Length ?? 0;
        int numbers = context.Attributes.Ints("cats_int64s")?.Length ?? 0;
        if (texts != numbers || texts == 0)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"it has {texts} strings and {numbers} integers");
        }

        context.SetOutput(0, context.Type(0) == ElementType.String ? ElementType.Int64 : ElementType.String, context.Shape(0));
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        bool fromText = node.Required(0).Type == ElementType.String;
        string[] texts = node.Attributes.Strings("cats_strings")!;
        long[] numbers = node.Attributes.Ints("cats_int64s")!;
        Tensor strings = Tensor.OfStrings(new Shape(texts.Length), texts);
        Tensor fallback = fromText
            ? Tensor.Vector(node.Attributes.Int("default_int64", -1))
            : Tensor.OfStrings(new Shape(1), new[] { node.Attributes.String("default_string", "_Unused") });
        compose.Return(compose.Op(
            OperatorRegistry.Get("LabelEncoder", MlDomain),
            new Value?[] { node.Required(0) },
            ("keys_tensor", fromText ? strings : Tensor.Vector(numbers)),
            ("values_tensor", fromText ? Tensor.Vector(numbers) : strings),
            ("default_tensor", fallback)));
    }
}
