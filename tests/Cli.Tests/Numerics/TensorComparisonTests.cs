using System;
using AotCompiler.Cli.Numerics;
using AotCompiler.Onnx;
using Shouldly;

namespace AotCompiler.Cli.Tests.Numerics;

public sealed class TensorComparisonTests
{
    [Fact]
    public void EqualTensors_HaveNoError()
    {
        var tensor = Tensors.Floats(1, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity);

        var result = TensorComparison.Compare(tensor, Tensors.Floats(1, 0f, -float.NaN, float.PositiveInfinity, float.NegativeInfinity), 0, 0);

        result.Passed.ShouldBeTrue();
        (result.MaxAbs, result.MaxRel, result.MaxUlp, result.WorstIndex).ShouldBe((0, 0, 0L, -1L));
    }

    [Fact]
    public void Errors_AreMeasured()
    {
        var result = TensorComparison.Compare(Tensors.Floats(0, 2, 100), Tensors.Floats(0.5f, 2, 101), 0.6, 0);

        result.MaxAbs.ShouldBe(1);
        result.MaxRel.ShouldBe(0.01);
        result.WorstIndex.ShouldBe(2);
        result.MismatchCount.ShouldBe(1);
        result.Passed.ShouldBeFalse();
    }

    [Fact]
    public void WorstElement_IsTheOneFurthestBeyondItsTolerance()
    {
        // The larger absolute error is within its relative tolerance.
        var result = TensorComparison.Compare(Tensors.Floats(0, 1000), Tensors.Floats(0.5f, 1001), 0, 0.01);

        result.MaxAbs.ShouldBe(1);
        result.WorstIndex.ShouldBe(0);
        result.MismatchCount.ShouldBe(1);
    }

    [Theory]
    [InlineData(1e-3, 0, true)]
    [InlineData(0, 1e-3, true)]
    [InlineData(1e-5, 1e-5, false)]
    public void Tolerance_IsAbsolutePlusRelative(double atol, double rtol, bool passed)
    {
        TensorComparison.Compare(Tensors.Floats(-1), Tensors.Floats(-1.0005f), atol, rtol).Passed.ShouldBe(passed);
    }

    [Theory]
    [InlineData(1.002f, 1.0005f, 1.001, true)]
    [InlineData(1.002f, 1.0005f, 1.0005, true)]
    [InlineData(1.002f, 1.0005f, 1.0019, false)]
    [InlineData(2f, 1f, 1.0, false)]
    [InlineData(1.002f, float.NaN, double.NaN, false)]
    public void Elements_NoFartherFromTheExactValueThanTheReferencePass(float expected, float actual, double exact, bool passed)
    {
        var result = TensorComparison.Compare(Tensors.Floats(expected), Tensors.Floats(actual), 1e-5, 1e-4, [exact]);

        result.MismatchCount.ShouldBe(1);
        result.NoFartherCount.ShouldBe(passed ? 1 : 0);
        result.Passed.ShouldBe(passed);
    }

    [Theory]
    [InlineData(68, 67, 67, true)]
    [InlineData(68, 66, 66, false)]
    [InlineData(68, 67, 68, false)]
    public void Integers_MayDifferByOneWhereTheReferenceRoundedTheOtherWay(byte expected, byte actual, double exact, bool passed) => TensorComparison.Compare(
        Tensors.Of(OnnxDataType.UInt8, [1], expected), Tensors.Of(OnnxDataType.UInt8, [1], actual), 1e-5, 1e-4, [exact]).Passed.ShouldBe(passed);

    [Theory]
    [InlineData(float.NaN, 1f)]
    [InlineData(1f, float.NaN)]
    [InlineData(float.PositiveInfinity, float.NegativeInfinity)]
    [InlineData(float.PositiveInfinity, float.MaxValue)]
    [InlineData(float.NaN, float.PositiveInfinity)]
    public void NonFiniteDifferences_NeverPass(float expected, float actual)
    {
        var result = TensorComparison.Compare(Tensors.Floats(expected), Tensors.Floats(actual), 1e30, 1e30);

        result.Passed.ShouldBeFalse();
        result.MaxAbs.ShouldBe(double.PositiveInfinity);
        result.WorstIndex.ShouldBe(0);
    }

