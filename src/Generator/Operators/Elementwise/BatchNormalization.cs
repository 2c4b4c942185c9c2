using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Emission;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>
/// BatchNormalization in inference: y = (x - mean) · scale / √(var + epsilon) + bias, with parameters per channel. Upgrade gives
/// the parameters the shape [C, 1, …], so that they broadcast; Simplify turns constant ones into a Mul and an Add.
/// </summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__BatchNormalization.html · Types: f32, f64 · Opsets: before 7 is_test=0 is training, before 14 several outputs
/// are, then training_mode=1, with which the node becomes a <see cref="Composed.TrainingBatchNormalization"/>; before 9 spatial=0 has parameters per element.
/// </remarks>
internal sealed class BatchNormalization : ElementwiseOperator, IStructuralOperator
{
    private const int Scale = 1;
    private const int Bias = 2;
    private const int Mean = 3;
    private const int Variance = 4;

    public BatchNormalization()
        : base("BatchNormalization")
    {
    }

    public override (int Min, int Max) InputCount => (5, 5);

    public override (int Min, int Max) OutputCount => (1, 5);

    protected override bool IsUnidirectional => true;

    public bool IsStructural(NodeForm node) => node.Opset switch
    {
        < 7 => !node.Attributes.Flag("is_test", false),
        < 14 => node.Outputs > 1,
        _ => node.Attributes.Flag("training_mode", false),
    };

    public void Import(StructureContext context) => ((ComposedOperator)OperatorRegistry.Get("TrainingBatchNormalization", InternalDomain)).Import(context);

    public override void Upgrade(UpgradeContext context)
    {
        base.Upgrade(context);
        UniteTypes(context);
        if (context.Node.Input(0) is not { Shape.Rank: > 2 } x || (context.Opset < 9 && !context.Attributes.Flag("spatial", true)))
        {
            return;
        }

        var perChannel = new Shape(Enumerable.Repeat((Extent)1, x.Shape.Rank - 2).Prepend(x.Shape.Extent(1)));
        for (int i = Scale; i <= Variance; i++)
        {
            if (context.Node.Input(i) is { Shape.Rank: 1 } parameter && parameter.Shape.Extent(0) == x.Shape.Extent(1))
            {
                context.ReshapeInput(i, perChannel);
            }
        }
    }

    public override ElementFunction Function(Node node)
    {
        float epsilon = Epsilon(node);
        return new DelegateFunction($"BatchNormalization({epsilon:R})", 5, $"({{0}} - {{3}}) · {{1}} / √({{4}} + {epsilon:R}) + {{2}}")
        {
            Real = x => ((x[0] - x[Mean]) * x[Scale] / Math.Sqrt(x[Variance] + epsilon)) + x[Bias],
            Float = (simd, x) => simd.MultiplyAdd(
                $"({x[0]} - {x[Mean]})",
                $"({x[Scale]} / {simd.Math("Sqrt", $"{x[Variance]} + {simd.Constant(epsilon)}")})",
                x[Bias]),
            Double = x => $"(({x[0]} - {x[Mean]}) * {x[Scale]} / global::System.Math.Sqrt({x[Variance]} + {Literal.Of((double)epsilon)})) + {x[Bias]}",
        };
    }

    /// <summary>
    /// The constants of y = x · Scale + Shift, computed in double precision, or null if a parameter is not constant or not f32.
    /// Their shape broadcasts to x: [C, 1, …], or [C] for a matrix.
    /// </summary>
    public static (Tensor Scale, Tensor Shift)? Affine(Node node)
    {
        Tensor?[] parameters = Enumerable.Range(Scale, 4).Select(i => node.Required(i).Constant).ToArray();
        if (parameters.Any(p => p is null || p.Type != ElementType.Float32 || !p.Shape.Equals(parameters[0]!.Shape)))
        {
            return null;
        }

        float epsilon = Epsilon(node);
        Tensor scale = parameters[0]!;
        Tensor bias = parameters[1]!;
        Tensor mean = parameters[2]!;
        Tensor variance = parameters[3]!;
        double Factor(int i) => scale.Floats()[i] / Math.Sqrt(variance.Floats()[i] + (double)epsilon);
        return (
            Make(scale.Shape, $"BatchNormScale({scale.Recipe}, {variance.Recipe})", i => Factor(i)),
            Make(scale.Shape, $"BatchNormShift({bias.Recipe}, {mean.Recipe})", i => bias.Floats()[i] - (mean.Floats()[i] * Factor(i))));
    }

    public override bool Simplify(Node node, GraphRewriter rewriter)
    {
        if (Affine(node) is not { } affine || node.Epilogue is not null)
        {
            return false;
        }

        Value scaled = rewriter.Insert("Mul", $"{node.Name}.scale", new[] { node.Required(0), rewriter.Constant(affine.Scale, $"{node.Name}.scale") });
        rewriter.ReplaceNode(node, rewriter.Insert("Add", node.Name, new[] { scaled, rewriter.Constant(affine.Shift, $"{node.Name}.shift") }));
        return true;
    }

    /// <summary>Since opset 14 parameters may be of other floating-point types than the input, which the result has.</summary>
    private static void UniteTypes(UpgradeContext context)
    {
        for (int i = Scale; i <= Variance && context.Opset >= 14; i++)
        {
            if (context.Node.Input(0) is { } x && context.Node.Input(i) is { } parameter && x.Type.IsFloat() && parameter.Type.IsFloat())
            {
                context.CastInput(i, x.Type);
            }
        }
    }

    protected override void CheckInputs(InferContext context)
    {
        base.CheckInputs(context);
        if (context.Node.Outputs.Count > 1)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, "it has outputs for running statistics, but does not train");
        }
    }

    private static float Epsilon(Node node) => node.Attributes.Float("epsilon", 1e-5f);

    private static Tensor Make(Shape shape, string recipe, Func<int, double> element) => Tensor.LazyFloats(shape, recipe, () =>
    {
        var result = new float[shape.ElementCount];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = (float)element(i);
        }

        return result;
    });
}
