using System.Runtime.Intrinsics;

namespace AotCompiler.Runtime.Tests;

internal readonly struct Exp : IUnaryFunction
{
    public static float Invoke(float x) => VectorMath.Exp(x);

    public static Vector128<float> Invoke(Vector128<float> x) => VectorMath.Exp(x);

    public static Vector256<float> Invoke(Vector256<float> x) => VectorMath.Exp(x);

    public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.Exp(x);
}

/// <summary>Its argument is the negative magnitude: the function is defined for no other.</summary>
internal readonly struct Exp2OfNegative : IUnaryFunction
{
    public static float Invoke(float x) => VectorMath.Exp2OfNegative(-float.Abs(x));

    public static Vector128<float> Invoke(Vector128<float> x) => VectorMath.Exp2OfNegative(-Vector128.Abs(x));

    public static Vector256<float> Invoke(Vector256<float> x) => VectorMath.Exp2OfNegative(-Vector256.Abs(x));

    public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.Exp2OfNegative(-Vector512.Abs(x));
}

internal readonly struct Expm1 : IUnaryFunction
{
    public static float Invoke(float x) => VectorMath.Expm1(x);

    public static Vector128<float> Invoke(Vector128<float> x) => VectorMath.Expm1(x);

    public static Vector256<float> Invoke(Vector256<float> x) => VectorMath.Expm1(x);

    public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.Expm1(x);
}

internal readonly struct Log : IUnaryFunction
{
    public static float Invoke(float x) => VectorMath.Log(x);

    public static Vector128<float> Invoke(Vector128<float> x) => VectorMath.Log(x);

    public static Vector256<float> Invoke(Vector256<float> x) => VectorMath.Log(x);

    public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.Log(x);
}

internal readonly struct Log1p : IUnaryFunction
{
    public static float Invoke(float x) => VectorMath.Log1p(x);

    public static Vector128<float> Invoke(Vector128<float> x) => VectorMath.Log1p(x);

    public static Vector256<float> Invoke(Vector256<float> x) => VectorMath.Log1p(x);

    public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.Log1p(x);
}

internal readonly struct Sinh : IUnaryFunction
{
    public static float Invoke(float x) => VectorMath.Sinh(x);

    public static Vector128<float> Invoke(Vector128<float> x) => VectorMath.Sinh(x);

    public static Vector256<float> Invoke(Vector256<float> x) => VectorMath.Sinh(x);

    public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.Sinh(x);
}

internal readonly struct Cosh : IUnaryFunction
{
    public static float Invoke(float x) => VectorMath.Cosh(x);

    public static Vector128<float> Invoke(Vector128<float> x) => VectorMath.Cosh(x);

    public static Vector256<float> Invoke(Vector256<float> x) => VectorMath.Cosh(x);

    public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.Cosh(x);
}

internal readonly struct Tanh : IUnaryFunction
{
    public static float Invoke(float x) => VectorMath.Tanh(x);

    public static Vector128<float> Invoke(Vector128<float> x) => VectorMath.Tanh(x);

    public static Vector256<float> Invoke(Vector256<float> x) => VectorMath.Tanh(x);

    public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.Tanh(x);
}

internal readonly struct Asinh : IUnaryFunction
{
    public static float Invoke(float x) => VectorMath.Asinh(x);

    public static Vector128<float> Invoke(Vector128<float> x) => VectorMath.Asinh(x);

    public static Vector256<float> Invoke(Vector256<float> x) => VectorMath.Asinh(x);

    public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.Asinh(x);
}

internal readonly struct Acosh : IUnaryFunction
{
    public static float Invoke(float x) => VectorMath.Acosh(x);

    public static Vector128<float> Invoke(Vector128<float> x) => VectorMath.Acosh(x);

    public static Vector256<float> Invoke(Vector256<float> x) => VectorMath.Acosh(x);

    public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.Acosh(x);
}

internal readonly struct Atanh : IUnaryFunction
{
    public static float Invoke(float x) => VectorMath.Atanh(x);

    public static Vector128<float> Invoke(Vector128<float> x) => VectorMath.Atanh(x);

    public static Vector256<float> Invoke(Vector256<float> x) => VectorMath.Atanh(x);

    public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.Atanh(x);
}

internal readonly struct Sin : IUnaryFunction
{
    public static float Invoke(float x) => VectorMath.Sin(x);

    public static Vector128<float> Invoke(Vector128<float> x) => VectorMath.Sin(x);

    public static Vector256<float> Invoke(Vector256<float> x) => VectorMath.Sin(x);

    public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.Sin(x);
}

internal readonly struct Cos : IUnaryFunction
{
    public static float Invoke(float x) => VectorMath.Cos(x);

    public static Vector128<float> Invoke(Vector128<float> x) => VectorMath.Cos(x);

    public static Vector256<float> Invoke(Vector256<float> x) => VectorMath.Cos(x);

    public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.Cos(x);
}

internal readonly struct Tan : IUnaryFunction
{
    public static float Invoke(float x) => VectorMath.Tan(x);

    public static Vector128<float> Invoke(Vector128<float> x) => VectorMath.Tan(x);

    public static Vector256<float> Invoke(Vector256<float> x) => VectorMath.Tan(x);

    public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.Tan(x);
}

