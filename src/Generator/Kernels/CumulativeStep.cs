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
    private readonly bool _reverse;
    private readonly bool _exclusive;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="source">Input, plain.</param>
    /// <param name="target">Output, plain, of the same shape.</param>
    /// <param name="kind">What is accumulated.</param>
    /// <param name="reverse">True to begin at the axis' end.</param>
    /// <param name="exclusive">True to leave out the element itself.</param>
    public CumulativeStep(Node node, int axis, TensorView source, TensorView target, CumulativeKind kind, bool reverse, bool exclusive)
        : base(node, node.Name)
    {
        _axis = axis;
        _source = source;
        _target = target;
        _kind = kind;
        _reverse = reverse;
        _exclusive = exclusive;
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => new[] { _source };

    public override IReadOnlyList<TensorView> Writes => new[] { _target };

    public override string Kernel => $"running {(_kind == CumulativeKind.Sum ? "sums" : "products")} along axis {_axis}";

    public override string Summary => $"{Node!.Operator.Name}, y[j] = {(_reverse ? "x[n-1]" : "x[0]")} {Sign} … {Sign} x[{(!_exclusive ? "j" : _reverse ? "j+1" : "j-1")}]";

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
                using (writer.For("j", to[_axis].Trip))
                {
                    writer.Line($"int at = {(_reverse ? $"{writer.Value(to[_axis].Trip)} - 1 - j" : "j")};");
                    string store = $"{rows[1]}[(i * {nest.InnerStride(1)}L) + (at * {to[_axis].Stride}L)]";
                    string element = $"{rows[0]}[(i * {nest.InnerStride(0)}L) + (at * {from[_axis].Stride}L)]";
                    if (_exclusive)
                    {
                        writer.Line($"{store} = total;");
                        writer.Line($"total = ({type})(total {Sign} {element});");
                    }
                    else
                    {
                        writer.Line($"total = ({type})(total {Sign} {element});");
                        writer.Line($"{store} = total;");
                    }
                }
            }
        });
    }
}
