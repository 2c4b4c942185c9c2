using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// Loops that several operands walk together, each with its own strides. Loops that all operands walk as one are joined,
/// so that the innermost loop is as long as possible.
/// </summary>
internal sealed class LoopNest
{
    // Enough for even shares on some threads.
    private const int WantedUnits = 16;

    // A loop has a part of at least 1/256 of its length, or is not divided.
    private const int MaxParts = 256;

    // Of a loop of run-time length: elements, or slices where each is a loop of its own.
    private const int LongestPart = 512;
    private const int FewSlices = 4;

    private LoopNest(Extent[] trips, long[][] strides)
    {
        Trips = trips;
        Extents = trips.Select(static t => t.Maximum).ToArray();
        Strides = strides;
    }

    /// <summary>Trip counts, outermost first; empty for a single element.</summary>
    public Extent[] Trips { get; }

    /// <summary>Trip counts, outermost first; of those known at run time the greatest values.</summary>
    public int[] Extents { get; }

    /// <summary>Strides in elements: <c>Strides[operand][loop]</c>.</summary>
    public long[][] Strides { get; }

    public int Depth => Extents.Length;

    /// <summary>Trip count of the innermost loop, at most; 1 if there is none.</summary>
    public int InnerExtent => Depth == 0 ? 1 : Extents[Depth - 1];

    /// <summary>Trip count of the innermost loop; 1 if there is none.</summary>
    public Extent InnerTrip => Depth == 0 ? 1 : Trips[Depth - 1];

    /// <summary>Elements that the loops visit.</summary>
    public Extent Count => Product(Trips);

    /// <summary>Builds the loops from each operand's dimensions, which have equal extents.</summary>
    public static LoopNest Build(params IReadOnlyList<IterationDimension>[] operands) =>
        Build(operands, order: Enumerable.Range(0, operands[0].Count).ToArray());

    /// <summary>Builds the loops in another order than the operands' dimensions.</summary>
    public static LoopNest Build(IReadOnlyList<IReadOnlyList<IterationDimension>> operands, IReadOnlyList<int> order)
    {
        var trips = new List<Extent>();
        List<long>[] strides = operands.Select(static _ => new List<long>()).ToArray();
        foreach (int dimension in order)
        {
            int extent = operands[0][dimension].Extent;
            Extent trip = operands[0][dimension].Trip;
            if (trip == 1)
            {
                continue;
            }

            int last = trips.Count - 1;
            bool joins = last >= 0 && !trip.IsDynamic && Enumerable.Range(0, strides.Length).All(o => strides[o][last] == operands[o][dimension].Stride * extent);
            if (joins)
            {
                trips[last] *= extent;
            }
            else
            {
                trips.Add(trip);
            }

            for (int o = 0; o < strides.Length; o++)
            {
                if (joins)
                {
                    strides[o][last] = operands[o][dimension].Stride;
                }
                else
                {
                    strides[o].Add(operands[o][dimension].Stride);
                }
            }
        }

        return new LoopNest(trips.ToArray(), strides.Select(static s => s.ToArray()).ToArray());
    }

    /// <summary>The same loops with some of the operands, repeated or in another order.</summary>
    public LoopNest Select(params int[] operands) => new(Trips, operands.Select(o => Strides[o]).ToArray());

    /// <summary>The loops other than these.</summary>
    public LoopNest Without(params int[] loops)
    {
        int[] kept = Enumerable.Range(0, Depth).Except(loops).ToArray();
        return new LoopNest(kept.Select(i => Trips[i]).ToArray(), Strides.Select(s => kept.Select(i => s[i]).ToArray()).ToArray());
    }

    /// <summary>A row that is divided between threads leaves each of them so many elements, so that vectors are filled and cache lines have one writer.</summary>
    public const int LeastRow = 64;

    /// <summary>Units that threads can share: the iterations of the loops around the innermost, as many loops as it takes.</summary>
    public Extent Units => Product(Trips.Take(UnitLoops));

    /// <summary>Elements that the loops inside a unit visit.</summary>
    public Extent UnitCount => Product(Trips.Skip(UnitLoops));

    private int UnitLoops
    {
        get
        {
            int loops = 0;
            for (int units = 1; loops < Depth - 1 && units < WantedUnits; loops++)
            {
                units *= Extents[loops];
            }

            return loops;
        }
    }

