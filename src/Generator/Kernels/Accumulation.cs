using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Operators.Reduction;

namespace AotCompiler.Kernels;

/// <summary>
/// The loops that accumulate. Several accumulators hide the latency of an addition, and sums are taken in two levels: runs of
/// at most 256 steps have accumulators of their own, which then join the totals. So the error of an f32 sum of n elements in
/// r runs is within (256 + r + 8)·2⁻²⁴·Σ|x|, where one accumulator would have n·2⁻²⁴·Σ|x|.
/// </summary>
internal static class Accumulation
{
    private const int RunSteps = 256;
    private const int FewestPartialSteps = 8;
    private const int Unroll = 4;

    /// <summary>Rows below this length are summed element by element in compact code.</summary>
    private const int CompactRow = 64;

    /// <summary>Writes what is done to an element before it is accumulated; gets the vector width, the C# type of the element and its expression.</summary>
    public delegate string Transform(Simd simd, ElementType type, string element);

    /// <summary>
    /// Reduces everything the nest visits to one scalar and returns the local that holds it, unfinished: of
    /// <see cref="ReductionFunction.Accumulator"/>'s type, or of integers of 1 and 2 bytes as one of 4.
    /// </summary>
    /// <param name="writer">Where the loops go.</param>
    /// <param name="function">The reduction.</param>
    /// <param name="type">Element type.</param>
    /// <param name="pointer">Pointer to the first element.</param>
    /// <param name="nest">Loops over the elements, with one operand.</param>
    /// <param name="transform">Applied to each element; null for none.</param>
    public static string EmitScalar(StepWriter writer, ReductionFunction function, ElementType type, string pointer, LoopNest nest, Transform? transform = null) =>
        (type == ElementType.Float32 || (TakesVectors(function, type) && !writer.Simd.IsScalar))
            && nest.InnerStride(0) == 1
            && nest.InnerExtent >= (writer.IsCompact ? CompactRow : FewestLanes(function, type))
            ? new RowEmitter(writer, function, type, nest, transform).Emit(pointer)
            : EmitPlain(writer, function, type, pointer, nest, transform);

    /// <summary>True if elements of a type can be accumulated in vectors.</summary>
    public static bool TakesVectors(ReductionFunction function, ElementType type) => type != ElementType.Float64 || function.TakesDoubleVectors;

    /// <summary>Accumulators of the narrowest register for elements of a type.</summary>
    public static int FewestLanes(ReductionFunction function, ElementType type) => Simd.V128.Native(function.Accumulator(type)).Lanes;

    /// <summary>True if a row is so short that compact code sums it element by element.</summary>
    public static bool IsCompactRow(LoopNest nest) => nest.InnerExtent < CompactRow;

    /// <summary>
    /// Reduces neighbouring columns at once, a register or element each, and returns the locals that hold the results, unfinished.
    /// </summary>
    /// <param name="writer">Where the loops go.</param>
    /// <param name="function">The reduction.</param>
    /// <param name="simd">Vector width, or scalar for one column, with elements of the accumulators' type.</param>
    /// <param name="registers">Number of neighbouring registers of columns.</param>
    /// <param name="pointer">Pointer to the first element of the first column.</param>
    /// <param name="nest">Loops down the columns, with one operand.</param>
    /// <param name="transform">Applied to each element of a register; null for none.</param>
    /// <param name="type">Element type.</param>
    public static string[] EmitColumns(
        StepWriter writer,
        ReductionFunction function,
        Simd simd,
        int registers,
        string pointer,
        LoopNest nest,
        Func<int, string, string>? transform = null,
        ElementType type = ElementType.Float32)
    {
        if (nest.InnerTrip.IsDynamic)
        {
            return EmitRunTimeColumns(writer, function, simd, registers, pointer, nest, transform, type);
        }

        int unroll = Math.Min(Math.Max(1, Unroll / registers), nest.InnerExtent);
        int steps = nest.InnerExtent / unroll;
        long stride = nest.InnerStride(0);
        string[] totals = Declare(writer, function, simd, unroll * registers);
        string Element(string at, int index)
        {
            string element = simd.Load(Shift(at, ((index / registers) * stride) + ((index % registers) * simd.Lanes)), type);
            return transform is null ? element : transform(index % registers, element);
        }

        nest.EmitOuter(writer, new[] { (pointer, StepWriter.PointerType(type)) }, rows =>
        {
            EmitRun(writer, function, simd, totals, steps, unroll * stride, rows[0], Element);
            for (int k = steps * unroll; k < nest.InnerExtent; k++)
            {
                string at = Shift(rows[0], k * stride);
                for (int r = 0; r < registers; r++)
                {
                    writer.Line($"{totals[r]} = {function.Step(simd, simd.ElementType, totals[r], Element(at, r))};");
                }
            }
        });
        for (int i = registers; i < totals.Length; i++)
        {
            writer.Line($"{totals[i % registers]} = {function.Combine(simd, simd.ElementType, totals[i % registers], totals[i])};");
        }

        return totals.Take(registers).ToArray();
    }

