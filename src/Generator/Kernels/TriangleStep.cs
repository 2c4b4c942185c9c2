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

    private Extent Rows => _source.Shape.Extent(_source.Shape.Rank - 2);

    /// <summary>The loops over the matrices, for threads to share where matrices have few rows.</summary>
    private LoopNest Matrices => LoopNest.Build(Outer(_source), Outer(_target)).Divided(least: 1);

    private bool SharesRows => SharedLoop.IsOuter(Rows, Matrices.Units);

    public override bool SharesRunTimeSizes => true;

    /// <summary>The rows of all matrices at a time, or the matrices.</summary>
    public override Extent ParallelExtent(Simd simd) => SharesRows ? Rows : Matrices.Units;

    public override void Emit(StepWriter writer)
    {
        int rank = _source.Shape.Rank;
        IReadOnlyList<IterationDimension> from = _source.Layout.Dimensions();
        IReadOnlyList<IterationDimension> to = _target.Layout.Dimensions();
        string type = RowCopy.PointerName(_source.Type);
        (string, string) x = IndexComponent.Declare(writer, _source, "x", asBits: true);
        (string, string) y = IndexComponent.Declare(writer, _target, "y", asBits: true);
        LoopNest nest = LoopNest.Build(Outer(_source), Outer(_target));
        if (SharesRows || !writer.IsShared)
        {
            nest.EmitAll(writer, new[] { x, y }, EmitMatrix);
        }
        else
        {
            Matrices.EmitAllShared(writer, new[] { x, y }, EmitMatrix);
        }

        void EmitMatrix(IReadOnlyList<string> rows)
        {
            using (SharedLoop.For(writer, "row", Rows, SharesRows))
            {
                writer.Line($"{type} source = {rows[0]} + (row * {from[rank - 2].Stride}L);");
                writer.Line($"{type} target = {rows[1]} + (row * {to[rank - 2].Stride}L);");
                if (from[rank - 1].Stride == 1 && to[rank - 1].Stride == 1)
                {
                    EmitRow(writer, from[rank - 1].Trip);
                    return;
                }

                using (writer.For("column", from[rank - 1].Trip))
                {
                    string keep = _upper ? $"column >= row + ({writer.Value(_diagonal)})" : $"column <= row + ({writer.Value(_diagonal)})";
                    string zero = $"({RowCopy.ElementName(_source.Type)})0";
                    writer.Line($"target[column * {to[rank - 1].Stride}L] = {keep} ? source[column * {from[rank - 1].Stride}L] : {zero};");
                }
            }
        }
    }

    /// <summary>The dimensions that are not a matrix's.</summary>
    private static IReadOnlyList<IterationDimension> Outer(TensorView view) => view.Layout.Dimensions().Take(view.Shape.Rank - 2).ToArray();

    /// <summary>A row in two parts, of which one is copied.</summary>
    private void EmitRow(StepWriter writer, Extent columns)
    {
        string count = writer.Value(columns);
        string beyond = _upper ? string.Empty : " + 1";
        writer.Line($"int edge = global::System.Math.Max(0, global::System.Math.Min({count}, row + ({writer.Value(_diagonal)}){beyond}));");
        EmitPart(writer, "left", "0", "edge", keeps: !_upper);
        EmitPart(writer, "right", "edge", $"({count} - edge)", keeps: _upper);
    }

    private void EmitPart(StepWriter writer, string name, string start, string count, bool keeps)
    {
        string element = RowCopy.ElementName(_source.Type);
        writer.Line($"{element}* {name} = target + {start};");
        if (keeps)
        {
            writer.Line($"{element}* kept = source + {start};");
        }

        VectorLoop.EmitDynamic(
            writer,
            count,
            (simd, i) => writer.Line(simd.IsScalar
                ? $"{name}[{i}] = {(keeps ? $"kept[{i}]" : $"({element})0")};"
                : $"{simd.Class}.Store({(keeps ? $"{simd.Class}.Load(kept + {i})" : $"{simd.Class}<{element}>.Zero")}, {name} + {i});"),
            _source.Type.Size());
    }
}
