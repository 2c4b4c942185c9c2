using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>Copies a tensor between any two layouts: strides, channel blocks, repeated (stride 0) and reversed (negative stride) dimensions.</summary>
internal sealed class CopyStep : Step, IRowStep
{
    private readonly TensorView _source;
    private readonly TensorView _target;
    private readonly bool _byRows;
    private readonly Size? _sourceShift;
    private readonly Size? _targetShift;

    /// <param name="node">The node it belongs to; null for copies that the compiler adds.</param>
    /// <param name="name">Name for people.</param>
    /// <param name="source">What is read.</param>
    /// <param name="target">What is written, of the same shape.</param>
    /// <param name="sourceShift">Elements behind the source's first one where reading begins, if only known at run time.</param>
    /// <param name="targetShift">Elements behind the target's first one where writing begins, if only known at run time.</param>
    public CopyStep(Node? node, string name, TensorView source, TensorView target, Size? sourceShift = null, Size? targetShift = null)
        : base(node, name)
    {
        _sourceShift = sourceShift;
        _targetShift = targetShift;
        if (!source.Shape.Equals(target.Shape) || source.Type.Size() != target.Type.Size())
        {
            string problem = $"cannot copy {source.Describe()} to {target.Describe()}";
            throw source.Shape.IsDynamic || target.Shape.IsDynamic
                ? new ModelException(DiagnosticCodes.ShapeNotConstant, $"{node?.ToString() ?? name}: {problem} where sizes are known only at run time. Give the dimension one value, or another range.")
                : new ArgumentException(problem);
        }

        _source = source;
        _target = target;
    }

