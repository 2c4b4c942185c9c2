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

    /// <summary>The number of parts of what it walks may be known only at run time: it is the trip count then.</summary>
    public override bool SeesStrangeSizes(Node node)
    {
        LoopForm form = LoopForm.Of(node);
        return Own(node).Select((v, i) => (Value: v, Walked: i >= 2 + form.States)).Any(o => o.Value is { Shape.IsDynamic: true } value
            && !(o.Walked && form.Trips < 0 && Enumerable.Range(1, value.Shape.Rank - 1).All(axis => !value.Shape.IsDynamicAt(axis))));
    }

    public override void Infer(InferContext context)
    {
        LoopForm form = LoopForm.Of(context.Node);
        for (int i = 0; i < form.States; i++)
        {
            Value state = form.Body.Inputs[1 + i];
            RequireSame(context, form.Body.Outputs[1 + i].Value, state, $"state {i}, behind and before an iteration,");
            RequireSame(context, context.Input(2 + i), state, $"state {i}, at the start and later,");
            context.SetOutput(i, state.Type, state.Shape);
        }

        for (int i = 0; i < form.Collected; i++)
        {
            Value part = form.Body.Outputs[1 + form.States + i].Value;
            if (part.Shape.IsDynamic)
            {
                throw context.Fail(DiagnosticCodes.ShapeNotConstant, $"what it collects in output {form.States + i} has the shape {part.Shape}, which is known only at run time", "Give the dimension one value.");
            }

            long count = form.Capacity >= 0 ? context.ComputedSize(0, form.Capacity)
                : form.Trips >= 0 || form.Walked == 0 ? Math.Max(0, form.Trips)
                : context.Shape(2 + form.States)[0];
            context.SetOutput(form.States + i, part.Type, context.MakeShape(new[] { count }.Concat(part.Shape.Dimensions.Select(static d => (long)d))));
        }
    }

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
