using System;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>A comparison of two inputs of one type, with multidirectional broadcasting; any comparison with NaN is false.</summary>
internal abstract class ComparisonOperator : BinaryOperator
{
    /// <param name="name">Operator type.</param>
    /// <param name="symbol">The comparison in C#.</param>
    /// <param name="formula">The comparison in comments.</param>
    /// <param name="real">Its value on floats.</param>
    /// <param name="integer">Its value on the sign of an integer comparison: below, at or above zero.</param>
    protected ComparisonOperator(string name, string symbol, string formula, Func<double, double, bool> real, Func<int, bool> integer)
        : base(name, new DelegateFunction(name, 2, $"{{0}} {formula} {{1}}")
        {
            Real = x => real(x[0], x[1]) ? 1 : 0,
            Integer = x => integer(x[0].CompareTo(x[1])) ? 1 : 0,
            Unsigned = x => integer(x[0].CompareTo(x[1])) ? 1UL : 0UL,
            Float = (_, x) => $"{x[0]} {symbol} {x[1]}",
            Other = (_, x) => $"{x[0]} {symbol} {x[1]}",
            Result = ElementType.Bool,
        })
    {
    }
}
