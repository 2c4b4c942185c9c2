using System.Linq;
using AotCompiler.Cli.Reports;
using AotCompiler.Compiler.Printing;
using Shouldly;

namespace AotCompiler.Cli.Tests.Reports;

public sealed class MemoryMapTests
{
    [Fact]
    public void BuffersAreDrawnWhereAndWhenTheyLive()
    {
        PlanDescription plan = Plan(192, 3, new BufferDescription("x", 128, 0, 0, 1), new BufferDescription("y", 64, 128, 1, 2), new BufferDescription("z", 60, 0, 2, 2));

        MemoryMap.Draw(plan).Skip(2).ShouldBe(
            [
                "    0 |AAC|",
                "   64 |AA.|",
                "  128 |.BB|",
            ]);
    }

    [Fact]
    public void LongPlansAreDrawnInBoundedSpace()
    {
        PlanDescription plan = Plan(1 << 30, 5000, Enumerable.Range(0, 5000).Select(static i => new BufferDescription($"b{i}", 1 << 20, 0, i, i)).ToArray());
        string[] lines = MemoryMap.Draw(plan).ToArray();
        lines.Length.ShouldBeLessThan(40);
        lines.Max(static l => l.Length).ShouldBeLessThan(140);
    }

    [Fact]
    public void EmptyArenaHasNoPicture() => MemoryMap.Draw(Plan(0, 1)).ShouldBeEmpty();

    private static PlanDescription Plan(long arenaBytes, int steps, params BufferDescription[] buffers) => new()
    {
        ArenaBytes = arenaBytes,
        ArenaLowerBoundBytes = arenaBytes,
        ArenaWithoutReuseBytes = arenaBytes,
        Strategy = "none",
        WeightBytes = 0,
        StepCount = steps,
        MultiplyAdds = 0,
        Buffers = buffers,
        InPlace = [],
        Weights = [],
    };
}
