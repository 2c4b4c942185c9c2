using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>The sum of the embeddings of words, positions and segments that starts a BERT.</summary>
internal static class Embedding
{
    /// <summary>The sum, [batch, length, size].</summary>
    /// <param name="compose">Writes the expression.</param>
    /// <param name="words">Numbers of the words, [batch, length].</param>
    /// <param name="segments">Numbers of the segments, the same shape; null for none.</param>
    /// <param name="wordTable">One row for each word.</param>
    /// <param name="positionTable">One row for each position.</param>
    /// <param name="segmentTable">One row for each segment; null for none.</param>
    /// <param name="positions">Numbers of the positions, [batch or 1, length]; null for 0, 1, ….</param>
    public static Value Sum(Composer compose, Value words, Value? segments, Value wordTable, Value positionTable, Value? segmentTable, Value? positions)
    {
        compose.Check(words.Shape.Rank == 2, "the words must be [batch, length]");
        compose.Check((segments is null) == (segmentTable is null), "segments and their table must come together");
        Value sum = compose.Gather(wordTable, words, 0);
        sum = compose.Add(sum, compose.Gather(positionTable, positions ?? compose.Positions(words, 1), 0));
        return segments is null ? sum : compose.Add(sum, compose.Gather(segmentTable!, segments, 0));
    }

    /// <summary>
    /// Output 1, the number of words that the mask keeps in each batch; zeros without a mask. The attribute <c>mask_index_type</c> has no effect, as in ONNX Runtime.
    /// </summary>
    public static Value MaskIndex(Composer compose, Value words, Value? mask)
    {
        Value counted = mask is null
            ? compose.Mul(compose.Cast(words, ElementType.Int32), compose.Scalar(0, ElementType.Int32))
            : compose.Cast(compose.Op("Equal", mask, compose.Scalar(1, mask.Type)), ElementType.Int32);
        return compose.Reduce("ReduceSum", counted, keep: false, 1);
    }
}
