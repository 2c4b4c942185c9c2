using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>Running sums along one axis, in order: one sum for each position of the other dimensions.</summary>
internal sealed class CumulativeSumStep : Step
{
    private readonly int _axis;
    private readonly TensorView _source;
    private readonly TensorView _target;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="source">Input, plain; reversed strides sum from the other end.</param>
    /// <param name="target">Output, plain, of the same shape.</param>
    public CumulativeSumStep(Node node, int axis, TensorView source, TensorView target)
        : base(node, node.Name)
    {
        _axis = axis;
        _source = source;
        _target = target;
    }

    public override IReadOnlyList<TensorView> Reads => new[] { _source };

    public override IReadOnlyList<TensorView> Writes => new[] { _target };

    public override string Kernel => $"running sums along axis {_axis}";

    public override string Summary => $"{Node!.Operator.Name}, y[j] = x[0] + … + x[j]";

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
            using (writer.For("i", nest.InnerExtent))
            {
                writer.Line($"{type} sum = 0;");
                using (writer.For("j", to[_axis].Extent))
                {
                    writer.Line($"sum = ({type})(sum + {rows[0]}[(i * {nest.InnerStride(0)}L) + (j * {from[_axis].Stride}L)]);");
                    writer.Line($"{rows[1]}[(i * {nest.InnerStride(1)}L) + (j * {to[_axis].Stride}L)] = sum;");
                }
            }
        });
    }
}
