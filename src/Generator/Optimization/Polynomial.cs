using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Optimization;

/// <summary>
/// A value as a polynomial in at most two others, its leaves. Sums, products, powers and quotients by constants are
/// expanded, so that a formula has one form however an exporter ordered its operations.
/// </summary>
internal sealed class Polynomial
{
    private const int MaxDegree = 4;
    private const double Tolerance = 1e-6;

    /// <summary>Depth to which operands are expanded: formulas are small.</summary>
    private const int MaxDepth = 8;

    private readonly Value _root;
    private readonly List<Value> _leaves = new();
    private Dictionary<(int First, int Second), double> _terms = new();

    private Polynomial(Value root)
    {
        _root = root;
    }

    /// <summary>The values it is a polynomial in, one or two.</summary>
    public IReadOnlyList<Value> Leaves => _leaves;

    /// <summary>Expands a value; null if it has more than two leaves or none, or is too large.</summary>
    public static Polynomial? Of(Value root)
    {
        var result = new Polynomial(root);
        if (result.Expand(root, 0) is not { } terms || result._leaves.Count == 0)
        {
            return null;
        }

        result._terms = terms;
        return result;
    }

    /// <summary>The polynomial in one leaf; null if there is another one.</summary>
    public static Polynomial? In(Value root, Value leaf)
    {
        if (ReferenceEquals(root, leaf))
        {
            var identity = new Polynomial(root);
            identity._leaves.Add(leaf);
            identity._terms[(1, 0)] = 1;
            return identity;
        }

        return Of(root) is { } result && result._leaves.Count == 1 && ReferenceEquals(result._leaves[0], leaf) ? result : null;
    }

    /// <summary>The factor of first^i · second^j.</summary>
    public double Coefficient(int first, int second = 0) => _terms.TryGetValue((first, second), out double value) ? value : 0;

    /// <summary>True if it has exactly these terms, up to rounding of the factors in the model.</summary>
    public bool Is(params (int First, int Second, double Factor)[] terms) =>
        _terms.Count(static t => t.Value != 0) == terms.Length && terms.All(t => IsClose(Coefficient(t.First, t.Second), t.Factor));

    /// <summary>The same polynomial with its two leaves exchanged.</summary>
    public Polynomial Swapped()
    {
        var result = new Polynomial(_root) { _terms = _terms.ToDictionary(static t => (t.Key.Second, t.Key.First), static t => t.Value) };
        result._leaves.AddRange(Enumerable.Reverse(_leaves));
        return result;
    }

    /// <summary>True if a number in a model is meant to be another one.</summary>
    public static bool IsClose(double actual, double expected) => Math.Abs(actual - expected) <= Tolerance * Math.Abs(expected);

    private Dictionary<(int, int), double>? Expand(Value value, int depth)
    {
        if (value.TryScalar(out double constant))
        {
            return new Dictionary<(int, int), double> { [(0, 0)] = constant };
        }

        bool inner = depth == 0 || (depth < MaxDepth && value.Uses.Count == 1);
        if (!inner || !value.Shape.Equals(_root.Shape) || value.Producer is not { Epilogue: null } node || node.Operator.Domain.Length != 0)
        {
            return Leaf(value);
        }

        return node.Operator.Name switch
        {
            "Add" => Combine(node, depth, static (a, b) => Sum(a, b, 1)),
            "Sub" => Combine(node, depth, static (a, b) => Sum(a, b, -1)),
            "Mul" => Combine(node, depth, Product),
            "Neg" => Expand(node.Required(0), depth + 1) is { } operand ? Scale(operand, -1) : null,
            "Div" when node.Input(1).TryScalar(out double divisor) && divisor != 0 => Expand(node.Required(0), depth + 1) is { } dividend ? Scale(dividend, 1 / divisor) : null,
            "Pow" when node.Input(1).TryScalar(out double exponent) && exponent is 2 or 3 => Expand(node.Required(0), depth + 1) is { } root ? Power(root, (int)exponent) : null,
            _ => Leaf(value),
        };
    }

    private Dictionary<(int, int), double>? Leaf(Value value)
    {
        int index = _leaves.FindIndex(l => ReferenceEquals(l, value));
        if (index < 0)
        {
            if (_leaves.Count == 2)
            {
                return null;
            }

            index = _leaves.Count;
            _leaves.Add(value);
        }

        return new Dictionary<(int, int), double> { [index == 0 ? (1, 0) : (0, 1)] = 1 };
    }

    private Dictionary<(int, int), double>? Combine(
        Node node,
        int depth,
        Func<Dictionary<(int, int), double>, Dictionary<(int, int), double>, Dictionary<(int, int), double>?> operation) =>
        Expand(node.Required(0), depth + 1) is { } left && Expand(node.Required(1), depth + 1) is { } right ? operation(left, right) : null;

    private static Dictionary<(int, int), double>? Power(Dictionary<(int, int), double> root, int exponent)
    {
        Dictionary<(int, int), double>? result = root;
        for (int i = 1; i < exponent && result is not null; i++)
        {
            result = Product(result, root);
        }

        return result;
    }

    private static Dictionary<(int, int), double> Scale(Dictionary<(int, int), double> terms, double factor) =>
        terms.ToDictionary(static t => t.Key, t => t.Value * factor);

    private static Dictionary<(int, int), double> Sum(Dictionary<(int, int), double> left, Dictionary<(int, int), double> right, double sign)
    {
        var result = new Dictionary<(int, int), double>(left);
        foreach (KeyValuePair<(int, int), double> term in right)
        {
            result[term.Key] = (result.TryGetValue(term.Key, out double value) ? value : 0) + (sign * term.Value);
        }

        return result;
    }

    private static Dictionary<(int, int), double>? Product(Dictionary<(int, int), double> left, Dictionary<(int, int), double> right)
    {
        var result = new Dictionary<(int, int), double>();
        foreach (KeyValuePair<(int First, int Second), double> a in left)
        {
            foreach (KeyValuePair<(int First, int Second), double> b in right)
            {
                (int, int) key = (a.Key.First + b.Key.First, a.Key.Second + b.Key.Second);
                if (key.Item1 + key.Item2 > MaxDegree)
                {
                    return null;
                }

                result[key] = (result.TryGetValue(key, out double value) ? value : 0) + (a.Value * b.Value);
            }
        }

        return result;
    }
}
