using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace AotCompiler.Ir;

/// <summary>
/// An integer expression over <see cref="SizeVariable"/>s: a polynomial whose factors are variables, floor divisions and minima.
/// Normalised, so that equal expressions are equal objects: terms are ordered, like terms are joined. Immutable.
/// </summary>
internal sealed class Size : IEquatable<Size>
{
    private readonly SizeTerm[] _terms;
    private readonly string _key;
    private long[]? _samples;

    private Size(IEnumerable<SizeTerm> terms)
    {
        _terms = terms.GroupBy(static t => t.Key, StringComparer.Ordinal)
            .Select(static g => new SizeTerm(g.Aggregate(0L, static (sum, t) => checked(sum + t.Factor)), g.First().Factors))
            .Where(static t => t.Factor != 0)
            .OrderByDescending(static t => t.Factors.Count)
            .ThenBy(static t => t.Key, StringComparer.Ordinal)
            .ToArray();
        _key = string.Join("+", _terms.Select(static t => $"{t.Factor}{t.Key}"));
    }

    /// <summary>A fixed number.</summary>
    public static Size Of(long value) => new(new[] { new SizeTerm(value, Array.Empty<SizeFactor>()) });

    /// <summary>A variable.</summary>
    public static Size Of(SizeVariable variable) => new(new[] { new SizeTerm(1, new SizeFactor[] { new VariableFactor(variable) }) });

    /// <summary>The number, if no variable is left in the expression.</summary>
    public long? Constant => _terms.Length == 0 ? 0 : _terms.Length == 1 && _terms[0].Factors.Count == 0 ? _terms[0].Factor : null;

    /// <summary>The variables that the value depends on, in the order of their numbers.</summary>
    public IReadOnlyList<SizeVariable> Variables => _terms.SelectMany(static t => t.Factors).SelectMany(static f => f.Variables)
        .Distinct()
        .OrderBy(static v => v.Ordinal)
        .ToArray();

    /// <summary>The value in every sample.</summary>
    public long[] Samples => _samples ??= Enumerable.Range(0, SizeSamples.Count).Select(i => Evaluate(v => v.Samples[i])).ToArray();

    /// <summary>The value where all variables are at their maxima.</summary>
    public long Maximum => Samples[0];

    /// <summary>A number that the value is never below.</summary>
    public long LowerBound => _terms.Sum(static t => t.Bounds.Low);

    public static Size operator +(Size a, Size b) => new(a._terms.Concat(b._terms));

    public static Size operator -(Size a, Size b) => a + (b * Of(-1));

    public static Size operator *(Size a, Size b) => new(a._terms.SelectMany(_ => b._terms, static (x, y) =>
        new SizeTerm(checked(x.Factor * y.Factor), x.Factors.Concat(y.Factors).OrderBy(static f => f.Key, StringComparer.Ordinal).ToArray())));

    /// <summary>⌊expression / divisor⌋; terms that the divisor divides are taken out of the division.</summary>
    public Size FloorDivide(long divisor)
    {
        if (divisor == 1)
        {
            return this;
        }

        Size whole = new(_terms.Where(t => t.Factor % divisor == 0).Select(t => t with { Factor = t.Factor / divisor }));
        Size rest = new(_terms.Where(t => t.Factor % divisor != 0));
        long constant = rest._terms.Where(static t => t.Factors.Count == 0).Sum(static t => t.Factor);
        long outside = (long)Math.Floor((double)constant / divisor);
        rest -= Of(outside * divisor);
        whole += Of(outside);
        if (rest.Constant is not null)
        {
            return whole;
        }

        // Run-time division truncates: a numerator that may be negative is lifted by whole divisors.
        long lift = rest.LowerBound >= 0 ? 0 : (-rest.LowerBound + divisor - 1) / divisor;
        rest += Of(lift * divisor);
        return whole + new Size(new[] { new SizeTerm(1, new SizeFactor[] { new QuotientFactor(rest, divisor) }) }) - Of(lift);
    }

    /// <summary>The smaller of two expressions.</summary>
    public static Size Min(Size a, Size b)
    {
        if ((a - b).Constant is { } difference)
        {
            return difference <= 0 ? a : b;
        }

        // Factors are never negative: both are lifted by the same number.
        Size lift = Of(Math.Max(0, -Math.Min(a.LowerBound, b.LowerBound)));
        Size[] sorted = new[] { a + lift, b + lift }.OrderBy(static s => s._key, StringComparer.Ordinal).ToArray();
        return new Size(new[] { new SizeTerm(1, new SizeFactor[] { new MinimumFactor(sorted[0], sorted[1]) }) }) - lift;
    }

    /// <summary>The larger of two expressions.</summary>
    public static Size Max(Size a, Size b) => a + b - Min(a, b);

    /// <summary>The value for given values of the variables.</summary>
    public long Evaluate(Func<SizeVariable, long> value) => _terms.Sum(t => t.Factors.Aggregate(t.Factor, (product, f) => checked(product * f.Evaluate(value))));

