using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AotCompiler.Runtime;

// One float: one lane of the 128-bit overload, so that a scalar tail gives the bits of the vector body.
public static partial class VectorMath
{
    /// <summary>The larger of two; the second where either is NaN, or the NaN on Arm. One instruction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxNative(float x, float y) => Vector128.MaxNative(Vector128.CreateScalarUnsafe(x), Vector128.CreateScalarUnsafe(y)).ToScalar();

    /// <summary>The smaller of two; the second where either is NaN, or the NaN on Arm. One instruction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MinNative(float x, float y) => Vector128.MinNative(Vector128.CreateScalarUnsafe(x), Vector128.CreateScalarUnsafe(y)).ToScalar();

    /// <inheritdoc cref="Exp(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Exp(float x) => Exp(Vector128.CreateScalarUnsafe(x)).ToScalar();

    /// <inheritdoc cref="RoundToFloat16(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float RoundToFloat16(float x) => RoundToFloat16(Vector128.CreateScalarUnsafe(x)).ToScalar();

    /// <inheritdoc cref="Quantize(Vector128{float}, Vector128{float}, Vector128{float}, Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Quantize(float x, float zeroPoint, float low, float high) => Quantize(
        Vector128.CreateScalarUnsafe(x), Vector128.CreateScalarUnsafe(zeroPoint), Vector128.CreateScalarUnsafe(low), Vector128.CreateScalarUnsafe(high)).ToScalar();

    /// <inheritdoc cref="RoundToBFloat16(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float RoundToBFloat16(float x) => RoundToBFloat16(Vector128.CreateScalarUnsafe(x)).ToScalar();

    /// <inheritdoc cref="Exp2OfNegative(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Exp2OfNegative(float x) => Exp2OfNegative(Vector128.CreateScalarUnsafe(x)).ToScalar();

    /// <inheritdoc cref="Expm1(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Expm1(float x) => Expm1(Vector128.CreateScalarUnsafe(x)).ToScalar();

    /// <inheritdoc cref="Log(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Log(float x) => Log(Vector128.CreateScalarUnsafe(x)).ToScalar();

    /// <inheritdoc cref="Log1p(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Log1p(float x) => Log1p(Vector128.CreateScalarUnsafe(x)).ToScalar();

    /// <inheritdoc cref="Sinh(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sinh(float x) => Sinh(Vector128.CreateScalarUnsafe(x)).ToScalar();

    /// <inheritdoc cref="Cosh(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Cosh(float x) => Cosh(Vector128.CreateScalarUnsafe(x)).ToScalar();

    /// <inheritdoc cref="Tanh(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Tanh(float x) => Tanh(Vector128.CreateScalarUnsafe(x)).ToScalar();

    /// <inheritdoc cref="Asinh(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Asinh(float x) => Asinh(Vector128.CreateScalarUnsafe(x)).ToScalar();

    /// <inheritdoc cref="Acosh(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Acosh(float x) => Acosh(Vector128.CreateScalarUnsafe(x)).ToScalar();

    /// <inheritdoc cref="Atanh(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Atanh(float x) => Atanh(Vector128.CreateScalarUnsafe(x)).ToScalar();

    /// <inheritdoc cref="Sin(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sin(float x) => Sin(Vector128.CreateScalarUnsafe(x)).ToScalar();

    /// <inheritdoc cref="Cos(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Cos(float x) => Cos(Vector128.CreateScalarUnsafe(x)).ToScalar();

    /// <inheritdoc cref="Tan(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Tan(float x) => Tan(Vector128.CreateScalarUnsafe(x)).ToScalar();

    /// <inheritdoc cref="Asin(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Asin(float x) => Asin(Vector128.CreateScalarUnsafe(x)).ToScalar();

    /// <inheritdoc cref="Acos(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Acos(float x) => Acos(Vector128.CreateScalarUnsafe(x)).ToScalar();

    /// <inheritdoc cref="Atan(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Atan(float x) => Atan(Vector128.CreateScalarUnsafe(x)).ToScalar();

    /// <inheritdoc cref="Erf(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Erf(float x) => Erf(Vector128.CreateScalarUnsafe(x)).ToScalar();

    /// <inheritdoc cref="Sigmoid(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sigmoid(float x) => Sigmoid(Vector128.CreateScalarUnsafe(x)).ToScalar();

    /// <inheritdoc cref="Silu(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Silu(float x) => Silu(Vector128.CreateScalarUnsafe(x)).ToScalar();

    /// <inheritdoc cref="Gelu(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Gelu(float x) => Gelu(Vector128.CreateScalarUnsafe(x)).ToScalar();

    /// <inheritdoc cref="GeluTanh(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float GeluTanh(float x) => GeluTanh(Vector128.CreateScalarUnsafe(x)).ToScalar();

    /// <inheritdoc cref="Softplus(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Softplus(float x) => Softplus(Vector128.CreateScalarUnsafe(x)).ToScalar();

    /// <inheritdoc cref="Mish(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Mish(float x) => Mish(Vector128.CreateScalarUnsafe(x)).ToScalar();

    /// <inheritdoc cref="Selu(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Selu(float x) => Selu(Vector128.CreateScalarUnsafe(x)).ToScalar();

    /// <inheritdoc cref="Floor(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Floor(float x) => Floor(Vector128.CreateScalarUnsafe(x)).ToScalar();

    /// <inheritdoc cref="Ceiling(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Ceiling(float x) => Ceiling(Vector128.CreateScalarUnsafe(x)).ToScalar();

    /// <inheritdoc cref="RoundHalfEven(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float RoundHalfEven(float x) => RoundHalfEven(Vector128.CreateScalarUnsafe(x)).ToScalar();

    /// <inheritdoc cref="Reciprocal(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Reciprocal(float x) => Reciprocal(Vector128.CreateScalarUnsafe(x)).ToScalar();

    /// <inheritdoc cref="Sqrt(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sqrt(float x) => Sqrt(Vector128.CreateScalarUnsafe(x)).ToScalar();

    /// <inheritdoc cref="Elu(Vector128{float}, Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Elu(float x, float alpha)
        => Elu(Vector128.CreateScalarUnsafe(x), Vector128.CreateScalarUnsafe(alpha)).ToScalar();

    /// <inheritdoc cref="Selu(Vector128{float}, Vector128{float}, Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Selu(float x, float alpha, float gamma)
        => Selu(Vector128.CreateScalarUnsafe(x), Vector128.CreateScalarUnsafe(alpha), Vector128.CreateScalarUnsafe(gamma)).ToScalar();

    /// <inheritdoc cref="Pow(Vector128{float}, Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Pow(float x, float y)
        => Pow(Vector128.CreateScalarUnsafe(x), Vector128.CreateScalarUnsafe(y)).ToScalar();

    /// <inheritdoc cref="PowCall(Vector128{float}, Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float PowCall(float x, float y)
        => PowCall(Vector128.CreateScalarUnsafe(x), Vector128.CreateScalarUnsafe(y)).ToScalar();
}
