using System;
using System.Collections.Generic;
using System.Linq;

namespace AotCompiler.Runtime.Tests;

/// <summary>A function under test: its overloads as kernels, the exact function, and the error bound its docs state.</summary>
internal sealed record FunctionCase(
    string Name,
    Kernel Scalar,
    Kernel Wide128,
    Kernel Wide256,
    Kernel Wide512,
    Func<double, double> Exact,
    double MaxUlp)
{
    public static FunctionCase Of<TFunction>(Func<double, double> exact, double maxUlp)
        where TFunction : struct, IUnaryFunction
        => new(
            typeof(TFunction).Name,
            Kernels.Scalar<TFunction>,
            Kernels.Wide128<TFunction>,
            Kernels.Wide256<TFunction>,
            Kernels.Wide512<TFunction>,
            exact,
            maxUlp);

    public override string ToString() => Name;
}

/// <summary>Every one-argument function of <see cref="VectorMath"/>.</summary>
internal static class FunctionTable
{
    public static IReadOnlyList<FunctionCase> All { get; } =
    [
        FunctionCase.Of<Exp>(Math.Exp, 1),
        FunctionCase.Of<Log>(Math.Log, 1),
        FunctionCase.Of<Tanh>(Math.Tanh, 2.5),
        FunctionCase.Of<Sigmoid>(Reference.Sigmoid, 2.1),
        FunctionCase.Of<Erf>(Reference.Erf, 6),
    ];

    public static FunctionCase Get(string name) => All.Single(f => f.Name == name);
}
