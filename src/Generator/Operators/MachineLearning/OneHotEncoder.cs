using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.MachineLearning;

/// <summary>OneHotEncoder: a new last dimension with 1 at the element's category and 0 elsewhere.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx_aionnxml_OneHotEncoder.html · Types: f32, f64, i64, i32, string · Opsets: 1. An element of no
/// category gives zeros, or ends the run with an error where <c>zeros</c> is 0.
/// </remarks>
internal sealed class OneHotEncoder : MlOperator
{
    public OneHotEncoder()
        : base("OneHotEncoder")
    {
    }

    public override void Infer(InferContext context)
    {
        context.RequireType(0, FeatureTypes.Append(ElementType.String).ToArray());
        Tensor categories = Categories(context.Node);
        if ((categories.Type == ElementType.String) != (context.Type(0) == ElementType.String) || categories.Shape.ElementCount == 0)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"its {categories.Shape.ElementCount} categories are of type {categories.Type.ShortName()}");
        }

        context.SetOutput(0, ElementType.Float32, context.MakeShape(context.Shape(0).Dimensions.Append(categories.Shape[0]).Select(static d => (long)d)));
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        Value x = node.Required(0);
        Value elements = compose.Reshape(x.Type == ElementType.String ? x : compose.Cast(x, ElementType.Int64), new Shape(x.Shape.Extents.Append(1)));
        Value hot = compose.Cast(compose.Op("Equal", elements, compose.Constant(Categories(node), "categories")), ElementType.Float32);
        compose.Return(node.Attributes.Flag("zeros", true) ? hot : Checked(compose, hot));
    }

    /// <summary>Adds 0, looked up at a place that exists only where some category is the element's.</summary>
    private static Value Checked(Composer compose, Value hot)
    {
        Value found = compose.Cast(compose.Reduce("ReduceMax", hot, keep: true, -1), ElementType.Int64);
        Value place = compose.Sub(compose.Scalar(1, ElementType.Int64), found);
        return compose.Add(hot, compose.Gather(compose.Floats(new[] { 0f }), place, 0));
    }

    private static Tensor Categories(Node node) => node.Attributes.Strings("cats_strings") is { Length: > 0 } strings
        ? Tensor.OfStrings(new Shape(strings.Length), strings)
        : Tensor.Vector(node.Attributes.Ints("cats_int64s") ?? System.Array.Empty<long>());
}
