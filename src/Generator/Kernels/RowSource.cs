using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// The rows of a plain map that a strip of a convolution reads, copied with the window's padding around them: the copy stays in
/// the first-level cache, and each thread makes its own. With <see cref="InPlace"/> only rows whose windows reach beyond the map are
/// copied.
/// </summary>
/// <param name="Map">[N, C, H, W], elements of a row side by side.</param>
/// <param name="Rows">[1, C, rows, W] with the padding beside the rows; zeros stand in rows above and below the map.</param>
/// <param name="Window">The rows of the map that an output row reads.</param>
internal sealed record RowSource(TensorView Map, TensorView Rows, RowAccess Window)
{
    /// <summary>How windows inside the map are computed without a copy; null if all rows are copied.</summary>
    public RowSourceInPlace? InPlace { get; init; }

    /// <summary>Memory of a thread.</summary>
    public IEnumerable<TensorView> Scratch => InPlace is null ? new[] { Rows } : new[] { Rows, InPlace.Edges };

    private int Left => Rows.Layout.Halo?.Before[1] ?? 0;

    /// <summary>Writes the zeros beside the rows.</summary>
    public void EmitBorders(StepWriter writer, string rows)
    {
        int width = Rows.Shape[3];
        int right = Rows.Layout.Halo?.After[1] ?? 0;
        using (writer.For("channel", Rows.Shape[1]))
        using (writer.For("row", Rows.Shape[2]))
        {
            writer.Line($"float* line = {rows} + (channel * {Rows.Layout.Strides[1]}) + (row * {Rows.Layout.Strides[2]});");
            HaloStep.EmitZeros(writer, "line", Left);
            HaloStep.EmitZeros(writer, $"line + {Left + width}", right);
        }
    }

    /// <summary>Copies what output rows <paramref name="first"/> … <paramref name="end"/> - 1 read.</summary>
    public void EmitCopy(StepWriter writer, string map, string rows, string first, string end)
    {
        IReadOnlyList<long> strides = Map.Layout.Strides;
        int height = Map.Shape[2];
        int width = Map.Shape[3];
        string image = Map.Shape[0] > 1 ? $" + (n * {strides[0]}L)" : string.Empty;
        using CodeWriter.Scope scope = InPlace is { } inside ? writer.Block($"if ({first} < {inside.FirstRow} || {end} > {inside.EndRow})") : writer.Block();
        writer.Line($"int top = ({first} * {Window.Stride}) - {Window.Before};");
        writer.Line($"int bottom = ({end} * {Window.Stride}) + {Window.Ahead};");
        using (writer.For("channel", Map.Shape[1]))
        using (writer.Block("for (int row = top; row < bottom; row++)"))
        {
            writer.Line($"float* to = {rows} + (channel * {Rows.Layout.Strides[1]}) + ((row - top) * {Rows.Layout.Strides[2]}) + {Left};");
            using (writer.Block($"if (row < 0 || row >= {height})"))
            {
                HaloStep.EmitZeros(writer, "to", width);
            }

            using (writer.Block("else"))
            {
                writer.Line($"float* from = {map}{image} + (channel * {strides[1]}L) + (row * {strides[2]}L);");
                VectorLoop.Emit(writer, width, (simd, index) => writer.Line(simd.Store(VectorLoop.At("to", index), simd.Load(VectorLoop.At("from", index)))));
            }
        }
    }
}
