using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>How the sums of a register tile grow by one term: the types of sums and weights, and the operations on them.</summary>
internal abstract class TileTerms
{
    protected TileTerms(Contraction work, StepWriter writer)
    {
        Work = work;
        Writer = writer;
    }

    protected Contraction Work { get; }

    protected StepWriter Writer { get; }

    protected Simd Simd => Writer.Simd.Of(Work.Type);

    /// <summary>The C# type of a register of sums.</summary>
    public abstract string SumType(Simd width);

    /// <summary>A register of sums of 0.</summary>
    public abstract string Zero(Simd width);

    /// <summary>The terms for a contraction.</summary>
    public static TileTerms Of(Contraction work, StepWriter writer) => work switch
    {
        _ when writer.Simd.IsScalar => new ScalarTileTerms(work, writer),
        { Codes: { } form } => new CodeTileTerms(work, writer, form),
        { Packed: { } packed } => new PackedTileTerms(work, writer, packed),
        { LaneInput: true, Input.Zero: not null } => new WidenedTileTerms(work, writer),
        _ => new RealTileTerms(work, writer),
    };

    /// <summary>Sums to begin with, from the bias.</summary>
    public abstract string Load(Simd width, string bias);

    /// <summary>Finished sums as f32 lanes.</summary>
    public abstract string Real(string sum);

    /// <summary>Declares what the terms share, before their loops.</summary>
    public virtual void Declare()
    {
    }

    /// <summary>Writes one term of all sums of the tile.</summary>
    /// <param name="source">Pointer to the input's element for position 0 and the first term of the loop.</param>
    /// <param name="loop">The variable that counts terms; null for a term that is written out.</param>
    /// <param name="stride">Input elements from one term to the next.</param>
    /// <param name="term">Terms behind that of the loop's variable; it adds to the sums of that number.</param>
    /// <param name="positions">Positions of the tile.</param>
    /// <param name="row">Registers of a position.</param>
    public abstract void Write(string source, string? loop, long stride, int term, int positions, TileRow row);

    /// <summary>Writes neighbouring terms of a row of a window at once, if that is better than one by one.</summary>
    /// <returns>False if nothing was written.</returns>
    public virtual bool TryWriteRow(string source, long stride, int terms, int positions, TileRow row) => false;

    /// <summary>The element of a position and term as an index behind <c>source</c>.</summary>
    protected string Index(string? loop, long stride, int term, int position)
    {
        string index = loop is null ? "0" : ContractionWriter.Scaled(loop, stride);
        long offset = (position * Work.InputStrides.Position) + (term * stride);
        return offset == 0 ? index : index == "0" ? $"{offset}" : $"{index} + {offset}";
    }

    /// <summary>Where a register's weights of a term lie.</summary>
    protected string WeightAddress(int register, int term, int elementsOfRegister)
    {
        int block = register / Simd.RegistersPerBlock;
        int part = register % Simd.RegistersPerBlock;
        return ContractionWriter.Add("wTile", (block * Work.PanelLength) + (term * Work.RowLength) + (part * elementsOfRegister));
    }
}

/// <summary>Sums of f32, or of another type that weights and inputs have too, one multiply-add for each term.</summary>
internal class RealTileTerms : TileTerms
{
    public RealTileTerms(Contraction work, StepWriter writer)
        : base(work, writer)
    {
    }

    public override string SumType(Simd width) => width.Type;

    public override string Zero(Simd width) => width.Zero;

    public override string Load(Simd width, string bias) => Work.Bias!.Type == Work.Type ? width.Load(bias)
        : width.IsScalar ? $"(float)*({bias})"
        : $"{width.Class}.ConvertToSingle({width.Class}.Load({bias}))";

    public override string Real(string sum) => sum;

    public override void Write(string source, string? loop, long stride, int term, int positions, TileRow row)
    {
        // With one position each weight is used once: as an operand in memory it needs no register.
        bool inline = positions == 1;
        for (int r = 0; r < row.Count && !inline; r++)
        {
            Writer.Line($"{row.WidthOf(r).Type} w{r} = {Weight(row.WidthOf(r), r, term)};");
        }

        for (int p = 0; p < positions; p++)
        {
            string element = Index(loop, stride, term, p);
            if (!Work.LaneInput)
            {
                Simd width = row.BroadcastWidth;
                Writer.Line($"{width.Type} v{p} = {width.Broadcast(source.IndexOf(' ') < 0 ? $"{source}[{element}]" : $"({source})[{element}]")};");
            }

            for (int r = 0; r < row.Count; r++)
            {
                Simd width = row.WidthOf(r);
                string value = Work.LaneInput ? Lanes(width, source, element, r) : row.Narrowed($"v{p}", r);
                string sum = ContractionWriter.Sum(p, r, term);
                Writer.Line($"{sum} = {width.Accumulate(value, inline ? Weight(width, r, term) : $"w{r}", sum)};");
            }
        }
    }

    /// <summary>The C# type of inputs and weights in registers.</summary>
    protected virtual string LaneType => Simd.Type;

    /// <summary>The channels of a register at an element.</summary>
    protected string Lanes(Simd width, string source, string element, int register)
    {
        long offset = (register / Simd.RegistersPerBlock * Work.InputStrides.Block) + (register % Simd.RegistersPerBlock * Simd.Lanes);
        return LoadInput(width, ContractionWriter.Add(VectorLoop.At(source, element), offset));
    }

    /// <summary>What the input has at a pointer.</summary>
    protected virtual string LoadInput(Simd width, string pointer) => StoredLanes.LoadRaw(width, Work.Input, pointer);

    /// <summary>The weights of a register and term.</summary>
    protected virtual string Weight(Simd width, int register, int term) => width.Load(WeightAddress(register, term, Simd.Lanes));
}
