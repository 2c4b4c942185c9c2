using System;

namespace AotCompiler.Tests.Fuzzing;

/// <summary>Shapes around the edges of blocks and vectors.</summary>
internal static class RandomShapes
{
    private static readonly int[] _channels = [1, 2, 3, 4, 8, 15, 16, 17, 32, 33];

    private static readonly int[] _lengths = [1, 2, 3, 5, 7, 15, 16, 17, 33];

    public static int Channels(Random random) => _channels[random.Next(_channels.Length)];

    public static int Length(Random random) => _lengths[random.Next(_lengths.Length)];

    /// <summary>An input's shape: mostly that of images, also of sequences, matrices, scalars, and now and then an empty one.</summary>
    public static int[] Next(Random random) => random.Next(20) switch
    {
        < 9 => [random.Next(1, 4), Channels(random), random.Next(1, 10), random.Next(1, 10)],
        < 12 => [random.Next(1, 4), Channels(random), random.Next(1, 70)],
        < 14 => [random.Next(1, 3), Channels(random), random.Next(1, 5), random.Next(1, 5), random.Next(1, 5)],
        < 16 => [Length(random), Length(random)],
        < 17 => [random.Next(1, 4), random.Next(1, 4), Length(random), Length(random)],
        < 18 => [Length(random)],
        < 19 => [],
        _ => random.Next(2) == 0 ? [2, 0, 3] : [random.Next(0, 2), 16, 3, 3],
    };
}
