using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>An element-wise operator with one or more inputs of one type, which broadcast to each other.</summary>
internal abstract class VariadicOperator : ElementwiseOperator
{
    protected VariadicOperator(string name)
        : base(name)
    {
    }

    public sealed override (int Min, int Max) InputCount => (1, int.MaxValue);

    public sealed override ElementFunction Function(Node node) => Function(node.OperatorInputCount);

    /// <summary>The function of that many arguments.</summary>
    protected abstract ElementFunction Function(int arity);

    /// <summary>One input is the result itself.</summary>
    public override bool Simplify(Node node, GraphRewriter rewriter) => node.OperatorInputCount == 1 && TryReplaceByInput(node, 0, rewriter);

    /// <summary>The arguments joined from the left: ((x0 ∘ x1) ∘ x2) ….</summary>
    protected static string Join(IReadOnlyList<string> arguments, Func<string, string, string> combine) => arguments.Skip(1).Aggregate(arguments[0], combine);

    /// <summary>Placeholders of a formula: {0}, {1}, ….</summary>
    protected static string[] Placeholders(int arity) => Enumerable.Range(0, arity).Select(static i => $"{{{i}}}").ToArray();
}
