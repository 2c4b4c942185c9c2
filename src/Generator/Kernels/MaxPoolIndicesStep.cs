using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators;

namespace AotCompiler.Kernels;

/// <summary>The largest element of each window and its position in the input; scalar, plain layout, any number of spatial dimensions.</summary>
internal sealed class MaxPoolIndicesStep : Step
{
    private readonly SpatialWindow _window;
    private readonly TensorView _input;
    private readonly TensorView _output;
    private readonly TensorView _indices;
    private readonly Size[] _padsBefore;
    private readonly Size[] _indexStrides;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="window">The window.</param>
    /// <param name="input">[N, C, spatial…], plain.</param>
    /// <param name="output">[N, C, windows…], plain.</param>
    /// <param name="indices">As the output, i64.</param>
    /// <param name="padsBefore">Padding before the first cell of each spatial dimension.</param>
    /// <param name="indexStrides">What a step along each spatial dimension adds to an index.</param>
    public MaxPoolIndicesStep(Node node, SpatialWindow window, TensorView input, TensorView output, TensorView indices, Size[] padsBefore, Size[] indexStrides)
        : base(node, node.Name)
    {
        _window = window;
        _input = input;
        _output = output;
        _indices = indices;
        _padsBefore = padsBefore;
        _indexStrides = indexStrides;
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => new[] { _input };

    public override IReadOnlyList<TensorView> Writes => new[] { _output, _indices };

    public override string Kernel => "pool with indices, scalar";

    public override string Summary => $"{Node!.Operator.Name} {string.Join("×", _window.Kernel.Select(static k => $"{k}"))} with the positions of the maxima";

    public override bool SharesRunTimeSizes => true;

    /// <summary>The rows of windows of all planes.</summary>
    public override Extent ParallelExtent(Simd simd) => _output.Shape.Extent(0) * _output.Shape.Extent(1) * _output.Shape.Extent(2);

    public override void Emit(StepWriter writer)
    {
        string x = writer.Pointer(_input, "x", _input.Describe());
        string y = writer.Pointer(_output, "y", _output.Describe());
        string indices = writer.Pointer(_indices, "indices", _indices.Describe());
        int rank = _window.Rank;
        Extent channels = _input.Shape.Extent(1);
        var open = new Stack<CodeWriter.Scope>();
        if (writer.IsShared)
        {
            open.Push(writer.ForUnits("unit", ParallelExtent(writer.Simd)));
            string rows = writer.Value(_output.Shape.Extent(2));
            writer.Line($"int o0 = unit % {rows};");
            writer.Line($"int c = unit / {rows} % {writer.Value(channels)};");
            writer.Line($"int n = unit / {rows} / {writer.Value(channels)};");
        }
        else
        {
            open.Push(writer.For("n", _input.Shape.Extent(0)));
            open.Push(writer.For("c", channels));
        }

        writer.Line($"long plane = ((n * (long){writer.Value(channels)}) + c) * {writer.Value(_input.Shape.Extents.Skip(2).Aggregate(Size.Of(1), static (product, e) => product * e.Expression))};");
        for (int d = 0; d < rank; d++)
        {
            if (d > 0 || !writer.IsShared)
            {
                open.Push(writer.For($"o{d}", _output.Shape.Extent(d + 2)));
            }

            writer.Line($"int start{d} = (o{d} * {_window.Strides[d]}) - {writer.Value(_padsBefore[d])};");
            WindowClip.Emit(writer, _window, d, _input.Shape.Extent(d + 2));
        }

        string type = _input.Type.CSharpName();
        writer.Line($"{type} best = {Lowest(_input.Type)};");
        writer.Line("long at = -1;");
        EmitTaps(writer, x, type);
        writer.Line($"{y}[{ElementIndex(_output.Layout)}] = best;");
        writer.Line($"{indices}[{ElementIndex(_indices.Layout)}] = at;");
        while (open.Count > 0)
        {
            open.Pop().Dispose();
        }
    }

    private void EmitTaps(StepWriter writer, string x, string type)
    {
        var open = new Stack<CodeWriter.Scope>();
        var address = new List<string> { $"(n * {_input.Layout.Strides[0]}L)", $"(c * {_input.Layout.Strides[1]}L)" };
        var index = new List<string> { "plane" };
        for (int d = 0; d < _window.Rank; d++)
        {
            open.Push(writer.Block($"for (int k{d} = first{d}; k{d} < end{d}; k{d}++)"));
            writer.Line($"int p{d} = start{d} + (k{d} * {_window.Dilations[d]});");
            address.Add($"(p{d} * {_input.Layout.Strides[d + 2]}L)");
            index.Add($"(p{d} * (long){writer.Value(_indexStrides[d])})");
        }

        writer.Line($"{type} element = {x}[{string.Join(" + ", address)}];");
        using (writer.Block("if (element > best || at < 0)"))
        {
            writer.Line("best = element;");
            writer.Line($"at = {string.Join(" + ", index)};");
        }

        while (open.Count > 0)
        {
            open.Pop().Dispose();
        }
    }

    private string ElementIndex(Layout layout)
    {
        IEnumerable<string> spatial = Enumerable.Range(0, _window.Rank).Select(d => $"(o{d} * {layout.Strides[d + 2]}L)");
        return string.Join(" + ", new[] { $"(n * {layout.Strides[0]}L)", $"(c * {layout.Strides[1]}L)" }.Concat(spatial));
    }

    private static string Lowest(ElementType type) => type.IsFloat() ? $"{type.CSharpName()}.NegativeInfinity" : $"{type.CSharpName()}.MinValue";
}

/// <summary>Writes which taps of a window lie inside the input.</summary>
internal static class WindowClip
{
    /// <summary>Declares <c>firstD</c> and <c>endD</c>, the range of taps inside the input, from <c>startD</c>, the window's first cell along dimension D.</summary>
    public static void Emit(StepWriter writer, SpatialWindow window, int d, Extent input)
    {
        int dilation = window.Dilations[d];
        string length = writer.Value(input);
        string last = input.IsDynamic ? $"{length} - 1" : $"{input.Maximum - 1}";
        writer.Line($"int first{d} = start{d} >= 0 ? 0 : {Quotient($"{dilation - 1} - start{d}", dilation)};");
        writer.Line($"int end{d} = start{d} >= {length} ? 0 : global::System.Math.Min({window.Kernel[d]}, {Quotient($"{last} - start{d}", dilation)} + 1);");
    }

    /// <summary>A dividend that is not negative, divided.</summary>
    public static string Quotient(string dividend, int divisor) => divisor == 1 ? $"({dividend})" : $"(({dividend}) / {divisor})";
}
