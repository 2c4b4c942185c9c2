using AotCompiler.Emission;

namespace AotCompiler.Kernels;

/// <summary>Sums of single numbers: a register of outputs is one output. Whichever is fewer, inputs or weights, waits in registers for the other.</summary>
internal sealed class ScalarTileTerms : RealTileTerms
{
    public ScalarTileTerms(Contraction work, StepWriter writer)
        : base(work, writer)
    {
    }

    public override void Write(string source, string? loop, long stride, int term, int positions, TileRow row)
    {
        int registers = row.Count;
        bool inputsWait = positions < registers;
        string Input(int position) => $"float v{position} = {At(source, Index(loop, stride, term, position))};";
        for (int i = 0; i < (inputsWait ? positions : registers); i++)
        {
            Writer.Line(inputsWait ? Input(i) : $"float w{i} = {Weight(Simd, i, term)};");
        }

        for (int i = 0; i < (inputsWait ? registers : positions); i++)
        {
            using (Writer.Block())
            {
                Writer.Line(inputsWait ? $"float w{i} = {Weight(Simd, i, term)};" : Input(i));
                for (int j = 0; j < (inputsWait ? positions : registers); j++)
                {
                    (int p, int r) = inputsWait ? (j, i) : (i, j);
                    string sum = ContractionWriter.Sum(p, r, term);
                    Writer.Line($"{sum} = {Simd.MultiplyAdd($"v{p}", $"w{r}", sum)};");
                }
            }
        }
    }

    private string At(string source, string element) =>
        StoredLanes.LoadRaw(Simd, Work.Input, VectorLoop.At(source, element));
}