    /// <summary>The same for a number of rows that is known only at run time: accumulators of their own for runs, one element each per step.</summary>
    private static string[] EmitRunTimeColumns(
        StepWriter writer,
        ReductionFunction function,
        Simd simd,
        int registers,
        string pointer,
        LoopNest nest,
        Func<int, string, string>? transform,
        ElementType type)
    {
        string[] totals = Declare(writer, function, simd, registers);
        nest.EmitOuter(writer, new[] { (pointer, StepWriter.PointerType(type)) }, rows => EmitRuns(writer, function, simd, totals, writer.Value(nest.InnerTrip), 1, (partial, k) =>
        {
            string at = $"{rows[0]} + ({k} * {nest.InnerStride(0)}L)";
            for (int r = 0; r < registers; r++)
            {
                string element = simd.Load(Shift(at, r * simd.Lanes), type);
                writer.Line($"{partial[r]} = {function.Step(simd, simd.ElementType, partial[r], transform is null ? element : transform(r, element))};");
            }
        }));
        return totals;
    }

    /// <summary>
    /// Loops over whole steps of a length that is known only at run time. Sums are taken in runs of <see cref="RunSteps"/> steps, each
    /// with accumulators of its own that join the totals in the end.
    /// </summary>
    /// <param name="writer">Where the loops go.</param>
    /// <param name="function">The reduction.</param>
    /// <param name="simd">Width of the accumulators.</param>
    /// <param name="totals">The accumulators.</param>
    /// <param name="length">Elements along the loop; what is left of the last step is not done.</param>
    /// <param name="stepElements">Elements of one step.</param>
    /// <param name="step">Writes a step; gets the accumulators to use and the loop's variable, which counts elements.</param>
    private static void EmitRuns(
        StepWriter writer, ReductionFunction function, Simd simd, string[] totals, string length, int stepElements, Action<string[], string> step)
    {
        string k = writer.Name("k");
        if (!KeepsParts(function, simd))
        {
            using (writer.Block($"for (long {k} = 0; {k} <= {length} - {stepElements}; {k} += {stepElements})"))
            {
                step(totals, k);
            }

            return;
        }

        string start = writer.Name("run");
        string end = writer.Name("end");
        long run = (long)RunSteps * stepElements;
        using (writer.Block($"for (long {start} = 0; {start} < {length}; {start} += {run})"))
        {
            writer.Line($"long {end} = global::System.Math.Min({start} + {run}, {length});");
            string[] partial = Declare(writer, function, simd, totals.Length);
            using (writer.Block($"for (long {k} = {start}; {k} <= {end} - {stepElements}; {k} += {stepElements})"))
            {
                step(partial, k);
            }

            for (int i = 0; i < totals.Length; i++)
            {
                writer.Line($"{totals[i]} = {function.Combine(simd, simd.ElementType, totals[i], partial[i])};");
            }
        }
    }

    /// <summary>Adds a constant to a pointer expression.</summary>
    public static string Shift(string pointer, long elements) => elements == 0 ? pointer : elements < 0 ? $"{pointer} - {-elements}" : $"{pointer} + {elements}";

