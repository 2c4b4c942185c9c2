using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators;
using AotCompiler.Operators.Reduction;

namespace AotCompiler.Kernels;

/// <summary>
/// Reduces a window that slides over the spatial dimensions. In the blocked layout 16 channels of a pixel are one, two or
/// four registers; in the plain layout neighbouring windows fill a register, of whatever type, if they are one or two cells
/// apart. Where windows lie wholly inside the input their taps are unrolled; at the edges the range of taps is computed once
/// per row or column.
/// </summary>
/// <remarks>f32 sums have one accumulator per row or column of the window and one for those, so the error of a k0×k1 window is within (k0 + k1)·2⁻²⁴·Σ|x|.</remarks>
internal sealed class PoolStep : Step, IRowStep
{
    /// <summary>Attribute of the compiler's own: sums are formed in the order of the elements, without sums of rows or columns.</summary>
    public const string InOrder = "in_order";

    /// <summary>Windows with more taps are loops.</summary>
    private const int UnrolledTaps = 32;

    /// <summary>Equal numbers of so many planes are even shares for any number of threads.</summary>
    private const int EvenPlanes = 16;

    private readonly ReductionFunction _function;
    private readonly SpatialWindow _window;
    private readonly TensorView _input;
    private readonly TensorView _output;
    private readonly bool _countPadding;
    private readonly bool _byRows;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="function">What a window becomes.</param>
    /// <param name="window">The window; its input is the view's spatial dimensions.</param>
    /// <param name="input">[N, C, spatial…], blocked or plain, any strides.</param>
    /// <param name="output">[N, C, windows…], blocked exactly if the input is.</param>
    /// <param name="countPadding">True if taps in the declared padding count as elements (of value zero) in a mean.</param>
    public PoolStep(Node node, ReductionFunction function, SpatialWindow window, TensorView input, TensorView output, bool countPadding)
        : base(node, node.Name)
    {
        if (input.Layout.Kind != output.Layout.Kind)
        {
            throw new ArgumentException("pooling does not change the layout");
        }

        _function = function;
        _window = window;
        _input = input;
        _output = output;
        _countPadding = countPadding;
    }

