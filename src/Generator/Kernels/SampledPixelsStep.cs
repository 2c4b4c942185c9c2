using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators.Composed;

namespace AotCompiler.Kernels;

/// <summary>
/// Reads pixels between cells: for every position the cells around it and their weights once, then all channels as vectors. Cells are
/// brought into the image before they become indices, so that no position can read elsewhere, NaN included.
/// </summary>
internal sealed class SampledPixelsStep : Step
{
    private readonly TensorView _image;
    private readonly IReadOnlyList<TensorView> _positions;
    private readonly PixelForm _form;
    private readonly TensorView _output;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="image">Dense f32 [batch, extents…, channels].</param>
    /// <param name="positions">Per axis dense f32 [batch, positions].</param>
    /// <param name="form">Which cells count, and how.</param>
    /// <param name="output">Dense f32 [batch, positions, channels].</param>
    public SampledPixelsStep(Node node, TensorView image, IReadOnlyList<TensorView> positions, PixelForm form, TensorView output)
        : base(node, node.Name)
    {
        _image = image;
        _positions = positions;
        _form = form;
        _output = output;
    }

    public override bool TakesRunTimeSizes => true;

    public override bool SharesRunTimeSizes => true;

    /// <summary>The positions of all images.</summary>
    public override Extent ParallelExtent(Simd simd) => _output.Shape.Extent(0) * _output.Shape.Extent(1);

    public override IReadOnlyList<TensorView> Reads => _positions.Prepend(_image).ToArray();

    public override IReadOnlyList<TensorView> Writes => new[] { _output };

    public override long MultiplyAdds => _output.Shape.ElementCount * Cells;

    public override string Kernel => $"pixels between {Cells} cells, {Channels} channels";

    public override string Summary => $"pixels at computed positions, {(_form.Padding == PixelForm.Zeros ? "zeros" : _form.Padding == PixelForm.Border ? "the border's" : "reflected ones")} outside";

    private int Axes => _positions.Count;

    private int Taps => _form.Taps;

    private bool IsCubic => Taps == PixelForm.Cubic;

    private int Cells => Enumerable.Repeat(Taps, Axes).Aggregate(1, static (all, taps) => all * taps);

    private Extent Channels => _output.Shape.Extent(2);

    /// <summary>Elements from a cell to the next along an axis.</summary>
    private long Stride(int axis) => _image.Layout.Strides[1 + axis];

    private Extent Cell(int axis) => _image.Shape.Extent(1 + axis);

    public override void Emit(StepWriter writer)
    {
        string x = writer.Pointer(_image, "x", _image.Describe());
        string[] at = _positions.Select((p, a) => writer.Pointer(p, $"at{a}", p.Describe())).ToArray();
        string y = writer.Pointer(_output, "y", _output.Describe());
        if (IsCubic)
        {
            // Two numbers for every cell of the sum, then two for every tap of an axis.
            writer.Line($"long* offsets = (long*){writer.Local("cells", (Cells + (Axes * Taps)) * (sizeof(long) + sizeof(float)), "cells of a sum and their weights")};");
            writer.Line($"float* weights = (float*)(offsets + {Cells + (Axes * Taps)});");
        }

        using (writer.ForUnits("unit", ParallelExtent(writer.Simd)))
        {
            writer.Line($"int n = unit / {writer.Value(_output.Shape.Extent(1))};");
            writer.Line($"int p = unit - (n * {writer.Value(_output.Shape.Extent(1))});");
            writer.Line($"float* image = {x} + (n * {_image.Layout.Strides[0]}L);");
            for (int a = 0; a < Axes; a++)
            {
                EmitAxis(writer, a, $"{at[a]}[(n * {_positions[a].Layout.Strides[0]}L) + p]");
            }

            writer.Line($"float* pixel = {y} + (n * {_output.Layout.Strides[0]}L) + (p * {_output.Layout.Strides[1]}L);");
            if (IsCubic)
            {
                EmitProducts(writer);
                EmitLongSum(writer);
            }
            else if (Taps == 1)
            {
                EmitCopy(writer);
            }
            else
            {
                EmitCorners(writer);
            }
        }
    }

    /// <summary>The cells along an axis, as indices inside the image, and their weights: one, two, or four with those of Keys' cubic convolution.</summary>
    private void EmitAxis(StepWriter writer, int axis, string position)
    {
        writer.Line($"float position{axis} = {position};");
        writer.Line($"float last{axis} = {writer.Value(Cell(axis))} - 1;");
        if (Taps == 1)
        {
            EmitTap(writer, axis, 0, $"position{axis}", "1f");
            return;
        }

        writer.Line($"float low{axis} = {writer.Scalar.Math("Floor", $"position{axis}")};");
        writer.Line($"float part{axis} = position{axis} - low{axis};");
        if (!IsCubic)
        {
            EmitTap(writer, axis, 0, $"low{axis}", $"1f - part{axis}");
            EmitTap(writer, axis, 1, $"low{axis} + 1f", $"part{axis}");
            return;
        }

        writer.Line($"float beyond{axis} = part{axis} + 1f;");
        writer.Line($"float rest{axis} = 1f - part{axis};");
        writer.Line($"float before{axis} = rest{axis} + 1f;");
        string[] distances = { $"beyond{axis}", $"part{axis}", $"rest{axis}", $"before{axis}" };
        for (int t = 0; t < Taps; t++)
        {
            EmitTap(writer, axis, t, $"low{axis}{(t == 1 ? string.Empty : $" + {Literal.Of((float)(t - 1))}")}", PixelForm.CubicWeight(distances[t], isNear: t is 1 or 2));
        }
    }