    /// <summary>Reduces the lanes of a register to one number and returns the local that holds it; narrower registers and elements may join on the way.</summary>
    public static string EmitAcrossLanes(StepWriter writer, ReductionFunction function, Simd simd, string vector, IReadOnlyDictionary<int, string>? tails = null)
    {
        if (simd.IsScalar)
        {
            return Tail(simd) is { } rest ? Local(simd, Combine(simd, vector, rest)) : vector;
        }

        writer.Line("// The lanes of the register become one number.");
        while (simd.Bits > 128)
        {
            Simd half = simd.Narrower;
            vector = Local(half, Combine(half, $"{vector}.GetLower()", $"{vector}.GetUpper()"));
            vector = Tail(half) is { } tail ? Local(half, Combine(half, vector, tail)) : vector;
            simd = half;
        }

        while (simd.ElementType.Size() < sizeof(int))
        {
            Simd wider = simd.Native(Widened(simd.ElementType));
            vector = Local(wider, Combine(wider, $"Vector128.WidenLower({vector})", $"Vector128.WidenUpper({vector})"));
            simd = wider;
        }

        foreach (string order in ShuffleOrders(simd.ElementType))
        {
            vector = Local(simd, Combine(simd, vector, $"Vector128.Shuffle({vector}, Vector128.Create({order}))"));
        }

        string result = $"{vector}.ToScalar()";
        Simd scalar = simd.Narrower;
        return Local(scalar, Tail(scalar) is { } last ? Combine(scalar, result, last) : result);

        string? Tail(Simd width) => tails is not null && tails.TryGetValue(width.Bits, out string? tail) ? tail : null;
        string Combine(Simd width, string a, string b) => function.Combine(width, width.ElementType, a, b);
        string Local(Simd width, string expression) => writer.Declare(width.Type, "joined", expression);
    }

    private static ElementType Widened(ElementType type) =>
        type.IsUnsigned() ? NativeLanes.Unsigned(2 * type.Size()) : NativeLanes.Signed(2 * type.Size());

    /// <summary>True for sums of floats, whose rounding errors add up.</summary>
    private static bool KeepsParts(ReductionFunction function, Simd simd) => function.IsSum && simd.ElementType.IsFloat();

    /// <summary>Lanes of 128 bits in the orders in which each meets all others, as indices of the integers that a shuffle of the type takes.</summary>
    private static string[] ShuffleOrders(ElementType type) => type switch
    {
        ElementType.UInt64 => new[] { "1UL, 0UL" },
        ElementType.UInt32 => new[] { "2u, 3u, 0u, 1u", "1u, 0u, 3u, 2u" },
        _ when type.Size() == sizeof(long) => new[] { "1L, 0L" },
        _ => new[] { "2, 3, 0, 1", "1, 0, 3, 2" },
    };

    private static string[] Declare(StepWriter writer, ReductionFunction function, Simd simd, int count) => Enumerable.Range(0, count)
        .Select(_ => writer.Declare(simd.Type, function.AccumulatorName, function.StartLiteral(simd, simd.ElementType, simd.ElementType)))
        .ToArray();

    /// <summary>Feeds one element to each accumulator per step.</summary>
    private static void EmitRun(
        StepWriter writer,
        ReductionFunction function,
        Simd simd,
        string[] totals,
        int steps,
        long stride,
        string pointer,
        Func<string, int, string> element)
    {
        long unit = Unit(stride);
        if (!KeepsParts(function, simd) || steps < FewestPartialSteps)
        {
            EmitSteps(writer, function, simd, totals, "0", $"{steps * unit}", steps, stride, pointer, element);
            return;
        }

        if (steps <= RunSteps)
        {
            EmitPartial("0", $"{steps * unit}", steps);
            return;
        }

        string start = writer.Name("run");
        string end = writer.Name("end");
        using (writer.Block($"for (long {start} = 0; {start} < {steps * unit}; {start} += {RunSteps * unit})"))
        {
            writer.Line($"long {end} = global::System.Math.Min({start} + {RunSteps * unit}, {steps * unit});");
            EmitPartial(start, end, RunSteps);
        }

        void EmitPartial(string first, string last, int count)
        {
            using (writer.Block())
            {
                string[] partial = Declare(writer, function, simd, totals.Length);
                EmitSteps(writer, function, simd, partial, first, last, count, stride, pointer, element);
                for (int i = 0; i < totals.Length; i++)
                {
                    writer.Line($"{totals[i]} = {function.Combine(simd, simd.ElementType, totals[i], partial[i])};");
                }
            }
        }
    }

    /// <summary>What a loop over steps counts: elements, so that the counter is the offset, where the stride leads upwards; else steps.</summary>
    private static long Unit(long stride) => stride > 0 ? stride : 1;

