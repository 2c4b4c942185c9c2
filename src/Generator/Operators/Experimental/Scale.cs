using AotCompiler.Ir;

namespace AotCompiler.Operators.Experimental;

/// <summary>Scale: y = scale · x.</summary>
internal sealed class Scale : ExperimentalOperator
{
    public Scale()
        : base("Scale")
    {
    }

    protected override void Compose(Node node, Composer compose) =>
        compose.Return(compose.Op("Identity", Scaled(compose, Real(node, compose), node.Attributes.Float("scale", 1))));
}