    [Fact]
    public void Ulps_AreThoseOfTheType()
    {
        Compare(OnnxDataType.Float, 1f, MathF.BitIncrement(1f)).MaxUlp.ShouldBe(1);
        Compare(OnnxDataType.Float, float.Epsilon, -float.Epsilon).MaxUlp.ShouldBe(2);
        Compare(OnnxDataType.Double, 1d, Math.BitIncrement(Math.BitIncrement(1d))).MaxUlp.ShouldBe(2);
        Compare(OnnxDataType.Double, double.MaxValue, double.MinValue).MaxUlp.ShouldBe(long.MaxValue);
        Compare(OnnxDataType.Float16, (Half)1, Half.BitDecrement((Half)1)).MaxUlp.ShouldBe(1);
        Compare(OnnxDataType.BFloat16, (ushort)0x3F80, (ushort)0x3F83).MaxUlp.ShouldBe(3);
        Compare(OnnxDataType.BFloat16, (ushort)0x3F80, (ushort)0x3F83).MaxAbs.ShouldBe(3.0 / 128);
    }

    [Fact]
    public void Integers_MustBeEqual()
    {
        var result = Compare(OnnxDataType.UInt64, ulong.MaxValue, 0UL);

        result.Passed.ShouldBeFalse();
        result.MaxAbs.ShouldBe(Math.Pow(2, 64));
        result.MaxUlp.ShouldBe(long.MaxValue);
        TensorComparison.Compare(Tensors.Of(OnnxDataType.Int64, [2], 5L, 7L), Tensors.Of(OnnxDataType.Int64, [2], 5L, 8L), 10, 10).WorstIndex.ShouldBe(1);
        Compare(OnnxDataType.Int32, -3, 4).MaxAbs.ShouldBe(7);
        Compare(OnnxDataType.Int8, (sbyte)-3, (sbyte)4).MaxAbs.ShouldBe(7);
        Compare(OnnxDataType.Int16, (short)-3, (short)4).MaxAbs.ShouldBe(7);
        Compare(OnnxDataType.UInt16, (ushort)65535, (ushort)0).MaxAbs.ShouldBe(65535);
        Compare(OnnxDataType.UInt32, uint.MaxValue, 0u).MaxAbs.ShouldBe(uint.MaxValue);
        Compare(OnnxDataType.Bool, true, false).Passed.ShouldBeFalse();
        Compare(OnnxDataType.Float8E5M2, (byte)1, (byte)2).Passed.ShouldBeFalse();
    }

    [Fact]
    public void PackedIntegers_IgnoreThePadding()
    {
        // Three 4-bit elements in two bytes: the last half byte means nothing.
        var expected = new TensorData(OnnxDataType.Int4, [3], [0x8F, 0x17]);

        TensorComparison.Compare(expected, new TensorData(OnnxDataType.Int4, [3], [0x8F, 0xF7]), 0, 0).Passed.ShouldBeTrue();
        var result = TensorComparison.Compare(expected, new TensorData(OnnxDataType.Int4, [3], [0x7F, 0x17]), 0, 0);
        (result.MaxAbs, result.WorstIndex).ShouldBe((15, 1L));
        var pairs = TensorComparison.Compare(
            new TensorData(OnnxDataType.UInt2, [5], [0b11_10_01_00, 0]), new TensorData(OnnxDataType.UInt2, [5], [0b00_10_01_00, 0]), 0, 0);
        (pairs.MaxAbs, pairs.WorstIndex).ShouldBe((3, 3L));
    }

    [Fact]
    public void ComplexNumbers_AreComparedByParts()
    {
        var expected = Tensors.Of(OnnxDataType.Complex64, [2], 1f, 2f, 3f, 4f);

        var result = TensorComparison.Compare(expected, Tensors.Of(OnnxDataType.Complex64, [2], 1f, 2f, 3f, 4.5f), 0, 0);

        (result.MaxAbs, result.WorstIndex).ShouldBe((0.5, 1L));
    }

    [Fact]
    public void OtherTypeOrShape_DoesNotPass()
    {
        var expected = Tensors.Floats(1, 2);

        TensorComparison.Compare(expected, Tensors.Of(OnnxDataType.Float, [1, 2], 1f, 2f), 1, 1).Incomparable
            .ShouldBe("expected float [2], got float [1, 2]");
        TensorComparison.Compare(expected, Tensors.Of(OnnxDataType.Double, [2], 1d, 2d), 1, 1).Passed.ShouldBeFalse();
    }

    [Fact]
    public void EmptyTensors_Pass() => TensorComparison.Compare(Tensors.Floats(), Tensors.Floats(), 0, 0).Passed.ShouldBeTrue();

    private static TensorComparison Compare<T>(OnnxDataType type, T expected, T actual)
        where T : unmanaged =>
        TensorComparison.Compare(Tensors.Of(type, [], expected), Tensors.Of(type, [], actual), 0, 0);
}
