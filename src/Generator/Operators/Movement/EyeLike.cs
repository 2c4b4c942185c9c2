using System;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Movement;

/// <summary>EyeLike: ones on a diagonal of a matrix of the input's shape. Only the shape matters, so it is a constant where that is known.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__EyeLike.html · Types: all numbers, bool.</remarks>
internal sealed class EyeLike : ComposedOperator
{
    /// <summary>Diagonals this far away are as empty as all behind them.</summary>
    private const long Farthest = 1L << 40;

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
        ElementType type = TypeOf(context.Node);
        if (Array.IndexOf(TypeSets.All, type) < 0)
        {
            throw context.Fail(DiagnosticCodes.TypeUnsupported, $"attribute 'dtype' is {type.ShortName()}, which is not supported");
        }
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        Value x = node.Required(0);
        long k = Math.Max(-Farthest, Math.Min(Farthest, node.Attributes.Int("k", 0)));
        Value diagonal = compose.Add(compose.Positions(x, 0), compose.Scalar(k, ElementType.Int64));
        Value ones = compose.Op("Equal", compose.Unsqueeze(diagonal, 1), compose.Unsqueeze(compose.Positions(x, 1), 0));
        compose.Return(compose.Cast(ones, TypeOf(node)));
    }

    private static ElementType TypeOf(Node node) => (ElementType)(int)node.Attributes.Int("dtype", (long)node.Required(0).Type);
}
