using System;
using Shouldly;

namespace AotCompiler.Runtime.Tests;

public sealed unsafe class ModelArenaTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(31_360)]
    [InlineData(5_000_001)]
    public void The_block_is_aligned_and_zeroed(int length)
    {
        using var arena = new ModelArena(length);
        ((nuint)arena.Pointer % ModelArena.Alignment).ShouldBe(0u);
        arena.Length.ShouldBe(length);
        new Span<byte>(arena.Pointer, length).IndexOfAnyExcept((byte)0).ShouldBe(-1);
    }

    [Fact]
    public void Dispose_can_be_called_twice_and_clears_the_pointer()
    {
        var arena = new ModelArena(128);
        arena.Dispose();
        arena.Dispose();
        ((nuint)arena.Pointer).ShouldBe(0u);
    }

    [Fact]
    public void A_negative_length_is_refused()
        => Should.Throw<ArgumentOutOfRangeException>(() => new ModelArena(-1).Dispose());

    [Fact]
    public void A_length_beyond_the_machine_is_refused()
        => Should.Throw<OutOfMemoryException>(() => new ModelArena(long.MaxValue).Dispose());
}
