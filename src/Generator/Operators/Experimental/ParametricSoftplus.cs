using AotCompiler.Ir;

namespace AotCompiler.Operators.Experimental;

/// <summary>ParametricSoftplus: y = alpha · ln(1 + exp(beta · x)).</summary>
internal sealed class ParametricSoftplus : ExperimentalOperator
{
    public ParametricSoftplus()
        : base("ParametricSoftplus")
    {
    }

    protected override void Compose(Node node, Composer compose)
    {
        Value argument = Scaled(compose, Real(node, compose), node.Attributes.Float("beta", 1));
        compose.Return(Scaled(compose, compose.Op("Softplus", argument), node.Attributes.Float("alpha", 1)));
    }
}
