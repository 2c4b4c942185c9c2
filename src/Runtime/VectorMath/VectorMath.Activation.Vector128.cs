using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AotCompiler.Runtime;

// Activation functions of networks. Written for 128 bits; the project derives the other widths.
public static partial class VectorMath
{
    /// <summary>1 / (1 + e^−x). Error ≤ 3.5 ULP or ≤ 3e−8 absolute; 0 below −88.4, where the exact value is under 4.1e−39.</summary>
    /// <remarks>−x·log₂ e is rounded once, so that the relative error of small results grows with |x|: 8 ULP at −8.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sigmoid(Vector128<float> x)
        => Vector128<float>.One / OnePlusExpOfNegated(x);

    /// <summary>x·sigmoid(x), also called swish. Error ≤ 4.5 ULP or ≤ 5e−8 absolute; −0 below −88.4, where the exact value is above −3.7e−37.</summary>
    /// <remarks>The bound below keeps −∞ from being divided by ∞.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Silu(Vector128<float> x)
        => Vector128.MaxNative(Vector128.Create(float.MinValue), x) / OnePlusExpOfNegated(x);

    /// <summary>x·Φ(x) with Φ the normal distribution, Gelu's erf form. Error ≤ 4 ULP or ≤ 6e−8 absolute; −0 below −10.4
    /// or, where underflow is gradual, −10.8; the exact value is above −1.5e−24 there.</summary>
    /// <remarks>
    /// 1 + erf(x/√2) would cancel below zero, so the tail is computed itself: with t = |x|, Φ(−t) = 2^(t·p(t) − 1), and the
    /// result is max(x, 0) − t·Φ(−t). p has degree 7; fitted up to 5.6 (error of the result 9e−9), it goes on falling at almost
    /// the right pace and vanishes at the bound of t. The variable is −t.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Gelu(Vector128<float> x)
    {
        Vector128<float> t = NegatedMagnitude(x, ScalesAtOnce ? -WideGeluRange : -GeluRange);
        Vector128<float> p = MultiplyAdd(t, Vector128.Create(-1.9040376e-06f), -2.8083705e-05f);
        p = MultiplyAdd(p, t, -0.00013161953f);
        p = MultiplyAdd(p, t, 0.00027166115f);
        p = MultiplyAdd(p, t, 0.0072447695f);
        p = MultiplyAdd(p, t, 0.05262705f);
        p = MultiplyAdd(p, t, -0.45916238f);
        p = MultiplyAdd(p, t, 1.151111f);
        Vector128<float> r = ReduceToHalf(MultiplyAdd(p, t, -1.0f), out Vector128<float> exponent);
        Vector128<float> e = MultiplyAdd(r, Vector128.Create(0.00013332635f), 0.0013387933f);
        e = MultiplyAdd(e, r, 0.009625445f);
        e = MultiplyAdd(e, r, 0.055503663f);
        e = MultiplyAdd(e, r, 0.24022594f);
        e = MultiplyAdd(e, r, 0.6931472f);
        e = MultiplyAdd(e, r, 1.0f);
        return MultiplyAdd(t, ScaledNormal(e, exponent), PositivePart(x));
    }

    /// <summary>
    /// ½x·(1 + tanh(√(2/π)·(x + 0.044715x³))), Gelu's tanh form. Error ≤ 6.5 ULP or, in the negative tail, which
    /// amplifies the exponent's rounding, ≤ 2e−8 absolute. −0 at −∞.
    /// </summary>
    /// <remarks>It is x·sigmoid(2u), which does not cancel.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> GeluTanh(Vector128<float> x)
    {
        Vector128<float> t = Vector128.MinNative(Vector128.Create(11.0f), Vector128.Abs(x));
        Vector128<float> argument = MultiplyAdd(t * t, Vector128.Create(-0.07135481627f), -1.595769122f) * t;
        return Gate(x, ExpReduced(argument, out Vector128<float> exponent), exponent);
    }

