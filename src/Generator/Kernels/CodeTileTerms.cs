using System;
using AotCompiler.Emission;
using AotCompiler.Ir;

namespace AotCompiler.Kernels;

/// <summary>
/// Sums of products of codes and weights in 32-bit integers. A term is four bytes of neighbouring codes, which one broadcast brings to all
/// lanes, and a row of weights, as many for each of 16 lanes.
/// </summary>
/// <remarks>
/// At 512 and 256 bits the instructions stand in the code itself: calls of the runtime would be inlined, but large tiles have more
/// of them than the JIT inlines in one method. Processors that lack the instructions, on which these widths run for tests only, call it.
/// </remarks>
internal sealed class CodeTileTerms : TileTerms
{
    private const string Portable = "CodeProducts";

    private readonly CodeForm _form;

    public CodeTileTerms(Contraction work, StepWriter writer, CodeForm form)
        : base(work, writer)
    {
        _form = form;
    }

    public override string SumType(Simd width) => $"{width.Class}<int>";

    public override string Zero(Simd width) => $"{width.Class}<int>.Zero";

    /// <summary>The instructions' class for the width; null if the runtime chooses them.</summary>
    private string? Instructions => Simd.Bits switch
    {
        512 => "Avx512BW",
        256 => "Avx2",
        _ => null,
    };

    public override string Load(Simd width, string bias) => $"{width.Class}.Load({bias})";

    public override string Real(string sum) => Work.Type.IsInteger() ? sum : $"{Simd.Class}.ConvertToSingle({sum})";

    public override void Declare()
    {
        if (_form == CodeForm.Pairs)
        {
            return;
        }

        Writer.Line(_form == CodeForm.Words
            ? $"{SumType(Simd)} evenCodes = {Simd.Class}.Create(0x00FF00FF);"
            : $"{Simd.Class}<short> ones = {Simd.Class}.Create((short)1);");
        if (Work.WeightOffset != 0)
        {
            Writer.Line($"{Simd.Class}<short> weightOffset = {Simd.Class}.Create((short)({Work.WeightOffset}));");
        }
    }

    public override void Write(string source, string? loop, long stride, int term, int positions, TileRow row)
    {
        void Terms(string instructions)
        {
            Action<Func<int, string>, string> write = _form switch
            {
                CodeForm.Bytes => (codes, set) => WriteBytes(codes, set, term, positions, row.Count),
                CodeForm.Pairs => (codes, set) => WritePairs(codes, set, term, positions, row.Count),
                _ => (codes, set) => WriteWords(codes, set, term, positions, row.Count),
            };
            write(p => Codes(source, loop, stride, term, p), instructions);
        }

        if (Instructions is not { } own)
        {
            Terms(Portable);
            return;
        }

        using (Writer.Block($"if ({own}.IsSupported)"))
        {
            Terms(own);
        }

        using (Writer.Block("else"))
        {
            Terms(Portable);
        }
    }

    private void WriteBytes(Func<int, string> codes, string instructions, int term, int positions, int registers)
    {
        for (int r = 0; r < registers; r++)
        {
            Writer.Line($"{Simd.Class}<sbyte> w{r} = {Simd.Class}.Load({WeightAddress(r, term, Simd.Bits / 8)});");
        }

        for (int p = 0; p < positions; p++)
        {
            Writer.Line($"{Simd.Class}<byte> v{p} = {codes(p)}.AsByte();");
            for (int r = 0; r < registers; r++)
            {
                Writer.Line($"{ContractionWriter.Sum(p, r, term)} += {instructions}.MultiplyAddAdjacent({instructions}.MultiplyAddAdjacent(v{p}, w{r}), ones);");
            }
        }
    }

    private void WritePairs(Func<int, string> codes, string instructions, int term, int positions, int registers)
    {
        VectorType type = VectorType.OfShorts(Simd);
        for (int r = 0; r < registers; r++)
        {
            Writer.Line($"{type.Type} w{r} = {type.Load(WeightAddress(r, term, type.Lanes))};");
        }

        for (int p = 0; p < positions; p++)
        {
            Writer.Line($"{type.Type} v{p} = {codes(p)}.AsInt16();");
            for (int r = 0; r < registers; r++)
            {
                Writer.Line($"{ContractionWriter.Sum(p, r, term)} += {instructions}.MultiplyAddAdjacent(v{p}, w{r});");
            }
        }
    }

