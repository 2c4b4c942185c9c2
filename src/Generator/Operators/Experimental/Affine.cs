using AotCompiler.Ir;

namespace AotCompiler.Operators.Experimental;

/// <summary>Affine: y = alpha · x + beta; both have no effect where they are not given.</summary>
internal sealed class Affine : ExperimentalOperator
{
    public Affine()
        : base("Affine")
    {
    }

    protected override void Compose(Node node, Composer compose)
    {
        Value scaled = Scaled(compose, Real(node, compose), node.Attributes.Float("alpha", 1));
        float shift = node.Attributes.Float("beta", 0);
        compose.Return(shift == 0 ? compose.Op("Identity", scaled) : compose.Add(scaled, compose.Scalar(shift, scaled.Type)));
    }
}
