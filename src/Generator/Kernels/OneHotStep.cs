using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>Compares positions along a new axis with indices: the on-value where they are equal, else the off-value.</summary>
internal sealed class OneHotStep : Step
{
    private readonly TensorView _indices;
    private readonly TensorView _values;
    private readonly TensorView _output;
    private readonly int _axis;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="indices">Numbers of any type, plain; fractions are cut off.</param>
    /// <param name="values">Dense pair: off-value, on-value.</param>
    /// <param name="output">Output, plain: the shape of the indices with one more axis.</param>
    /// <param name="axis">The new axis.</param>
    public OneHotStep(Node node, TensorView indices, TensorView values, TensorView output, int axis)
        : base(node, node.Name)
    {
        _indices = indices;
        _values = values;
        _output = output;
        _axis = axis;
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => new[] { _indices, _values };

    public override IReadOnlyList<TensorView> Writes => new[] { _output };

    public override string Kernel => $"one-hot, depth {_output.Shape[_axis]}";

    public override string Summary => $"{Node!.Operator.Name}, axis {_axis}";

    private LoopNest Loops => LoopNest.Build(_indices.Layout.Dimensions(), _output.Layout.Dimensions().Where((_, i) => i != _axis).ToArray());

    /// <summary>Loops for threads to share.</summary>
    private LoopNest Divided => Loops.Divided(least: 1);

    public override bool SharesRunTimeSizes => true;

    public override Extent ParallelExtent(Simd simd) => Divided.Units;

    public override void Emit(StepWriter writer)
    {
        IterationDimension axis = _output.Layout.Dimensions()[_axis];
        (string, string) index = IndexComponent.Declare(writer, _indices, "index", asBits: false);
        (string, string) values = IndexComponent.Declare(writer, _values, "values", asBits: true);
        (string, string) y = IndexComponent.Declare(writer, _output, "y", asBits: true);
        LoopNest nest = writer.IsShared ? Divided : Loops;
        nest.EmitShared(writer, new[] { index, y }, rows =>
        {
            using (writer.For("i", nest.InnerTrip))
            {
                string element = $"{rows[0]}[i * {nest.InnerStride(0)}L]";
                writer.Line($"long hot = {Whole(element)};");
                writer.Line($"hot = hot < 0 ? hot + {writer.Value(axis.Trip)} : hot;");
                using (writer.For("j", axis.Trip))
                {
                    writer.Line($"{rows[1]}[(i * {nest.InnerStride(1)}L) + (j * {axis.Stride}L)] = {values.Item1}[hot == j ? 1 : 0];");
                }
            }
        });
    }

    /// <summary>The index as a long; one beyond its range, or no number, selects nothing.</summary>
    private string Whole(string element) => _indices.Type switch
    {
        ElementType.Float32 or ElementType.Float64 => $"{element} >= -2147483648.0 && {element} <= 2147483647.0 ? (long){element} : long.MaxValue",
        ElementType.UInt64 => $"{element} <= long.MaxValue ? (long){element} : long.MaxValue",
        _ => $"{element}",
    };
}
