using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>An operator that is an expression of others, into which a model's nodes are taken apart when it is imported.</summary>
internal abstract class ComposedOperator : StructuralOperator
{
    protected ComposedOperator(string name, string domain = "")
        : base(name, domain)
    {
    }

    public sealed override void Import(StructureContext context) => Compose(context, new Composer(context));

    /// <summary>Checks the inputs, writes the expression and returns its values.</summary>
    protected abstract void Compose(StructureContext context, Composer compose);
}
