using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators.Reduction;

namespace AotCompiler.Kernels;

/// <summary>
/// Softmax or its logarithm over some dimensions: the maximum, the sum of exponentials relative to it, the scaling. Vectors
/// run along the slice if it is contiguous, else over neighbouring slices; over these also where slices are too short to fill vectors, whose
/// elements are then collected one by one.
/// </summary>
internal sealed class SoftmaxStep : Step
{
    /// <summary>Contiguous slices up to this length cost less side by side than one after the other.</summary>
    private const int ShortRow = 7;

    /// <summary>The same for slices that lie apart: one after the other they would not run in vectors at all.</summary>
    private const int ShortSlice = 16;

    private readonly TensorView _input;
    private readonly TensorView _output;
    private readonly LoopNest _kept;
    private readonly LoopNest _slice;
    private readonly LoopNest _sliceInput;
    private readonly LoopNest _sliceOutput;
    private readonly bool _log;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="input">What is read; plain.</param>
    /// <param name="output">What is written, of the same shape; plain, not empty.</param>
    /// <param name="axes">The dimensions of a slice.</param>
    /// <param name="log">True for the logarithm.</param>
    public SoftmaxStep(Node node, TensorView input, TensorView output, IReadOnlyList<int> axes, bool log)
        : base(node, node.Name)
    {
        _input = input;
        _output = output;
        _log = log;
        IReadOnlyList<IterationDimension> from = input.Layout.Dimensions();
        IReadOnlyList<IterationDimension> to = output.Layout.Dimensions();
        int[] kept = Enumerable.Range(0, from.Count).Where(i => !axes.Contains(i)).ToArray();
        _kept = LoopNest.Build(kept.Select(i => from[i]).ToArray(), kept.Select(i => to[i]).ToArray());
        IterationDimension[] sliceInput = axes.Select(i => from[i]).ToArray();
        IterationDimension[] sliceOutput = axes.Select(i => to[i]).ToArray();
        _slice = LoopNest.Build(sliceInput, sliceOutput);
        _sliceInput = LoopNest.Build(new[] { sliceInput });
        _sliceOutput = LoopNest.Build(new[] { sliceOutput });
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => new[] { _input };

    public override IReadOnlyList<TensorView> Writes => new[] { _output };

    /// <summary>An element is read for the last time just before it is overwritten.</summary>
    public override IEnumerable<(TensorView Read, TensorView Write)> InPlace
    {
        get
        {
            if (_input.Storage.Bytes == _output.Storage.Bytes
                && _input.Layout.Offset == _output.Layout.Offset
                && _input.Layout.Dimensions().SequenceEqual(_output.Layout.Dimensions()))
            {
                yield return (_input, _output);
            }
        }
    }

    public override long ScalarFunctions => IsRows && !IsShort && Accumulation.IsCompactRow(_slice) ? _output.Shape.ElementCount : 0;

    public override string Kernel => $"softmax over {Count}{(IsColumns ? ", columns" : IsShort ? ", collected columns" : IsRows || IsDoubleRows ? ", rows" : ", scalar")}";

    public override string Summary => _log
        ? $"{Node!.Operator.Name}, y = (x − max x) − ln Σ exp(x − max x) over {Count} elements"
        : $"{Node!.Operator.Name}, y = exp(x − max x) / Σ exp(x − max x) over {Count} elements";

    private Extent Count => _sliceInput.Count;

    private ElementType Type => _input.Type;

    private bool IsRows => Type == ElementType.Float32 && _slice.InnerStride(0) == 1 && _slice.InnerStride(1) == 1;

    private bool IsDoubleRows => Type == ElementType.Float64 && _slice.InnerStride(0) == 1 && _slice.InnerStride(1) == 1;

    private bool IsColumns => !IsRows && !IsDoubleRows && _kept.InnerStride(0) == 1 && _kept.InnerStride(1) == 1 && _kept.InnerExtent >= 4;

    /// <summary>True if neighbouring slices share a register although their elements must be collected.</summary>
    private bool IsShort => !IsColumns
        && Type == ElementType.Float32
        && _slice.Trips.Length <= 1
        && !_slice.InnerTrip.IsDynamic
        && _slice.InnerExtent <= (IsRows ? ShortRow : ShortSlice)
        && _kept.InnerExtent >= Simd.V128.Lanes;

    public override IEnumerable<string> Explain(Simd simd)
    {
        yield return IsColumns || IsShort ? "Neighbouring slices share a register, one lane each." : "One slice after the other.";
        yield return _log
            ? "The maximum is subtracted first, so that no exponential overflows; then the logarithm of their sum is."
            : "The maximum is subtracted first, so that no exponential overflows; then each is divided by their sum.";
    }

    /// <summary>Loops for threads to share.</summary>
    private LoopNest Divided => _kept.Divided(least: IsColumns || IsShort ? LoopNest.LeastRow : 1);

    public override bool SharesRunTimeSizes => true;

    public override Extent ParallelExtent(Simd simd) => Divided.Units;

    public override void Emit(StepWriter writer)
    {
        string x = writer.Pointer(_input, "x", _input.Describe());
        string y = writer.Pointer(_output, "y", _output.Describe());
        string type = StepWriter.PointerType(Type);
        LoopNest nest = writer.IsShared ? Divided : _kept;
        nest.EmitShared(writer, new[] { (x, type), (y, type) }, rows =>
        {
            if (IsColumns)
            {
                ColumnLoop.Emit(writer, nest.InnerTrip, (simd, registers, index) => EmitColumns(writer, simd, registers, VectorLoop.At(rows[0], index), VectorLoop.At(rows[1], index)), Type);
                return;
            }

            if (IsShort)
            {
                VectorLoop.Emit(writer, nest.InnerTrip, (simd, index) => EmitShort(writer, simd, rows[0], rows[1], index));
                return;
            }

            if (IsRows && _slice.Depth == 1 && SoftmaxRows.Applies(writer, _slice.InnerTrip))
            {
                SoftmaxRows.Emit(writer, nest.InnerTrip, (rows[0], _kept.InnerStride(0)), (rows[1], _kept.InnerStride(1)), _slice.InnerExtent, _log);
                return;
            }

            string i = writer.Name("slice");
            using (writer.For(i, nest.InnerTrip))
            {
                string from = writer.Name("from");
                string to = writer.Name("to");
                writer.Line($"{type} {from} = {rows[0]}{Offset(i, _kept.InnerStride(0))};");
                writer.Line($"{type} {to} = {rows[1]}{Offset(i, _kept.InnerStride(1))};");
                EmitSlice(writer, from, to);
            }
        });
    }

    private static string Offset(string slice, long stride) => stride == 0 ? string.Empty : $" + ({slice} * {stride}L)";

    private void EmitSlice(StepWriter writer, string x, string y)
    {
        string name = Type.CSharpName();
        string maximum = Accumulation.EmitScalar(writer, ReductionFunction.Max, Type, x, _sliceInput);
        string Shifted(Simd simd, string element) => $"{element} - {simd.Broadcast(maximum)}";
        string factor = writer.Name(_log ? "logarithm" : "scale");
        if (_log)
        {
            string total = Accumulation.EmitScalar(writer, ReductionFunction.LogSumExp, Type, x, _sliceInput, (simd, _, element) => Shifted(simd, element));
            writer.Line($"{name} {factor} = {ReductionFunction.LogSumExp.Finish(Simd.Scalar, Type, total, "0")};");
            MapLoop.Emit(writer, Type, _slice, new[] { x, y }, (simd, e) => $"({Shifted(simd, e[0])}) - {simd.Broadcast(factor)}");
            return;
        }

        MapLoop.Emit(writer, Type, _slice, new[] { x, y }, (simd, e) => Exponential(simd, Shifted(simd, e[0])));
        string sum = Accumulation.EmitScalar(writer, ReductionFunction.Sum, Type, y, _sliceOutput);
        writer.Line($"{name} {factor} = 1 / {sum};");
        LoopNest inPlace = LoopNest.Build(Dimensions(_sliceOutput), Dimensions(_sliceOutput));
        MapLoop.Emit(writer, Type, inPlace, new[] { y, y }, (simd, e) => $"{e[0]} * {simd.Broadcast(factor)}");
    }

    private static IReadOnlyList<IterationDimension> Dimensions(LoopNest nest) =>
        nest.Trips.Select((t, i) => new IterationDimension(t, nest.Strides[0][i])).ToArray();

    private string Exponential(Simd simd, string x) => Type == ElementType.Float32 ? simd.Math("Exp", x) : $"DoubleMath.Exp({x})";

    /// <summary>Neighbouring slices, one per lane.</summary>
    private void EmitColumns(StepWriter writer, Simd simd, int registers, string x, string y)
    {
        string from = writer.Name("from");
        string to = writer.Name("to");
        writer.Line($"{StepWriter.PointerType(Type)} {from} = {x};");
        writer.Line($"{StepWriter.PointerType(Type)} {to} = {y};");
        string[] maxima = Accumulation.EmitColumns(writer, ReductionFunction.Max, simd, registers, from, _sliceInput, type: Type);
        if (_log)
        {
            string[] totals = Accumulation.EmitColumns(writer, ReductionFunction.LogSumExp, simd, registers, from, _sliceInput, (r, e) => $"{e} - {maxima[r]}", Type);
            foreach (string total in totals)
            {
                writer.Line($"{total} = {ReductionFunction.LogSumExp.Finish(simd, Type, total, "0")};");
            }

            EmitColumnMap(writer, simd, registers, _slice, from, to, (r, e) => $"({e} - {maxima[r]}) - {totals[r]}");
            return;
        }

        EmitColumnMap(writer, simd, registers, _slice, from, to, (r, e) => simd.Math("Exp", $"{e} - {maxima[r]}"));
        string[] sums = Accumulation.EmitColumns(writer, ReductionFunction.Sum, simd, registers, to, _sliceOutput, type: Type);
        foreach (string sum in sums)
        {
            writer.Line($"{sum} = {(simd.HoldsDoubles ? simd.DoubleConstant(1) : simd.Constant(1))} / {sum};");
        }

        LoopNest inPlace = LoopNest.Build(Dimensions(_sliceOutput), Dimensions(_sliceOutput));
        EmitColumnMap(writer, simd, registers, inPlace, to, to, (r, e) => $"{e} * {sums[r]}");
    }

    /// <summary>Neighbouring short slices, one per lane, all their elements in registers.</summary>
    private void EmitShort(StepWriter writer, Simd simd, string x, string y, string index)
    {
        int count = _slice.InnerExtent;
        string[] elements = Enumerable.Range(0, count).Select(_ => writer.Name("element")).ToArray();
        for (int k = 0; k < count; k++)
        {
            writer.Line($"{simd.Type} {elements[k]} = {simd.LoadStrided(Shifted(x, k * _slice.InnerStride(0)), index, _kept.InnerStride(0), Type)};");
        }

        string maximum = writer.Name("maximum");
        writer.Line($"{simd.Type} {maximum} = {elements[0]};");
        foreach (string element in elements.Skip(1))
        {
            writer.Line($"{maximum} = {simd.Max(maximum, element)};");
        }

        string sum = writer.Name("sum");
        writer.Line($"{simd.Type} {sum} = {simd.Zero};");
        foreach (string element in elements)
        {
            string exponential = simd.Math("Exp", $"{element} - {maximum}");
            writer.Line(_log ? $"{sum} += {exponential};" : $"{element} = {exponential};");
            if (!_log)
            {
                writer.Line($"{sum} += {element};");
            }
        }

        writer.Line(_log ? $"{sum} = {simd.Math("Log", sum)};" : $"{sum} = {simd.Constant(1)} / {sum};");
        for (int k = 0; k < count; k++)
        {
            writer.Line(_log ? $"{elements[k]} = ({elements[k]} - {maximum}) - {sum};" : $"{elements[k]} *= {sum};");
            EmitStrided(writer, simd, Shifted(y, k * _slice.InnerStride(1)), index, elements[k]);
        }
    }

    private void EmitStrided(StepWriter writer, Simd simd, string pointer, string index, string value)
    {
        if (_kept.InnerStride(1) is 0 or 1)
        {
            writer.Line(simd.Store(index == "0" ? pointer : $"{pointer} + {index}", value));
            return;
        }

        foreach (string line in simd.StoreStrided(pointer, index, _kept.InnerStride(1), value, Type))
        {
            writer.Line(line);
        }
    }

    private static string Shifted(string pointer, long offset) => offset == 0 ? pointer : $"({pointer} + {offset})";

    private void EmitColumnMap(
        StepWriter writer, Simd simd, int registers, LoopNest nest, string x, string y, System.Func<int, string, string> body)
    {
        string type = StepWriter.PointerType(Type);
        nest.EmitOuter(writer, new[] { (x, type), (y, type) }, rows =>
        {
            string k = writer.Name("k");
            using (writer.For(k, nest.InnerTrip))
            {
                for (int r = 0; r < registers; r++)
                {
                    string from = VectorLoop.At($"{rows[0]} + ({k} * {nest.InnerStride(0)}L)", $"{r * simd.Lanes}");
                    string to = VectorLoop.At($"{rows[1]} + ({k} * {nest.InnerStride(1)}L)", $"{r * simd.Lanes}");
                    writer.Line(simd.Store(to, body(r, simd.Load(from))));
                }
            }
        });
    }
}