    private CopyStep(CopyStep step)
        : base(step.Node, step.Name)
    {
        _source = step._source;
        _target = step._target;
        _byRows = true;
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => new[] { _source };

    public override IReadOnlyList<TensorView> Writes => new[] { _target };

    public override string Kernel => $"copy {Side(_source)} → {Side(_target)}";

    public override string Summary => $"{Node?.Operator.Name ?? "Reorder"}, {Side(_source)} to {Side(_target)}";

    public override void Emit(StepWriter writer)
    {
        string type = RowCopy.PointerName(_source.Type);
        string x = writer.Pointer(_source, "x", type: type);
        string y = writer.Pointer(_target, "y", type: type);
        Shift(writer, x, _sourceShift);
        Shift(writer, y, _targetShift);
        int unit = 0;
        foreach ((IReadOnlyList<IterationDimension> from, IReadOnlyList<IterationDimension> to, Size fromStart, Size toStart) in Parts())
        {
            if (_byRows)
            {
                EmitPartByRows(writer, (Shifted(writer, x, fromStart), from), (Shifted(writer, y, toStart), to));
                continue;
            }

            LoopNest nest = Nest(from, to);
            EmitPart(writer, Shifted(writer, x, fromStart), Shifted(writer, y, toStart), nest, unit);
            unit += Units(nest).Maximum;
        }
    }

    public override bool SharesRunTimeSizes => true;

    /// <summary>Of sizes that are known only at run time, parts behind each other and tiles that are transposed are one piece.</summary>
    public override Extent ParallelExtent(Simd simd)
    {
        if (_byRows)
        {
            return _target.Shape[2];
        }

        LoopNest[] nests = Parts().Select(static p => Nest(p.From, p.To)).ToArray();
        return !nests.Any(static n => n.Count.IsDynamic) ? nests.Sum(n => Units(n).Maximum)
            : nests.Length == 1 && Transposed(nests[0]) is null ? Units(nests[0])
            : 1;
    }

    public Step? ByRows() => _sourceShift is null && _targetShift is null && RowLoops.Apply(_target) ? new CopyStep(this) : null;

    public ShareCut? Cut => _byRows ? ShareCut.Rows : null;

    public IReadOnlyList<(TensorView View, RowAccess? Rows)> RowReads => new[] { (_source, (RowAccess?)RowAccess.Same) };

    private void EmitPartByRows(StepWriter writer, (string Pointer, IReadOnlyList<IterationDimension> Dimensions) from, (string Pointer, IReadOnlyList<IterationDimension> Dimensions) to)
    {
        string type = RowCopy.PointerName(_source.Type);
        IReadOnlyList<IterationDimension> source = RowLoops.Without(from.Dimensions);
        IReadOnlyList<IterationDimension> target = RowLoops.Without(to.Dimensions);
        long[] strides = { from.Dimensions[2].Stride, to.Dimensions[2].Stride };
        RowLoops.Emit(writer, _target.Shape[2], new[] { (from.Pointer, type), (to.Pointer, type) }, strides, rows =>
            EmitPart(writer.Whole(), rows[0].Name, rows[1].Name, Nest(source, target), 0));
    }

    private static LoopNest Nest(IReadOnlyList<IterationDimension> from, IReadOnlyList<IterationDimension> to) =>
        LoopNest.Build(new[] { from, to }, LoopOrder(from, to));

    private TransposedCopy.TileLoops? Transposed(LoopNest nest) => IsRepeated(nest) ? null : TransposedCopy.Find(nest, _source.Type);

    private Extent Units(LoopNest nest) => Transposed(nest) is { } tile ? TransposedCopy.Units(nest, tile)
        : (IsRepeated(nest) ? nest.Without(nest.Depth - 1) : nest).Divided(LoopNest.LeastRow).Units;

    /// <summary>True if the two innermost loops repeat each element of a row, so that the target has no gaps.</summary>
    private bool IsRepeated(LoopNest nest)
    {
        int inner = nest.Depth - 1;
        return inner > 0
            && !nest.Trips[inner].IsDynamic
            && RowCopy.CanRepeat(_source.Type, nest.InnerExtent)
            && nest.Strides[0][inner] == 0
            && nest.Strides[1][inner] == 1
            && nest.Strides[0][inner - 1] == 1
            && nest.Strides[1][inner - 1] == nest.InnerExtent;
    }

    private static string Side(TensorView view) => view.Layout.Describe() is { Length: > 0 } text ? text : "dense";

    private static void Shift(StepWriter writer, string pointer, Size? elements)
    {
        if (elements is not null)
        {
            writer.Line($"{pointer} += {writer.Value(elements)};");
        }
    }

    private static string Shifted(StepWriter writer, string pointer, Size elements) => elements.Constant == 0 ? pointer : $"({pointer} + {writer.Value(elements)})";

    /// <summary>
    /// The loops of both sides. Where just one side is blocked, the channels become two loops, and channels that do not fill
    /// a block are a part of their own.
    /// </summary>
    private IEnumerable<(IReadOnlyList<IterationDimension> From, IReadOnlyList<IterationDimension> To, Size FromStart, Size ToStart)> Parts()
    {
        Layout from = _source.Layout;
        Layout to = _target.Layout;
        if (from.Kind == to.Kind)
        {
            yield return (from.Dimensions(), to.Dimensions(), Size.Of(0), Size.Of(0));
            yield break;
        }

        Size channels = _source.Shape.Extent(1).Expression;
        Size full = channels.FloorDivide(Layout.BlockSize);
        Size rest = channels - (full * Size.Of(Layout.BlockSize));
        if (full.Constant != 0)
        {
            Extent blocks = Extent.Of(full);
            yield return (Split(from, blocks, Layout.BlockSize), Split(to, blocks, Layout.BlockSize), Size.Of(0), Size.Of(0));
        }

        if (rest.Constant != 0)
        {
            Extent lanes = rest.Constant is { } constant ? (int)constant : new Extent(Layout.BlockSize - 1, rest);
            yield return (Split(from, 1, lanes), Split(to, 1, lanes), BlockStart(from, full), BlockStart(to, full));
        }
    }

    private static Size BlockStart(Layout layout, Size block) => block * Size.Of(layout.Strides[1] * (layout.IsBlocked ? 1 : Layout.BlockSize));

    /// <summary>[N, blocks, spatial…, lanes] for either layout.</summary>
    private static IReadOnlyList<IterationDimension> Split(Layout layout, Extent blocks, Extent lanes)
    {
        long channel = layout.Strides[1];
        var result = new List<IterationDimension>
        {
            new(layout.Shape.Extent(0), layout.Strides[0]),
            new(blocks, layout.IsBlocked ? channel : channel * Layout.BlockSize),
        };
        for (int i = 2; i < layout.Shape.Rank; i++)
        {
            result.Add(new IterationDimension(layout.Shape.Extent(i), layout.Strides[i]));
        }

        result.Add(new IterationDimension(lanes, layout.IsBlocked ? 1 : channel));
        return result;
    }

    private void EmitPart(
        StepWriter writer,
        string x,
        string y,
        LoopNest nest,
        int firstUnit)
    {
        string type = RowCopy.PointerName(_source.Type);
        using (writer.Block())
        {
            (string, string)[] pointers = { (Local(writer, type, x, "source"), type), (Local(writer, type, y, "target"), type) };
            if (Transposed(nest) is { } tile)
            {
                TransposedCopy.Emit(writer, nest, tile, pointers, firstUnit, () => EmitRows(writer, nest, pointers, firstUnit));
                return;
            }

            EmitRows(writer, nest, pointers, firstUnit);
        }
    }

    private void EmitRows(StepWriter writer, LoopNest nest, IReadOnlyList<(string, string)> pointers, int firstUnit)
    {
        bool isRepeated = IsRepeated(nest);
        LoopNest all = isRepeated ? nest.Without(nest.Depth - 1) : nest;
        LoopNest loops = writer.IsShared ? all.Divided(LoopNest.LeastRow) : all;
        loops.EmitShared(writer, pointers, EmitRow, firstUnit, ParallelExtent(writer.Simd));

        void EmitRow(IReadOnlyList<string> rows)
        {
            if (isRepeated)
            {
                RowCopy.EmitRepeated(writer, _source.Type, rows[0], rows[1], loops.InnerTrip, nest.InnerExtent);
                return;
            }

            RowCopy.Emit(writer, _source.Type, rows[0], loops.InnerStride(0), rows[1], loops.InnerStride(1), loops.InnerTrip);
        }
    }

    private static string Local(StepWriter writer, string type, string expression, string wanted) =>
        expression[0] == '(' ? writer.Declare(type, wanted, expression) : expression;

    /// <summary>The loop with the target's unit stride goes innermost; with equal claims the given order stays.</summary>
    private static IReadOnlyList<int> LoopOrder(IReadOnlyList<IterationDimension> from, IReadOnlyList<IterationDimension> to) =>
        Enumerable.Range(0, to.Count)
            .OrderByDescending(i => to[i].Extent == 1 ? long.MaxValue : Math.Abs(to[i].Stride))
            .ToArray();
}
