using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Operators;

/// <summary>
/// Loop: a body that runs a number of times or while a condition holds, hands states from one iteration to the next and
/// collects results. Short loops, and those whose shapes differ from one iteration to the next, are unrolled.
/// </summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__Loop.html. Later opsets (11, 13, 16, 19, 21, 23, 24, 25) only widened types. As a node it has
/// the form that <see cref="LoopForm"/> describes and also stands for Scan. Where how many parts are collected is found
/// out at run time, it is a count: at most the constant trip count, or what the option <c>NODE.trips</c> among the dimensions says.
/// </remarks>
internal sealed class Loop : RegionOperator
{
    public Loop()
        : base("Loop")
    {
    }

    public override void Import(StructureContext context) => LoopImport.Run(context, this);

    /// <summary>
    /// How many parts there are of what it walks may be known only at run time: it is the trip count then. So may be all other dimensions:
    /// those of a state are the same in all iterations, or sizes of the loop.
    /// </summary>
    public override bool SeesStrangeSizes(Node node)
    {
        LoopForm form = LoopForm.Of(node);
        return form.Trips >= 0 && Own(node).Skip(2 + form.States).Any(static v => v!.Shape.IsDynamicAt(0));
    }

    public override void Infer(InferContext context)
    {
        LoopForm form = LoopForm.Of(context.Node);
        SizeVariable[] sizes = form.Sizes.Select(static s => s.Inside).Distinct().ToArray();
        for (int i = 0; i < form.States; i++)
        {
            InferState(context, form, i, sizes);
        }

        for (int i = 0; i < form.Collected; i++)
        {
            Value part = form.Body.Outputs[1 + form.States + i].Value;
            if (part.Shape.Extents.SelectMany(static e => e.Size?.Variables ?? Array.Empty<SizeVariable>()).FirstOrDefault(v => IsFoundInside(form, v)) is { } strange)
            {
                throw context.Fail(DiagnosticCodes.ShapeNotConstant, $"what it collects in output {form.States + i} has the shape {part.Shape}, where {strange} differs from one iteration to the next", "Pad the parts to one shape, or join them along an axis in a state.");
            }

            long count = form.Capacity >= 0 ? context.ComputedSize(sizes.Length, form.Capacity)
                : form.Trips >= 0 || form.Walked == 0 ? Math.Max(0, form.Trips)
                : context.Shape(2 + form.States)[0];
            context.SetOutput(form.States + i, part.Type, context.MakeShape(new[] { count }.Concat(context.At(part.Shape).Dimensions.Select(static d => (long)d))));
        }
    }

    private static void InferState(InferContext context, LoopForm form, int index, SizeVariable[] sizes)
    {
        Value before = form.Body.Inputs[1 + index];
        Value behind = form.Body.Outputs[1 + index].Value;
        Value first = context.Input(2 + index);
        if (behind.Type != before.Type || first.Type != before.Type || behind.Shape.Rank != before.Shape.Rank || first.Shape.Rank != before.Shape.Rank)
        {
            RequireSame(context, behind, before, $"state {index}, behind and before an iteration,");
            RequireSame(context, first, before, $"state {index}, at the start and later,");
        }

        int[] result = context.At(before.Shape).ToArray();
        for (int axis = 0; axis < result.Length; axis++)
        {
            if (form.SizeOf(index, axis) is { } size)
            {
                result[axis] = Count(context, sizes, size.Inside);
            }
            else if (before.Shape.Extent(axis) != behind.Shape.Extent(axis))
            {
                RequireSame(context, behind, before, $"state {index}, behind and before an iteration,");
            }
            else if (!context.IsActual && first.Shape[axis] != result[axis])
            {
                RequireSame(context, first, before, $"state {index}, at the start and later,");
            }
        }

        context.SetOutput(index, before.Type, new Shape(result));
    }

    /// <summary>What a size is behind the last iteration; counts are made in their order.</summary>
    private static int Count(InferContext context, SizeVariable[] sizes, SizeVariable inside)
    {
        int index = Array.IndexOf(sizes, inside);
        for (int i = context.Node.ComputedSizes.Count; i < index; i++)
        {
            context.ComputedSize(i, sizes[i].Maximum);
        }

        return context.ComputedSize(index, inside.Maximum);
    }

    /// <summary>True for a size that the loop or a node of its body finds, so that it may be another one in each iteration.</summary>
    private static bool IsFoundInside(LoopForm form, SizeVariable size) => form.Sizes.Any(s => ReferenceEquals(s.Inside, size)) || Finds(form.Body, size);

    private static bool Finds(Graph graph, SizeVariable size) => graph.Nodes.Any(n =>
        n.ComputedSizes.Contains(size) || n.Subgraphs.Any(g => Finds(g, size)) || (n.Attributes.Raw("sizes") is IReadOnlyList<LoopSize> sizes && sizes.Any(s => ReferenceEquals(s.Inside, size))));

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs) => LoopOracle.Run(node, LoopForm.Of(node), inputs);

    public override double EvaluationProducts(Node node)
    {
        LoopForm form = LoopForm.Of(node);
        return form.Trips < 0 ? double.PositiveInfinity : form.Trips * Products(form.Body);
    }

    public override void Lower(Node node, LoweringContext context) => LoopLowering.Lower(node, LoopForm.Of(node), Captured(node), context);

    protected override int OwnInputs(Node node) => LoopForm.Of(node).OwnInputs;

    protected override int OwnBodyInputs(Node node) => LoopForm.Of(node).OwnBodyInputs;
}