    /// <summary>ln(1 + e^x). Error ≤ 2 ULP, also in the lower tail, which underflows gradually.</summary>
    /// <remarks>max(x, 0) + ln(1 + e^−|x|).</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Softplus(Vector128<float> x)
    {
        Vector128<float> e = Scaled(ExpReduced(NegatedMagnitude(x, -104.0f), out Vector128<float> exponent), exponent);

        // 1 + e is in [1, 2]: above √2 it is halved. e − 1 is exact there or errs by less than it is worth.
        Vector128<float> upper = Vector128.GreaterThan(e, Vector128.Create(0.41421356f));
        Vector128<float> halved = (e - Vector128<float>.One) * Vector128.Create(0.5f);
        Vector128<float> f = Vector128.ConditionalSelect(upper, halved, e);
        return PositivePart(x) + LogOfProduct(f, upper & Vector128<float>.One);
    }

    /// <summary>x·tanh(ln(1 + e^x)). Error ≤ 4 ULP everywhere; −0 at −∞.</summary>
    /// <remarks>With w = e^x it is x·w(w + 2) / (w(w + 2) + 2): no cancellation. From x = 20 on it is x.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Mish(Vector128<float> x)
    {
        Vector128<float> a = Clamp(x, -120.0f, 20.0f);
        Vector128<float> p = ExpReduced(a, out Vector128<float> exponent);
        Vector128<float> w = Scaled(p, exponent);
        Vector128<float> w2 = w + Vector128.Create(2.0f);
        Vector128<float> lower = Scaled(a * w2 / MultiplyAdd(w, w2, 2.0f) * p, exponent);
        return Vector128.ConditionalSelect(Vector128.LessThan(x, Vector128.Create(20.0f)), lower, x);
    }

    /// <summary>x above 0, else α·(e^x − 1). Error ≤ 2 ULP.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Elu(Vector128<float> x, Vector128<float> alpha)
    {
        Vector128<float> m = Expm1Normal(Clamp(x, -30.0f, 0.0f));
        return Vector128.ConditionalSelect(Vector128.LessThan(x, Vector128<float>.Zero), m * alpha, x);
    }

    /// <summary>γ·x above 0, else γ·α·(e^x − 1). Error ≤ 2.5 ULP of the result with γ·α rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Selu(Vector128<float> x, Vector128<float> alpha, Vector128<float> gamma)
    {
        Vector128<float> m = Expm1Normal(Clamp(x, -30.0f, 0.0f));
        return Vector128.ConditionalSelect(Vector128.LessThan(x, Vector128<float>.Zero), m * (alpha * gamma), x * gamma);
    }

    /// <summary>Selu with the parameters of the paper and of ONNX's default: α = 1.6732632, γ = 1.0507010.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Selu(Vector128<float> x)
        => Selu(x, Vector128.Create(1.67326319f), Vector128.Create(1.05070102f));

    // 1 + e^−x, the denominator of the logistic function: ∞ from an exponent of 128 on, 1 from −127 on.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> OnePlusExpOfNegated(Vector128<float> x)
    {
        Vector128<float> t = x * Vector128.Create(-Log2E);
        Vector128<float> bounded = ScalesAtOnce ? t : Clamp(t, -127.0f, 128.0f);
        return OnePlusScaledNormal(Exp2Reduced(ReduceToHalf(bounded, out Vector128<float> exponent)), exponent);
    }

    // max(x, 0) − |x|·e / (1 + e) for e = p·2^n = e^−g(|x|): x·sigmoid(g(x)) for odd g.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Gate(Vector128<float> x, Vector128<float> p, Vector128<float> exponent)
    {
        // The bound keeps infinity from meeting a zero. There the tail has long underflowed.
        Vector128<float> t = Vector128.MinNative(Vector128.Create(120.0f), Vector128.Abs(x));
        Vector128<float> denominator = Scaled(p, exponent) + Vector128<float>.One;
        return PositivePart(x) - Scaled(t / denominator * p, exponent);
    }

    // max(x, 0), keeping −0, NaN and the sign of a result that underflows.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> PositivePart(Vector128<float> x)
        => Vector128.ConditionalSelect(Vector128.LessThan(x, Vector128<float>.Zero), Vector128.Create(-0.0f), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> NegatedMagnitude(Vector128<float> x, float low)
        => Vector128.MaxNative(Vector128.Create(low), x | Vector128.Create(-0.0f));
}
