using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Where: elements of x where the condition is true, of y elsewhere, with multidirectional broadcasting of all three.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Where.html · Types: f32, f64, integers, bool · Opsets: 9 introduced it; 16 added bfloat16.</remarks>
internal sealed class Where : ElementwiseOperator
{
    private static readonly DelegateFunction _function = new("Where", 3, "{0} ? {1} : {2}")
    {
        Real = static x => x[0] != 0 ? x[1] : x[2],
        Integer = static x => x[0] != 0 ? x[1] : x[2],
        Native = static (lanes, types, x) => lanes.Select(x[0], types[1], x[1], x[2]),
        NativeFor = DelegateFunction.AnyWidth,
        Other = static (_, x) => $"({x[0]} ? {x[1]} : {x[2]})",
    };

    public Where()
        : base("Where")
    {
    }

    public override (int Min, int Max) InputCount => (3, 3);

    public override int Since => 9;

    protected override IReadOnlyList<ElementType> AllowedTypes => TypeSets.Bool;

    public override ElementFunction Function(Node node) => _function;

    protected override void CheckInputs(InferContext context)
    {
        context.RequireType(1, TypeSets.StoredAndText);
        context.RequireSameType(1, 2);
    }

    /// <summary>A constant condition that is the same everywhere chooses one input.</summary>
    public override bool Simplify(Node node, GraphRewriter rewriter) =>
        ElementEvaluation.Uniform(node.Required(0).Constant) is { } condition && TryReplaceByInput(node, condition != 0 ? 1 : 2, rewriter);
}
