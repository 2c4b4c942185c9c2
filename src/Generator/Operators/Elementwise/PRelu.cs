using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>PRelu: y = slope · x below zero, x elsewhere; the slope broadcasts to x.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__PRelu.html · Types: f32, f64, integers · Opsets: before 7 a slope [C] belongs to
/// dimension 1; 7 made it broadcast from the right; 9 added integers; 16 bfloat16.
/// </remarks>
internal sealed class PRelu : BinaryOperator
{
    public PRelu()
        : base("PRelu", new DelegateFunction("PRelu", 2, "prelu({0}, {1})")
        {
            Real = static x => x[0] < 0 ? x[0] * x[1] : x[0],
            Integer = static x => x[0] < 0 ? unchecked(x[0] * x[1]) : x[0],
            Unsigned = static x => x[0],
            Float = static (simd, x) => simd.Select(simd.Less(x[0], simd.Zero), $"{x[0]} * {x[1]}", x[0]),
            Other = static (type, x) => type.IsUnsigned() ? x[0] : $"({x[0]} < 0 ? ({type.CSharpName()})({x[0]} * {x[1]}) : {x[0]})",
            Cheap = true,
        })
    {
    }

    protected override bool IsUnidirectional => true;

    /// <summary>Gives a slope [C] of opsets 1 to 6 the trailing dimensions that align it with the channels.</summary>
    public override void Upgrade(UpgradeContext context)
    {
        base.Upgrade(context);
        if (context.Opset < 7 && context.Node.Input(0) is { Shape.Rank: > 2 } x && context.Node.Input(1) is { Shape.Rank: 1 } slope && slope.Shape[0] == x.Shape[1])
        {
            context.ReshapeInput(1, new Shape(new[] { slope.Shape[0] }.Concat(Enumerable.Repeat(1, x.Shape.Rank - 2))));
        }
    }

    /// <summary>A single constant slope is a LeakyRelu.</summary>
    public override bool Simplify(Node node, GraphRewriter rewriter)
    {
        Value x = node.Required(0);
        if (x.Type != ElementType.Float32 || ElementEvaluation.Uniform(node.Required(1).Constant) is not { } alpha)
        {
            return false;
        }

        rewriter.ReplaceNode(node, rewriter.Insert("LeakyRelu", node.Name, new[] { x }, ("alpha", (float)alpha)));
        return true;
    }
}
