using AotCompiler.Ir;

namespace AotCompiler.Operators.Experimental;

/// <summary>ParametricSoftplus: y = alpha · ln(1 + exp(beta · x)).</summary>
internal sealed class ParametricSoftplus : ExperimentalOperator
{
    public ParametricSoftplus()
        : base("ParametricSoftplus")
    {
    }

    protected override void Compose(Node node, Composer compose) => compose.Return(ScaledFunction(node, compose, "Softplus"));
}
