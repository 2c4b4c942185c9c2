using System;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Randomness;

/// <summary>
/// Random numbers as an expression of integer arithmetic: a counter-based generator, so that every element is computed on its own.
/// </summary>
/// <remarks>
/// Element i of a node in run r is the finaliser of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014) of
/// <c>key + (i + 1)·0x9E3779B97F4A7C15</c>, where the key is the finaliser of <c>stream + r·0xD1B54A32D192ED03</c>. The stream comes from the bits of the
/// attribute <c>seed</c>; without it from the number of the node among those without a seed. So a new instance, or one after <c>Reset</c>, gives
/// the same numbers, and each run of an instance gives others. Uniform numbers have 24 random bits (f64: 53), normal ones are those of Box and Muller.
/// </remarks>
internal static class RandomNumbers
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private const ulong RunFactor = 0xD1B54A32D192ED03;

    /// <summary>Numbers in [0, 1).</summary>
    /// <param name="compose">Adds the parts.</param>
    /// <param name="shape">Shape of the result.</param>
    /// <param name="type">f32 or f64.</param>
    public static Value Uniform(Composer compose, Shape shape, ElementType type) => Fraction(compose, Bits(compose, Key(compose), shape), type, 0);

    /// <summary>Numbers of the standard normal distribution.</summary>
    /// <param name="compose">Adds the parts.</param>
    /// <param name="shape">Shape of the result.</param>
    /// <param name="type">f32 or f64.</param>
    public static Value Normal(Composer compose, Shape shape, ElementType type)
    {
        Value key = Key(compose);
        Value radius = Fraction(compose, Bits(compose, key, shape), type, 1);
        Value angle = Fraction(compose, Bits(compose, Mix(compose, compose.Op("BitwiseNot", key)), shape), type, 0);
        Value length = compose.Op("Sqrt", compose.Mul(compose.Op("Log", radius), compose.Scalar(-2, type)));
        return compose.Mul(length, compose.Op("Cos", compose.Mul(angle, compose.Scalar(2 * Math.PI, type))));
    }

    /// <summary>Returns numbers of the normal distribution that the attributes <c>mean</c> and <c>scale</c> describe.</summary>
    public static void ReturnNormal(Composer compose, ElementType type, Shape shape)
    {
        compose.RequireFloat(type);
        ElementType computed = ComputedType(type);
        Value numbers = compose.Mul(Normal(compose, shape, computed), compose.Scalar(compose.Node.Attributes.Float("scale", 1), computed));
        compose.Return(compose.Cast(compose.Add(numbers, compose.Scalar(compose.Node.Attributes.Float("mean", 0), computed)), type));
    }

    /// <summary>Returns numbers of the uniform distribution between the attributes <c>low</c> and <c>high</c>.</summary>
    public static void ReturnUniform(Composer compose, ElementType type, Shape shape)
    {
        compose.RequireFloat(type);
        ElementType computed = ComputedType(type);
        (float low, float high) = (compose.Node.Attributes.Float("low", 0), compose.Node.Attributes.Float("high", 1));
        Value numbers = compose.Mul(Uniform(compose, shape, computed), compose.Scalar((double)high - low, computed));
        compose.Return(compose.Cast(compose.Add(numbers, compose.Scalar(low, computed)), type));
    }

    /// <summary>The type that numbers for a result are made in.</summary>
    public static ElementType ComputedType(ElementType type) => type == ElementType.Float64 ? type : ElementType.Float32;

    /// <summary>The element type that the attribute dtype names; another one where it is absent.</summary>
    public static ElementType TypeOf(Node node, ElementType otherwise) => (ElementType)(int)node.Attributes.Int("dtype", (long)otherwise);

    /// <summary>The dimensions that the attribute shape lists.</summary>
    public static Shape ShapeOf(Composer compose)
    {
        long[] shape = compose.Node.Attributes.Ints("shape") ?? throw compose.Fail(Diagnostics.DiagnosticCodes.GraphMalformed, "the attribute 'shape' is missing");
        compose.Check(shape.All(static d => d >= 0) && shape.Aggregate(1.0, static (product, d) => product * d) <= int.MaxValue, "the attribute 'shape' is negative or too large");
        return new Shape(shape.Select(static d => (int)d));
    }

    /// <summary>A scalar u64 that differs from node to node and run to run.</summary>
    private static Value Key(Composer compose)
    {
        ulong stream = compose.Node.Attributes.Raw("seed") is float seed
            ? Mix(unchecked((uint)BitConverter.ToInt32(BitConverter.GetBytes(seed), 0) + (1UL << 32)))
            : Mix((ulong)compose.Context.NextStream());
        Value run = compose.Mul(compose.Cast(compose.Context.RunNumber(), ElementType.UInt64), Whole(compose, RunFactor));
        return Mix(compose, compose.Add(run, Whole(compose, stream)));
    }

    /// <summary>64 random bits for each element.</summary>
    private static Value Bits(Composer compose, Value key, Shape shape)
    {
        // The number of an element is a sum of one term per axis: only vectors as long as an axis lie in memory.
        Value number = Whole(compose, 1);
        ulong stride = 1;
        for (int axis = shape.Rank - 1; axis >= 0; axis--)
        {
            Value length = compose.Context.Dimension(shape.Extent(axis));
            Value steps = compose.Op("Range", Long(compose, 0), length, Long(compose, 1));
            Value column = compose.Reshape(steps, new Shape(new[] { shape.Extent(axis) }.Concat(Enumerable.Repeat((Extent)1, shape.Rank - 1 - axis))));
            number = compose.Add(number, compose.Mul(compose.Cast(column, ElementType.UInt64), Whole(compose, stride)));
            stride *= (ulong)shape[axis];
        }

        return Mix(compose, compose.Add(key, compose.Mul(number, Whole(compose, Golden))));
    }

    /// <summary>A fraction of 24 bits, for f64 of 53, above 0 and up to 1 if the least is 1.</summary>
    private static Value Fraction(Composer compose, Value bits, ElementType type, ulong least)
    {
        int digits = type == ElementType.Float64 ? 53 : 24;
        Value top = Shift(compose, bits, 64 - digits);
        Value number = compose.Cast(least == 0 ? top : compose.Add(top, Whole(compose, least)), type);
        return compose.Mul(number, compose.Scalar(Math.Pow(2, -digits), type));
    }

    private static Value Mix(Composer compose, Value z)
    {
        Value first = compose.Mul(Folded(compose, z, 30), Whole(compose, 0xBF58476D1CE4E5B9));
        return Folded(compose, compose.Mul(Folded(compose, first, 27), Whole(compose, 0x94D049BB133111EB)), 31);
    }

    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    private static Value Folded(Composer compose, Value z, int bits) => compose.Op("BitwiseXor", z, Shift(compose, z, bits));

    private static Value Shift(Composer compose, Value z, int bits) =>
        compose.Op("BitShift", new Value?[] { z, Whole(compose, (ulong)bits) }, ("direction", "RIGHT"));

    private static Value Whole(Composer compose, ulong number) => compose.Constant(Tensor.Create(ElementType.UInt64, Shape.Scalar, new[] { number }));

    private static Value Long(Composer compose, long number) => compose.Constant(Tensor.Create(ElementType.Int64, Shape.Scalar, new[] { number }));
}
