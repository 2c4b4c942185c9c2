using System.Runtime.Intrinsics;

namespace AotCompiler.Runtime.Tests;

internal readonly struct Exp : IUnaryFunction
{
    public static float Invoke(float x) => VectorMath.Exp(x);

    public static Vector128<float> Invoke(Vector128<float> x) => VectorMath.Exp(x);

    public static Vector256<float> Invoke(Vector256<float> x) => VectorMath.Exp(x);

    public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.Exp(x);
}

internal readonly struct Log : IUnaryFunction
{
    public static float Invoke(float x) => VectorMath.Log(x);

    public static Vector128<float> Invoke(Vector128<float> x) => VectorMath.Log(x);

    public static Vector256<float> Invoke(Vector256<float> x) => VectorMath.Log(x);

    public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.Log(x);
}

internal readonly struct Tanh : IUnaryFunction
{
    public static float Invoke(float x) => VectorMath.Tanh(x);

    public static Vector128<float> Invoke(Vector128<float> x) => VectorMath.Tanh(x);

    public static Vector256<float> Invoke(Vector256<float> x) => VectorMath.Tanh(x);

    public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.Tanh(x);
}

internal readonly struct Sigmoid : IUnaryFunction
{
    public static float Invoke(float x) => VectorMath.Sigmoid(x);

    public static Vector128<float> Invoke(Vector128<float> x) => VectorMath.Sigmoid(x);

    public static Vector256<float> Invoke(Vector256<float> x) => VectorMath.Sigmoid(x);

    public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.Sigmoid(x);
}

internal readonly struct Erf : IUnaryFunction
{
    public static float Invoke(float x) => VectorMath.Erf(x);

    public static Vector128<float> Invoke(Vector128<float> x) => VectorMath.Erf(x);

    public static Vector256<float> Invoke(Vector256<float> x) => VectorMath.Erf(x);

    public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.Erf(x);
}
