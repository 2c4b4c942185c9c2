using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using AotCompiler.Emission;
using Shouldly;

namespace AotCompiler.Tests.Emission;

public sealed unsafe class WeightAssemblyWriterTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(3_000_001)]
    public void BlockIsMappedWholeAndAligned(int length)
    {
        byte[] data = Data(length);
        string path = Path.Combine(Path.GetTempPath(), $"aotc-weights-{Guid.NewGuid():N}.dll");
        try
        {
            File.WriteAllBytes(path, Assemble(data, "first"));
            Assembly assembly = new AssemblyLoadContext(path).LoadFromAssemblyPath(path);
            FieldInfo field = assembly.GetType("Some.Space.Digits", throwOnError: true)!.GetField("Data")!;
            var mapped = (byte*)AddressOf(field);
            ((nuint)mapped % WeightAssemblyWriter.Alignment).ShouldBe(0u);
            new ReadOnlySpan<byte>(mapped, length).SequenceEqual(data).ShouldBeTrue();
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void SameContentGivesTheSameBytes()
    {
        byte[] data = Data(10_000);
        Assemble(data, "first").ShouldBe(Assemble(data, "first"));
        Assemble(data, "first").SequenceEqual(Assemble(data, "second")).ShouldBeFalse("another content has another module identity");
    }

    [Fact]
    public void WrongLengthIsADefect() => Should.Throw<InvalidOperationException>(() =>
        new WeightAssemblyWriter("W", "T", 10, "x").Write(new MemoryStream(), static s => s.Write(new byte[9])));

    private static byte[] Data(int length) => Enumerable.Range(0, length).Select(static i => (byte)(i * 7 % 251)).ToArray();

    private static byte[] Assemble(byte[] data, string contentName)
    {
        using var stream = new MemoryStream();
        new WeightAssemblyWriter($"W{data.Length}", "Some.Space.Digits", data.Length, contentName).Write(stream, s => s.Write(data));
        return stream.ToArray();
    }

    /// <summary>Address of a mapped static field.</summary>
    private static nint AddressOf(FieldInfo field)
    {
        var method = new System.Reflection.Emit.DynamicMethod("Address", typeof(nint), [], field.Module, skipVisibility: true);
        System.Reflection.Emit.ILGenerator il = method.GetILGenerator();
        il.Emit(System.Reflection.Emit.OpCodes.Ldsflda, field);
        il.Emit(System.Reflection.Emit.OpCodes.Conv_U);
        il.Emit(System.Reflection.Emit.OpCodes.Ret);
        return method.CreateDelegate<Func<nint>>()();
    }
}