    /// <summary>A cell along an axis: <c>cell</c>, its index, and <c>weight</c>.</summary>
    private void EmitTap(StepWriter writer, int axis, int tap, string whole, string weight)
    {
        string name = $"{axis}{(char)('A' + tap)}";
        writer.Line($"float whole{name} = {whole};");
        if (_form.Padding == PixelForm.Reflection)
        {
            EmitReflection(writer, axis, name);
        }

        string inside = $"whole{name} >= 0f && whole{name} <= last{axis}";
        writer.Line($"float weight{name} = {(_form.Padding == PixelForm.Zeros ? $"{inside} ? {weight} : 0f" : weight)};");
        writer.Line($"long cell{name} = (int)(whole{name} > 0f ? (whole{name} < last{axis} ? whole{name} : last{axis}) : 0f);");
    }

    /// <summary>range - |range - (|x - start| mod 2 · range)|: the cell reflected at both borders until it is inside.</summary>
    private void EmitReflection(StepWriter writer, int axis, string name)
    {
        string start = _form.AlignsCorners ? string.Empty : " + 0.5f";
        writer.Line($"float range{name} = last{axis}{(_form.AlignsCorners ? string.Empty : " + 1f")};");
        writer.Line($"float distance{name} = global::System.MathF.Abs(whole{name}{start});");
        writer.Line($"float turned{name} = distance{name} - ({writer.Scalar.Math("Floor", $"distance{name} / (2f * range{name})")} * (2f * range{name}));");
        writer.Line($"whole{name} = range{name} - global::System.MathF.Abs(turned{name} - range{name}){(_form.AlignsCorners ? string.Empty : " - 0.5f")};");
    }

    /// <summary>The pixel of one cell, or zeros.</summary>
    private void EmitCopy(StepWriter writer)
    {
        writer.Line($"float* corner = image + {string.Join(" + ", Enumerable.Range(0, Axes).Select(a => $"(cell{a}A * {Stride(a)})"))};");
        if (_form.Padding != PixelForm.Zeros)
        {
            RowCopy.Emit(writer, ElementType.Float32, "corner", 1, "pixel", 1, Channels);
            return;
        }

        using (writer.Block($"if ({string.Join(" && ", Enumerable.Range(0, Axes).Select(static a => $"weight{a}A != 0f"))})"))
        {
            RowCopy.Emit(writer, ElementType.Float32, "corner", 1, "pixel", 1, Channels);
        }

        using (writer.Block("else"))
        {
            VectorLoop.Emit(writer, Channels, (simd, i) => writer.Line(simd.Store(VectorLoop.At("pixel", i), simd.Zero)));
        }
    }

    private void EmitCorners(StepWriter writer)
    {
        for (int corner = 0; corner < Cells; corner++)
        {
            string[] ends = Enumerable.Range(0, Axes).Select(a => $"{a}{(((corner >> (Axes - 1 - a)) & 1) == 0 ? 'A' : 'B')}").ToArray();
            writer.Line($"float weight{corner} = {string.Join(" * ", ends.Select(static e => $"weight{e}"))};");
            writer.Line($"float* corner{corner} = image + {string.Join(" + ", ends.Select((e, a) => $"(cell{e} * {Stride(a)})"))};");
        }

        VectorLoop.Emit(writer, Channels, (simd, i) =>
        {
            string sum = $"{simd.Broadcast("weight0")} * {simd.Load(VectorLoop.At("corner0", i))}";
            for (int corner = 1; corner < Cells; corner++)
            {
                sum = simd.MultiplyAdd(simd.Broadcast($"weight{corner}"), simd.Load(VectorLoop.At($"corner{corner}", i)), sum);
            }

            writer.Line(simd.Store(VectorLoop.At("pixel", i), sum));
        });
    }

    /// <summary>The cells of all combinations of taps, the last axis' the fastest, and the products of their weights.</summary>
    private void EmitProducts(StepWriter writer)
    {
        for (int a = 0; a < Axes; a++)
        {
            for (int t = 0; t < Taps; t++)
            {
                string name = $"{a}{(char)('A' + t)}";
                writer.Line($"offsets[{Cells + (a * Taps) + t}] = cell{name};");
                writer.Line($"weights[{Cells + (a * Taps) + t}] = weight{name};");
            }
        }

        writer.Line("int cell = 0;");
        EmitProducts(writer, 0);
    }

    private void EmitProducts(StepWriter writer, int axis)
    {
        string Entry(string table) => $"{table}[{Cells + (axis * Taps)} + t{axis}]";
        using (writer.Block($"for (int t{axis} = 0; t{axis} < {Taps}; t{axis}++)"))
        {
            writer.Line($"long index{axis} = {(axis == 0 ? $"{Entry("offsets")} * {Stride(0)}" : $"index{axis - 1} + ({Entry("offsets")} * {Stride(axis)})")};");
            writer.Line($"float product{axis} = {(axis == 0 ? Entry("weights") : $"product{axis - 1} * {Entry("weights")}")};");
            if (axis < Axes - 1)
            {
                EmitProducts(writer, axis + 1);
                return;
            }

            writer.Line($"offsets[cell] = index{axis};");
            writer.Line($"weights[cell++] = product{axis};");
        }
    }

    private void EmitLongSum(StepWriter writer) => VectorLoop.Emit(writer, Channels, (simd, i) =>
    {
        writer.Line($"{simd.Type} sum = {simd.Zero};");
        using (writer.Block($"for (int c = 0; c < {Cells}; c++)"))
        {
            writer.Line($"sum = {simd.MultiplyAdd(simd.Broadcast("weights[c]"), simd.Load(VectorLoop.At("image + offsets[c]", i)), "sum")};");
        }

        writer.Line(simd.Store(VectorLoop.At("pixel", i), "sum"));
    });
}