    /// <summary>The expression as C# or for people.</summary>
    /// <param name="variable">How a variable is written.</param>
    /// <param name="minimum">How the minimum of two numbers is called.</param>
    public string Format(Func<SizeVariable, string> variable, string minimum = "global::System.Math.Min")
    {
        if (_terms.Length == 0)
        {
            return "0";
        }

        var text = new StringBuilder();
        foreach (SizeTerm term in _terms)
        {
            bool negative = term.Factor < 0;
            text.Append(text.Length == 0 ? (negative ? "-" : string.Empty) : negative ? " - " : " + ");
            long factor = Math.Abs(term.Factor);
            IEnumerable<string> parts = term.Factors.Select(f => f.Format(variable, minimum));
            text.Append(string.Join(" * ", factor == 1 && term.Factors.Count > 0 ? parts : parts.Append($"{factor}")));
        }

        return text.ToString();
    }

    public bool Equals(Size? other) => other is not null && _key == other._key;

    public override bool Equals(object? obj) => Equals(obj as Size);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_key);

    /// <summary>The expression with the variables' names, for people and messages.</summary>
    public override string ToString() => Format(static v => v.Label, "min");

    /// <summary>Key that equal expressions share.</summary>
    internal string Key => _key;

    /// <summary>Bounds of the value from those of the variables.</summary>
    internal (long Low, long High) Bounds => (_terms.Sum(static t => t.Bounds.Low), _terms.Sum(static t => t.Bounds.High));
}

/// <summary>A product of a number and factors.</summary>
internal sealed record SizeTerm(long Factor, IReadOnlyList<SizeFactor> Factors)
{
    /// <summary>The same for terms that differ in their numbers only.</summary>
    public string Key { get; } = string.Concat(Factors.Select(static f => f.Key));

    /// <summary>Bounds of the product; factors are never negative.</summary>
    public (long Low, long High) Bounds
    {
        get
        {
            double low = Math.Abs(Factor);
            double high = low;
            foreach (SizeFactor factor in Factors)
            {
                low *= factor.Bounds.Low;
                high *= factor.Bounds.High;
            }

            return Factor < 0 ? (-Clamp(high), -Clamp(low)) : (Clamp(low), Clamp(high));
        }
    }

    private static long Clamp(double value) => value > 1L << 60 ? 1L << 60 : (long)value;
}

/// <summary>What a product consists of; never negative.</summary>
internal abstract record SizeFactor
{
    /// <summary>Key that equal factors share.</summary>
    public abstract string Key { get; }

    public abstract IEnumerable<SizeVariable> Variables { get; }

    public abstract (long Low, long High) Bounds { get; }

    public abstract long Evaluate(Func<SizeVariable, long> value);

    public abstract string Format(Func<SizeVariable, string> variable, string minimum);
}

/// <summary>A variable.</summary>
internal sealed record VariableFactor(SizeVariable Variable) : SizeFactor
{
    public override string Key => $"[{Variable.Ordinal}]";

    public override IEnumerable<SizeVariable> Variables => new[] { Variable };

    public override (long Low, long High) Bounds => (Variable.Minimum, Variable.Maximum);

    public override long Evaluate(Func<SizeVariable, long> value) => value(Variable);

    public override string Format(Func<SizeVariable, string> variable, string minimum) => variable(Variable);
}

/// <summary>A floor division whose numerator is never negative.</summary>
internal sealed record QuotientFactor(Size Numerator, long Divisor) : SizeFactor
{
    public override string Key => $"({Numerator.Key}/{Divisor})";

    public override IEnumerable<SizeVariable> Variables => Numerator.Variables;

    public override (long Low, long High) Bounds => (Math.Max(0, Numerator.Bounds.Low) / Divisor, Math.Max(0, Numerator.Bounds.High) / Divisor);

    public override long Evaluate(Func<SizeVariable, long> value) => (long)Math.Floor(Numerator.Evaluate(value) / (double)Divisor);

    public override string Format(Func<SizeVariable, string> variable, string minimum) => $"(({Numerator.Format(variable, minimum)}) / {Divisor})";
}

/// <summary>The smaller of two expressions that are never negative.</summary>
internal sealed record MinimumFactor(Size First, Size Second) : SizeFactor
{
    public override string Key => $"min({First.Key},{Second.Key})";

    public override IEnumerable<SizeVariable> Variables => First.Variables.Concat(Second.Variables);

    public override (long Low, long High) Bounds => (
        Math.Max(0, Math.Min(First.Bounds.Low, Second.Bounds.Low)),
        Math.Max(0, Math.Min(First.Bounds.High, Second.Bounds.High)));

    public override long Evaluate(Func<SizeVariable, long> value) => Math.Min(First.Evaluate(value), Second.Evaluate(value));

    public override string Format(Func<SizeVariable, string> variable, string minimum) => $"{minimum}({First.Format(variable, minimum)}, {Second.Format(variable, minimum)})";
}
