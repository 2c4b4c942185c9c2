using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;

namespace AotCompiler.Kernels;

/// <summary>Writes a Winograd convolution of codes: as that of f32, with 16-bit points, 32-bit sums and weights that are transformed at run time.</summary>
internal sealed class CodeWinogradWriter : WinogradWriter
{
    private readonly Winograd _work;
    private readonly WinogradCodes _codes;
    private readonly StepWriter _writer;
    private readonly Simd _simd;

    public CodeWinogradWriter(Winograd work, WinogradCodes codes, WinogradStage stage, StepWriter writer)
        : base(work, stage, writer, VectorType.OfPoints(writer.Simd), VectorType.OfSums(writer.Simd))
    {
        _work = work;
        _codes = codes;
        _writer = writer;
        _simd = writer.Simd;
    }

    protected override string SumLines => "sumLines";

    protected override string Panels => "panels";

    private CodeWinogradTransform Transform => _codes.Transform;

    protected override void DeclareLines() => _writer.Line($"short* lines = (short*){SumLines};");

    protected override void DeclareWeights()
    {
        _writer.Pointer(_work.Weights, "weights", "weights [block, pair of channels, tap, 16, 2]");
        long length = WinogradCodes.PanelsLength(Transform, _work.Tiling, _work.Channels);
        DeclareScratch(_codes.Panels, "panels", "transformed weights of a group [point, block, pair of channels, 16, 2]", length);
    }

    protected override string Cells(string pointer) => $"CodeProducts.Centred{VectorType.OfPoints(_simd).Bits}({pointer})";

    protected override string Real(string sum, string? bias)
    {
        string exact = Transform.Exact(_simd, sum);
        return $"{_simd.Class}.ConvertToSingle({(bias is null ? exact : $"{exact} + {bias}")})";
    }

    protected override void WriteWeights(int blocks)
    {
        int pairs = WinogradCodes.Pairs(_work.Channels);
        long plane = WinogradCodes.PanelPlane(_work.Channels, blocks);
        VectorType type = VectorType.OfShorts(_simd);
        _writer.Line("// Weights to points.");
        using (_writer.Block($"for (int pair = 0; pair < {blocks * pairs}; pair++)"))
        {
            _writer.Line($"sbyte* taps = weights + (group * {Number((long)pairs * WinogradCodes.TapsLength)}) + (pair * {WinogradCodes.TapsLength});");
            _writer.Line($"short* panel = panels + (pair * {WinogradCodes.RowLength});");
            if (type.Lanes == WinogradCodes.RowLength)
            {
                WriteFilter(type, string.Empty, plane);
                return;
            }

            using (_writer.For("lane", WinogradCodes.RowLength, type.Lanes))
            {
                WriteFilter(type, "lane", plane);
            }
        }
    }

    /// <summary>The 3×3 weights of a register's lanes: first along the columns, then along the rows.</summary>
    private void WriteFilter(VectorType type, string lane, long plane)
    {
        if (_codes.WeightOffset != 0)
        {
            _writer.Line($"{type.Type} weightOffset = {type.Class}.Create((short)({_codes.WeightOffset}));");
        }

        var columns = new IReadOnlyList<string>[3];
        for (int x = 0; x < columns.Length; x++)
        {
            string[] taps = Enumerable.Range(0, 3).Select(y => $"w{(3 * y) + x}").ToArray();
            for (int y = 0; y < taps.Length; y++)
            {
                string bytes = $"CodeProducts.Widen{type.Bits}({At("taps", ((3 * y) + x) * WinogradCodes.RowLength, lane)})";
                _writer.Line($"{type.Type} {taps[y]} = {bytes}{(_codes.WeightOffset == 0 ? string.Empty : " + weightOffset")};");
            }

            string[] points = Transform.Weights(_writer, type, taps, $"{x}").ToArray();
            columns[x] = points.Select((point, i) =>
            {
                _writer.Line($"{type.Type} g{i}_{x} = {point};");
                return $"g{i}_{x}";
            }).ToArray();
        }

        int n = Transform.Points;
        for (int i = 0; i < n; i++)
        {
            IReadOnlyList<string> points = Transform.Weights(_writer, type, columns.Select(c => c[i]).ToArray(), $"Row{i}");
            for (int k = 0; k < n; k++)
            {
                _writer.Line(type.Store(At("panel", ((i * n) + k) * plane, lane), points[k]));
            }
        }
    }
}
