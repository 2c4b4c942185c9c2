using System.Collections.Generic;
using AotCompiler.Emission;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// Output rows whose windows lie between a map's first and last row: windows inside the map read it where it is, those at the ends
/// of a row a copy of the few cells that they have in it, with zeros beside them.
/// </summary>
/// <param name="FirstRow">The first such output row.</param>
/// <param name="EndRow">The row behind the last one.</param>
/// <param name="Inside">The windows inside the map, as a stage that reads the map.</param>
/// <param name="Sides">Those at the ends of a row, as stages that read <paramref name="Edges"/>.</param>
/// <param name="Edges">Memory for the cells at the ends of the rows of one window.</param>
internal sealed record RowSourceInPlace(int FirstRow, int EndRow, RowStage Inside, IReadOnlyList<RowSide> Sides, TensorView Edges)
{
    /// <summary>Writes zeros for the cells beyond the map, which stay.</summary>
    public void EmitZeros(StepWriter writer, string edges) => HaloStep.EmitZeros(writer, edges, Edges.Shape[0]);

    /// <summary>Copies the cells that the windows at the ends of output row <c>row</c> read.</summary>
    public void EmitCopy(StepWriter writer, RowSource source, string map, string edges)
    {
        IReadOnlyList<long> strides = source.Map.Layout.Strides;
        string image = source.Map.Shape[0] > 1 ? $" + (n * {strides[0]}L)" : string.Empty;
        int taps = source.Window.Span;
        using (writer.For("channel", source.Map.Shape[1]))
        using (writer.For("tap", taps))
        {
            writer.Line($"float* from = {map}{image} + (channel * {strides[1]}L) + (((row * {source.Window.Stride}) - {source.Window.Before} + tap) * {strides[2]}L);");
            foreach (RowSide side in Sides)
            {
                for (int cell = 0; cell < side.Cells; cell++)
                {
                    int column = side.FirstColumn + cell;
                    if (column >= 0 && column < source.Map.Shape[3])
                    {
                        writer.Line($"{edges}[{side.Offset + cell} + (((channel * {taps}) + tap) * {side.Cells})] = from[{column}];");
                    }
                }
            }
        }
    }
}

/// <summary>The windows at one end of the rows.</summary>
/// <param name="Stage">Their convolution.</param>
/// <param name="Offset">Where their cells begin: [channel, row of the window, cell].</param>
/// <param name="Cells">Cells of a row that they read.</param>
/// <param name="FirstColumn">The map's column that is the first of these cells; may be beyond the map.</param>
internal sealed record RowSide(RowStage Stage, int Offset, int Cells, int FirstColumn);
