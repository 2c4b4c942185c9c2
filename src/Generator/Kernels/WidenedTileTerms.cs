using System.Linq;
using AotCompiler.Emission;

namespace AotCompiler.Kernels;

/// <summary>
/// Depthwise sums where a pixel costs as much as a multiply-add or more, since it is a byte that is widened, or since there are no
/// vectors: neighbouring outputs share the pixels of a row that their windows have in common.
/// </summary>
internal class WidenedTileTerms : RealTileTerms
{
    public WidenedTileTerms(Contraction work, StepWriter writer)
        : base(work, writer)
    {
    }

    public override bool TryWriteRow(string source, long stride, int terms, int positions, TileRow row)
    {
        long[] offsets = Enumerable.Range(0, positions)
            .SelectMany(p => Enumerable.Range(0, terms).Select(t => (p * Work.InputStrides.Position) + (t * stride)))
            .Distinct()
            .OrderBy(static o => o)
            .ToArray();
        for (int r = 0; r < row.Count; r++)
        {
            using (Writer.Block())
            {
                WriteRegister(source, stride, terms, positions, r, offsets);
            }
        }

        Writer.Line($"wTile += {terms * Work.RowLength};");
        return true;
    }

    /// <summary>In the order of the pixels, so that each is in a register only while windows need it.</summary>
    private void WriteRegister(string source, long stride, int terms, int positions, int register, long[] offsets)
    {
        for (int t = 0; t < terms; t++)
        {
            Writer.Line($"{LaneType} w{t} = {Weight(Simd, register, t)};");
        }

        for (int i = 0; i < offsets.Length; i++)
        {
            Writer.Line($"{LaneType} v{i} = {Lanes(Simd, source, $"{offsets[i]}", register)};");
            for (int p = 0; p < positions; p++)
            {
                for (int t = 0; t < terms; t++)
                {
                    if ((p * Work.InputStrides.Position) + (t * stride) == offsets[i])
                    {
                        string sum = ContractionWriter.Sum(p, register);
                        Writer.Line($"{sum} = {Simd.MultiplyAdd($"v{i}", $"w{t}", sum)};");
                    }
                }
            }
        }
    }
}
