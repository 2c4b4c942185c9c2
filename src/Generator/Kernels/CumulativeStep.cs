using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>What is accumulated.</summary>
internal enum CumulativeKind
{
    Sum,
    Product,
}

/// <summary>Running sums or products along one axis, in order: one for each position of the other dimensions.</summary>
internal sealed class CumulativeStep : Step
{
    private readonly int _axis;
    private readonly TensorView _source;
    private readonly TensorView _target;
    private readonly CumulativeKind _kind;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="source">Input, plain; reversed strides sum from the other end.</param>
    /// <param name="target">Output, plain, of the same shape.</param>
    /// <param name="kind">What is accumulated.</param>
    public CumulativeStep(Node node, int axis, TensorView source, TensorView target, CumulativeKind kind)
        : base(node, node.Name)
    {
        _axis = axis;
        _source = source;
        _target = target;
        _kind = kind;
    }

    public override IReadOnlyList<TensorView> Reads => new[] { _source };

    public override IReadOnlyList<TensorView> Writes => new[] { _target };

    public override string Kernel => $"running {(_kind == CumulativeKind.Sum ? "sums" : "products")} along axis {_axis}";

    public override string Summary => $"{Node!.Operator.Name}, y[j] = x[0] {Sign} … {Sign} x[j]";

    private string Sign => _kind == CumulativeKind.Sum ? "+" : "*";

    public override void Emit(StepWriter writer)
    {
        string type = _source.Type.CSharpName();
        IReadOnlyList<IterationDimension> from = _source.Layout.Dimensions();
        IReadOnlyList<IterationDimension> to = _target.Layout.Dimensions();
        (string, string) x = IndexComponent.Declare(writer, _source, "x", asBits: false);
        (string, string) y = IndexComponent.Declare(writer, _target, "y", asBits: false);
        LoopNest nest = LoopNest.Build(
            from.Where((_, i) => i != _axis).ToArray(),
            to.Where((_, i) => i != _axis).ToArray());
        nest.EmitOuter(writer, new[] { x, y }, rows =>
        {
            using (writer.For("i", nest.InnerTrip))
            {
                writer.Line($"{type} total = {(_kind == CumulativeKind.Sum ? 0 : 1)};");
                using (writer.For("j", to[_axis].Extent))
                {
                    writer.Line($"total = ({type})(total {Sign} {rows[0]}[(i * {nest.InnerStride(0)}L) + (j * {from[_axis].Stride}L)]);");
                    writer.Line($"{rows[1]}[(i * {nest.InnerStride(1)}L) + (j * {to[_axis].Stride}L)] = total;");
                }
            }
        });
    }
}
