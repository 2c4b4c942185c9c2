using System;
using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using AotCompiler.Runtime;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;

namespace AotCompiler.Benchmarks;

/// <summary>
/// Vector math over an array in the first-level cache, against TensorPrimitives where it has the function.
/// Time is per 4,096 elements.
/// </summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn, MinColumn]
public class VectorMathBenchmarks
{
    private const int Length = 4096;

    private readonly float[] _x = new float[Length];
    private readonly float[] _y = new float[Length];

    /// <summary>Fills the input with the values that activations see: mostly within ±6; positive, for the logarithm's sake.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        foreach (ref float value in _x.AsSpan())
        {
            value = (float)random.NextDouble() * 6;
        }
    }

    [Benchmark, BenchmarkCategory("Exp")]
    public void Exp256()
    {
        ref float x = ref _x[0];
        ref float y = ref _y[0];
        for (nuint i = 0; i < Length; i += (nuint)Vector256<float>.Count)
        {
            VectorMath.Exp(Vector256.LoadUnsafe(ref x, i)).StoreUnsafe(ref y, i);
        }
    }

    [Benchmark, BenchmarkCategory("Exp")]
    public void Exp512()
    {
        ref float x = ref _x[0];
        ref float y = ref _y[0];
        for (nuint i = 0; i < Length; i += (nuint)Vector512<float>.Count)
        {
            VectorMath.Exp(Vector512.LoadUnsafe(ref x, i)).StoreUnsafe(ref y, i);
        }
    }

    [Benchmark(Baseline = true), BenchmarkCategory("Exp")]
    public void ExpTensorPrimitives() => TensorPrimitives.Exp(_x, _y);

    [Benchmark, BenchmarkCategory("Log")]
    public void Log256()
    {
        ref float x = ref _x[0];
        ref float y = ref _y[0];
        for (nuint i = 0; i < Length; i += (nuint)Vector256<float>.Count)
        {
            VectorMath.Log(Vector256.LoadUnsafe(ref x, i)).StoreUnsafe(ref y, i);
        }
    }

    [Benchmark, BenchmarkCategory("Log")]
    public void Log512()
    {
        ref float x = ref _x[0];
        ref float y = ref _y[0];
        for (nuint i = 0; i < Length; i += (nuint)Vector512<float>.Count)
        {
            VectorMath.Log(Vector512.LoadUnsafe(ref x, i)).StoreUnsafe(ref y, i);
        }
    }

    [Benchmark(Baseline = true), BenchmarkCategory("Log")]
    public void LogTensorPrimitives() => TensorPrimitives.Log(_x, _y);

    [Benchmark, BenchmarkCategory("Tanh")]
    public void Tanh256()
    {
        ref float x = ref _x[0];
        ref float y = ref _y[0];
        for (nuint i = 0; i < Length; i += (nuint)Vector256<float>.Count)
        {
            VectorMath.Tanh(Vector256.LoadUnsafe(ref x, i)).StoreUnsafe(ref y, i);
        }
    }

    [Benchmark, BenchmarkCategory("Tanh")]
    public void Tanh512()
    {
        ref float x = ref _x[0];
        ref float y = ref _y[0];
        for (nuint i = 0; i < Length; i += (nuint)Vector512<float>.Count)
        {
            VectorMath.Tanh(Vector512.LoadUnsafe(ref x, i)).StoreUnsafe(ref y, i);
        }
    }

    [Benchmark(Baseline = true), BenchmarkCategory("Tanh")]
    public void TanhTensorPrimitives() => TensorPrimitives.Tanh(_x, _y);

    [Benchmark, BenchmarkCategory("Sigmoid")]
    public void Sigmoid256()
    {
        ref float x = ref _x[0];
        ref float y = ref _y[0];
        for (nuint i = 0; i < Length; i += (nuint)Vector256<float>.Count)
        {
            VectorMath.Sigmoid(Vector256.LoadUnsafe(ref x, i)).StoreUnsafe(ref y, i);
        }
    }

    [Benchmark, BenchmarkCategory("Sigmoid")]
    public void Sigmoid512()
    {
        ref float x = ref _x[0];
        ref float y = ref _y[0];
        for (nuint i = 0; i < Length; i += (nuint)Vector512<float>.Count)
        {
            VectorMath.Sigmoid(Vector512.LoadUnsafe(ref x, i)).StoreUnsafe(ref y, i);
        }
    }

    [Benchmark(Baseline = true), BenchmarkCategory("Sigmoid")]
    public void SigmoidTensorPrimitives() => TensorPrimitives.Sigmoid(_x, _y);

    [Benchmark, BenchmarkCategory("Sin")]
    public void Sin256()
    {
        ref float x = ref _x[0];
        ref float y = ref _y[0];
        for (nuint i = 0; i < Length; i += (nuint)Vector256<float>.Count)
        {
            VectorMath.Sin(Vector256.LoadUnsafe(ref x, i)).StoreUnsafe(ref y, i);
        }
    }

    [Benchmark, BenchmarkCategory("Sin")]
    public void Sin512()
    {
        ref float x = ref _x[0];
        ref float y = ref _y[0];
        for (nuint i = 0; i < Length; i += (nuint)Vector512<float>.Count)
        {
            VectorMath.Sin(Vector512.LoadUnsafe(ref x, i)).StoreUnsafe(ref y, i);
        }
    }

    [Benchmark(Baseline = true), BenchmarkCategory("Sin")]
    public void SinTensorPrimitives() => TensorPrimitives.Sin(_x, _y);

    [Benchmark, BenchmarkCategory("Erf")]
    public void Erf256()
    {
        ref float x = ref _x[0];
        ref float y = ref _y[0];
        for (nuint i = 0; i < Length; i += (nuint)Vector256<float>.Count)
        {
            VectorMath.Erf(Vector256.LoadUnsafe(ref x, i)).StoreUnsafe(ref y, i);
        }
    }

    [Benchmark, BenchmarkCategory("Erf")]
    public void Erf512()
    {
        ref float x = ref _x[0];
        ref float y = ref _y[0];
        for (nuint i = 0; i < Length; i += (nuint)Vector512<float>.Count)
        {
            VectorMath.Erf(Vector512.LoadUnsafe(ref x, i)).StoreUnsafe(ref y, i);
        }
    }

    [Benchmark, BenchmarkCategory("Gelu")]
    public void Gelu256()
    {
        ref float x = ref _x[0];
        ref float y = ref _y[0];
        for (nuint i = 0; i < Length; i += (nuint)Vector256<float>.Count)
        {
            VectorMath.Gelu(Vector256.LoadUnsafe(ref x, i)).StoreUnsafe(ref y, i);
        }
    }

    [Benchmark, BenchmarkCategory("Gelu")]
    public void Gelu512()
    {
        ref float x = ref _x[0];
        ref float y = ref _y[0];
        for (nuint i = 0; i < Length; i += (nuint)Vector512<float>.Count)
        {
            VectorMath.Gelu(Vector512.LoadUnsafe(ref x, i)).StoreUnsafe(ref y, i);
        }
    }
}
