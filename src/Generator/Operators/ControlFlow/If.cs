using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators;

/// <summary>If: one of two bodies, by a bool. Where the bool is constant only that body's nodes remain.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__If.html. Later opsets (11, 13, 16, 19, 21, 23, 24, 25) only widened types. As a node: inputs are
/// the condition, then the captures. Both bodies must give the same types and ranks; where their lengths
/// differ, or are found in the data, the length is a count of the node. Sequences of other lengths become tensors; an optional that one
/// branch leaves empty has a tensor that says whether it is.
/// </remarks>
internal sealed class If : RegionOperator
{
    private const string Then = "then_branch";
    private const string Else = "else_branch";

    public If()
        : base("If")
    {
    }

    public override void Import(StructureContext context)
    {
        Value condition = context.Tensor(0);
        if (condition.Type != ElementType.Bool || condition.Shape.ElementCount != 1)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "the condition must be one bool");
        }

        if (condition.Constant is { } constant)
        {
            Take(context, constant.Bytes[0] != 0 ? Then : Else);
            return;
        }

        int sizes = context.SizeCount;
        ClosedBody? then = Close(context, Then, out ModelException? thenFailure);
        ClosedBody? otherwise = Close(context, Else, out ModelException? elseFailure);
        if (then is null || otherwise is null)
        {
            TakeOnly(context, condition, taken: then is not null ? Then : otherwise is not null ? Else : throw thenFailure!, (thenFailure ?? elseFailure)!);
            return;
        }

        ClosedBody[] bodies = OptionalOutputs.Join(context.Name, StackSequences(context, new[] { then, otherwise }, sizes));
        CheckOutputs(context, bodies[0].Outputs, bodies[1].Outputs);
        IReadOnlyList<Value> captures = JoinCaptures(bodies, own: 0);
        foreach (ClosedBody body in bodies)
        {
            body.Graph.Outputs.AddRange(body.Outputs.SelectMany(static o => o.Tensors).Select(static v => new GraphOutput(v.Name, v)));
        }

        AttributeMap attributes = new AttributeMap(context.Name).Set(Then, bodies[0].Graph).Set(Else, bodies[1].Graph);
        IEnumerable<string> names = bodies[0].Outputs.SelectMany((o, i) => o.Tensors.Select(_ => context.OutputName(i)));
        var tensors = new Queue<Value>(context.InsertNode(this, attributes, new[] { condition }.Concat(captures), names));
        for (int i = 0; i < bodies[0].Outputs.Count; i++)
        {
            context.SetOutput(i, bodies[0].Outputs[i].With(tensors));
        }
    }

    /// <summary>One branch stands in the node's place.</summary>
    private static void Take(StructureContext context, string branch)
    {
        IReadOnlyList<ModelValue> chosen = context.Inline(branch, Array.Empty<ModelValue>());
        for (int i = 0; i < chosen.Count; i++)
        {
            context.SetOutput(i, chosen[i]);
        }
    }

    /// <summary>
    /// A branch as a body; null if the shapes do not fit it. A runtime that knows shapes only when it gets there runs such a model as
    /// long as the data choose the other branch.
    /// </summary>
    private static ClosedBody? Close(StructureContext context, string branch, out ModelException? failure)
    {
        failure = null;
        try
        {
            return context.Close(branch, Array.Empty<ModelValue>());
        }
        catch (ModelException exception) when (exception.Diagnostic.Code == DiagnosticCodes.ShapeMismatch && !exception.DependsOnSizes)
        {
            failure = exception;
            return null;
        }
    }

    /// <summary>The branch that fits stands in the node's place; a run whose condition chooses the other one ends with an error.</summary>
    private static void TakeOnly(StructureContext context, Value condition, string taken, ModelException failure)
    {
        context.Warn(
            DiagnosticCodes.BranchLeftOut,
            $"'If' node \"{context.Name}\" (opset {context.Opset}): the {(taken == Then ? "else" : "then")} branch does not fit the shapes and is left out; a run that needs it ends with an error. {failure.Diagnostic.Message} If the condition is always the same, declare the data that decide it, for example Dimensions=\"sr.value=16000\".");
        context.Require(condition, taken == Then);
        Take(context, taken);
    }

    public override void Infer(InferContext context)
    {
        (Graph then, Graph otherwise) = Bodies(context.Node);
        int counts = 0;
        for (int i = 0; i < then.Outputs.Count; i++)
        {
            (Value first, Value second) = (then.Outputs[i].Value, otherwise.Outputs[i].Value);
            if (first.Type != second.Type || first.Shape.Rank != second.Shape.Rank)
            {
                RequireSame(context, first, second, $"output {i}");
            }

            (Shape left, Shape right) = (context.At(first.Shape), context.At(second.Shape));
            context.SetOutput(i, first.Type, context.MakeShape(Enumerable.Range(0, left.Rank).Select(axis => first.Shape.Extent(axis) == second.Shape.Extent(axis)
                ? left[axis]
                : (long)context.ComputedSize(counts++, Math.Max(left[axis], right[axis])))));
        }
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        (Graph then, Graph otherwise) = Bodies(node);
        return GraphInterpreter.Run(inputs[0]!.Bytes[0] != 0 ? then : otherwise, inputs.Skip(1).Select(static t => t!).ToArray());
    }

    public override double EvaluationProducts(Node node) => node.Subgraphs.Sum(Products);

    public override bool Simplify(Node node, GraphRewriter rewriter)
    {
        if (node.Required(0).Constant is not { } condition || node.ComputedSizes.Count > 0)
        {
            return base.Simplify(node, rewriter);
        }

        (Graph then, Graph otherwise) = Bodies(node);
        rewriter.InlineBody(node, condition.Bytes[0] != 0 ? then : otherwise, Captured(node));
        return true;
    }

    public override void Lower(Node node, LoweringContext context)
    {
        (Graph then, Graph otherwise) = Bodies(node);
        TensorView condition = context.ReadDense(node.Required(0));
        TensorView[] captures = Captured(node).Select(v => context.ReadPlain(v)).ToArray();
        TensorView[] outputs = node.Outputs.Select(context.Allocate).ToArray();
        int outside = context.StorageCount;
        context.Add(new BranchStep(
            node,
            condition,
            context.LowerBody(then, captures, Targets(then, outputs)),
            context.LowerBody(otherwise, captures, Targets(otherwise, outputs)),
            outside,
            new[] { Counts(then, otherwise), Counts(otherwise, then) }));
    }

    /// <summary>The parts of the outputs' memory that a branch fills.</summary>
    private static IReadOnlyList<TensorView> Targets(Graph body, IReadOnlyList<TensorView> outputs) => outputs.Select((view, i) =>
    {
        Shape shape = body.Outputs[i].Value.Shape;
        Layout layout = Enumerable.Range(0, shape.Rank).Aggregate(view.Layout, (l, axis) => shape.Extent(axis) == view.Shape.Extent(axis) ? l : l.Slice(axis, 0, shape.Extent(axis)));
        return view.With(layout);
    }).ToArray();

    /// <summary>The lengths that a branch gives to dimensions in which the branches differ.</summary>
    private static IReadOnlyList<Size> Counts(Graph body, Graph other) => body.Outputs
        .SelectMany((o, i) => o.Value.Shape.Extents.Where((e, axis) => e != other.Outputs[i].Value.Shape.Extent(axis)))
        .Select(static e => e.Expression)
        .ToArray();

    protected override int OwnInputs(Node node) => 1;

    protected override int OwnBodyInputs(Node node) => 0;

    private static (Graph Then, Graph Else) Bodies(Node node) => ((Graph)node.Attributes.Raw(Then)!, (Graph)node.Attributes.Raw(Else)!);

    /// <summary>Sequences that are longer in one branch than in the other become tensors.</summary>
    private static ClosedBody[] StackSequences(StructureContext context, ClosedBody[] bodies, int sizes)
    {
        ModelValue[][] outputs = bodies.Select(static b => b.Outputs.ToArray()).ToArray();
        for (int i = 0; i < Math.Min(outputs[0].Length, outputs[1].Length); i++)
        {
            (ModelValue then, ModelValue otherwise) = (outputs[0][i], outputs[1][i]);
            if (then.HasStructureOf(otherwise))
            {
                continue;
            }

            JoinForm? form = SequenceJoin.FormOf(sizes, then, otherwise);
            (ElementType Type, Shape Shape)? element = form is null ? SequenceStack.ElementOf(then, otherwise) : null;
            element = element is { } alike && SequenceJoin.HasOwnSizes(alike.Shape, sizes) ? null : element;
            for (int b = 0; b < bodies.Length && (form is not null || element is not null); b++)
            {
                outputs[b][i] = form is not null
                    ? SequenceJoin.Of(bodies[b].Graph, context.Name, outputs[b][i], form)
                    : new StackedSequence(SequenceStack.Of(bodies[b].Graph, context.Name, outputs[b][i], element!.Value));
            }
        }

        return bodies.Select((b, i) => b with { Outputs = outputs[i] }).ToArray();
    }

    private static void CheckOutputs(StructureContext context, IReadOnlyList<ModelValue> then, IReadOnlyList<ModelValue> otherwise)
    {
        if (then.Count != otherwise.Count)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"one branch has {then.Count} outputs, the other {otherwise.Count}");
        }

        for (int i = 0; i < then.Count; i++)
        {
            if (!then[i].HasStructureOf(otherwise[i]))
            {
                throw context.FailNotConstant($"output {i} is {then[i].Describe()} in one branch and {otherwise[i].Describe()} in the other, and the condition is only known at run time");
            }
        }
    }
}
