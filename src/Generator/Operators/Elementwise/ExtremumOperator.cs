using System;
using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Min and Max: NaN in any input is the result, as in NumPy and ONNX Runtime.</summary>
internal abstract class ExtremumOperator : VariadicOperator
{
    private readonly bool _largest;

    protected ExtremumOperator(string name, bool largest)
        : base(name)
    {
        _largest = largest;
    }

    protected override IReadOnlyList<ElementType> AllowedTypes => TypeSets.Numbers;

    protected override ElementFunction Function(int arity) => new DelegateFunction($"{Name}{arity}", arity, $"{(_largest ? "max" : "min")}({string.Join(", ", Placeholders(arity))})")
    {
        Real = x => Fold(x, _largest ? Math.Max : Math.Min),
        Integer = x => Fold(x, _largest ? Math.Max : Math.Min),
        Unsigned = x => Fold(x, _largest ? Math.Max : Math.Min),
        Float = (simd, x) => Join(x, _largest ? simd.Max : simd.Min),
        Native = (lanes, _, x) => Join(x, (a, b) => $"{lanes.Class}.{(_largest ? "Max" : "Min")}({a}, {b})"),
        NativeFor = DelegateFunction.OrderedOfAnyWidth,
        Other = (_, x) => Join(x, (a, b) => $"global::System.Math.{(_largest ? "Max" : "Min")}({a}, {b})"),
        Cheap = arity <= 3,
    };

    /// <summary>An extremum with one constant number is a Clip with one bound, which costs one instruction.</summary>
    public override bool Simplify(Node node, GraphRewriter rewriter)
    {
        for (int i = 0; i < 2 && node.OperatorInputCount == 2; i++)
        {
            Value x = node.Required(1 - i);
            if (ElementEvaluation.Uniform(node.Required(i).Constant) is { } bound && !double.IsNaN(bound) && x.Shape.Equals(node.Output.Shape) && x.Type == ElementType.Float32)
            {
                Value constant = rewriter.Constant(ElementEvaluation.Scalar(x.Type, bound), $"{node.Name}.bound");
                rewriter.ReplaceNode(node, rewriter.Insert("Clip", node.Name, _largest ? new[] { x, constant } : new[] { x, null, constant }));
                return true;
            }
        }

        return base.Simplify(node, rewriter);
    }

    private static T Fold<T>(System.ReadOnlySpan<T> arguments, Func<T, T, T> combine)
    {
        T result = arguments[0];
        foreach (T argument in arguments.Slice(1))
        {
            result = combine(result, argument);
        }

        return result;
    }
}
