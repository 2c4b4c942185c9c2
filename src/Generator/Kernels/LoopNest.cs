using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// Loops that several operands walk together, each with its own strides. Loops that all operands walk as one are joined,
/// so that the innermost loop is as long as possible.
/// </summary>
internal sealed class LoopNest
{
    private LoopNest(int[] extents, long[][] strides)
    {
        Extents = extents;
        Strides = strides;
    }

    /// <summary>Trip counts, outermost first; empty for a single element.</summary>
    public int[] Extents { get; }

    /// <summary>Strides in elements: <c>Strides[operand][loop]</c>.</summary>
    public long[][] Strides { get; }

    public int Depth => Extents.Length;

    /// <summary>Trip count of the innermost loop; 1 if there is none.</summary>
    public int InnerExtent => Depth == 0 ? 1 : Extents[Depth - 1];

    /// <summary>Builds the loops from each operand's dimensions, which have equal extents.</summary>
    public static LoopNest Build(params IReadOnlyList<IterationDimension>[] operands) =>
        Build(operands, order: Enumerable.Range(0, operands[0].Count).ToArray());

    /// <summary>Builds the loops in another order than the operands' dimensions.</summary>
    public static LoopNest Build(IReadOnlyList<IReadOnlyList<IterationDimension>> operands, IReadOnlyList<int> order)
    {
        var extents = new List<int>();
        List<long>[] strides = operands.Select(static _ => new List<long>()).ToArray();
        foreach (int dimension in order)
        {
            int extent = operands[0][dimension].Extent;
            if (extent == 1)
            {
                continue;
            }

            int last = extents.Count - 1;
            bool joins = last >= 0 && Enumerable.Range(0, strides.Length).All(o => strides[o][last] == operands[o][dimension].Stride * extent);
            if (joins)
            {
                extents[last] *= extent;
            }
            else
            {
                extents.Add(extent);
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

        return new LoopNest(extents.ToArray(), strides.Select(static s => s.ToArray()).ToArray());
    }

    /// <summary>The same loops with some of the operands, repeated or in another order.</summary>
    public LoopNest Select(params int[] operands) => new(Extents, operands.Select(o => Strides[o]).ToArray());

    /// <summary>The loops other than these.</summary>
    public LoopNest Without(params int[] loops)
    {
        int[] kept = Enumerable.Range(0, Depth).Except(loops).ToArray();
        return new LoopNest(kept.Select(i => Extents[i]).ToArray(), Strides.Select(s => kept.Select(i => s[i]).ToArray()).ToArray());
    }

    /// <summary>Stride of an operand in the innermost loop; 0 if there is no loop.</summary>
    public long InnerStride(int operand) => Depth == 0 ? 0 : Strides[operand][Depth - 1];

    /// <summary>Writes all loops but the innermost and calls <paramref name="body"/> inside, with each operand's pointer for the innermost loop.</summary>
    /// <param name="writer">Where the loops go.</param>
    /// <param name="pointers">Names of the operands' pointers and their C# pointer types.</param>
    /// <param name="body">Writes the innermost loop; gets the names of the advanced pointers.</param>
    public void EmitOuter(StepWriter writer, IReadOnlyList<(string Name, string Type)> pointers, Action<IReadOnlyList<string>> body)
    {
        if (Depth <= 1)
        {
            body(pointers.Select(static p => p.Name).ToArray());
            return;
        }

        string[] variables = Enumerable.Range(0, Depth - 1).Select(i => writer.Name($"i{i}")).ToArray();
        EmitLoop(writer, 0);

        void EmitLoop(StepWriter w, int depth)
        {
            using (w.For(variables[depth], Extents[depth]))
            {
                if (depth + 1 < Depth - 1)
                {
                    EmitLoop(w, depth + 1);
                    return;
                }

                var rows = new List<string>();
                for (int o = 0; o < pointers.Count; o++)
                {
                    string offset = Offset(o, variables);
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
    }

    /// <summary>Writes all loops and calls <paramref name="body"/> inside, with each operand's pointer to its element.</summary>
    /// <param name="writer">Where the loops go.</param>
    /// <param name="pointers">Names of the operands' pointers and their C# pointer types.</param>
    /// <param name="body">Writes what is done for one element; gets the names of the advanced pointers.</param>
    public void EmitAll(StepWriter writer, IReadOnlyList<(string Name, string Type)> pointers, Action<IReadOnlyList<string>> body)
    {
        if (Depth == 0)
        {
            body(pointers.Select(static p => p.Name).ToArray());
            return;
        }

        EmitOuter(writer, pointers, rows =>
        {
            string variable = writer.Name("k");
            using (writer.For(variable, InnerExtent))
            {
                var elements = new List<string>();
                for (int o = 0; o < rows.Count; o++)
                {
                    string name = writer.Name($"{pointers[o].Name}At");
                    writer.Line($"{pointers[o].Type} {name} = {rows[o]} + ({variable} * {InnerStride(o)}L);");
                    elements.Add(name);
                }

                body(elements);
            }
        });
    }

    private string Offset(int operand, string[] variables)
    {
        string text = string.Empty;
        for (int i = 0; i < variables.Length; i++)
        {
            long stride = Strides[operand][i];
            text += stride == 0 ? string.Empty : stride == 1 ? $" + {variables[i]}" : $" + ({variables[i]} * {IndexLiteral(stride, Extents[i])})";
        }

        return text;
    }

    /// <summary>A stride literal that makes the product 64-bit where 32 bits could overflow.</summary>
    private static string IndexLiteral(long stride, int extent) => Math.Abs(stride * extent) > int.MaxValue ? $"{stride}L" : $"{stride}";
}