    private static void EmitSteps(
        StepWriter writer,
        ReductionFunction function,
        Simd simd,
        string[] totals,
        string first,
        string last,
        int steps,
        long stride,
        string pointer,
        Func<string, int, string> element)
    {
        if (steps == 0)
        {
            return;
        }

        string k = writer.Name("k");
        using (steps == 1 ? writer.Block() : writer.Block($"for (long {k} = {first}; {k} < {last}; {k} += {Unit(stride)})"))
        {
            string at = steps == 1 || stride == 0 ? pointer : stride > 0 ? $"{pointer} + {k}" : $"{pointer} + ({k} * {stride})";
            for (int i = 0; i < totals.Length; i++)
            {
                writer.Line($"{totals[i]} = {function.Step(simd, simd.ElementType, totals[i], element(at, i))};");
            }
        }
    }

    /// <summary>
    /// Element by element, floats into 64 bits. Processors without vectors may lack 64-bit floats: there f32 stays f32, in a contiguous
    /// or strided row of its own each that joins the total, so that the error grows with the length of rows and not with the whole.
    /// </summary>
    private static string EmitPlain(StepWriter writer, ReductionFunction function, ElementType type, string pointer, LoopNest nest, Transform? transform)
    {
        if (type == ElementType.Float32 && writer.Simd.IsScalar)
        {
            return EmitSingle(writer, function, pointer, nest, transform);
        }

        ElementType accumulator = type == ElementType.Float32 ? ElementType.Float64 : function.Accumulator(type);
        string sum = writer.Name(function.AccumulatorName);
        writer.Line($"{accumulator.CSharpName()} {sum} = {function.StartLiteral(Simd.Scalar, accumulator, type)};");
        nest.EmitOuter(writer, new[] { (pointer, StepWriter.PointerType(type)) }, rows =>
        {
            string k = writer.Name("k");
            using (writer.For(k, nest.InnerTrip))
            {
                string element = $"{rows[0]}[{(nest.InnerStride(0) == 0 ? "0" : $"{k} * {nest.InnerStride(0)}L")}]";
                element = transform is null ? element : transform(Simd.Scalar, type, element);
                string converted = writer.Name("element");
                writer.Line($"{accumulator.CSharpName()} {converted} = ({accumulator.CSharpName()})({element});");
                writer.Line($"{sum} = {function.Step(Simd.Scalar, accumulator, sum, converted)};");
            }
        });
        if (type != ElementType.Float32)
        {
            return sum;
        }

        string result = writer.Name("result");
        writer.Line($"float {result} = (float){sum};");
        return result;
    }

    private static string EmitSingle(StepWriter writer, ReductionFunction function, string pointer, LoopNest nest, Transform? transform)
    {
        string total = Declare(writer, function, writer.Simd, 1)[0];
        nest.EmitOuter(writer, new[] { (pointer, "float*") }, rows =>
        {
            string[] row = Declare(writer, function, writer.Simd, 1);
            string k = writer.Name("k");
            using (writer.For(k, nest.InnerTrip))
            {
                string element = $"{rows[0]}[{(nest.InnerStride(0) == 0 ? "0" : $"{k} * {nest.InnerStride(0)}L")}]";
                element = transform is null ? element : transform(writer.Simd, ElementType.Float32, element);
                writer.Line($"{row[0]} = {function.Step(writer.Simd, ElementType.Float32, row[0], element)};");
            }

            writer.Line($"{total} = {function.Combine(writer.Simd, ElementType.Float32, total, row[0])};");
        });
        return total;
    }

    /// <summary>Contiguous rows: vectors along the row, one horizontal reduction in the end.</summary>
    private sealed class RowEmitter
    {
        private readonly StepWriter _writer;
        private readonly ReductionFunction _function;
        private readonly ElementType _type;
        private readonly LoopNest _nest;
        private readonly Transform? _transform;

        public RowEmitter(StepWriter writer, ReductionFunction function, ElementType type, LoopNest nest, Transform? transform)
        {
            _writer = writer;
            _function = function;
            _type = type;
            _nest = nest;
            _transform = transform;
        }

        private Simd Wide => _writer.Simd.Native(_function.Accumulator(_type));

