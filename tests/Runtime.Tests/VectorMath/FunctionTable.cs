using System;
using System.Collections.Generic;
using System.Linq;

namespace AotCompiler.Runtime.Tests;

/// <summary>A function under test: its overloads as kernels, the exact function, and the error bound its docs state: a result is
/// within the ULP bound or within the absolute slack.</summary>
internal sealed record FunctionCase(
    string Name,
    Kernel Scalar,
    Kernel Wide128,
    Kernel Wide256,
    Kernel Wide512,
    Kernel Constants,
    Func<double, double> Exact,
    double MaxUlp,
    double Slack)
{
    public static FunctionCase Of<TFunction>(Func<double, double> exact, double maxUlp, double slack = 0)
        where TFunction : struct, IUnaryFunction
        => new(
            typeof(TFunction).Name,
            Kernels.Scalar<TFunction>,
            Kernels.Wide128<TFunction>,
            Kernels.Wide256<TFunction>,
            Kernels.Wide512<TFunction>,
            Kernels.Constants<TFunction>,
            exact,
            maxUlp,
            slack);

    public override string ToString() => Name;
}

/// <summary>Every one-argument function of <see cref="VectorMath"/>.</summary>
internal static class FunctionTable
{
    public static IReadOnlyList<FunctionCase> All { get; } =
    [
        FunctionCase.Of<Exp>(Math.Exp, 1.1),
        FunctionCase.Of<Exp2OfNegative>(x => Math.Pow(2, -Math.Abs(x)), 2.3, slack: 1e-38),
        FunctionCase.Of<Expm1>(Reference.Expm1, 1.7),
        FunctionCase.Of<Log>(Math.Log, 1),
        FunctionCase.Of<Log1p>(Reference.Log1p, 1.5),
        FunctionCase.Of<Sinh>(Math.Sinh, 2),
        FunctionCase.Of<Cosh>(Math.Cosh, 2),
        FunctionCase.Of<Tanh>(Math.Tanh, 2.7),
        FunctionCase.Of<Asinh>(Math.Asinh, 3),
        FunctionCase.Of<Acosh>(Math.Acosh, 3),
        FunctionCase.Of<Atanh>(Math.Atanh, 3),
        FunctionCase.Of<Sin>(Math.Sin, 1.7),
        FunctionCase.Of<Cos>(Math.Cos, 1.7),
        FunctionCase.Of<Tan>(Math.Tan, 4),
        FunctionCase.Of<Asin>(Math.Asin, 2.5),
        FunctionCase.Of<Acos>(Math.Acos, 2),
        FunctionCase.Of<Atan>(Math.Atan, 2),
        FunctionCase.Of<Erf>(Reference.Erf, 1.5),
        FunctionCase.Of<Sigmoid>(Reference.Sigmoid, 3.5, 3e-8),
        FunctionCase.Of<Silu>(x => Reference.Gate(x, x), 4.5, 5e-8),
        FunctionCase.Of<Gelu>(Reference.Gelu, 4, slack: 6e-8),
        FunctionCase.Of<GeluTanh>(Reference.GeluTanh, 6.5, slack: 2e-8),
        FunctionCase.Of<Softplus>(Reference.Softplus, 2),
        FunctionCase.Of<Mish>(Reference.Mish, 4),
        FunctionCase.Of<Selu>(Reference.Selu, 2.5),
        FunctionCase.Of<EluHalf>(x => x < 0 ? 0.5 * Reference.Expm1(x) : x, 2),
        FunctionCase.Of<PowTo2Point5>(x => Math.Pow(x, 2.5), 0.6),
        FunctionCase.Of<PowOf1Point1>(x => Math.Pow(1.1f, x), 0.6),
    ];

    public static FunctionCase Get(string name) => All.Single(f => f.Name == name);
}