    /// <summary>The same loops for threads to share: if the loops around the innermost have few iterations, the innermost becomes two.</summary>
    /// <param name="least">Fewest iterations that may be left to the innermost loop.</param>
    public LoopNest Divided(int least)
    {
        int outer = Units.Maximum;
        if (Depth == 0 || outer >= WantedUnits)
        {
            return this;
        }

        if (InnerTrip.IsDynamic)
        {
            return DividedByLength(least);
        }

        int[] parts = Enumerable.Range(2, Math.Max(0, Math.Min(MaxParts, InnerExtent / least) - 1)).Where(d => InnerExtent % d == 0).ToArray();
        if (parts.Length == 0)
        {
            return this;
        }

        // Enough parts, whole vectors if possible; else as many as there are.
        int[] enough = parts.Where(d => outer * d >= WantedUnits).ToArray();
        int part = enough.Length == 0 ? parts[parts.Length - 1]
            : enough.FirstOrDefault(d => InnerExtent / d % Layout.BlockSize == 0) is > 0 and int whole ? whole
            : enough[0];
        return WithInner(part, InnerExtent / part);
    }

    /// <summary>An innermost loop of run-time length as parts of a fixed one, of which each run has as many as there are.</summary>
    private LoopNest DividedByLength(int least)
    {
        int most = least == 1 ? FewSlices : LongestPart;
        bool Fits(int length) => least == 1 || length % Layout.BlockSize == 0 || length >= LongestPart / 4;
        foreach (int length in Enumerable.Range(least, most - least + 1).Where(Fits).OrderByDescending(static l => l))
        {
            if (InnerTrip.TryDivide(length) is { } parts)
            {
                return WithInner(parts, length);
            }
        }

        return this;
    }

    private LoopNest WithInner(Extent parts, int length) => new(
        Trips.Take(Depth - 1).Append(parts).Append(length).ToArray(),
        Strides.Select(s => s.Take(Depth - 1).Append(s[Depth - 1] * length).Append(s[Depth - 1]).ToArray()).ToArray());

    private static Extent Product(IEnumerable<Extent> trips) => trips.Aggregate((Extent)1, static (product, t) => product * t);

    /// <summary>Stride of an operand in the innermost loop; 0 if there is no loop.</summary>
    public long InnerStride(int operand) => Depth == 0 ? 0 : Strides[operand][Depth - 1];

    /// <summary>Writes all loops but the innermost and calls <paramref name="body"/> inside, with each operand's pointer for the innermost loop.</summary>
    /// <param name="writer">Where the loops go.</param>
    /// <param name="pointers">Names of the operands' pointers and their C# pointer types.</param>
    /// <param name="body">Writes the innermost loop; gets the names of the advanced pointers.</param>
    public void EmitOuter(StepWriter writer, IReadOnlyList<(string Name, string Type)> pointers, Action<IReadOnlyList<string>> body) =>
        EmitOuter(writer, pointers, null, body);

    /// <summary>
    /// The same for loops that threads share: those of <see cref="Units"/> are the step's parallel extent, or a part of it.
    /// </summary>
    /// <param name="writer">Where the loops go.</param>
    /// <param name="pointers">Names of the operands' pointers and their C# pointer types.</param>
    /// <param name="body">Writes the innermost loop; gets the names of the advanced pointers.</param>
    /// <param name="first">Number of the first of these units in the step's.</param>
    /// <param name="total">The step's parallel extent; null if it is these units.</param>
    public void EmitShared(StepWriter writer, IReadOnlyList<(string Name, string Type)> pointers, Action<IReadOnlyList<string>> body, int first = 0, Extent? total = null) =>
        EmitOuter(writer, pointers, writer.IsShared ? (first, total ?? Units) : null, body);

