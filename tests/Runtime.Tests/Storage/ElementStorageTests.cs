using System;
using System.Linq;
using System.Runtime.Intrinsics;
using AotCompiler.Runtime;
using Shouldly;

namespace AotCompiler.Runtime.Tests.Storage;

public sealed unsafe class ElementStorageTests
{
    private delegate void Copy<T>(T* source, T* target)
        where T : unmanaged;

    [Fact]
    public void LoadsAndStoresEveryValueOfTheIntegers()
    {
        byte[] bytes = Enumerable.Range(0, 256).Select(static i => (byte)i).ToArray();
        Check(bytes, 4, static (s, t) => ElementStorage.Store(ElementStorage.Load128(s) + Vector128<float>.Zero, t));
        Check(bytes, 8, static (s, t) => ElementStorage.Store(ElementStorage.Load256(s), t));
        Check(bytes, 16, static (s, t) => ElementStorage.Store(ElementStorage.Load512(s), t));
        sbyte[] signed = bytes.Select(static b => (sbyte)b).ToArray();
        Check(signed, 4, static (s, t) => ElementStorage.Store(ElementStorage.Load128(s), t));
        Check(signed, 8, static (s, t) => ElementStorage.Store(ElementStorage.Load256(s), t));
        Check(signed, 16, static (s, t) => ElementStorage.Store(ElementStorage.Load512(s), t));
        ushort[] words = Enumerable.Range(0, 65536).Select(static i => (ushort)i).ToArray();
        Check(words, 4, static (s, t) => ElementStorage.Store(ElementStorage.Load128(s), t));
        Check(words, 8, static (s, t) => ElementStorage.Store(ElementStorage.Load256(s), t));
        Check(words, 16, static (s, t) => ElementStorage.Store(ElementStorage.Load512(s), t));
        short[] signedWords = words.Select(static w => (short)w).ToArray();
        Check(signedWords, 4, static (s, t) => ElementStorage.Store(ElementStorage.Load128(s), t));
        Check(signedWords, 8, static (s, t) => ElementStorage.Store(ElementStorage.Load256(s), t));
        Check(signedWords, 16, static (s, t) => ElementStorage.Store(ElementStorage.Load512(s), t));
    }

    /// <summary>Every width rounds ties to even, adds the zero point, saturates, and makes the lowest code of NaN.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(-128)]
    [InlineData(5)]
    public void RoundsAsItStores(int zero)
    {
        float[] numbers = [float.NaN, float.PositiveInfinity, -1e30f, 0.5f, 1.5f, 2.5f, -0.5f, -1.5f, 126.5f, 127.5f, -128.5f, 254.5f, 255.5f, 3e9f, 100, -77.25f];
        byte[] Codes(int low, int high) => numbers
            .Select(x => float.IsNaN(x) ? low : (int)Math.Clamp(Math.Round((double)x, MidpointRounding.ToEven) + zero, low, high))
            .Select(static c => unchecked((byte)c))
            .ToArray();
        for (int lanes = 1; lanes <= 16; lanes = lanes == 1 ? 4 : lanes * 2)
        {
            var unsigned = new byte[16];
            var signed = new byte[16];
            fixed (float* x = numbers)
            fixed (byte* u = unsigned, s = signed)
            {
                for (int i = 0; i < 16; i += lanes)
                {
                    StoreRounded(lanes, x + i, zero, u + i, (sbyte*)s + i);
                }
            }

            unsigned.ShouldBe(Codes(0, 255), $"{lanes} lanes");
            signed.ShouldBe(Codes(-128, 127), $"{lanes} lanes");
        }
    }

    private static void StoreRounded(int lanes, float* x, int zero, byte* unsigned, sbyte* signed)
    {
        switch (lanes)
        {
            case 1:
                ElementStorage.StoreRounded(*x, zero, unsigned);
                ElementStorage.StoreRounded(*x, zero, signed);
                break;
            case 4:
                ElementStorage.StoreRounded(Vector128.Load(x), zero, unsigned);
                ElementStorage.StoreRounded(Vector128.Load(x), zero, signed);
                break;
            case 8:
                ElementStorage.StoreRounded(Vector256.Load(x), zero, unsigned);
                ElementStorage.StoreRounded(Vector256.Load(x), zero, signed);
                break;
            default:
                ElementStorage.StoreRounded(Vector512.Load(x), zero, unsigned);
                ElementStorage.StoreRounded(Vector512.Load(x), zero, signed);
                break;
        }
    }

    [Fact]
    public void LoadsAndStoresEveryValueOfThe16BitFloats()
    {
        Half[] halves = Enumerable.Range(0, 65536).Select(static i => BitConverter.UInt16BitsToHalf((ushort)i)).Select(static h => Half.IsNaN(h) ? (Half)0.5f : h).ToArray();
        Check(halves, 4, static (s, t) => ElementStorage.Store(ElementStorage.Load128(s), t));
        Check(halves, 8, static (s, t) => ElementStorage.Store(ElementStorage.Load256(s), t));
        Check(halves, 16, static (s, t) => ElementStorage.Store(ElementStorage.Load512(s), t));
        BFloat16[] brain = Enumerable.Range(0, 65536).Select(static i => new BFloat16((ushort)i)).Select(static b => float.IsNaN((float)b) ? (BFloat16)0.5f : b).ToArray();
        Check(brain, 4, static (s, t) => ElementStorage.Store(ElementStorage.Load128(s), t));
        Check(brain, 8, static (s, t) => ElementStorage.Store(ElementStorage.Load256(s), t));
        Check(brain, 16, static (s, t) => ElementStorage.Store(ElementStorage.Load512(s), t));
    }

    [Fact]
    public void VectorsRoundAsTheScalarFormats()
    {
        foreach (float x in FloatFormatTests.Samples())
        {
            Vector512<float> half = VectorMath.RoundToFloat16(Vector512.Create(x));
            Vector256<float> brain = VectorMath.RoundToBFloat16(Vector256.Create(x));
            Same(half[5], FloatFormat.Float16.Decode(FloatFormat.Float16.Encode(x))).ShouldBeTrue($"{x:R}: {half[5]:R}");
            Same(brain[3], FloatFormat.BFloat16.Decode(FloatFormat.BFloat16.Encode(x))).ShouldBeTrue($"{x:R}: {brain[3]:R}");
            Same(VectorMath.RoundToFloat16(x), half[0]).ShouldBeTrue();
            Same(VectorMath.RoundToBFloat16(x), brain[0]).ShouldBeTrue();
        }
    }

    private static bool Same(float a, float b) => a.Equals(b) && (float.IsNaN(a) || float.IsNegative(a) == float.IsNegative(b));

    private static void Check<T>(T[] values, int lanes, Copy<T> copy)
        where T : unmanaged
    {
        var result = new T[values.Length];
        fixed (T* source = values, target = result)
        {
            for (int i = 0; i < values.Length; i += lanes)
            {
                copy(source + i, target + i);
            }
        }

        result.ShouldBe(values);
    }
}