    /// <summary>
    /// Registers beside the sums and one row of weights: the code, what it is widened to, a product and a constant; the odd weights where they wait with
    /// the even ones, and one to spare: NativeAOT's compiler keeps each position's codes on the stack if a tile takes the whole file.
    /// </summary>
    /// <param name="simd">Vector width.</param>
    /// <param name="form">How codes are summed.</param>
    /// <param name="row">Registers of a row of weights.</param>
    public static int OtherRegisters(Simd simd, CodeForm form, int row) => form switch
    {
        CodeForm.Words when HoldsAllTerms(simd) => row + 5,
        CodeForm.Bytes when HoldsAllTerms(simd) => 3,
        _ => 2,
    };

    /// <summary>True if the weights of all four terms are in registers at once, so that each code is broadcast once. A file of small registers has no room for them.</summary>
    private static bool HoldsAllTerms(Simd simd) => simd.Bits >= 256;

    /// <summary>
    /// The terms of a position one after the other: a broadcast that two halves of the code share would be kept for all positions by the
    /// compiler, on the stack.
    /// </summary>
    private void WriteWords(Func<int, string> codes, string instructions, int term, int positions, int registers)
    {
        string Even(string code) => $"({code} & evenCodes).AsInt16()";
        string Odd(string code) => $"{Simd.Class}.ShiftRightLogical({code}.AsUInt16(), 8).AsInt16()";
        if (!HoldsAllTerms(Simd))
        {
            for (int half = 0; half < 2; half++)
            {
                using (Writer.Block())
                {
                    LoadWords("w", instructions, half, term, registers);
                    for (int p = 0; p < positions; p++)
                    {
                        AddWords(p, "v", half == 0 ? Even(codes(p)) : Odd(codes(p)), "w", instructions, term, registers);
                    }
                }
            }

            return;
        }

        LoadWords("even", instructions, 0, term, registers);
        LoadWords("odd", instructions, 1, term, registers);
        for (int p = 0; p < positions; p++)
        {
            Writer.Line($"{SumType(Simd)} q{p} = {codes(p)};");
            AddWords(p, "e", Even($"q{p}"), "even", instructions, term, registers);
            AddWords(p, "o", Odd($"q{p}"), "odd", instructions, term, registers);
        }
    }

    /// <summary>Declares the weights of the even or the odd terms of four.</summary>
    private void LoadWords(string name, string instructions, int half, int term, int registers)
    {
        for (int r = 0; r < registers; r++)
        {
            string address = ContractionWriter.Add(WeightAddress(r, term, CodePanels.RowLength / 2 / Simd.RegistersPerBlock), half * CodePanels.RowLength / 2);
            Writer.Line($"{Simd.Class}<short> {name}{r} = {Widened(instructions, address)}{(Work.WeightOffset == 0 ? string.Empty : " + weightOffset")};");
        }
    }

    /// <summary>Adds two terms of a position to its sums.</summary>
    private void AddWords(int position, string name, string codes, string weights, string instructions, int term, int registers)
    {
        Writer.Line($"{Simd.Class}<short> {name}{position} = {codes};");
        for (int r = 0; r < registers; r++)
        {
            Writer.Line($"{ContractionWriter.Sum(position, r, term)} += {instructions}.MultiplyAddAdjacent({name}{position}, {weights}{r});");
        }
    }

    /// <summary>Four bytes in every lane.</summary>
    private string Codes(string source, string? loop, long stride, int term, int position)
    {
        string element = Index(loop, stride, term, position);
        return $"{Simd.Class}.Create(*(int*)({(element == "0" ? source : $"{source} + {element}")}))";
    }

    /// <summary>Signed bytes as 16-bit integers.</summary>
    private string Widened(string instructions, string pointer) => instructions == Portable ? $"{Portable}.Widen{Simd.Bits}({pointer})"
        : Simd.Bits == 512 ? $"{instructions}.ConvertToVector512Int16(Vector256.Load({pointer}))"
        : $"{instructions}.ConvertToVector256Int16({pointer})";
}
