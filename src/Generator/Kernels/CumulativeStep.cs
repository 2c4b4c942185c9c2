using System;
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

    public override string Kernel => $"running {(_kind == CumulativeKind.Sum ? "sums" : "products")} along axis {_axis}{(IsColumns ? ", columns" : string.Empty)}";

    public override string Summary => $"{Node!.Operator.Name}, y[j] = {(_reverse ? "x[n-1]" : "x[0]")} {Sign} … {Sign} x[{(!_exclusive ? "j" : _reverse ? "j+1" : "j-1")}]";

    private string Sign => _kind == CumulativeKind.Sum ? "+" : "*";

    /// <summary>True if neighbouring sums share a register, one lane each: a row of them is the row before plus elements.</summary>
    private bool IsColumns => Nest is { InnerExtent: >= 4 } nest && nest.InnerStride(0) == 1 && nest.InnerStride(1) == 1;

    /// <summary>The loops over the other dimensions.</summary>
    private LoopNest Nest => LoopNest.Build(
        _source.Layout.Dimensions().Where((_, i) => i != _axis).ToArray(),
        _target.Layout.Dimensions().Where((_, i) => i != _axis).ToArray());

    /// <summary>Loops for threads to share.</summary>
    private LoopNest Divided => Nest.Divided(least: IsColumns ? LoopNest.LeastRow : 1);

    public override Extent ParallelExtent(Simd simd) => Divided.Units;

    public override void Emit(StepWriter writer)
    {
        (string, string) x = IndexComponent.Declare(writer, _source, "x", asBits: false);
        (string, string) y = IndexComponent.Declare(writer, _target, "y", asBits: false);
        LoopNest nest = writer.IsShared ? Divided : Nest;
        nest.EmitShared(writer, new[] { x, y }, rows =>
        {
            if (IsColumns)
            {
                EmitRows(writer, nest.InnerTrip, rows[0], rows[1]);
                return;
            }

            using (writer.For("i", nest.InnerTrip))
            {
                EmitSum(writer, $"{rows[0]}[(i * {nest.InnerStride(0)}L) + (at * {Step(_source)}L)]", $"{rows[1]}[(i * {nest.InnerStride(1)}L) + (at * {Step(_target)}L)]");
            }
        });
    }

    private long Step(TensorView view) => view.Layout.Dimensions()[_axis].Stride;

    /// <summary>The loop along the axis; inside, <c>at</c> is the position.</summary>
    private IDisposable Walk(StepWriter writer)
    {
        Extent count = _target.Layout.Dimensions()[_axis].Trip;
        IDisposable loop = writer.For("j", count);
        writer.Line($"int at = {(_reverse ? $"{writer.Value(count)} - 1 - j" : "j")};");
        return loop;
    }

    /// <summary>One sum, of elements of any type.</summary>
    private void EmitSum(StepWriter writer, string element, string store)
    {
        string type = _source.Type.CSharpName();
        writer.Line($"{type} total = {(_kind == CumulativeKind.Sum ? 0 : 1)};");
        using (Walk(writer))
        {
            if (_exclusive)
            {
                writer.Line($"{store} = total;");
            }

            writer.Line($"total = ({type})(total {Sign} {element});");
            if (!_exclusive)
            {
                writer.Line($"{store} = total;");
            }
        }
    }

    /// <summary>Rows of sums, one after the other: memory is walked in the order in which it lies, and read ahead.</summary>
    private void EmitRows(StepWriter writer, Extent columns, string from, string to)
    {
        string type = _source.Type.CSharpName();
        using (Walk(writer))
        {
            string before = $"(at {(_reverse ? "+" : "-")} 1)";
            writer.Line($"{type}* element = {from} + ({(_exclusive ? before : "at")} * {Step(_source)}L);");
            writer.Line($"{type}* total = {to} + (at * {Step(_target)}L);");
            using (writer.Block("if (j == 0)"))
            {
                EmitRow(writer, columns, (simd, i) => _exclusive ? Start(simd) : $"{Start(simd)} {Sign} {Load(simd, "element", i)}");
            }

            using (writer.Block("else"))
            {
                writer.Line($"{type}* before = {to} + ({before} * {Step(_target)}L);");
                EmitRow(writer, columns, (simd, i) => $"{Load(simd, "before", i)} {Sign} {Load(simd, "element", i)}");
            }
        }
    }

    private void EmitRow(StepWriter writer, Extent columns, Func<Simd, string, string> sums) => VectorLoop.Emit(
        writer,
        columns,
        (simd, i) => writer.Line(simd.IsScalar
            ? $"total[{i}] = ({_source.Type.CSharpName()})({sums(simd, i)});"
            : $"{simd.Class}.Store({sums(simd, i)}, {VectorLoop.At("total", i)});"),
        _source.Type.Size());

    private string Start(Simd simd)
    {
        string number = $"({_source.Type.CSharpName()}){(_kind == CumulativeKind.Sum ? 0 : 1)}";
        return simd.IsScalar ? number : $"{simd.Class}.Create({number})";
    }

    private static string Load(Simd simd, string row, string i) => simd.IsScalar ? $"{row}[{i}]" : $"{simd.Class}.Load({VectorLoop.At(row, i)})";
}
