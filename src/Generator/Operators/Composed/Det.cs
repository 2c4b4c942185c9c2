using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>Det: determinants of square matrices, of small ones by expansion along rows, of others by elimination.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Det.html. Opset 22 only widened types. Every minor of the first rows is computed once, for all matrices at a time.</remarks>
internal sealed class Det : ComposedOperator
{
    /// <summary>Rows up to which expansion, of all matrices at a time, has less work than elimination one by one.</summary>
    private const int MaxExpanded = 6;

    public Det()
        : base("Det")
    {
    }

    public override int Since => 11;

    public override (int Min, int Max) InputCount => (1, 1);

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        Value x = compose.Require(node.Required(0), TypeSets.Floats);
        int rank = x.Shape.Rank;
        compose.Check(rank >= 2 && x.Shape.Extent(rank - 1) == x.Shape.Extent(rank - 2), "the last two dimensions must be equal");
        int size = x.Shape[rank - 1];
        if (size is < 1 or > MaxExpanded || x.Shape.IsDynamic)
        {
            ElementType computed = x.Type == ElementType.Float64 ? x.Type : ElementType.Float32;
            compose.Return(0, compose.Cast(compose.Op(OperatorRegistry.Get(nameof(Determinants), InternalDomain), new[] { compose.Cast(x, computed) }), x.Type));
            return;
        }

        long[] outer = x.Shape.Dimensions.Take(rank - 2).Select(static d => (long)d).ToArray();
        Value Element(int row, int column) => compose.Reshape(compose.Slice(compose.Slice(x, rank - 2, row, row + 1), rank - 1, column, column + 1), outer);

        // Minors of the first rows, by the set of their columns.
        var minors = new Dictionary<int, Value>();
        for (int row = 0; row < size; row++)
        {
            for (int set = 1; set < 1 << size; set++)
            {
                int[] columns = Enumerable.Range(0, size).Where(c => (set >> c & 1) == 1).ToArray();
                if (columns.Length == row + 1)
                {
                    minors[set] = Minor(compose, minors, set, columns, column => Element(row, column));
                }
            }
        }

        compose.Return(0, minors[(1 << size) - 1]);
    }

    private static Value Minor(Composer compose, Dictionary<int, Value> minors, int set, int[] columns, System.Func<int, Value> element)
    {
        if (columns.Length == 1)
        {
            return element(columns[0]);
        }

        Value? sum = null;
        for (int i = columns.Length - 1; i >= 0; i--)
        {
            Value product = compose.Mul(element(columns[i]), minors[set & ~(1 << columns[i])]);
            bool isNegative = (columns.Length - 1 - i) % 2 == 1;
            sum = sum is null ? product : isNegative ? compose.Sub(sum, product) : compose.Add(sum, product);
        }

        return sum!;
    }
}
