using System.Collections.Generic;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators.Reduction;

namespace AotCompiler.Kernels;

/// <summary>
/// Finds the position of the largest or smallest element of a slice. Contiguous slices are reduced with vectors and then searched; of
/// slices that are neighbours each lane carries the position of one. NaN compares false with everything, so it is passed over; where
/// there is nothing else the position is 0.
/// </summary>
/// <param name="Type">Type of the elements.</param>
/// <param name="Count">Elements of a slice.</param>
/// <param name="Stride">Elements from one to the next.</param>
/// <param name="Largest">True for the largest, false for the smallest.</param>
/// <param name="Last">Of equal elements, true for the last, false for the first.</param>
internal sealed record ExtremeSearch(ElementType Type, Extent Count, long Stride, bool Largest, bool Last)
{
    /// <summary>Shorter rows are searched element by element at once.</summary>
    private const int ShortestRow = 16;

    /// <summary>True if a slice can be reduced with vectors.</summary>
    public bool IsRow => Stride == 1 && Count.Maximum >= ShortestRow;

    /// <summary>Bytes of a lane that holds an element of one of several neighbouring slices, and of another one that holds its position.</summary>
    public int LaneBytes => System.Math.Max(Type.Size(), sizeof(int));

    /// <summary>True if neighbouring slices, whose first elements are those of the loop, fill a register.</summary>
    public bool HasColumns(Extent slices, long stride) => stride == 1 && slices.Maximum >= Simd.V128.Bits / 8 / LaneBytes;

    private string Better => (Largest ? ">" : "<") + (Last ? "=" : string.Empty);

    private ReductionFunction Function => Largest ? ReductionFunction.MaxNumber : ReductionFunction.MinNumber;

    /// <summary>Declares <c>position</c>, the position in the slice behind a pointer.</summary>
    public void EmitSlice(StepWriter writer, string from)
    {
        writer.Line("long position = 0;");
        if (IsRow)
        {
            LoopNest row = LoopNest.Build(new IReadOnlyList<IterationDimension>[] { new[] { new IterationDimension(Count, Stride) } });
            EmitLookUp(writer, from, Accumulation.EmitScalar(writer, Function, Type, from, row));
            return;
        }

        string name = Type.CSharpName();
        writer.Line($"{name} best = {Start(name)};");
        using (writer.For("k", Count))
        {
            writer.Line($"{name} element = {from}[k * {Stride}L];");
            using (writer.Block($"if (element {Better} best)"))
            {
                writer.Line("best = element;");
                writer.Line("position = k;");
            }
        }
    }

    /// <summary>Where a row has an element that is known to be in it, unless all are NaN: vectors without it are skipped.</summary>
    private void EmitLookUp(StepWriter writer, string from, string best)
    {
        string count = writer.Value(Count);
        string k = writer.Declare("int", "candidate", Last ? $"{count} - 1" : "0");
        if (!writer.Simd.IsScalar)
        {
            Simd simd = writer.Simd.Native(Type);
            string all = writer.Declare(simd.Type, "all", simd.Broadcast($"({Type.CSharpName()}){best}"));
            string inside = Last ? $"{k} >= {simd.Lanes - 1}" : $"{k} <= {count} - {simd.Lanes}";
            string vector = simd.Load(Last ? $"{from} + ({k} - {simd.Lanes - 1})" : $"{from} + {k}");
            using (writer.Block($"while ({inside} && {simd.Class}.Equals({vector}, {all}) == {simd.Zero})"))
            {
                writer.Line($"{k} {(Last ? "-=" : "+=")} {simd.Lanes};");
            }
        }

        using (writer.Block(Last ? $"for (; {k} >= 0; {k}--)" : $"for (; {k} < {count}; {k}++)"))
        using (writer.Block($"if ({from}[{k}] == {best})"))
        {
            writer.Line($"position = {k};");
            writer.Line("break;");
        }
    }

    private string Start(string name) => Type.IsFloat()
        ? $"{name}.{(Largest ? "NegativeInfinity" : "PositiveInfinity")}"
        : $"{name}.{(Largest ? "MinValue" : "MaxValue")}";

    /// <summary>
    /// Declares <c>position</c> for neighbouring slices, of which the pointer is to the first elements: integers in lanes of
    /// <see cref="LaneBytes"/>, or one <c>int</c>.
    /// </summary>
    public void EmitColumns(StepWriter writer, Simd simd, string from)
    {
        string at = $"{from} + (k * {Stride}L)";
        if (simd.IsScalar)
        {
            string name = Type.CSharpName();
            writer.Line($"{name} best = {Start(name)};");
            writer.Line("int position = 0;");
            using (writer.For("k", Count))
            {
                writer.Line($"{name} element = {simd.Load(at)};");
                writer.Line($"bool better = element {Better} best;");
                writer.Line("best = better ? element : best;");
                writer.Line("position = better ? k : position;");
            }

            return;
        }

        var lanes = new NativeLanes(simd, LaneBytes);
        ElementType position = NativeLanes.Signed(LaneBytes);
        string comparison = (Largest ? "GreaterThan" : "LessThan") + (Last ? "OrEqual" : string.Empty);
        writer.Line($"{lanes.Type(Type)} best = {simd.Class}.Create({Start(lanes.Element(Type))});");
        writer.Line($"{lanes.Type(position)} position = {lanes.Zero(position)};");
        using (writer.For("k", Count))
        {
            writer.Line($"{lanes.Type(Type)} element = {lanes.Load(at, Type)};");
            writer.Line($"{lanes.Type(Type)} better = {simd.Class}.{comparison}(element, best);");
            writer.Line($"best = {simd.Class}.ConditionalSelect(better, element, best);");
            writer.Line($"position = {simd.Class}.ConditionalSelect({lanes.Reinterpret("better", position)}, {Position(simd, "k")}, position);");
        }
    }

    /// <summary>A position, given as an <c>int</c>, in all lanes.</summary>
    public string Position(Simd simd, string position) => simd.IsScalar ? position : $"{simd.Class}.Create({(LaneBytes == sizeof(int) ? string.Empty : "(long)")}{position})";
}
