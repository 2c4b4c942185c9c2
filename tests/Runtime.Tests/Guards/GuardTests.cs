using System;
using Shouldly;

namespace AotCompiler.Runtime.Tests;

public sealed unsafe class GuardTests
{
    [Theory]
    [InlineData(0, 5, 0, 0)]
    [InlineData(4, 5, 4, 0)]
    [InlineData(-1, 5, 4, 0)]
    [InlineData(-5, 5, 0, 0)]
    [InlineData(5, 5, 0, 1)]
    [InlineData(-6, 5, 0, 1)]
    [InlineData(long.MaxValue, 5, 0, 1)]
    [InlineData(long.MinValue, 5, 0, 1)]
    [InlineData(long.MinValue, int.MaxValue, 0, 1)]
    [InlineData(0, 0, 0, 1)]
    [InlineData(-1, 0, 0, 1)]
    public void Normalize_wraps_negatives_and_flags_what_is_outside(long index, int length, long expected, int flag)
    {
        int error = 0;
        IndexGuard.Normalize(index, length, ref error).ShouldBe(expected);
        error.ShouldBe(flag);
    }

    [Theory]
    [InlineData(0, 5, 0, 0)]
    [InlineData(4, 5, 4, 0)]
    [InlineData(5, 5, 0, 1)]
    [InlineData(-1, 5, 0, 1)]
    [InlineData(long.MinValue, 5, 0, 1)]
    public void Check_flags_negatives_too(long index, int length, long expected, int flag)
    {
        int error = 0;
        IndexGuard.Check(index, length, ref error).ShouldBe(expected);
        error.ShouldBe(flag);
    }

    [Fact]
    public void A_good_index_does_not_lower_the_flag()
    {
        int error = 1;
        IndexGuard.Normalize(0, 5, ref error);
        IndexGuard.Check(0, 5, ref error);
        error.ShouldBe(1);
    }

    [Fact]
    public void A_wrong_length_names_parameter_shape_and_both_lengths()
    {
        var exception = Should.Throw<ArgumentException>(() => ModelGuard.ThrowLength("image", 784, 783, "f32 [1, 28, 28]"));
        exception.ParamName.ShouldBe("image");
        exception.Message.ShouldStartWith("'image' is f32 [1, 28, 28]: 784 elements are expected, the span has 783.");
    }

    [Fact]
    public void A_bad_arena_is_told_apart_by_size_and_alignment()
    {
        Should.Throw<ArgumentException>(() => ModelGuard.ThrowArena("arena", 4096, 4095, (void*)0x1000))
            .Message.ShouldContain("has 4095 bytes, the model needs 4096");
        Should.Throw<ArgumentException>(() => ModelGuard.ThrowArena("arena", 4096, 8192, (void*)0x1008))
            .Message.ShouldContain("0x1008, which is not a multiple of 64");
    }

    [Fact]
    public void The_other_guards_throw_what_they_say()
    {
        Should.Throw<ObjectDisposedException>(() => ModelGuard.ThrowDisposed("Digits")).ObjectName.ShouldBe("Digits");
        Should.Throw<ArgumentOutOfRangeException>(() => ModelGuard.ThrowIndex("node \"gather1\" (Gather)"))
            .Message.ShouldContain("node \"gather1\" (Gather)");
    }
}