internal readonly struct Asin : IUnaryFunction
{
    public static float Invoke(float x) => VectorMath.Asin(x);

    public static Vector128<float> Invoke(Vector128<float> x) => VectorMath.Asin(x);

    public static Vector256<float> Invoke(Vector256<float> x) => VectorMath.Asin(x);

    public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.Asin(x);
}

internal readonly struct Acos : IUnaryFunction
{
    public static float Invoke(float x) => VectorMath.Acos(x);

    public static Vector128<float> Invoke(Vector128<float> x) => VectorMath.Acos(x);

    public static Vector256<float> Invoke(Vector256<float> x) => VectorMath.Acos(x);

    public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.Acos(x);
}

internal readonly struct Atan : IUnaryFunction
{
    public static float Invoke(float x) => VectorMath.Atan(x);

    public static Vector128<float> Invoke(Vector128<float> x) => VectorMath.Atan(x);

    public static Vector256<float> Invoke(Vector256<float> x) => VectorMath.Atan(x);

    public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.Atan(x);
}

internal readonly struct Erf : IUnaryFunction
{
    public static float Invoke(float x) => VectorMath.Erf(x);

    public static Vector128<float> Invoke(Vector128<float> x) => VectorMath.Erf(x);

    public static Vector256<float> Invoke(Vector256<float> x) => VectorMath.Erf(x);

    public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.Erf(x);
}

internal readonly struct Sigmoid : IUnaryFunction
{
    public static float Invoke(float x) => VectorMath.Sigmoid(x);

    public static Vector128<float> Invoke(Vector128<float> x) => VectorMath.Sigmoid(x);

    public static Vector256<float> Invoke(Vector256<float> x) => VectorMath.Sigmoid(x);

    public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.Sigmoid(x);
}

internal readonly struct Silu : IUnaryFunction
{
    public static float Invoke(float x) => VectorMath.Silu(x);

    public static Vector128<float> Invoke(Vector128<float> x) => VectorMath.Silu(x);

    public static Vector256<float> Invoke(Vector256<float> x) => VectorMath.Silu(x);

    public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.Silu(x);
}

internal readonly struct Gelu : IUnaryFunction
{
    public static float Invoke(float x) => VectorMath.Gelu(x);

    public static Vector128<float> Invoke(Vector128<float> x) => VectorMath.Gelu(x);

    public static Vector256<float> Invoke(Vector256<float> x) => VectorMath.Gelu(x);

    public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.Gelu(x);
}

internal readonly struct GeluTanh : IUnaryFunction
{
    public static float Invoke(float x) => VectorMath.GeluTanh(x);

    public static Vector128<float> Invoke(Vector128<float> x) => VectorMath.GeluTanh(x);

    public static Vector256<float> Invoke(Vector256<float> x) => VectorMath.GeluTanh(x);

    public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.GeluTanh(x);
}

internal readonly struct Softplus : IUnaryFunction
{
    public static float Invoke(float x) => VectorMath.Softplus(x);

    public static Vector128<float> Invoke(Vector128<float> x) => VectorMath.Softplus(x);

    public static Vector256<float> Invoke(Vector256<float> x) => VectorMath.Softplus(x);

    public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.Softplus(x);
}

internal readonly struct Mish : IUnaryFunction
{
    public static float Invoke(float x) => VectorMath.Mish(x);

    public static Vector128<float> Invoke(Vector128<float> x) => VectorMath.Mish(x);

    public static Vector256<float> Invoke(Vector256<float> x) => VectorMath.Mish(x);

    public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.Mish(x);
}

internal readonly struct Selu : IUnaryFunction
{
    public static float Invoke(float x) => VectorMath.Selu(x);

    public static Vector128<float> Invoke(Vector128<float> x) => VectorMath.Selu(x);

    public static Vector256<float> Invoke(Vector256<float> x) => VectorMath.Selu(x);

    public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.Selu(x);
}

// x^y with one argument fixed.
internal readonly struct PowTo2Point5 : IUnaryFunction
{
    public static float Invoke(float x) => VectorMath.Pow(x, 2.5f);

    public static Vector128<float> Invoke(Vector128<float> x) => VectorMath.Pow(x, Vector128.Create(2.5f));

    public static Vector256<float> Invoke(Vector256<float> x) => VectorMath.Pow(x, Vector256.Create(2.5f));

    public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.Pow(x, Vector512.Create(2.5f));
}

internal readonly struct PowOf1Point1 : IUnaryFunction
{
    public static float Invoke(float x) => VectorMath.Pow(1.1f, x);

    public static Vector128<float> Invoke(Vector128<float> x) => VectorMath.Pow(Vector128.Create(1.1f), x);

    public static Vector256<float> Invoke(Vector256<float> x) => VectorMath.Pow(Vector256.Create(1.1f), x);

    public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.Pow(Vector512.Create(1.1f), x);
}

internal readonly struct EluHalf : IUnaryFunction
{
    public static float Invoke(float x) => VectorMath.Elu(x, 0.5f);

    public static Vector128<float> Invoke(Vector128<float> x) => VectorMath.Elu(x, Vector128.Create(0.5f));

    public static Vector256<float> Invoke(Vector256<float> x) => VectorMath.Elu(x, Vector256.Create(0.5f));

    public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.Elu(x, Vector512.Create(0.5f));
}
