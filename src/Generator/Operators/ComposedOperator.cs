using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Operators;

/// <summary>
/// An operator that is an expression of others, which stands in the place of its node as soon as the model is imported: it has no
/// kernels, no oracle and no passes of its own, but those of its parts. What is constant folds while it is written, unless a pass
/// wants to see how it comes about (<see cref="Operator.FoldsOnImport"/>). Parts may be composed operators themselves.
/// </summary>
internal abstract class ComposedOperator : Operator, IStructuralOperator
{
    protected ComposedOperator(string name, string domain = "")
        : base(name, domain)
    {
    }

    public bool IsStructural(NodeForm node) => true;

    /// <summary>
    /// Checks what the parts do not check. Sets types and shapes of the outputs only where <see cref="Compose"/> reads them: otherwise
    /// they follow from the parts.
    /// </summary>
    public override void Infer(InferContext context)
    {
    }

    /// <summary>
    /// True if the expression is right for every size of a dimension that is known only at run time: it takes no number from that
    /// dimension, whose number in <see cref="Value.Shape"/> is the greatest one. Where it does, the node is refused.
    /// </summary>
    /// <param name="node">The node, as <see cref="Compose"/> sees it.</param>
    /// <param name="input">The input that has the dimension; it is there.</param>
    /// <param name="axis">The dimension.</param>
    protected virtual bool HandlesRunTimeSize(Node node, int input, int axis) => false;

    /// <summary>Writes the expression, and says with <see cref="Composer.Return(Value[])"/> what the outputs are.</summary>
    /// <param name="node">The node; it has its newest form, and stands in no graph.</param>
    /// <param name="compose">Adds the parts.</param>
    protected abstract void Compose(Node node, Composer compose);

    public void Import(StructureContext context) => Import(context, this, ComposeChecked);

    /// <summary>Puts an expression into the place of a node of any operator.</summary>
    /// <param name="context">The node.</param>
    /// <param name="op">Its operator, which checks the inputs.</param>
    /// <param name="compose">Writes the expression.</param>
    public static void Import(StructureContext context, Operator op, Action<Node, Composer> compose)
    {
        Value?[] inputs = context.Inputs.Select((_, i) => context.OptionalTensor(i)).ToArray();
        string[] outputs = Enumerable.Range(0, context.Outputs.Count).Select(i => context.IsUsed(i) ? context.OutputName(i) : string.Empty).ToArray();
        IReadOnlyList<Value?> results = Expand(context, op, compose, (context.Name, context.Opset), context.Attributes, inputs, outputs);
        for (int i = 0; i < results.Count; i++)
        {
            if (results[i] is { } value)
            {
                if (value.Producer?.Name == context.Name && !inputs.Contains(value))
                {
                    context.Rename(value, i);
                }

                context.SetOutput(i, new TensorValue(value));
            }
        }
    }

    /// <summary>The values of a node's outputs; null where the operator has none.</summary>
    /// <param name="context">The graph that gets the parts, and the bodies that the attributes name.</param>
    /// <param name="name">Name of the node: the parts are named after it.</param>
    /// <param name="opset">Version that the node is written for.</param>
    /// <param name="attributes">The attributes.</param>
    /// <param name="inputs">The inputs; null where an optional one is absent.</param>
    /// <param name="outputs">Names of the outputs; empty where nobody reads it.</param>
    public IReadOnlyList<Value?> Expand(StructureContext context, string name, int opset, AttributeMap attributes, IEnumerable<Value?> inputs, IReadOnlyList<string> outputs) =>
        Expand(context, this, ComposeChecked, (name, opset), attributes, inputs, outputs);

    private static IReadOnlyList<Value?> Expand(
        StructureContext context, Operator op, Action<Node, Composer> compose, (string Name, int Opset) identity, AttributeMap attributes, IEnumerable<Value?> inputs, IReadOnlyList<string> outputs)
    {
        Value[] formal = outputs.Select(static o => new Value(o, ElementType.Undefined, Shape.Scalar)).ToArray();
        var node = new Node(op, identity.Name, attributes, inputs, formal) { Opset = identity.Opset };
        try
        {
            context.Infer(node);
            var composer = new Composer(context, node);
            compose(node, composer);
            return composer.Results;
        }
        finally
        {
            // Only the parts remain, or nothing where the operator refuses the node.
            node.Remove();
        }
    }

    private void ComposeChecked(Node node, Composer composer)
    {
        RefuseRunTimeSizes(node, composer);
        Compose(node, composer);
    }

    public sealed override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs) => throw NeverANode();

    public sealed override void Lower(Node node, LoweringContext context) => throw NeverANode();

    private void RefuseRunTimeSizes(Node node, Composer composer)
    {
        for (int input = 0; input < node.OperatorInputCount; input++)
        {
            for (int axis = 0; axis < (node.Input(input)?.Shape.Rank ?? 0); axis++)
            {
                if (node.Required(input).Shape.IsDynamicAt(axis) && !HandlesRunTimeSize(node, input, axis))
                {
                    throw composer.Fail(
                        DiagnosticCodes.ShapeNotConstant,
                        $"dimension {axis} of input {input}, {node.Required(input).Shape.Extent(axis)}, is only known at run time, but {Name} needs it as a number",
                        "Give that dimension one value instead of a range, or export the model with a constant one.");
                }
            }
        }
    }

    private InvalidOperationException NeverANode() => new($"{Name} is an expression of other operators once a model is imported");
}
