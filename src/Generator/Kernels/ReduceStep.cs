using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators.Reduction;

namespace AotCompiler.Kernels;

/// <summary>
/// Reduces some dimensions of a tensor. If the innermost dimension is reduced, vectors run along it and are joined in the
/// end; if it is kept, each lane is a result of its own; all else is scalar. Lanes have the type that the function accumulates
/// elements in. Rounding: see <see cref="Accumulation"/>.
/// </summary>
internal sealed class ReduceStep : Step
{
    private readonly ReductionFunction _function;
    private readonly TensorView _input;
    private readonly TensorView _output;
    private readonly LoopNest _kept;
    private readonly LoopNest _reduced;
    private readonly Extent _count;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="function">The reduction.</param>
    /// <param name="input">What is read.</param>
    /// <param name="output">What is written; not empty.</param>
    /// <param name="keptInput">The dimensions that stay, as they lie in the input.</param>
    /// <param name="keptOutput">The same dimensions as they lie in the output.</param>
    /// <param name="reduced">The dimensions that go, as they lie in the input.</param>
    public ReduceStep(
        Node node,
        ReductionFunction function,
        TensorView input,
        TensorView output,
        IReadOnlyList<IterationDimension> keptInput,
        IReadOnlyList<IterationDimension> keptOutput,
        IReadOnlyList<IterationDimension> reduced)
        : base(node, node.Name)
    {
        _function = function;
        _input = input;
        _output = output;
        _kept = LoopNest.Build(keptInput, keptOutput);
        _count = reduced.Aggregate((Extent)1, static (product, d) => product * d.Trip);
        _reduced = LoopNest.Build(_count == 0 ? Array.Empty<IterationDimension>() : reduced);
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => new[] { _input };

    public override IReadOnlyList<TensorView> Writes => new[] { _output };

    public override string Kernel => $"reduce {_count}{(IsColumns ? ", columns" : IsRows ? ", rows" : ", scalar")}";

    public override string Summary => $"{Node!.Operator.Name}, y = {_function.Formula} over {_count} elements";

    private ElementType Type => _input.Type;

    private ElementType Accumulator => _function.Accumulator(Type);

    private string Count(StepWriter writer) => writer.Value(_count);

    private bool IsRows => Accumulation.TakesVectors(_function, Type) && _reduced.InnerStride(0) == 1 && _reduced.InnerExtent >= Accumulation.FewestLanes(_function, Type);

    private bool IsColumns => !IsRows && _count != 0 && Accumulation.TakesVectors(_function, Type)
        && _kept.InnerStride(0) == 1 && _kept.InnerStride(1) == 1 && _kept.InnerExtent >= Accumulation.FewestLanes(_function, Type);

    /// <summary>Loops for threads to share.</summary>
    private LoopNest Divided => _kept.Divided(least: IsColumns ? LoopNest.LeastRow : 1);

    public override bool SharesRunTimeSizes => true;

    public override Extent ParallelExtent(Simd simd) => Divided.Units;

    public override void Emit(StepWriter writer)
    {
        string x = writer.Pointer(_input, "x", _input.Describe());
        string y = writer.Pointer(_output, "y", _output.Describe());
        LoopNest nest = writer.IsShared ? Divided : _kept;
        nest.EmitShared(writer, new[] { (x, StepWriter.PointerType(Type)), (y, StepWriter.PointerType(_output.Type)) }, rows =>
        {
            if (IsColumns)
            {
                EmitColumns(writer, nest.InnerTrip, rows[0], rows[1]);
                return;
            }

            string i = writer.Name("i");
            using (writer.For(i, nest.InnerTrip))
            {
                string element = Indexed(rows[0], i, _kept.InnerStride(0));
                string result = _count == 0 ? EmitNothing(writer) : EmitElement(writer, element);
                writer.Line(Simd.Scalar.Store(Indexed(rows[1], i, _kept.InnerStride(1)), Converted(result)));
            }
        });
    }

    private static string Indexed(string pointer, string index, long stride) => stride == 0 ? pointer : stride == 1 ? $"{pointer} + {index}" : $"{pointer} + ({index} * {stride}L)";

    private string Converted(string result) => Type == ElementType.Bool ? $"({result}) != 0 ? (byte)1 : (byte)0" : $"({Type.CSharpName()})({result})";

    /// <summary>The result of no elements.</summary>
    private string EmitNothing(StepWriter writer)
    {
        ElementType type = Accumulator;
        string start = writer.Name("empty");
        writer.Line($"{type.CSharpName()} {start} = {_function.StartLiteral(Simd.Scalar, type, Type)};");
        return _function.Finish(Simd.Scalar, type, start, "0");
    }

    private string EmitElement(StepWriter writer, string pointer)
    {
        ElementType type = Accumulator;
        string row = writer.Name("row");
        writer.Line($"{StepWriter.PointerType(Type)} {row} = {pointer};");
        if (!_function.ShiftsByMaximum)
        {
            string sum = Accumulation.EmitScalar(writer, _function, Type, row, _reduced);
            return _function.Finish(Simd.Scalar, type, sum, Count(writer));
        }

        string name = type.CSharpName();
        string maximum = Accumulation.EmitScalar(writer, ReductionFunction.Max, Type, row, _reduced);
        string shift = writer.Name("shift");
        writer.Line($"{name} {shift} = {maximum} > {name}.NegativeInfinity && {maximum} < {name}.PositiveInfinity ? {maximum} : 0;");
        string total = Accumulation.EmitScalar(writer, _function, Type, row, _reduced, (simd, _, x) => $"{x} - {simd.Broadcast(shift)}");
        return $"{_function.Finish(Simd.Scalar, type, total, Count(writer))} + {shift}";
    }

    private void EmitColumns(StepWriter writer, Extent columns, string x, string y)
    {
        void EmitBlock(Simd simd, int registers, string index)
        {
            string column = writer.Name("from");
            writer.Line($"{StepWriter.PointerType(Type)} {column} = {x} + {index};");
            string[] results = EmitColumnBlock(writer, simd, registers, column);
            for (int r = 0; r < registers; r++)
            {
                string result = Type == ElementType.Bool ? simd.Select(simd.IsZero(results[r]), simd.Zero, simd.Broadcast("(byte)1")) : results[r];
                writer.Line(simd.Store(VectorLoop.At(VectorLoop.At(y, index), $"{r * simd.Lanes}"), result, Type));
            }
        }

        ColumnLoop.Emit(writer, columns, EmitBlock, Accumulator, mayRepeat: true);
    }

    private string[] EmitColumnBlock(StepWriter writer, Simd simd, int registers, string column)
    {
        if (!_function.ShiftsByMaximum)
        {
            string[] sums = Accumulation.EmitColumns(writer, _function, simd, registers, column, _reduced, type: Type);
            return sums.Select(s => _function.Finish(simd, Accumulator, s, Count(writer))).ToArray();
        }

        string[] shifts = Accumulation.EmitColumns(writer, ReductionFunction.Max, simd, registers, column, _reduced, type: Type);
        string name = Type.CSharpName();
        foreach (string shift in shifts)
        {
            writer.Line(simd.IsScalar
                ? $"{shift} = {shift} > {name}.NegativeInfinity && {shift} < {name}.PositiveInfinity ? {shift} : {simd.Zero};"
                : $"{shift} = {simd.Select(simd.Less(simd.Abs(shift), simd.Broadcast($"{name}.PositiveInfinity")), shift, simd.Zero)};");
        }

        string[] totals = Accumulation.EmitColumns(writer, _function, simd, registers, column, _reduced, (r, x) => $"{x} - {shifts[r]}", Type);
        return totals.Select((t, r) => $"{_function.Finish(simd, Type, t, Count(writer))} + {shifts[r]}").ToArray();
    }
}
