using System;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators.Movement;

namespace AotCompiler.Operators.Microsoft;

/// <summary>
/// RelativePositionBias: what T5 adds to the scores of attention, [1, heads, queries, keys]: a row of the table [buckets, heads] for each
/// distance, where near distances have a bucket each and far ones share buckets by their logarithm.
/// </summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.RelativePositionBias · Types: f32, f16. Both lengths must be constant.</remarks>
internal sealed class RelativePositionBias : MicrosoftOperator
{
    public RelativePositionBias()
        : base("RelativePositionBias", 3, 3)
    {
    }

    protected override void Compose(Node node, Composer compose)
    {
        Value table = node.Required(0);
        long queries = compose.ConstantInt(1, "query_length")!.Value;
        long keys = compose.ConstantInt(2, "key_length")!.Value;
        long furthest = node.Attributes.Int("max_distance", 128);
        bool both = node.Attributes.Flag("is_bidirectional", false);
        compose.Check(
            table.Shape.Rank == 2 && queries > 0 && keys > 0 && queries * (double)keys < 1 << 26 && furthest > 0 && table.Shape[0] / (both ? 4 : 2) > 0,
            "the table, the lengths and max_distance do not fit each other");
        double[] buckets = Enumerable.Range(0, (int)(queries + keys - 1)).Select(d => (double)Bucket(d - (queries - 1), table.Shape[0], both, furthest)).ToArray();

        // A row per distance from the query to the key; the keys of a query are neighbours among them, those of the last query first.
        Value rows = compose.Transpose(compose.Gather(table, compose.Numbers(ElementType.Int64, new Shape(buckets.Length), buckets), 0), 1, 0);
        Value lastFirst = SlidingWindows.Of(compose, rows, 1, keys, 1);
        compose.Return(compose.Unsqueeze(compose.Slice(lastFirst, 1, -1, long.MinValue, -1), 0));
    }

    /// <summary>The bucket of a distance from the query to the key.</summary>
    private static int Bucket(long distance, int buckets, bool both, long furthest)
    {
        int first = 0;
        long behind = -distance;
        if (both)
        {
            buckets /= 2;
            first = behind < 0 ? buckets : 0;
            behind = Math.Abs(behind);
        }

        behind = Math.Max(behind, 0);
        int exact = buckets / 2;
        if (behind < exact)
        {
            return first + (int)behind;
        }

        // In f32, as it was computed where the model was trained.
        float ratio = (float)Math.Log((float)behind / exact) / (float)Math.Log((float)furthest / exact);
        return first + Math.Min(exact + (int)(ratio * (buckets - exact)), buckets - 1);
    }
}
