using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Linear;

/// <summary>
/// IntegerConv, of the compiler's own: a convolution in one or two dimensions of whole numbers that are summed as 32-bit integers; the
/// result is f32. Inputs: x and constant weights as Conv has them, f32; the bias [channels], i32, optional. Attributes: those of Conv.
/// </summary>
/// <remarks>For codes whose zero point is known only at run time: the bias takes off what it adds. Where there are no vectors, sums are f32.</remarks>
internal sealed class IntegerConv : Operator
{
    public IntegerConv()
        : base(nameof(IntegerConv), InternalDomain)
    {
    }

    public override (int Min, int Max) InputCount => (2, 3);

    /// <summary>True if the kernels cover convolutions of a shape into a shape.</summary>
    public static bool Covers(Shape x, Shape output) => x.Rank is 3 or 4 && !x.IsDynamic && !output.IsDynamic && x.ElementCount > 0 && output.ElementCount > 0;

    public override void Infer(InferContext context)
    {
        context.RequireType(0, ElementType.Float32);
        context.RequireType(1, ElementType.Float32);
        context.RequireConstant(1, "the weights");
        Shape w = context.Shape(1);
        if (context.Shape(0).Rank is not (3 or 4) || w.Rank != context.Shape(0).Rank || context.Shape(0)[1] != w[1] * context.Attributes.Int("group", 1)
            || (context.Has(2) && (context.Type(2) != ElementType.Int32 || !context.Shape(2).Equals(new Shape(w[0])))))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "input, weights and bias do not fit each other");
        }

        SpatialWindow window = Conv.Window(context.Node);
        var shape = new List<long> { context.Shape(0)[0], w[0] };
        foreach (int extent in window.Output)
        {
            shape.Add(extent);
        }

        context.SetOutput(0, ElementType.Float32, context.MakeShape(shape));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs) => new[]
    {
        ConvolutionOracle.Convolve(inputs[0]!, inputs[1]!, inputs[2] is { } bias ? Real(bias) : null, Conv.Window(node), Conv.Groups(node), node.Output.Shape),
    };

    public override double EvaluationProducts(Node node) => (double)node.Output.Shape.ElementCount * node.Required(1).Shape.Product(1, node.Required(1).Shape.Rank);

    public override bool AcceptsEpilogue(Node node, ElementProgram program) => program.SupportsVector;

    public override bool WritesStrided(Node node) => true;

    public override LayoutKind ChooseLayout(Node node, LayoutQuery layouts) => LayoutKind.Blocked;

    public override Halo? WantedHalo(Node node, int input, LayoutQuery layouts) => input == 0 ? Conv.HaloOf(node) : null;

    public override ByteUse UseOfBytes(Node node, int input, LayoutQuery layouts) => input >= node.OperatorInputCount ? ByteUse.Accepts
        : input == 0 && CodeProduct.TakesSums(node) ? ByteUse.Wants
        : ByteUse.None;

    public override bool MakesBytes(Node node, LayoutQuery layouts) => true;

    public override void Lower(Node node, LoweringContext context)
    {
        SpatialWindow window = Conv.Window(node);
        int groups = Conv.Groups(node);
        TensorView input = ConvLowering.Read(node, window, groups, CodeProduct.TakesSums(node), context);
        ConvLowering.AddContraction(node, window, groups, input, context);
    }

    private static Tensor Real(Tensor bias) => Tensor.LazyFloats(bias.Shape, $"Real({bias.Recipe})", () =>
    {
        var result = new float[bias.Shape.ElementCount];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = (float)ElementEvaluation.Read(bias, i);
        }

        return result;
    });
}
