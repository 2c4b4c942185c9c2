using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Normalization;

/// <summary>LayerNormalization and its kin. A member of the family says what its groups are.</summary>
internal abstract class NormalizationOperator : Operator
{
    protected NormalizationOperator(string name)
        : base(name)
    {
    }

    /// <summary>The normalisation of a node that <see cref="Infer"/> has checked.</summary>
    protected abstract Normalization Describe(Node node);

    /// <summary>Channels of a group, if groups are whole channels of [N, C, spatial…] with a factor and a summand for each; else 0.</summary>
    protected virtual int ChannelsOfGroup(Node node) => 0;

    public override bool AcceptsEpilogue(Node node, ElementProgram program) =>
        ChannelsOfGroup(node) > 0 && node.Outputs.Count == 1 && node.Output.Type == ElementType.Float32 && program.SupportsVector;

    public override LayoutKind ChooseLayout(Node node, LayoutQuery layouts) =>
        ChannelsOfGroup(node) > 0 && ChannelNormalization.CanBlock(node, layouts) ? LayoutKind.Blocked : LayoutKind.Plain;

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        (double[] results, double[] means, double[] factors) = Describe(node).Evaluate(inputs[0]!, inputs.ElementAtOrDefault(1), inputs.ElementAtOrDefault(2));
        return node.Outputs.Zip(new[] { results, means, factors }, static (output, data) =>
        {
            var bytes = new byte[output.Shape.ElementCount * output.Type.Size()];
            for (int i = 0; i < data.Length; i++)
            {
                ElementEvaluation.Write(bytes, output.Type, i, data[i]);
            }

            return Tensor.FromBytes(output.Type, output.Shape, bytes, $"{output.Producer?.Operator.Name}");
        }).ToArray();
    }

    public override void Lower(Node node, LoweringContext context)
    {
        if (context.Layouts.IsBlocked(node.Output))
        {
            ChannelNormalization.Lower(node, ChannelsOfGroup(node), Describe(node).Epsilon, context);
            return;
        }

        LowerPlain(node, context);
    }

    private void LowerPlain(Node node, LoweringContext context)
    {
        TensorView output = context.Allocate(node.Output);
        TensorView[] statistics = node.Outputs.Skip(1).Select(context.Allocate).ToArray();
        if (node.Output.Shape.ElementCount == 0)
        {
            return;
        }

        Normalization normalization = Describe(node);
        TensorView input = context.ReadPlain(node.Required(0));

        // Groups whose elements lie apart are read several times without vectors: bringing them together first costs less.
        if (input.Layout.TryReshape(normalization.View) is not { } view || (normalization.Axes.Contains(view.Shape.Rank - 1) && !view.IsContiguousInside))
        {
            input = context.ReadDense(node.Required(0));
        }

        context.Add(new NormalizeStep(
            node,
            normalization,
            Reshaped(input, normalization.View)!,
            normalization.Scale is null ? null : Reshaped(context.ReadDense(node.Required(1)), normalization.Scale),
            normalization.Shift is null ? null : Reshaped(context.ReadDense(node.Required(2)), normalization.Shift),
            Reshaped(output, normalization.View)!,
            statistics.ElementAtOrDefault(0),
            statistics.ElementAtOrDefault(1)));
        if (node.Epilogue is { } epilogue)
        {
            ElementwiseOperands.LowerEpilogue(node, epilogue, output, context);
        }
    }

    /// <summary>Checks the type of input 0 and that the scale and shift have it too, and sets output 0.</summary>
    protected static void InferResult(InferContext context)
    {
        context.RequireType(0, TypeSets.Floats);
        for (int i = 1; i <= 2; i++)
        {
            if (context.Has(i))
            {
                context.RequireSameType(0, i);
            }
        }

        context.SetOutput(0, context.Type(0), context.Shape(0));
    }

    /// <summary>Fails unless the input is a vector of so many elements.</summary>
    protected static void RequireVector(InferContext context, int index, int length)
    {
        context.RequireRank(index, 1);
        if (context.Shape(index)[0] != length)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"input {index} has {context.Shape(index)[0]} elements where {length} are needed");
        }
    }

    /// <summary>A shape with trailing dimensions of 1 up to the rank.</summary>
    protected static Shape PadRight(int rank, params Extent[] dimensions) => new(dimensions.Concat(Enumerable.Repeat((Extent)1, rank - dimensions.Length)));

    private static TensorView Reshaped(TensorView view, Shape shape) =>
        view.With(view.Layout.TryReshape(shape) ?? throw new System.InvalidOperationException($"{view.Describe()} is not dense"));
}
