using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>An element-wise operator with one input.</summary>
internal abstract class UnaryOperator : ElementwiseOperator
{
    protected UnaryOperator(string name)
        : base(name)
    {
    }

    public sealed override (int Min, int Max) InputCount => (1, 1);
}

/// <summary>An element-wise operator with one input and without attributes.</summary>
internal abstract class UnaryFunctionOperator : UnaryOperator
{
    private readonly ElementFunction _function;

    protected UnaryFunctionOperator(string name, ElementFunction function)
        : base(name)
    {
        _function = function;
    }

    public sealed override ElementFunction Function(Node node) => _function;
}
