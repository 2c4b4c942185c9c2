using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>A comparison of two inputs of one type, with multidirectional broadcasting; any comparison with NaN is false.</summary>
internal abstract class ComparisonOperator : BinaryOperator
{
    /// <param name="name">Operator type.</param>
    /// <param name="symbol">The comparison in C#.</param>
    /// <param name="vector">Its name among the operations on vectors.</param>
    /// <param name="formula">The comparison in comments.</param>
    /// <param name="real">Its value on floats.</param>
    /// <param name="integer">Its value on the sign of an integer comparison: below, at or above zero.</param>
    protected ComparisonOperator(string name, string symbol, string vector, string formula, Func<double, double, bool> real, Func<int, bool> integer)
        : base(name, new DelegateFunction(name, 2, $"{{0}} {formula} {{1}}")
        {
            Real = x => real(x[0], x[1]) ? 1 : 0,
            Integer = x => integer(x[0].CompareTo(x[1])) ? 1 : 0,
            Unsigned = x => integer(x[0].CompareTo(x[1])) ? 1UL : 0UL,
            Float = (_, x) => $"{x[0]} {symbol} {x[1]}",
            Native = (lanes, _, x) => lanes.Mask($"{lanes.Class}.{vector}({x[0]}, {x[1]})"),
            NativeFor = (types, bytes) => DelegateFunction.OrderedOfAnyWidth(types, bytes) || (vector == "Equals" && types[0] == ElementType.Bool),
            Other = (_, x) => $"{x[0]} {symbol} {x[1]}",
            Result = ElementType.Bool,
        })
    {
    }

    /// <summary>Decided where no element of one operand can meet one of the other.</summary>
    public override bool DecidesSizes(Node node)
    {
        IReadOnlyList<Size>[] operands = Operands(node).Select(Expressions).ToArray();
        return operands.All(static o => o.Count > 0)
            && operands[0].All(a => operands[1].All(b => (a - b).Bounds is { Low: > 0 } or { High: < 0 } || (a - b).Constant is not null));
    }

    private static IReadOnlyList<Size> Expressions(Value value) => value.Sizes?.Elements
        ?? (value.Constant is { } constant && constant.Type.IsInteger() ? constant.ToInt64Array().Select(Size.Of).ToArray() : Array.Empty<Size>());
}
