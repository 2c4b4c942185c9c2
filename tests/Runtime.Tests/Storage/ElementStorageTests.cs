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
