using System;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class ModTests
{
    [Fact]
    public void FollowsTheSignOfTheDivisor()
    {
        ElementwiseCheck.Binary("Mod", ElementwiseCheck.Integers);
        ElementwiseCheck.Evaluate("Mod", OnnxDataType.Int32, [[-4, 7, 5, 4, -7, 8, 9], [2, -3, 8, -2, 3, 5, 0]]).ShouldBe([0, -2, 5, 0, 2, 3, 0]);
    }

    [Fact]
    public void FollowsTheSignOfTheDividendWithFmod()
    {
        ElementwiseCheck.Binary("Mod", low: -1000, high: 1000, attributes: ("fmod", 1));
        ElementwiseCheck.Evaluate("Mod", OnnxDataType.Int32, [[-4, 7, -7], [3, -3, 3]], attributes: ("fmod", 1)).ShouldBe([-1, 1, -1]);
        ElementwiseCheck.Evaluate("Mod", OnnxDataType.Float, [[-5.5, 5.5], [2, -2]], attributes: ("fmod", 1)).ShouldBe([-1.5, 1.5]);
    }

    /// <summary>Exact in each lane: quotients that round up to a whole number, large ones, subnormal numbers, and where there is no remainder.</summary>
    [Fact]
    public void RemaindersOfF32AreExact()
    {
        float[] some = [0f, -0f, 1f, -3f, 0.1f, 5.3f, -7.25f, 16777215f, 1e-40f, -3e-45f, 3e38f, 1.1754944e-38f, 0.3333333f, float.PositiveInfinity, float.NegativeInfinity, float.NaN];
        var random = new Random(5);
        float[] x = [.. some.SelectMany(a => some.Select(_ => a)), .. Enumerable.Range(0, 3001).Select(_ => (float)(random.NextDouble() * Math.Pow(2, random.Next(-9, 30))))];
        float[] y = [.. some.SelectMany(_ => some), .. Enumerable.Range(0, 3001).Select(i => i % 3 == 0 ? x[256 + i] / (1 + random.Next(9)) : (float)(random.NextDouble() - 0.5))];
        byte[] model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, x.Length)
            .Input("y", OnnxDataType.Float, x.Length)
            .Node("Mod", ["x", "y"], ["z"], ("fmod", 1))
            .Output("z")
            .ToBytes();
        int[] expected = [.. x.Zip(y, static (a, b) => Bits(a % b))];
        foreach (string isa in OperatorCheck.Isas)
        {
            Tensor[] inputs = [Tensor.Create(ElementType.Float32, new Shape(x.Length), x), Tensor.Create(ElementType.Float32, new Shape(x.Length), y)];
            float[] actual = CompiledModel.Compile(model, isa).Run(inputs)[0].Floats().ToArray();
            actual.Select(Bits).ShouldBe(expected);
        }
    }

    private static int Bits(float remainder) => float.IsNaN(remainder) ? -1 : BitConverter.SingleToInt32Bits(remainder);

    [Fact]
    public void RefusesFloatsWithoutFmod() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3).Node("Mod", ["x", "x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.FeatureUnsupported);
}
