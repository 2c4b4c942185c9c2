using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Sum: the sum of the inputs, element by element, with multidirectional broadcasting.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Sum.html · Types: f32, f64 · Opsets: 6 dropped consumed_inputs; 8 added broadcasting.</remarks>
internal sealed class Sum : VariadicOperator
{
    public Sum()
        : base("Sum")
    {
    }

    protected override ElementFunction Function(int arity) => new DelegateFunction($"Sum{arity}", arity, string.Join(" + ", Placeholders(arity)))
    {
        Real = static x =>
        {
            double sum = 0;
            foreach (double term in x)
            {
                sum += term;
            }

            return sum;
        },
        Float = static (_, x) => string.Join(" + ", x),
        Native = static (_, _, x) => string.Join(" + ", x),
        Other = static (_, x) => string.Join(" + ", x),
        Cheap = arity <= 3,
    };

    /// <summary>Two terms are an Add, which other passes know how to fuse.</summary>
    public override bool Simplify(Node node, GraphRewriter rewriter)
    {
        if (node.OperatorInputCount != 2)
        {
            return base.Simplify(node, rewriter);
        }

        rewriter.ReplaceNode(node, rewriter.Insert("Add", node.Name, new[] { node.Required(0), node.Required(1) }));
        return true;
    }
}
