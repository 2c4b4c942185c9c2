using System;

namespace AotCompiler.Ir;

/// <summary>
/// A number that decides sizes and is known only at run time: a free dimension with a range, or a count that a step finds in its data.
/// </summary>
/// <remarks>
/// It carries sample values, one per sample of the whole model, in which inference runs (see <see cref="SizeSamples"/>).
/// Sample 0 is the maximum, so the plan is made for it.
/// </remarks>
internal sealed class SizeVariable
{
    private const int MaxLabelLength = 40;

    /// <summary>A free dimension.</summary>
    /// <param name="name">Name from the model.</param>
    /// <param name="minimum">Least value, 1 or more.</param>
    /// <param name="maximum">Greatest value.</param>
    /// <param name="ordinal">Number of the variable in the model.</param>
    /// <param name="samples">Its value in each sample; the first is the maximum.</param>
    /// <param name="isComputed">True for a count that a step finds in its data.</param>
    public SizeVariable(string name, int minimum, int maximum, int ordinal, long[] samples, bool isComputed)
    {
        Name = name;
        Label = Clean(name);
        Minimum = minimum;
        Maximum = maximum;
        Ordinal = ordinal;
        Samples = samples;
        IsComputed = isComputed;
    }

    /// <summary>Name for people: the dimension's, or that of the node that finds the count.</summary>
    public string Name { get; }

    /// <summary>The name with nothing but letters, digits, underscores and dots, for comments and formulas.</summary>
    public string Label { get; }

    public int Minimum { get; }

    public int Maximum { get; }

    /// <summary>Number of the variable in the model: the order of parameters and of terms.</summary>
    public int Ordinal { get; }

    /// <summary>True for a count that a step finds in its data; false for a parameter of <c>Run</c>.</summary>
    public bool IsComputed { get; }

    /// <summary>The dimension is the variable times this; 1 unless the range has a step.</summary>
    public int Step { get; init; } = 1;

    /// <summary>The value in each sample.</summary>
    public long[] Samples { get; }

    public override string ToString() => Label;

    private static string Clean(string name)
    {
        char[] text = name.Length > MaxLabelLength ? name.Substring(0, MaxLabelLength).ToCharArray() : name.ToCharArray();
        for (int i = 0; i < text.Length; i++)
        {
            text[i] = text[i] is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '.' ? text[i] : '_';
        }

        return new string(text);
    }
}