    private PoolStep(PoolStep step)
        : this(step.Node!, step._function, step._window, step._input, step._output, step._countPadding)
    {
        _byRows = true;
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => new[] { _input };

    public override IReadOnlyList<TensorView> Writes => new[] { _output };

    public override string Kernel
    {
        get
        {
            string taps = string.Join("x", _window.Kernel.Select(static k => $"{k}"));
            string strides = string.Join("x", _window.Strides.Select(static s => $"{s}"));
            return $"pool {taps} s{strides}{(IsBlocked ? ", 16 channels" : VectorColumns ? ", columns" : ", scalar")}";
        }
    }

    public override string Summary => $"{Node!.Operator.Name} {string.Join("×", _window.Kernel.Select(static k => $"{k}"))}, y = {_function.Formula} over each window";

    /// <summary>True for maxima of whole numbers that are stored as bytes: one register of 128 bits is 16 channels.</summary>
    private bool IsBytes => _output.Zero is not null;

    /// <summary>True if rows or columns have sums of their own.</summary>
    private bool SumsParts => _function.IsSum && _window.Rank > 1 && Node!.Attributes.Int(InOrder, 0) == 0;

    private bool IsBlocked => _input.Layout.IsBlocked;

    private int Last => _window.Rank - 1;

    /// <summary>What single numbers are computed in.</summary>
    private ElementType Type => _input.Zero is null ? _input.Type : IsBytes ? ElementType.Int32 : ElementType.Float32;

    private string PointerType => StepWriter.PointerType(_input.Type);

    private string OutputPointerType => StepWriter.PointerType(_output.Type);

    /// <summary>Plain layout: windows that are neighbours read neighbouring cells, or every second one.</summary>
    private bool VectorColumns => !IsBlocked && (Type == ElementType.Float32 || (_input.Zero is null && Accumulation.TakesVectors(_function, Type)))
        && (_window.Strides[Last] == 1 || TakesPairs)
        && _input.Layout.Strides[Last + 2] == 1 && _output.Layout.Strides[Last + 2] == 1;

    /// <summary>True for windows two cells apart whose taps can be taken column by column.</summary>
    private bool TakesPairs => TakesPairsOf(_window, Type) && _input.Zero is null && (!_function.IsSum || Node!.Attributes.Int(InOrder, 0) == 0);

    /// <summary>True if windows on elements of a type are such that a register of every second cell is made of two.</summary>
    public static bool TakesPairsOf(SpatialWindow window, ElementType type) =>
        window.Strides[window.Rank - 1] == 2 && window.Kernel[window.Rank - 1] > 1 && window.Dilations[window.Rank - 1] == 1 && type.Size() <= sizeof(float);

    public override IEnumerable<string> Explain(Simd simd)
    {
        yield return IsBlocked
            ? $"A pixel is 16 channels: {simd.RegistersPerBlock} register{(simd.RegistersPerBlock == 1 ? string.Empty : "s")} of {simd.Lanes}. Windows inside the input are written out;"
            : "Windows inside the input are written out, neighbouring ones in one register where they are one or two cells apart;";
        yield return "at the edges, firstD and endD are the taps of dimension D that lie inside.";
    }

    public override void Emit(StepWriter writer)
    {
        string x = writer.Pointer(_input, "x", _input.Describe());
        string y = writer.Pointer(_output, "y", _output.Describe());
        using (OpenPlanes(writer, IsBlocked ? Layout.BlockCount(_input.Shape[1]) : _input.Shape.Extent(1)))
        {
            writer.Line($"{PointerType} xPlane = {x}{Outer(_input)};");
            writer.Line($"{OutputPointerType} yPlane = {y}{Outer(_output)};");
            EmitDimension(writer, 0, new List<Taps>(), "xPlane", "yPlane");
        }
    }

    /// <summary>Planes of a channel, or of a block of them; rows of windows if there are only few planes.</summary>
    public override Extent ParallelExtent(Simd simd) => SharesRows ? _window.Output[0] : Planes;

    public Step? ByRows() => RowLoops.Apply(_output) && !_input.Shape.IsDynamic ? new PoolStep(this) : null;

    public IReadOnlyList<(TensorView View, RowAccess? Rows)> RowReads => new[] { (_input, (RowAccess?)new RowAccess(_window.Strides[0], _window.PadsBefore[0], _window.Span(0))) };

    private int Planes => _input.Shape[0] * (IsBlocked ? Layout.BlockCount(_input.Shape[1]) : _input.Shape[1]);

    public ShareCut? Cut => SharesRows ? ShareCut.Rows : null;

    private bool SharesRows => _byRows
        || (Planes < EvenPlanes && Planes < _window.Output[0] && _window.Rank > 1 && _input.Shape[0] == 1 && !_input.Shape.IsDynamic);

    private CodeWriter.Scope OpenPlanes(StepWriter writer, Extent channels)
    {
        if (_input.Shape[0] == 1)
        {
            return SharedLoop.For(writer, "c", channels, !SharesRows);
        }

        Extent planes = _input.Shape.Extent(0) * channels;
        CodeWriter.Scope scope = SharedLoop.For(writer, "plane", planes, !SharesRows);
        writer.Line($"int n = plane / {writer.Value(channels)};");
        writer.Line($"int c = plane % {writer.Value(channels)};");
        return scope;
    }

    /// <summary>Offset of the plane of channel (or block) c in image n.</summary>
    private static string Outer(TensorView view) =>
        $"{(view.Shape[0] > 1 ? $" + (n * {Stride(view, 0)})" : string.Empty)} + {Times("c", Stride(view, 1))}";

    private static string Times(string variable, string stride) => stride == "1" ? variable : $"({variable} * {stride})";

    private static string Stride(TensorView view, int dimension)
    {
        long stride = view.Layout.Strides[dimension];
        return view.Layout.Extent > int.MaxValue ? $"{stride}L" : $"{stride}";
    }

    /// <summary>Loops over the windows of one spatial dimension: the first edge, the interior, the last edge.</summary>
    private void EmitDimension(StepWriter writer, int dimension, IReadOnlyList<Taps> outer, string x, string y)
    {
        if (Input(dimension).IsDynamic)
        {
            EmitRunTimeDimension(writer, dimension, outer, x, y);
            return;
        }

        (int first, int end) = _window.Interior(dimension);
        int windows = _window.Output[dimension];
        if ((dimension < Last - 1 || writer.IsCompact) && (first > 0 || end < windows))
        {
            // Of three and more dimensions only the last two have code of their own for the interior; in compact code none.
            (first, end) = (0, 0);
        }

        EmitEdge(writer, dimension, 0, first == end ? windows : first, outer, x, y);
        if (first == end)
        {
            return;
        }

        Taps full = FullTaps(dimension);
        if (dimension == Last && VectorColumns)
        {
            writer.Line($"{PointerType} xInterior = {Shift(x, (first * _window.Strides[dimension]) - _window.PadsBefore[dimension])};");
            writer.Line($"{OutputPointerType} yInterior = {Shift(y, first)};");
            VectorLoop.Emit(writer, end - first, (simd, index) => EmitColumns(writer, simd, outer.Append(full).ToArray(), index), Type.Size(), mayRepeat: true);
        }
        else
        {
            EmitWindows(writer, dimension, $"{first}", $"{end}", end - first, outer.Append(full).ToArray(), x, y, clip: null);
        }

        EmitEdge(writer, dimension, end, windows, outer, x, y);
    }

    /// <summary>The same for a dimension whose length is known only at run time: the interior's borders are computed first.</summary>
    private void EmitRunTimeDimension(StepWriter writer, int dimension, IReadOnlyList<Taps> outer, string x, string y)
    {
        int pad = _window.PadsBefore[dimension];
        int stride = _window.Strides[dimension];
        string windows = writer.Value(_output.Shape.Extent(dimension + 2));
        Size behind = (Input(dimension).Expression + Size.Of(pad - _window.Span(dimension))).FloorDivide(stride) + Size.Of(1);
        string first = $"interior{dimension}";
        string end = $"interiorEnd{dimension}";
        writer.Line($"int {first} = global::System.Math.Min({(pad + stride - 1) / stride}, {windows});");
        writer.Line($"int {end} = global::System.Math.Max({first}, global::System.Math.Min({windows}, {writer.Value(behind)}));");
        if (pad > 0)
        {
            EmitEdge(writer, dimension, "0", first, null, outer, x, y);
        }

        if (dimension == Last && VectorColumns)
        {
            writer.Line($"{PointerType} xInterior = {x} + ({Times(first, $"{stride}")} - {pad});");
            writer.Line($"{OutputPointerType} yInterior = {y} + {first};");
            VectorLoop.EmitDynamic(writer, $"({end} - {first})", (simd, index) => EmitColumns(writer, simd, outer.Append(FullTaps(dimension)).ToArray(), index), Type.Size());
        }
        else
        {
            EmitWindows(writer, dimension, first, end, null, outer.Append(FullTaps(dimension)).ToArray(), x, y, clip: null);
        }

        EmitEdge(writer, dimension, end, windows, null, outer, x, y);
    }

    private Extent Input(int dimension) => _input.Shape.Extent(dimension + 2);

    private Taps FullTaps(int dimension) => new("0", $"{_window.Kernel[dimension]}", $"{_window.Kernel[dimension]}", IsFull: true);

    private void EmitEdge(StepWriter writer, int dimension, int first, int end, IReadOnlyList<Taps> outer, string x, string y)
    {
        if (first < end)
        {
            EmitEdge(writer, dimension, $"{first}", $"{end}", end - first, outer, x, y);
        }
    }

    private void EmitEdge(StepWriter writer, int dimension, string first, string end, int? count, IReadOnlyList<Taps> outer, string x, string y)
    {
        writer.Line($"// Windows that reach beyond the input in dimension {dimension}.");
        var taps = new Taps($"first{dimension}", $"end{dimension}", $"count{dimension}", IsFull: false);
        EmitWindows(writer, dimension, first, end, count, outer.Append(taps).ToArray(), x, y, () => EmitClip(writer, dimension));
    }

    private void EmitWindows(StepWriter writer, int dimension, string first, string end, int? count, IReadOnlyList<Taps> taps, string x, string y, Action? clip)
    {
        using (OpenWindows(writer, dimension, first, end, count))
        {
            int pad = _window.PadsBefore[dimension];
            writer.Line($"int start{dimension} = (o{dimension} * {_window.Strides[dimension]}){(pad == 0 ? string.Empty : $" - {pad}")};");
            writer.Line($"{PointerType} x{dimension} = {x} + {Times($"start{dimension}", Stride(_input, dimension + 2))};");
            writer.Line($"{OutputPointerType} y{dimension} = {y} + {Times($"o{dimension}", Stride(_output, dimension + 2))};");
            clip?.Invoke();
            if (dimension < Last)
            {
                EmitDimension(writer, dimension + 1, taps, $"x{dimension}", $"y{dimension}");
            }
            else
            {
                EmitWindow(writer, IsBlocked ? writer.Simd : writer.Scalar, taps, $"x{dimension}", $"y{dimension}");
            }
        }
    }

    private CodeWriter.Scope OpenWindows(StepWriter writer, int dimension, string first, string end, int? count)
    {
        if (dimension == 0 && SharesRows && writer.IsShared)
        {
            return writer.Block($"for (int o0 = global::System.Math.Max({first}, {StepWriter.Begin}), last0 = global::System.Math.Min({end}, {StepWriter.End}); o0 < last0; o0++)");
        }

        if (count != 1)
        {
            return writer.Block($"for (int o{dimension} = {first}; o{dimension} < {end}; o{dimension}++)");
        }

        CodeWriter.Scope scope = writer.Block();
        writer.Line($"const int o{dimension} = {first};");
        return scope;
    }

    /// <summary>The taps inside the input, and for a mean how many count.</summary>
    private void EmitClip(StepWriter writer, int d)
    {
        WindowClip.Emit(writer, _window, d, Input(d));
        if (!CountsTaps)
        {
            return;
        }

        writer.Line(_countPadding
            ? $"int count{d} = global::System.Math.Min({_window.Kernel[d]}, {WindowClip.Quotient($"{PaddedEnd(writer, d)} - start{d}", _window.Dilations[d])} + 1);"
            : $"int count{d} = global::System.Math.Max(0, end{d} - first{d});");
    }

    private string PaddedEnd(StepWriter writer, int d) => Input(d).IsDynamic
        ? $"{writer.Value(Input(d))} + {_window.PadsAfter[d] - 1}"
        : $"{_window.Input[d] + _window.PadsAfter[d] - 1}";

    private bool CountsTaps => ReferenceEquals(_function, ReductionFunction.Mean);

    /// <summary>Neighbouring windows inside the input, from one of them on.</summary>
    private void EmitColumns(StepWriter writer, Simd simd, IReadOnlyList<Taps> taps, string index)
    {
        int stride = _window.Strides[Last];
        string cell = stride == 1 ? index : int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? $"{number * stride}" : $"({index} * {stride})";
        EmitWindow(writer, simd.Native(Type), taps, VectorLoop.At("xInterior", cell), VectorLoop.At("yInterior", index));
    }

    /// <summary>One window in all registers of a pixel, or a register of windows.</summary>
    private void EmitWindow(StepWriter writer, Simd simd, IReadOnlyList<Taps> taps, string x, string y)
    {
        if (!IsBlocked || !simd.IsScalar)
        {
            EmitWindow(writer, simd, taps, x, y, IsBlocked && !IsBytes ? simd.RegistersPerBlock : 1);
            return;
        }

        using (writer.For("lane", _output.Layout.Lanes))
        {
            writer.Line($"{PointerType} xLane = {x} + lane;");
            EmitWindow(writer, simd, taps, "xLane", $"{y} + lane", 1);
        }
    }

    private void EmitWindow(StepWriter writer, Simd simd, IReadOnlyList<Taps> taps, string x, string y, int registers)
    {
        string[] accumulators = Declare(writer, simd, registers, "a");
        if (!IsBlocked && !simd.IsScalar && _window.Strides[Last] > 1)
        {
            EmitPairs(writer, simd, taps, accumulators, x);
        }
        else if (taps.All(static t => t.IsFull) && _window.Taps <= UnrolledTaps)
        {
            EmitUnrolledTaps(writer, simd, accumulators, x);
        }
        else
        {
            EmitTapLoops(writer, simd, taps, 0, accumulators, x);
        }

        string count = taps.All(static t => t.IsFull) ? $"{_window.Taps}"
            : CountsTaps ? $"global::System.Math.Max(1, {string.Join(" * ", taps.Select(static t => t.Count))})"
            : "0";
        for (int r = 0; r < registers; r++)
        {
            if (IsBytes && !simd.IsScalar)
            {
                writer.Line($"Vector128.Store({accumulators[r]}, {y});");
                continue;
            }

            string result = _function.Finish(simd, Type, accumulators[r], count);
            writer.Line(simd.Store(Shift(y, r * simd.Lanes), IsBytes ? $"(byte)({result})" : simd.IsScalar ? Narrowed(result) : result));
        }
    }

    private string Narrowed(string expression) => Type.Size() < 4 ? $"({Type.CSharpName()})({expression})" : expression;

    private string[] Declare(StepWriter writer, Simd simd, int count, string prefix)
    {
        if (IsBytes && !simd.IsScalar)
        {
            writer.Line($"Vector128<byte> {prefix}0 = Vector128<byte>.Zero;");
            return new[] { $"{prefix}0" };
        }

        string type = simd.IsScalar ? Type.CSharpName() : simd.Type;
        return Enumerable.Range(0, count).Select(r =>
        {
            // Each window has a block of its own, so names need not be unique in the method.
            string name = $"{prefix}{r}";
            writer.Line($"{type} {name} = {_function.StartLiteral(simd, Type, Type)};");
            return name;
        }).ToArray();
    }

    private void EmitTapLoops(StepWriter writer, Simd simd, IReadOnlyList<Taps> taps, int dimension, string[] accumulators, string x)
    {
        long step = _window.Dilations[dimension] * _input.Layout.Strides[dimension + 2];
        if (dimension == Last && SumsParts)
        {
            string[] row = Declare(writer, simd, accumulators.Length, "row");
            EmitTapLoop(writer, simd, taps, dimension, row, x, step);
            for (int r = 0; r < row.Length; r++)
            {
                writer.Line($"{accumulators[r]} += {row[r]};");
            }
        }
        else
        {
            EmitTapLoop(writer, simd, taps, dimension, accumulators, x, step);
        }
    }

    private void EmitTapLoop(StepWriter writer, Simd simd, IReadOnlyList<Taps> taps, int dimension, string[] accumulators, string x, long step)
    {
        string k = $"k{dimension}";
        using (writer.Block($"for (int {k} = {taps[dimension].First}; {k} < {taps[dimension].End}; {k}++)"))
        {
            string pointer = $"{x} + {Times(k, $"{step}")}";
            if (dimension == Last)
            {
                EmitTap(writer, simd, accumulators, pointer);
                return;
            }

            string row = $"xTap{dimension}";
            writer.Line($"{PointerType} {row} = {pointer};");
            EmitTapLoops(writer, simd, taps, dimension + 1, accumulators, row);
        }
    }

    private void EmitTap(StepWriter writer, Simd simd, string[] accumulators, string pointer)
    {
        for (int r = 0; r < accumulators.Length; r++)
        {
            if (IsBytes && !simd.IsScalar)
            {
                writer.Line($"{accumulators[r]} = Vector128.Max({accumulators[r]}, Vector128.Load({pointer}));");
                continue;
            }

            string at = Shift(pointer, r * simd.Lanes);
            string element = _input.Zero is null || IsBytes ? simd.Load(at) : StoredLanes.Load(simd, _input, at);
            writer.Line($"{accumulators[r]} = {_function.Step(simd, Type, accumulators[r], element)};");
        }
    }

    /// <summary>
    /// Sums of two dimensions are taken by columns: means of quantised numbers are often ties, and this order rounds them to the side
    /// that ONNX Runtime's kernel for f32 does.
    /// </summary>
    private void EmitUnrolledTaps(StepWriter writer, Simd simd, string[] accumulators, string x)
    {
        if (!SumsParts || _window.Rank != 2 || _window.Kernel.Any(static k => k == 1))
        {
            foreach (long offset in TapOffsets(_window.Rank))
            {
                EmitTap(writer, simd, accumulators, Shift(x, offset));
            }

            return;
        }

        long row = _window.Dilations[0] * _input.Layout.Strides[2];
        for (int column = 0; column < _window.Kernel[1]; column++)
        {
            using (writer.Block())
            {
                string[] sums = Declare(writer, simd, accumulators.Length, "column");
                for (int k = 0; k < _window.Kernel[0]; k++)
                {
                    EmitTap(writer, simd, sums, Shift(x, (k * row) + (column * _window.Dilations[1] * _input.Layout.Strides[3])));
                }

                for (int r = 0; r < sums.Length; r++)
                {
                    writer.Line($"{accumulators[r]} += {sums[r]};");
                }
            }
        }
    }

    /// <summary>
    /// A register of windows two cells apart: two neighbouring columns of taps are reduced where they lie, one cell per lane of two
    /// registers, and then every second cell is that of one column.
    /// </summary>
    private void EmitPairs(StepWriter writer, Simd simd, IReadOnlyList<Taps> taps, string[] accumulators, string x)
    {
        var lanes = new NativeLanes(simd, Type.Size());
        int kernel = _window.Kernel[Last];
        for (int column = 0; column < kernel; column += 2)
        {
            // The last of an odd number is the second of its pair, so that nothing is read behind the last window.
            bool isLast = column == kernel - 1;
            using (writer.Block())
            {
                string[] pair = Declare(writer, simd, 2, "pair");
                EmitColumnTaps(writer, simd, taps.Take(Last).ToArray(), pair, Shift(x, isLast ? column - 1 : column));
                foreach (bool second in isLast ? new[] { true } : new[] { false, true })
                {
                    string sum = _function.Combine(simd, Type, accumulators[0], lanes.EverySecond(pair[0], pair[1], Type, second));
                    writer.Line($"{accumulators[0]} = {sum};");
                }
            }
        }
    }

    /// <summary>The taps of one column of the window.</summary>
    private void EmitColumnTaps(StepWriter writer, Simd simd, IReadOnlyList<Taps> outer, string[] accumulators, string x)
    {
        if (outer.Any(static t => !t.IsFull) || _window.Taps / _window.Kernel[Last] > UnrolledTaps)
        {
            EmitTapLoops(writer, simd, outer.Append(new Taps("0", "1", "1", IsFull: true)).ToArray(), 0, accumulators, x);
            return;
        }

        foreach (long offset in TapOffsets(Last))
        {
            EmitTap(writer, simd, accumulators, Shift(x, offset));
        }
    }

    /// <summary>Offsets of the window's taps in its first dimensions.</summary>
    private IEnumerable<long> TapOffsets(int dimensions)
    {
        IEnumerable<long> offsets = new[] { 0L };
        for (int d = 0; d < dimensions; d++)
        {
            long step = _window.Dilations[d] * _input.Layout.Strides[d + 2];
            int kernel = _window.Kernel[d];
            offsets = offsets.SelectMany(o => Enumerable.Range(0, kernel).Select(k => o + (k * step))).ToArray();
        }

        return offsets;
    }

    private static string Shift(string pointer, long elements) => elements == 0 ? pointer : elements < 0 ? $"{pointer} - {-elements}" : $"{pointer} + {elements}";

    /// <summary>A range of taps of one dimension as C# expressions, and how many of them count in a mean.</summary>
    private sealed record Taps(string First, string End, string Count, bool IsFull);
}
