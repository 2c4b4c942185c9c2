using AotCompiler.Emission;
using AotCompiler.Ir;

namespace AotCompiler.Kernels;

/// <summary>
/// Sums of single numbers, of the contraction's type or codes in integers: a register of outputs is one output. Whichever is fewer, inputs or weights, waits
/// in registers for the other.
/// </summary>
/// <remarks>
/// On a Cortex-M4 a product of codes is three instructions, LDRSB, MUL and ADD, and so is one of f32, which would need two more
/// for each code and weight to become f32: integers win although they have only 13 registers.
/// </remarks>
internal sealed class ScalarTileTerms : WidenedTileTerms
{
    public ScalarTileTerms(Contraction work, StepWriter writer)
        : base(work, writer)
    {
    }

    protected override string LaneType => IsInteger ? "int" : Simd.Type;

    private bool IsInteger => Work.Codes is not null;

    public override string SumType(Simd width) => LaneType;

    public override string Zero(Simd width) => IsInteger ? "0" : base.Zero(width);

    public override string Load(Simd width, string bias) => IsInteger ? width.Load(bias) : base.Load(width, bias);

    public override string Real(string sum) => IsInteger && !Work.Type.IsInteger() ? $"(float){sum}" : sum;

    public override void Write(string source, string? loop, long stride, int term, int positions, TileRow row)
    {
        int registers = row.Count;
        bool inputsWait = positions < registers;
        string Input(int position) => $"{LaneType} v{position} = {LoadInput(Simd, VectorLoop.At(source, Index(loop, stride, term, position)))};";
        string WeightOf(int register) => $"{LaneType} w{register} = {Weight(Simd, register, term)};";
        for (int i = 0; i < (inputsWait ? positions : registers); i++)
        {
            Writer.Line(inputsWait ? Input(i) : WeightOf(i));
        }

        for (int i = 0; i < (inputsWait ? registers : positions); i++)
        {
            using (Writer.Block())
            {
                Writer.Line(inputsWait ? WeightOf(i) : Input(i));
                for (int j = 0; j < (inputsWait ? positions : registers); j++)
                {
                    (int p, int r) = inputsWait ? (j, i) : (i, j);
                    string sum = ContractionWriter.Sum(p, r);
                    Writer.Line($"{sum} = {Simd.MultiplyAdd($"v{p}", $"w{r}", sum)};");
                }
            }
        }
    }

    /// <summary>A weight, of which the number that is taken off to make it a byte is put on again.</summary>
    protected override string Weight(Simd width, int register, int term) =>
        Work.WeightOffset == 0 ? base.Weight(width, register, term) : $"{base.Weight(width, register, term)} + {Work.WeightOffset}";

    /// <summary>Bytes become integers by themselves.</summary>
    protected override string LoadInput(Simd width, string pointer) => IsInteger ? Simd.Load(pointer) : base.LoadInput(width, pointer);
}
