using AotCompiler.Emission;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// Sums of products of codes and weights in 32-bit integers. A term is four neighbouring codes, which one broadcast brings to all
/// lanes, and a row of 16 times four weights.
/// </summary>
internal sealed class CodeTileTerms : TileTerms
{
    private readonly CodeForm _form;

    public CodeTileTerms(Contraction work, StepWriter writer, CodeForm form)
        : base(work, writer)
    {
        _form = form;
    }

    public override string SumType => $"{Simd.Class}<int>";

    public override string Zero => $"{Simd.Class}<int>.Zero";

    public override string Load(string bias) => $"{Simd.Class}.Load({bias})";

    public override string Real(string sum) => $"{Simd.Class}.ConvertToSingle({sum})";

    public override void Declare() => Writer.Line(_form == CodeForm.Words
        ? $"{SumType} evenCodes = {Simd.Class}.Create(0x00FF00FF);"
        : $"{Simd.Class}<short> ones = {Simd.Class}.Create((short)1);");

    public override void Write(string source, string? loop, long stride, int term, int positions, int registers)
    {
        if (_form == CodeForm.Bytes)
        {
            WriteBytes(source, loop, stride, term, positions, registers);
            return;
        }

        WriteWords(source, loop, stride, term, positions, registers, odd: false);
        WriteWords(source, loop, stride, term, positions, registers, odd: true);
    }

    private void WriteBytes(string source, string? loop, long stride, int term, int positions, int registers)
    {
        for (int r = 0; r < registers; r++)
        {
            Writer.Line($"{Simd.Class}<sbyte> w{r} = {Simd.Class}.Load({WeightAddress(r, term, Simd.Bits / 8)});");
        }

        for (int p = 0; p < positions; p++)
        {
            Writer.Line($"{Simd.Class}<byte> v{p} = {Codes(source, loop, stride, term, p)}.AsByte();");
            for (int r = 0; r < registers; r++)
            {
                Writer.Line($"{ContractionWriter.Sum(p, r, term)} += {Pairs(Pairs($"v{p}", $"w{r}"), "ones")};");
            }
        }
    }

    /// <summary>The even or the odd terms of four.</summary>
    private void WriteWords(string source, string? loop, long stride, int term, int positions, int registers, bool odd)
    {
        const int Half = CodePanels.RowLength / 2;
        using (Writer.Block())
        {
            for (int r = 0; r < registers; r++)
            {
                string address = ContractionWriter.Add(WeightAddress(r, term, Half / Simd.RegistersPerBlock), odd ? Half : 0);
                Writer.Line($"{Simd.Class}<short> w{r} = {Widened(address)};");
            }

            for (int p = 0; p < positions; p++)
            {
                string codes = Codes(source, loop, stride, term, p);
                string words = odd ? $"{Simd.Class}.ShiftRightLogical({codes}.AsUInt16(), 8)" : $"({codes} & evenCodes)";
                Writer.Line($"{Simd.Class}<short> v{p} = {words}.AsInt16();");
                for (int r = 0; r < registers; r++)
                {
                    Writer.Line($"{ContractionWriter.Sum(p, r, term)} += {Pairs($"v{p}", $"w{r}")};");
                }
            }
        }
    }

    /// <summary>Four codes in every lane.</summary>
    private string Codes(string source, string? loop, long stride, int term, int position)
    {
        string element = Index(loop, stride, term, position);
        return $"{Simd.Class}.Create(*(int*)({(element == "0" ? source : $"{source} + {element}")}))";
    }

    /// <summary>Products of neighbours, added in pairs.</summary>
    private string Pairs(string left, string right) => Simd.Bits switch
    {
        512 => $"global::System.Runtime.Intrinsics.X86.Avx512BW.MultiplyAddAdjacent({left}, {right})",
        256 => $"global::System.Runtime.Intrinsics.X86.Avx2.MultiplyAddAdjacent({left}, {right})",
        _ => $"CodeProducts.MultiplyAddAdjacent({left}, {right})",
    };

    /// <summary>Signed bytes as 16-bit integers.</summary>
    private string Widened(string pointer) => Simd.Bits switch
    {
        512 => $"global::System.Runtime.Intrinsics.X86.Avx512BW.ConvertToVector512Int16(Vector256.Load({pointer}))",
        256 => $"global::System.Runtime.Intrinsics.X86.Avx2.ConvertToVector256Int16({pointer})",
        _ => $"CodeProducts.Widen({pointer})",
    };
}
