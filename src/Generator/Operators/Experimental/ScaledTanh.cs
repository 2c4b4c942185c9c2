using AotCompiler.Ir;

namespace AotCompiler.Operators.Experimental;

/// <summary>ScaledTanh: y = alpha · tanh(beta · x).</summary>
internal sealed class ScaledTanh : ExperimentalOperator
{
    public ScaledTanh()
        : base("ScaledTanh")
    {
    }

    protected override void Compose(Node node, Composer compose)
    {
        Value argument = Scaled(compose, Real(node, compose), node.Attributes.Float("beta", 1));
        compose.Return(Scaled(compose, compose.Op("Tanh", argument), node.Attributes.Float("alpha", 1)));
    }
}