    private void EmitOuter(
        StepWriter writer,
        IReadOnlyList<(string Name, string Type)> pointers,
        (int First, Extent Total)? units,
        Action<IReadOnlyList<string>> body)
    {
        if (Depth <= 1 && units is var (first, total) && total.Maximum > 1)
        {
            using (writer.ForUnits("unit", 1, first, total))
            {
                body(pointers.Select(static p => p.Name).ToArray());
            }

            return;
        }

        if (Depth <= 1)
        {
            body(pointers.Select(static p => p.Name).ToArray());
            return;
        }

        string[] variables = Enumerable.Range(0, Depth - 1).Select(i => writer.Name($"i{i}")).ToArray();
        if (units is null)
        {
            EmitLoop(writer, 0);
            return;
        }

        int shared = UnitLoops;
        string unit = shared == 1 ? variables[0] : writer.Name("unit");
        using (writer.ForUnits(unit, Units, units.Value.First, units.Value.Total))
        {
            for (int i = 0; i < shared && shared > 1; i++)
            {
                Extent inner = Product(Trips.Take(shared).Skip(i + 1));
                string quotient = inner == 1 ? unit : $"{unit} / {writer.Value(inner)}";
                writer.Line($"int {variables[i]} = {(i == 0 ? quotient : $"{quotient} % {writer.Value(Trips[i])}")};");
            }

            if (shared < Depth - 1)
            {
                EmitLoop(writer, shared);
            }
            else
            {
                EmitRows(writer);
            }
        }

        void EmitLoop(StepWriter w, int depth)
        {
            using (w.For(variables[depth], Trips[depth]))
            {
                if (depth + 1 < Depth - 1)
                {
                    EmitLoop(w, depth + 1);
                    return;
                }

                EmitRows(w);
            }
        }

        void EmitRows(StepWriter w)
        {
            var rows = new List<string>();
            for (int o = 0; o < pointers.Count; o++)
            {
                string offset = Offset(w, o, variables);
                if (offset.Length == 0)
                {
                    rows.Add(pointers[o].Name);
                    continue;
                }

                string row = w.Name($"{pointers[o].Name}Row");
                w.Line($"{pointers[o].Type} {row} = {pointers[o].Name}{offset};");
                rows.Add(row);
            }

            body(rows);
        }
    }

    /// <summary>Writes all loops and calls <paramref name="body"/> inside, with each operand's pointer to its element.</summary>
    /// <param name="writer">Where the loops go.</param>
    /// <param name="pointers">Names of the operands' pointers and their C# pointer types.</param>
    /// <param name="body">Writes what is done for one element; gets the names of the advanced pointers.</param>
    public void EmitAll(StepWriter writer, IReadOnlyList<(string Name, string Type)> pointers, Action<IReadOnlyList<string>> body) =>
        EmitAll(writer, pointers, null, body);

    /// <summary>The same for loops that threads share: those of <see cref="Units"/> are the step's parallel extent.</summary>
    /// <param name="writer">Where the loops go.</param>
    /// <param name="pointers">Names of the operands' pointers and their C# pointer types.</param>
    /// <param name="body">Writes what is done for one element; gets the names of the advanced pointers.</param>
    public void EmitAllShared(StepWriter writer, IReadOnlyList<(string Name, string Type)> pointers, Action<IReadOnlyList<string>> body) =>
        EmitAll(writer, pointers, writer.IsShared ? (0, Units) : null, body);

    private void EmitAll(
        StepWriter writer,
        IReadOnlyList<(string Name, string Type)> pointers,
        (int First, Extent Total)? units,
        Action<IReadOnlyList<string>> body)
    {
        if (Depth == 0)
        {
            body(pointers.Select(static p => p.Name).ToArray());
            return;
        }

        EmitOuter(writer, pointers, units, rows =>
        {
            string variable = writer.Name("k");
            using (writer.For(variable, InnerTrip))
            {
                var elements = new List<string>();
                for (int o = 0; o < rows.Count; o++)
                {
                    elements.Add(writer.Declare(pointers[o].Type, $"{pointers[o].Name}At", $"{rows[o]} + ({variable} * {InnerStride(o)}L)"));
                }

                body(elements);
            }
        });
    }

    private string Offset(StepWriter writer, int operand, string[] variables)
    {
        string text = string.Empty;
        for (int i = 0; i < variables.Length; i++)
        {
            long stride = Strides[operand][i];
            text += stride == 0 ? string.Empty : stride == 1 ? $" + {variables[i]}" : $" + ({variables[i]} * {IndexLiteral(writer, stride, Extents[i])})";
        }

        return text;
    }

    /// <summary>A stride literal that makes the product 64-bit where 32 bits could overflow.</summary>
    private static string IndexLiteral(StepWriter writer, long stride, int extent) =>
        Math.Abs(stride * extent) > int.MaxValue ? $"{stride}L" : writer.Number(stride);
}
