using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators.Reduction;

namespace AotCompiler.Operators.Normalization;

/// <summary>Softmax, LogSoftmax, Hardmax: slices along one axis, or before opset 13 along that axis and all behind it.</summary>
internal abstract class SoftmaxOperator : Operator
{
    /// <summary>Set by <see cref="Upgrade"/>: a slice is the axis and all behind it, as if the input were flattened to a matrix.</summary>
    private const string FlattenAttribute = "aotc_flatten";

    protected SoftmaxOperator(string name)
        : base(name)
    {
    }

    public override (int Min, int Max) InputCount => (1, 1);

    public override void Upgrade(UpgradeContext context)
    {
        if (context.Opset < 13)
        {
            context.Attributes.Set("axis", context.Attributes.Int("axis", 1)).Set(FlattenAttribute, 1L);
        }
    }

    public override void Infer(InferContext context)
    {
        context.RequireType(0, TypeSets.Floats);
        context.Axis(context.Attributes.Int("axis", -1), context.Shape(0).Rank);
        context.SetOutput(0, context.Type(0), context.Shape(0));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        Tensor input = inputs[0]!;
        int[] slices = ReduceEvaluation.Targets(input.Shape, Axes(node));
        var bytes = new byte[input.ByteCount];
        foreach (IGrouping<int, int> slice in Enumerable.Range(0, slices.Length).GroupBy(i => slices[i]))
        {
            int[] elements = slice.ToArray();
            double[] results = Evaluate(elements.Select(i => ElementEvaluation.Read(input, i)).ToArray());
            for (int i = 0; i < elements.Length; i++)
            {
                ElementEvaluation.Write(bytes, input.Type, elements[i], results[i]);
            }
        }

        return new[] { Tensor.FromBytes(input.Type, input.Shape, bytes, $"{Name}({input.Recipe})") };
    }

    public override bool WritesStrided(Node node) => true;

    public override void Lower(Node node, LoweringContext context)
    {
        TensorView output = context.Allocate(node.Output);
        if (node.Output.Shape.ElementCount > 0)
        {
            context.Add(MakeStep(node, context.ReadPlain(node.Required(0)), output, Axes(node)));
        }
    }

    /// <summary>The results of one slice, which is not empty.</summary>
    protected abstract double[] Evaluate(double[] slice);

    /// <summary>The step that computes all slices.</summary>
    protected abstract Step MakeStep(Node node, TensorView input, TensorView output, int[] axes);

    /// <summary>The dimensions of one slice.</summary>
    public static int[] Axes(Node node)
    {
        int rank = node.Required(0).Shape.Rank;
        Shape.TryNormalizeAxis(node.Attributes.Int("axis", -1), rank, out int axis);
        return Enumerable.Range(axis, node.Attributes.Flag(FlattenAttribute, false) ? rank - axis : Math.Min(1, rank)).ToArray();
    }
}
