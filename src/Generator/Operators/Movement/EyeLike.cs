using System;
using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Movement;

/// <summary>EyeLike: ones on a diagonal of a matrix of the input's shape. All shapes are known, so it is always folded.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__EyeLike.html · Types: all numbers, bool.</remarks>
internal sealed class EyeLike : Operator
{
    public EyeLike()
        : base("EyeLike")
    {
    }

    public override int Since => 9;

    public override (int Min, int Max) InputCount => (1, 1);

    public override bool ReadsData(int input) => false;

    public override void Infer(InferContext context)
    {
        context.RequireRank(0, 2);
        var type = (ElementType)(int)context.Attributes.Int("dtype", (long)context.Type(0));
        if (Array.IndexOf(TypeSets.All, type) < 0)
        {
            throw context.Fail(DiagnosticCodes.TypeUnsupported, $"attribute 'dtype' is {type.ShortName()}, which is not supported");
        }

        context.SetOutput(0, type, context.Shape(0));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        Shape shape = node.Output.Shape;
        ElementType type = node.Output.Type;
        long k = node.Attributes.Int("k", 0);
        var bytes = new byte[checked((int)(shape.ElementCount * type.Size()))];
        for (int row = 0; row < shape[0]; row++)
        {
            long column = row + Math.Max(-(1L << 40), Math.Min(1L << 40, k));
            if (column >= 0 && column < shape[1])
            {
                ElementEvaluation.Write(bytes, type, (int)((row * (long)shape[1]) + column), 1);
            }
        }

        return new[] { Tensor.FromBytes(type, shape, bytes, "EyeLike") };
    }

    public override void Lower(Node node, LoweringContext context) => throw new InvalidOperationException("it is folded at import");
}
