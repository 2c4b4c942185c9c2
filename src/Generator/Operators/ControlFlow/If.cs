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
/// the condition, then the captures. Both bodies must give the same shapes; sequences of them the same lengths.
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
            IReadOnlyList<ModelValue> chosen = context.Inline(constant.Bytes[0] != 0 ? Then : Else, System.Array.Empty<ModelValue>());
            for (int i = 0; i < chosen.Count; i++)
            {
                context.SetOutput(i, chosen[i]);
            }

            return;
        }

        ClosedBody[] bodies = { context.Close(Then, System.Array.Empty<ModelValue>()), context.Close(Else, System.Array.Empty<ModelValue>()) };
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

    public override void Infer(InferContext context)
    {
        (Graph then, Graph otherwise) = Bodies(context.Node);
        for (int i = 0; i < then.Outputs.Count; i++)
        {
            RequireSame(context, then.Outputs[i].Value, otherwise.Outputs[i].Value, $"output {i}");
            context.SetOutput(i, then.Outputs[i].Value.Type, then.Outputs[i].Value.Shape);
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
        if (node.Required(0).Constant is not { } condition)
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
            node, condition, context.LowerBody(then, captures, outputs), context.LowerBody(otherwise, captures, outputs), outside));
    }

    protected override int OwnInputs(Node node) => 1;

    protected override int OwnBodyInputs(Node node) => 0;

    private static (Graph Then, Graph Else) Bodies(Node node) => ((Graph)node.Attributes.Raw(Then)!, (Graph)node.Attributes.Raw(Else)!);

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
