using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Movement;

/// <summary>Unsqueeze: inserts dimensions of size 1 at positions of the result.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Unsqueeze.html · Types: all · Opsets: 11 allowed negative axes; 13 made the axes an input.</remarks>
internal sealed class Unsqueeze : ReshapingOperator
{
    /// <summary>Dimensions beyond this are refused: no model has them, and each costs a loop.</summary>
    private const int MaxRank = 64;

    public Unsqueeze()
        : base("Unsqueeze")
    {
    }

    public override (int Min, int Max) InputCount => (2, 2);

    public override void Upgrade(UpgradeContext context) => context.AttributeToInput("axes", 1);

    protected override Shape ResultShape(InferContext context)
    {
        Shape shape = context.Shape(0);
        long[] wanted = context.RequireInts(1, "axes");
        int rank = shape.Rank + wanted.Length;
        if (rank > MaxRank)
        {
            throw context.Fail(DiagnosticCodes.TooLarge, $"the output would have {rank} dimensions; the limit is {MaxRank}");
        }

        int[] axes = context.Axes(wanted, rank);
        int next = 0;
        return new Shape(Enumerable.Range(0, rank).Select(i => axes.Contains(i) ? 1 : shape[next++]).ToArray());
    }
}
