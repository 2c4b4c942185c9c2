using System;
using AotCompiler.Emission;
using AotCompiler.Ir;

namespace AotCompiler.Kernels;

/// <summary>
/// Sums of f32 whose weights are packed: a term of the loop is a word of codes for each output, and as many elements of the input as
/// a word has codes. Each weight has the very value that it would have in memory as f32.
/// </summary>
/// <remarks>A tile of several positions walks the codes of a word in a loop: unrolled, the code of large tiles would not fit the caches.</remarks>
internal sealed class PackedTileTerms : RealTileTerms
{
    private readonly PackedWeights _packed;

    public PackedTileTerms(Contraction work, StepWriter writer, PackedWeights packed)
        : base(work, writer) => _packed = packed;

    public override void Declare()
    {
        Writer.Line($"{VectorType.OfSums(Simd).Type} codeMask = {Simd.Class}.Create({(1 << _packed.Bits) - 1});");
        if (_packed.ZeroPoint is { } zero and not 0)
        {
            Writer.Line($"{Simd.Type} zeroPoint = {Simd.Constant(zero)};");
        }
    }

    public override void Write(string source, string? loop, long stride, int term, int positions, TileRow row)
    {
        string group = "0";
        if (_packed.Groups > 1 && loop is not null)
        {
            group = "group";
            Writer.Line($"int group = (int)((uint){loop} / {_packed.WordsPerGroup}) * {Lowering.Layout.BlockSize};");
        }

        for (int r = 0; r < row.Count; r++)
        {
            LoadGroup(r, group);
            Writer.Line($"{VectorType.OfSums(Simd).Type} q{r} = {Simd.Class}.Load({WeightAddress(r, term, Simd.Lanes)});");
        }

        string first = Index(loop, stride, term, 0);
        Writer.Line($"float* xWord = {(first == "0" ? source : $"{source} + {first}")};");
        if (positions > 1)
        {
            using (Writer.Block($"for (int bit = 0; bit < 32; bit += {_packed.Bits})"))
            {
                WriteCode("bit", 0, term, positions, row);
                Writer.Line("xWord++;");
            }

            return;
        }

        for (int code = 0; code < _packed.CodesPerWord; code++)
        {
            using (Writer.Block())
            {
                WriteCode($"{code * _packed.Bits}", code, term, positions, row);
            }
        }
    }

    /// <summary>The products of one code of each output's word.</summary>
    private void WriteCode(string bit, int element, int term, int positions, TileRow row)
    {
        for (int r = 0; r < row.Count; r++)
        {
            string shifted = bit == "0" ? $"q{r}" : $"{Simd.Class}.ShiftRightLogical(q{r}, {bit})";
            string code = $"{Simd.Class}.ConvertToSingle({shifted} & codeMask)";
            string zero = _packed.ZeroPoint is { } number ? (number == 0 ? string.Empty : " - zeroPoint") : $" - z{r}";
            Writer.Line($"{Simd.Type} w{r} = {(zero.Length == 0 ? code : $"({code}{zero})")} * s{r};");
        }

        for (int p = 0; p < positions; p++)
        {
            Writer.Line($"{Simd.Type} v{p} = {Simd.Broadcast($"xWord[{(p * Work.InputStrides.Position) + element}]")};");
            for (int r = 0; r < row.Count; r++)
            {
                string sum = ContractionWriter.Sum(p, r, term);
                Writer.Line($"{sum} = {Simd.MultiplyAdd($"v{p}", $"w{r}", sum)};");
            }
        }
    }

    /// <summary>Scale and zero point of a register's outputs.</summary>
    private void LoadGroup(int register, string group)
    {
        int block = register / Simd.RegistersPerBlock;
        int lane = register % Simd.RegistersPerBlock * Simd.Lanes;
        string panel = ContractionWriter.Add("panel", block * Work.PanelLength);
        string At(string pointer, string element) => ContractionWriter.Add(group == "0" ? $"({element}*)({pointer})" : $"({element}*)({pointer}) + {group}", lane);
        Writer.Line($"{Simd.Type} s{register} = {Simd.Load(At(panel, "float"))};");
        if (_packed.ZeroPoint is not null)
        {
            return;
        }

        string zeros = ContractionWriter.Add("panel", (block * Work.PanelLength) + _packed.ZeroPointStart);
        Writer.Line($"{Simd.Type} z{register} = {Simd.Load(At(zeros, _packed.ZeroPointType.CSharpName()), _packed.ZeroPointType)};");
    }
}
