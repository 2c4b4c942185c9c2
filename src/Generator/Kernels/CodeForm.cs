namespace AotCompiler.Kernels;

/// <summary>
/// How products of codes (unsigned bytes) and weights (signed bytes) are summed in 32-bit integers, four or two products at a time where there are vectors. All forms
/// give the same sums; they differ in the instructions and in the order of the weights, which has to be the same for all widths.
/// </summary>
internal enum CodeForm
{
    /// <summary>
    /// Codes and weights are widened to 16 bits, of which pairs are multiplied and added exactly. A row of weights is the even terms of
    /// 16 lanes, then the odd ones.
    /// </summary>
    Words,

    /// <summary>
    /// Pairs of bytes are multiplied and added in 16 bits, which the weights are proven never to exceed. A row of weights is the four
    /// terms of each of 16 lanes.
    /// </summary>
    Bytes,

    /// <summary>Codes and weights are 16-bit integers already. A term is two of them, a row of weights the two of each of 16 lanes.</summary>
    Pairs,

    /// <summary>One code times one weight, where there are no vectors. A row of weights is that of one term.</summary>
    Single,
}
