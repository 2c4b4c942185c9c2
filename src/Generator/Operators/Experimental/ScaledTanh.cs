using AotCompiler.Ir;

namespace AotCompiler.Operators.Experimental;

/// <summary>ScaledTanh: y = alpha · tanh(beta · x).</summary>
internal sealed class ScaledTanh : ExperimentalOperator
{
    public ScaledTanh()
        : base("ScaledTanh")
    {
    }

    protected override void Compose(Node node, Composer compose) => compose.Return(ScaledFunction(node, compose, "Tanh"));
}
