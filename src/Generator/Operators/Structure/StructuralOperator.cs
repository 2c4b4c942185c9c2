using System;
using System.Collections.Generic;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Operators;

/// <summary>A structural operator that never becomes a node of the graph.</summary>
internal abstract class StructuralOperator : Operator, IStructuralOperator
{
    protected StructuralOperator(string name, string domain = "")
        : base(name, domain)
    {
    }

    public bool IsStructural(NodeForm node) => true;

    public abstract void Import(StructureContext context);

    public sealed override void Infer(InferContext context) => throw NeverANode();

    public sealed override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs) => throw NeverANode();

    public sealed override void Lower(Node node, LoweringContext context) => throw NeverANode();

    private InvalidOperationException NeverANode() => new($"{this} is taken apart when a model is imported");
}
