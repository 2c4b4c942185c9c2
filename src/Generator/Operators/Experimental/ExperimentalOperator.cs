using AotCompiler.Ir;

namespace AotCompiler.Operators.Experimental;

/// <summary>
/// An operator of the standard's first years that was experimental and left it in version 1.5. Models of that time, made from Core ML and
/// Caffe2 above all, still have it, and ONNX Runtime still runs it. Source: that runtime,
/// https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/graph/contrib_ops/contrib_defs.cc.
/// </summary>
internal abstract class ExperimentalOperator : ComposedOperator
{
    protected ExperimentalOperator(string name)
        : base(name)
    {
    }

    public override (int Min, int Max) InputCount => (1, 1);

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    /// <summary>The first input, which must be one of floating-point numbers.</summary>
    protected static Value Real(Node node, Composer compose)
    {
        Value x = node.Required(0);
        compose.RequireFloat(x.Type);
        return x;
    }

    /// <summary>alpha · f(beta · x); both factors have no effect where they are not given.</summary>
    protected static Value ScaledFunction(Node node, Composer compose, string function)
    {
        Value argument = Scaled(compose, Real(node, compose), node.Attributes.Float("beta", 1));
        return Scaled(compose, compose.Op(function, argument), node.Attributes.Float("alpha", 1));
    }

    /// <summary>factor · value.</summary>
    protected static Value Scaled(Composer compose, Value value, float factor) => factor == 1 ? value : compose.Mul(value, compose.Scalar(factor, value.Type));
}