        public string Emit(string pointer)
        {
            if (_nest.InnerTrip.IsDynamic)
            {
                return EmitRunTime(pointer);
            }

            int extent = _nest.InnerExtent;
            Simd wide = Wide;
            while (wide.Lanes > extent)
            {
                wide = wide.Narrower;
            }

            int unroll = Math.Min(Unroll, extent / wide.Lanes);
            int steps = extent / (unroll * wide.Lanes);
            string[] totals = Declare(_writer, _function, wide, unroll);
            var tails = new List<(Simd Simd, int Start, string Name)>();
            int done = steps * unroll * wide.Lanes;
            int loose = (extent - done) / wide.Lanes;
            int rest = done + (loose * wide.Lanes);
            for (Simd simd = wide.Narrower; rest < extent; simd = simd.Narrower)
            {
                if (extent - rest >= simd.Lanes)
                {
                    tails.Add((simd, rest, Declare(_writer, _function, simd, 1)[0]));
                    rest += simd.IsScalar ? extent - rest : simd.Lanes;
                }
            }

            _nest.EmitOuter(_writer, new[] { (pointer, StepWriter.PointerType(_type)) }, rows =>
            {
                EmitRun(_writer, _function, wide, totals, steps, unroll * wide.Lanes, rows[0], (at, i) => Element(wide, Shift(at, i * wide.Lanes)));
                for (int i = 0; i < loose; i++)
                {
                    EmitStep(wide, totals[i], Shift(rows[0], done + (i * wide.Lanes)));
                }

                foreach ((Simd simd, int start, string name) in tails)
                {
                    for (int i = start; i < (simd.IsScalar ? extent : start + 1); i++)
                    {
                        EmitStep(simd, name, Shift(rows[0], i));
                    }
                }
            });
            return EmitHorizontal(wide, totals, tails.ToDictionary(static t => t.Simd.Bits, static t => t.Name));
        }

        /// <summary>A row whose length is known only at run time: four registers per step, then single registers, then ever narrower ones.</summary>
        private string EmitRunTime(string pointer)
        {
            Simd wide = Wide;
            string length = _writer.Value(_nest.InnerTrip);
            string[] totals = Declare(_writer, _function, wide, Unroll);
            var tails = new List<(Simd Simd, string Name)>();
            for (Simd simd = wide; !simd.IsScalar;)
            {
                simd = simd.Narrower;
                tails.Add((simd, Declare(_writer, _function, simd, 1)[0]));
            }

            _nest.EmitOuter(_writer, new[] { (pointer, StepWriter.PointerType(_type)) }, rows =>
            {
                int stepElements = Unroll * wide.Lanes;
                EmitRuns(_writer, _function, wide, totals, length, stepElements, (accumulators, k) =>
                {
                    for (int i = 0; i < accumulators.Length; i++)
                    {
                        EmitStep(wide, accumulators[i], Shift($"{rows[0]} + {k}", i * wide.Lanes));
                    }
                });
                string at = _writer.Name("rest");
                _writer.Line($"int {at} = {length} / {stepElements} * {stepElements};");
                foreach ((Simd simd, string name) in new[] { (wide, totals[0]) }.Concat(tails))
                {
                    using (_writer.Block($"for (; {at} <= {length} - {simd.Lanes}; {at} += {simd.Lanes})"))
                    {
                        EmitStep(simd, name, $"{rows[0]} + {at}");
                    }
                }
            });
            return EmitHorizontal(wide, totals, tails.ToDictionary(static t => t.Simd.Bits, static t => t.Name));
        }

        private string Element(Simd simd, string pointer)
        {
            string element = simd.Load(pointer, _type);
            return _transform is null ? element : _transform(simd, simd.ElementType, element);
        }

        private void EmitStep(Simd simd, string total, string pointer) =>
            _writer.Line($"{total} = {_function.Step(simd, simd.ElementType, total, Element(simd, pointer))};");

        private string EmitHorizontal(Simd simd, string[] totals, Dictionary<int, string> tails)
        {
            for (int step = 1; step < totals.Length; step *= 2)
            {
                for (int i = 0; i + step < totals.Length; i += 2 * step)
                {
                    _writer.Line($"{totals[i]} = {Combine(simd, totals[i], totals[i + step])};");
                }
            }

            return EmitAcrossLanes(_writer, _function, simd, totals[0], tails);
        }

        private string Combine(Simd simd, string a, string b) => _function.Combine(simd, simd.ElementType, a, b);
    }
}
