using System;
using System.Linq;
using AotCompiler.Runtime;
using Shouldly;

namespace AotCompiler.Runtime.Tests.Storage;

public sealed class FloatFormatTests
{
    [Fact]
    public void Float16HasTheBitsOfHalf()
    {
        for (uint code = 0; code <= ushort.MaxValue; code++)
        {
            float expected = (float)BitConverter.UInt16BitsToHalf((ushort)code);
            float actual = FloatFormat.Float16.Decode(code);
            (actual.Equals(expected) && (float.IsNaN(expected) || float.IsNegative(actual) == float.IsNegative(expected))).ShouldBeTrue($"{code:x}");
        }

        foreach (float x in Samples())
        {
            if (!float.IsNaN(x))
            {
                FloatFormat.Float16.Encode(x).ShouldBe(BitConverter.HalfToUInt16Bits((Half)x), $"{x:R}");
            }
        }

        float.IsNaN(FloatFormat.Float16.Decode(FloatFormat.Float16.Encode(float.NaN))).ShouldBeTrue();
    }

    [Theory]
    [InlineData("E4M3FN", 448f, 464f, float.NaN)]
    [InlineData("E4M3FNUZ", 240f, 248f, float.NaN)]
    [InlineData("E5M2", 57344f, 61440f, float.PositiveInfinity)]
    [InlineData("E5M2FNUZ", 57344f, 61440f, float.NaN)]
    [InlineData("BF16", 3.3895314e38f, 3.3961775e38f, float.PositiveInfinity)]
    [InlineData("E2M1", 6f, 7f, 6f)]
    public void UpperEnd(string name, float largest, float half, float beyond)
    {
        FloatFormat format = Format(name);
        format.Decode(format.Encode(largest)).ShouldBe(largest);
        format.Decode(format.Encode(MathF.BitDecrement(half))).ShouldBe(largest);
        format.Decode(format.Encode(half * 1.01f)).ShouldBe(beyond);
        format.Decode(format.Encode(float.NegativeInfinity, saturate: true)).ShouldBe(-largest);
        format.Decode(format.Encode(float.PositiveInfinity)).ShouldBe(name == "E2M1" ? 6f : beyond);
    }

    [Theory]
    [InlineData("E4M3FN")]
    [InlineData("E4M3FNUZ")]
    [InlineData("E5M2")]
    [InlineData("E5M2FNUZ")]
    [InlineData("E2M1")]
    public void EncodesToTheNearestOfAllValuesWithTiesToEven(string name)
    {
        FloatFormat format = Format(name);
        (uint Code, float Value)[] values = Enumerable.Range(0, name == "E2M1" ? 16 : 256)
            .Select(code => ((uint)code, format.Decode((uint)code)))
            .Where(v => float.IsFinite(v.Item2))
            .ToArray();
        float largest = values.Max(v => v.Value);
        foreach (float x in Samples().Concat(values.Select(v => v.Value)).Concat(values.Zip(values.Skip(1), (a, b) => (a.Value + b.Value) / 2)))
        {
            if (!(MathF.Abs(x) <= largest))
            {
                continue;
            }

            double distance = values.Min(v => Math.Abs((double)v.Value - x));
            var nearest = values.Where(v => Math.Abs((double)v.Value - x) == distance).ToArray();
            float expected = nearest.OrderBy(v => v.Code & 1).First().Value;
            format.Decode(format.Encode(x)).ShouldBe(expected, $"{x:R}");
        }
    }

    [Theory]
    [InlineData("E4M3FN", 0x7Fu)]
    [InlineData("E4M3FN", 0xFFu)]
    [InlineData("E5M2", 0x7Eu)]
    [InlineData("E5M2", 0xFEu)]
    [InlineData("E4M3FNUZ", 0x80u)]
    [InlineData("E5M2FNUZ", 0x80u)]
    public void WhatIsNoNumberKeepsItsSign(string name, uint code) => Format(name).Encode(Format(name).Decode(code)).ShouldBe(code);

    [Fact]
    public void PowersOfTwo()
    {
        ((float)Float8E8M0.Round(3f, saturate: true, rounding: 0)).ShouldBe(4f);
        ((float)Float8E8M0.Round(3f, saturate: true, rounding: 1)).ShouldBe(2f);
        ((float)Float8E8M0.Round(3f, saturate: true, rounding: 2)).ShouldBe(4f);
        ((float)Float8E8M0.Round(-2.9f, saturate: true, rounding: 2)).ShouldBe(2f);
        ((float)Float8E8M0.Round(float.MaxValue, saturate: true, rounding: 0)).ShouldBe(1.7014118e38f);
        float.IsNaN((float)Float8E8M0.Round(float.MaxValue, saturate: false, rounding: 0)).ShouldBeTrue();
        float.IsNaN((float)(Float8E8M0)float.PositiveInfinity).ShouldBeTrue();
        ((float)new Float8E8M0(0)).ShouldBe(5.877472e-39f);
    }

    private static FloatFormat Format(string name) => name switch
    {
        "E4M3FN" => FloatFormat.Float8E4M3FN,
        "E4M3FNUZ" => FloatFormat.Float8E4M3FNUZ,
        "E5M2" => FloatFormat.Float8E5M2,
        "E5M2FNUZ" => FloatFormat.Float8E5M2FNUZ,
        "BF16" => FloatFormat.BFloat16,
        _ => FloatFormat.Float4E2M1,
    };

    /// <summary>Random bit patterns and random numbers of ordinary size.</summary>
    internal static float[] Samples()
    {
        var random = new Random(1);
        return Enumerable.Range(0, 20_000)
            .Select(i => i % 2 == 0 ? BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)) : (float)((random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-20, 20))))
            .Concat([0f, -0f, float.PositiveInfinity, float.NegativeInfinity, float.NaN, float.Epsilon, 65519.996f, 65520f, 6.1035156e-5f, 2.9802322e-8f, 2.9802326e-8f])
            .ToArray();
    }
}
