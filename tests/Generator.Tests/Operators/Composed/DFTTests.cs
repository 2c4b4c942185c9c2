using System;
using System.Linq;
using System.Numerics;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Composed;

public sealed class DFTTests
{
    [Theory]
    [InlineData(1, 0, 0, 8)]
    [InlineData(2, 0, 0, 5)]
    [InlineData(2, 1, 0, 8)]
    [InlineData(1, 0, 1, 8)]
    [InlineData(1, 0, 1, 12)]
    public void Transforms(int parts, int inverse, int onesided, long length) => OperatorCheck.Run(
        new ModelBuilder(20).Input("x", OnnxDataType.Float, 2, 8, parts).Initializer("n", [], length).Node("DFT", ["x", "n"], ["y"], ("inverse", inverse), ("onesided", onesided)).Output("y"),
        relative: 1e-4, absolute: 1e-4);

    /// <summary>Composite lengths, in two steps; one that is prime; signals that are shorter and longer than the transform.</summary>
    [Theory]
    [InlineData(256, 256, 1, 0, 1)]
    [InlineData(400, 400, 1, 0, 1)]
    [InlineData(243, 200, 1, 0, 0)]
    [InlineData(257, 257, 1, 0, 1)]
    [InlineData(384, 500, 2, 0, 0)]
    [InlineData(240, 240, 2, 1, 0)]
    [InlineData(16384, 16384, 1, 0, 1)]
    [InlineData(512, 257, 2, 1, 1)]
    [InlineData(375, 188, 2, 1, 1)]
    public void Is_the_sum_that_defines_it(int length, int samples, int parts, int inverse, int onesided)
    {
        Tensor x = Tensor.Create(ElementType.Float32, new Shape(1, samples, parts), Weights.Random(samples * parts, 7));
        float[] actual = CompiledModel.Compile(new ModelBuilder(20).Input("x", OnnxDataType.Float, 1, samples, parts).Initializer("n", [], (long)length)
                .Node("DFT", ["x", "n"], ["y"], ("inverse", inverse), ("onesided", onesided)).Output("y").ToBytes())
            .RunAt([], x)[0].Floats().ToArray();
        float[] signal = x.Floats().ToArray();
        Complex Sample(int n) => n >= samples ? Complex.Zero : new Complex(signal[n * parts], parts == 2 ? signal[(n * parts) + 1] : 0);
        bool isReal = inverse == 1 && onesided == 1;
        Complex At(int n) => !isReal || n <= length / 2 ? (isReal && (n == 0 || 2 * n == length) ? Sample(n).Real : Sample(n)) : Complex.Conjugate(Sample(length - n));
        int results = isReal ? 1 : 2;
        (actual.Length / results).ShouldBe(onesided == 1 && !isReal ? (length / 2) + 1 : length);
        double scale = inverse == 1 ? 1.0 / length : 1;
        double tolerance = 1e-4 * scale * Math.Sqrt(length);
        for (int k = 0; k < actual.Length / results; k += Math.Max(1, actual.Length / 500))
        {
            Complex sum = Complex.Zero;
            for (int n = 0; n < length; n++)
            {
                sum += At(n) * Complex.FromPolarCoordinates(scale, (inverse == 1 ? 2 : -2) * Math.PI * ((long)n * k % length) / length);
            }

            ((double)actual[k * results]).ShouldBe(sum.Real, tolerance, $"frequency {k}");
            if (results == 2)
            {
                ((double)actual[(k * results) + 1]).ShouldBe(sum.Imaginary, tolerance, $"frequency {k}");
            }
        }
    }

    /// <summary>Lengths whose matrices would be too large in any form are refused at once: primes, twice a prime, and what no memory holds.</summary>
    [Theory]
    [InlineData(8_191L)]
    [InlineData(2L * 1_000_003)]
    [InlineData(1L << 26)]
    [InlineData((1L << 31) - 2)]
    public void Refuses_what_is_too_large(long length) => OperatorCheck.Fails(
        new ModelBuilder(20).Input("x", OnnxDataType.Float, 1, 16_384, 1).Initializer("n", [], length).Node("DFT", ["x", "n"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    [Fact]
    public void Of_an_impulse_is_flat() => ScheduleCheck.Evaluate(
            new ModelBuilder(20).Input("x", OnnxDataType.Float, 2, 1).Node("DFT", ["x"], ["y"]).Output("y"), ScheduleCheck.Counting(2, 1))
        .Floats().ToArray().Select(static v => (float)System.Math.Round(v, 5)).ShouldBe([1f, 0, -1, 0]);

    [Fact]
    public void Opset17HasAnAttribute() => OperatorCheck.Run(
        new ModelBuilder(17).Input("x", OnnxDataType.Float, 2, 8, 3, 2).Node("DFT", ["x"], ["y"], ("axis", 1)).Output("y"), relative: 1e-4, absolute: 1e-4);
}
