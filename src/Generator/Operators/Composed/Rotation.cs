using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>Rotary position embedding: pairs of a head's elements turned by angles.</summary>
internal static class Rotation
{
    /// <summary>Turns the first elements of each head.</summary>
    /// <param name="compose">Writes the expression.</param>
    /// <param name="x">Heads, of which the last of four dimensions has the elements.</param>
    /// <param name="cos">Cosines, which broadcast to <paramref name="x"/> with half as many elements as are turned.</param>
    /// <param name="sin">Sines.</param>
    /// <param name="rotated">Number of elements that are turned.</param>
    /// <param name="interleaved">True if pairs are neighbours, otherwise they are element i of the first and of the second half.</param>
    public static Value Of(Composer compose, Value x, Value cos, Value sin, long rotated, bool interleaved)
    {
        int size = x.Shape[3];
        Value a = interleaved ? compose.Slice(x, 3, 0, rotated, 2) : compose.Slice(x, 3, 0, rotated / 2);
        Value b = interleaved ? compose.Slice(x, 3, 1, rotated, 2) : compose.Slice(x, 3, rotated / 2, rotated);
        Value real = compose.Sub(compose.Mul(cos, a), compose.Mul(sin, b));
        Value imaginary = compose.Add(compose.Mul(sin, a), compose.Mul(cos, b));
        Value turned = interleaved
            ? compose.Split(compose.Concat(4, compose.Unsqueeze(real, 4), compose.Unsqueeze(imaginary, 4)), 0, 0, 0, rotated)
            : compose.Concat(3, real, imaginary);
        return rotated == size ? turned : compose.Concat(3, turned, compose.Slice(x, 3, rotated, size));
    }
}
