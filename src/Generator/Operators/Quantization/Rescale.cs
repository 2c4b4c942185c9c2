using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>
/// Rescale, of the compiler's own: x · scale, where x are whole numbers that sums of codes made. A Mul would be folded into the
/// weights that made them, which are codes and stay whole.
/// </summary>
internal sealed class Rescale : ElementwiseOperator
{
    public Rescale()
        : base(nameof(Rescale), InternalDomain)
    {
    }

    public override (int Min, int Max) InputCount => (2, 2);

    protected override IReadOnlyList<ElementType> AllowedTypes { get; } = new[] { ElementType.Float32 };

    protected override bool IsUnidirectional => true;

    public override ElementFunction Function(Node node)
    {
        float? number = Number(node);
        return new DelegateFunction($"Rescale({(number is null ? "·" : $"{number:R}")})", number is null ? 2 : 1, number is null ? "{0} * {1}" : $"{{0}} * {number:R}")
        {
            Real = x => x[0] * (number ?? x[1]),
            Float = (simd, x) => $"{x[0]} * {(number is { } n ? simd.Constant(n) : x[1])}",
            Cheap = true,
        };
    }

    /// <summary>Removes a factor of 1.</summary>
    public override bool Simplify(Node node, GraphRewriter rewriter) => Number(node) == 1 && TryReplaceByInput(node, 0, rewriter);

    protected override IEnumerable<int> OperandIndexes(Node node) => Number(node) is null ? new[] { 0, 1 } : new[] { 0 };

    private static float? Number(Node node) => ElementEvaluation.Uniform(node.Required(1).Constant) is { } value ? (float)value : null;
}
