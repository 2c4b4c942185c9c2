using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Movement;

/// <summary>Constant: a tensor given by an attribute. It is folded at import, so it never reaches lowering.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Constant.html · Opsets: 11 added sparse_value; 12 value_float, value_ints and their kin.</remarks>
internal sealed class Constant : Operator
{
    private static readonly string[] _forms = { "value", "sparse_value", "value_int", "value_ints", "value_float", "value_floats", "value_string", "value_strings" };

    public Constant()
        : base("Constant")
    {
    }

    public override (int Min, int Max) InputCount => (0, 0);

    public override void Infer(InferContext context)
    {
        string[] given = _forms.Where(context.Attributes.Has).ToArray();
        Tensor? value = given.Length == 1 ? ValueOf(context.Attributes) : null;
        Tensor tensor = value ?? throw context.Fail(
            DiagnosticCodes.GraphMalformed,
            $"of {string.Join(", ", _forms)} it needs one and has {(given.Length == 0 ? "none" : string.Join(", ", given))}",
            "Check the model with its exporter.");
        context.SetOutput(0, tensor.Type, tensor.Shape);
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs) => new[] { ValueOf(node.Attributes)! };

    public override void Lower(Node node, LoweringContext context) => throw new InvalidOperationException("constants are folded at import");

    private static Tensor? ValueOf(AttributeMap attributes) => attributes switch
    {
        _ when attributes.Tensor("value") is { } tensor => tensor,
        _ when attributes.Tensor("sparse_value") is { } dense => dense,
        _ when attributes.Raw("value_string") is string text => Tensor.OfStrings(Shape.Scalar, new[] { text }),
        _ when attributes.Raw("value_strings") is string[] texts => Tensor.OfStrings(new Shape(texts.Length), texts),
        _ when attributes.Raw("value_int") is long i => Tensor.Create(ElementType.Int64, Shape.Scalar, new[] { i }),
        _ when attributes.Ints("value_ints") is { } ints => Tensor.Vector(ints),
        _ when attributes.Raw("value_float") is float f => Tensor.Scalar(f),
        _ when attributes.Floats("value_floats") is { } floats => Tensor.Create(ElementType.Float32, new Shape(floats.Length), floats),
        _ => null,
    };
}
