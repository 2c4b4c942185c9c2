using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>Copies one triangle of matrices and writes zeros into the other.</summary>
internal sealed class TriangleStep : Step
{
    private readonly TensorView _source;
    private readonly TensorView _target;
    private readonly bool _upper;
    private readonly Extent _diagonal;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="source">Input, plain; the last two dimensions are the matrices.</param>
    /// <param name="target">Output.</param>
    /// <param name="upper">True to keep the elements on and above the diagonal, else those on and below it.</param>
    /// <param name="diagonal">Columns that the diagonal is right of the main one.</param>
    public TriangleStep(Node node, TensorView source, TensorView target, bool upper, Extent diagonal)
        : base(node, node.Name)
    {
        _source = source;
        _target = target;
        _upper = upper;
        _diagonal = diagonal;
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => new[] { _source };

    public override IReadOnlyList<TensorView> Writes => new[] { _target };

    public override string Kernel => $"{(_upper ? "upper" : "lower")} triangle from diagonal {(_diagonal.Size is { } size ? $"{size}" : $"{_diagonal.Maximum}")}";

    public override string Summary => $"{Node!.Operator.Name}, {Kernel}";

    public override void Emit(StepWriter writer)
    {
        int rank = _source.Shape.Rank;
        IReadOnlyList<IterationDimension> from = _source.Layout.Dimensions();
        IReadOnlyList<IterationDimension> to = _target.Layout.Dimensions();
        string type = RowCopy.PointerName(_source.Type);
        (string, string) x = IndexComponent.Declare(writer, _source, "x", asBits: true);
        (string, string) y = IndexComponent.Declare(writer, _target, "y", asBits: true);
        LoopNest nest = LoopNest.Build(from.Take(rank - 2).ToArray(), to.Take(rank - 2).ToArray());
        nest.EmitAll(writer, new[] { x, y }, rows =>
        {
            using (writer.For("row", from[rank - 2].Trip))
            {
                writer.Line($"{type} source = {rows[0]} + (row * {from[rank - 2].Stride}L);");
                writer.Line($"{type} target = {rows[1]} + (row * {to[rank - 2].Stride}L);");
                using (writer.For("column", from[rank - 1].Trip))
                {
                    string keep = _upper ? $"column >= row + ({writer.Value(_diagonal)})" : $"column <= row + ({writer.Value(_diagonal)})";
                    string zero = $"({RowCopy.ElementName(_source.Type)})0";
                    writer.Line($"target[column * {to[rank - 1].Stride}L] = {keep} ? source[column * {from[rank - 1].Stride}L] : {zero};");
                }
            }
        });
    }
}
