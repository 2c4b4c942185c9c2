using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;
using AotCompiler.Operators.Elementwise;

namespace AotCompiler.Operators.Linear;

/// <summary>
/// IntegerConv, of the compiler's own: a convolution in one or two dimensions of whole numbers that are summed as 32-bit integers; the
/// result is f32, or i32 if the attribute <c>to</c> says so. Inputs: x and constant weights as Conv has them, f32; the bias [channels], i32,
/// optional. Attributes: those of Conv.
/// </summary>
/// <remarks>
/// For codes whose zero point is known only at run time, where the bias takes off what it adds, and for results that nothing scales. Where there
/// are no vectors, sums for f32 are f32.
/// </remarks>
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

        context.SetOutput(0, CodeProduct.SumType(context.Node), context.MakeShape(shape));
    }

    /// <summary>In f64, so that sums are exact; they are rounded once.</summary>
    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        Tensor? bias = inputs[2] is { } sums ? Converted(sums, ElementType.Float64) : null;
        Tensor result = ConvolutionOracle.Convolve(
            Converted(inputs[0]!, ElementType.Float64), Converted(inputs[1]!, ElementType.Float64), bias, Conv.Window(node), Conv.Groups(node), node.Output.Shape);
        return new[] { Converted(result, node.Output.Type) };
    }

    public override double EvaluationProducts(Node node) => (double)node.Output.Shape.ElementCount * node.Required(1).Shape.Product(1, node.Required(1).Shape.Rank);

    public override bool AcceptsEpilogue(Node node, ElementProgram program) => node.Output.Type == ElementType.Float32 && program.SupportsVector;

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
        TensorView input = ConvLowering.Read(node, window, groups, CodeProduct.RunsOnBytes(node, context), context);
        if (node.Output.Type == ElementType.Float32)
        {
            ConvLowering.AddContraction(node, window, groups, input, context);
            return;
        }

        // Integers are plain wherever they are read: the blocks of the kernel are its own.
        Shape shape = node.Output.Shape;
        Layout blocks = context.Blocked(shape, Halo.None(window.Rank));
        TensorView sums = context.Scratch($"{node.Name}.sums", ElementType.Int32, new Shape((int)blocks.Extent)).With(blocks);
        Contraction work = ConvLowering.Contract(node, ConvGrid.Of(window, input.Layout), groups, input, sums, context) with { Type = ElementType.Int32 };
        context.Add(new ContractionStep(node, node.Name, ConvLowering.What(window, groups), work));
        context.Add(new CopyStep(node, node.Name, sums, context.Allocate(node.Output)));
    }

    private static Tensor Converted(Tensor tensor, ElementType type) =>
        ElementEvaluation.Map(CastFunction.Get(tensor.Type, type, default), tensor.Shape, type, tensor);
}
