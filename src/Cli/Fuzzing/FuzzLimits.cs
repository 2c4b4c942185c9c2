using System;

namespace AotCompiler.Cli.Fuzzing;

/// <summary>What one compilation may take.</summary>
/// <param name="Time">Processor time.</param>
/// <param name="SlackBytes">Live memory beyond four times the file.</param>
internal sealed record FuzzLimits(TimeSpan Time, long SlackBytes)
{
    /// <summary>What is promised of a release build: a second, and 64 MiB.</summary>
    public static readonly FuzzLimits Default = new(TimeSpan.FromSeconds(1), 64L << 20);

    /// <summary>
    /// Wall time after which a compilation is given up. It is far longer than <see cref="Time"/>: machines may be busy with other
    /// work, and what is slow is not what hangs.
    /// </summary>
    public TimeSpan Patience => TimeSpan.FromSeconds(30) + (20 * Time);

    /// <summary>Most live bytes while a file of some bytes is compiled.</summary>
    public long MemoryOf(long fileBytes) => (4 * fileBytes) + SlackBytes;
}
