using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators.Reduction;

namespace AotCompiler.Kernels;

/// <summary>
/// Positions of the largest or smallest elements along one axis, as i64. Contiguous f32 rows are reduced with vectors and then
/// searched; f32 columns carry a vector of positions; all else is scalar.
/// </summary>
internal sealed class ArgStep : Step
{
    private readonly TensorView _input;
    private readonly TensorView _output;
    private readonly LoopNest _kept;
    private readonly IterationDimension _axis;
    private readonly bool _largest;
    private readonly bool _last;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="input">What is read; plain.</param>
    /// <param name="output">What is written: i64, not empty, the axis being 1 or absent.</param>
    /// <param name="axis">The axis that is searched; not empty.</param>
    /// <param name="keep">True if the output has the axis as 1.</param>
    /// <param name="largest">True for the largest, false for the smallest element.</param>
    /// <param name="last">Of equal elements, true for the last, false for the first.</param>
    public ArgStep(Node node, TensorView input, TensorView output, int axis, bool keep, bool largest, bool last)
        : base(node, node.Name)
    {
        _input = input;
        _output = output;
        _largest = largest;
        _last = last;
        IReadOnlyList<IterationDimension> from = input.Layout.Dimensions();
        IReadOnlyList<IterationDimension> to = output.Layout.Dimensions();
        int[] kept = Enumerable.Range(0, from.Count).Where(i => i != axis).ToArray();
        _kept = LoopNest.Build(kept.Select(i => from[i]).ToArray(), kept.Select((i, position) => to[keep ? i : position]).ToArray());
        _axis = from[axis];
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => new[] { _input };

    public override IReadOnlyList<TensorView> Writes => new[] { _output };

    public override string Kernel => $"arg {(_largest ? "max" : "min")} of {_axis.Trip}{(IsRows ? ", rows" : IsColumns ? ", columns" : ", scalar")}";

    public override string Summary => $"{Node!.Operator.Name}, position of the {(_last ? "last" : "first")} {(_largest ? "largest" : "smallest")} of {_axis.Trip} elements";

    private ElementType Type => _input.Type;

    private bool IsRows => Type == ElementType.Float32 && _axis.Stride == 1 && _axis.Extent >= 16;

    private bool IsColumns => !IsRows && Type == ElementType.Float32 && _kept.InnerStride(0) == 1 && _kept.InnerStride(1) == 1 && _kept.InnerExtent >= 4;

    private string Better => (_largest ? ">" : "<") + (_last ? "=" : string.Empty);

    public override void Emit(StepWriter writer)
    {
        string type = StepWriter.PointerType(Type);
        string x = writer.Pointer(_input, "x", _input.Describe());
        string y = writer.Pointer(_output, "y", _output.Describe());
        _kept.EmitOuter(writer, new[] { (x, type), (y, "long*") }, rows =>
        {
            if (IsColumns)
            {
                VectorLoop.Emit(writer, _kept.InnerTrip, (simd, index) => EmitColumns(writer, simd, VectorLoop.At(rows[0], index), VectorLoop.At(rows[1], index)));
                return;
            }

            using (writer.For("i", _kept.InnerTrip))
            {
                writer.Line($"{type} from = {rows[0]} + (i * {_kept.InnerStride(0)}L);");
                EmitSearch(writer);
                writer.Line($"{rows[1]}[i * {_kept.InnerStride(1)}L] = position;");
            }
        });
    }

    /// <summary>Declares <c>position</c>. NaN compares false with everything, so it is passed over.</summary>
    private void EmitSearch(StepWriter writer)
    {
        writer.Line("long position = 0;");
        if (IsRows)
        {
            LoopNest row = LoopNest.Build(new IReadOnlyList<IterationDimension>[] { new[] { _axis } });
            string best = Accumulation.EmitScalar(writer, _largest ? ReductionFunction.MaxNumber : ReductionFunction.MinNumber, Type, "from", row);
            using (writer.Block(_last ? $"for (int k = {writer.Value(_axis.Trip)} - 1; k >= 0; k--)" : $"for (int k = 0; k < {writer.Value(_axis.Trip)}; k++)"))
            using (writer.Block($"if (from[k] == {best})"))
            {
                writer.Line("position = k;");
                writer.Line("break;");
            }

            return;
        }

        string name = Type.CSharpName();
        writer.Line($"{name} best = {Start(name)};");
        using (writer.For("k", _axis.Trip))
        {
            writer.Line($"{name} element = from[k * {_axis.Stride}L];");
            using (writer.Block($"if (element {Better} best)"))
            {
                writer.Line("best = element;");
                writer.Line("position = k;");
            }
        }
    }

    private string Start(string name) => Type.IsFloat()
        ? $"{name}.{(_largest ? "NegativeInfinity" : "PositiveInfinity")}"
        : $"{name}.{(_largest ? "MinValue" : "MaxValue")}";

    private void EmitColumns(StepWriter writer, Simd simd, string x, string y)
    {
        string positionType = simd.IsScalar ? "int" : $"{simd.Class}<int>";
        writer.Line($"float* from = {x};");
        writer.Line($"long* to = {y};");
        writer.Line($"{simd.Type} best = {simd.Constant(_largest ? float.NegativeInfinity : float.PositiveInfinity)};");
        writer.Line($"{positionType} position = {(simd.IsScalar ? "0" : $"{positionType}.Zero")};");
        using (writer.For("k", _axis.Trip))
        {
            writer.Line($"{simd.Type} element = {simd.Load($"from + (k * {_axis.Stride}L)")};");
            if (simd.IsScalar)
            {
                writer.Line($"bool better = element {Better} best;");
                writer.Line("best = better ? element : best;");
                writer.Line("position = better ? k : position;");
            }
            else
            {
                string comparison = (_largest ? "GreaterThan" : "LessThan") + (_last ? "OrEqual" : string.Empty);
                writer.Line($"{simd.Type} better = {simd.Class}.{comparison}(element, best);");
                writer.Line($"best = {simd.Class}.ConditionalSelect(better, element, best);");
                writer.Line($"position = {simd.Class}.ConditionalSelect(better.AsInt32(), {simd.Class}.Create(k), position);");
            }
        }

        if (simd.IsScalar)
        {
            writer.Line("*to = position;");
            return;
        }

        writer.Line($"{simd.Class}.Store({simd.Class}.WidenLower(position), to);");
        writer.Line($"{simd.Class}.Store({simd.Class}.WidenUpper(position), to + {simd.Lanes / 2});");
    }
}
