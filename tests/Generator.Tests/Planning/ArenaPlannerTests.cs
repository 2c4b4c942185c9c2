using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Planning;
using Shouldly;

namespace AotCompiler.Tests.Planning;

public sealed class ArenaPlannerTests
{
    private const long Cell = ArenaPlanner.Alignment;

    public static TheoryData<string> NetworkNames => new(Networks().Select(network => network.Name));

    [Fact]
    public void NoRequests_EmptyArena()
    {
        var layout = ArenaPlanner.Plan([], []);

        layout.ArenaBytes.ShouldBe(0);
        layout.LowerBound.ShouldBe(0);
        layout.Offsets.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1, 64)]
    [InlineData(64, 64)]
    [InlineData(65, 128)]
    [InlineData(1L << 40, 1L << 40)]
    public void OneRequest_TakesItsRoundedSize(long bytes, long expected)
    {
        var layout = Plan((bytes, 3, 7));

        layout.ArenaBytes.ShouldBe(expected);
        layout.LowerBound.ShouldBe(expected);
        layout.BytesWithoutReuse.ShouldBe(expected);
        layout.Offsets.ShouldBe([0]);
    }

    [Fact]
    public void ZeroSizeRequests_TakeNothing()
    {
        var layout = Plan((0, 0, 9), (100, 0, 9), (0, 2, 3));

        layout.ArenaBytes.ShouldBe(128);
        layout.Offsets.Length.ShouldBe(3);
    }

    [Fact]
    public void Chain_NeedsTwoBuffers()
    {
        var requests = Enumerable.Range(0, 50).Select(i => (Cell, i, i + 1)).ToArray();

        Plan(requests).ArenaBytes.ShouldBe(2 * Cell);
    }

    [Fact]
    public void Chain_InPlace_NeedsOneBuffer()
    {
        var requests = Enumerable.Range(0, 50).Select(i => new ArenaRequest(i, Cell, i, i + 1)).ToArray();
        var permissions = Enumerable.Range(1, 49).Select(i => new InPlacePermission(i - 1, i, i)).ToArray();

        var layout = ArenaPlanner.Plan(requests, permissions);

        layout.ArenaBytes.ShouldBe(Cell);
        layout.LowerBound.ShouldBe(Cell);
        layout.UsedInPlace.ShouldBe(permissions);
    }

    [Fact]
    public void ReuseOfTwoSmallBuffersByOneLargeBuffer_IsFound()
    {
        // 0 and 1 die, 2 is as large as both together, 3 lives throughout and must not lie between them.
        Plan((Cell, 0, 1), (Cell, 0, 2), (2 * Cell, 3, 4), (Cell, 0, 4)).ArenaBytes.ShouldBe(3 * Cell);
    }

    [Fact]
    public void Staircase_IsSolvedExactly()
    {
        var layout = Plan((4 * Cell, 0, 1), (3 * Cell, 3, 4), (2 * Cell, 1, 3), (2 * Cell, 0, 0), (3 * Cell, 4, 5), (1 * Cell, 2, 2));

        layout.ArenaBytes.ShouldBe(6 * Cell);
    }

    [Theory]
    [InlineData(100, 10)]
    [InlineData(10, 100)]
    public void InPlace_OfDifferentSizes_CountsTheLargerOnce(long dying, long written)
    {
        var layout = ArenaPlanner.Plan(
            [new ArenaRequest(7, dying * Cell, 0, 1), new ArenaRequest(9, written * Cell, 1, 2)],
            [new InPlacePermission(7, 9, 1)]);

        layout.ArenaBytes.ShouldBe(100 * Cell);
        layout.Offsets[0].ShouldBe(layout.Offsets[1]);
    }

    [Fact]
    public void InPlace_CompetingPermissions_TakesThePairThatSavesMost()
    {
        // Step 1 adds 0 and 1 into 2; only one of them can be overwritten.
        ArenaRequest[] requests = [new(0, 2 * Cell, 0, 1), new(1, 5 * Cell, 0, 1), new(2, 5 * Cell, 1, 2)];
        InPlacePermission[] permissions = [new(0, 2, 1), new(1, 2, 1)];

        var layout = ArenaPlanner.Plan(requests, permissions);

        layout.ArenaBytes.ShouldBe(7 * Cell);
        layout.UsedInPlace.ShouldBe([permissions[1]]);
    }

    [Fact]
    public void InPlace_TwoResults_AreMatchedToBothOperands()
    {
        // Greedy would give 0 to 2 (saves 4) and leave nothing for 3, which only fits over 0.
        ArenaRequest[] requests = [new(0, 4 * Cell, 0, 1), new(1, 4 * Cell, 0, 1), new(2, 4 * Cell, 1, 2), new(3, 3 * Cell, 1, 2)];
        InPlacePermission[] permissions = [new(0, 2, 1), new(0, 3, 1), new(1, 2, 1)];

        var layout = ArenaPlanner.Plan(requests, permissions);

        layout.LowerBound.ShouldBe(8 * Cell);
        layout.ArenaBytes.ShouldBe(8 * Cell);
        layout.UsedInPlace.ShouldBe([permissions[1], permissions[2]]);
    }

    [Fact]
    public void InPlace_OverABufferThatLivesOn_IsIgnored()
    {
        var layout = ArenaPlanner.Plan(
            [new ArenaRequest(0, Cell, 0, 2), new ArenaRequest(1, Cell, 1, 2)],
            [new InPlacePermission(0, 1, 1)]);

        layout.ArenaBytes.ShouldBe(2 * Cell);
        layout.UsedInPlace.ShouldBeEmpty();
    }

    [Fact]
    public void InPlace_ThatWouldCostMemory_IsDropped()
    {
        // 2 must start where 0 does, at the bottom or the top half; free of that, it completes 5 to the size of 1 or 3.
        ArenaRequest[] requests =
        [
            new(0, 4 * Cell, 0, 2), new(1, 4 * Cell, 0, 1), new(2, Cell, 2, 3),
            new(3, 4 * Cell, 3, 4), new(4, 4 * Cell, 4, 4), new(5, 3 * Cell, 2, 3),
        ];
        InPlacePermission[] permissions = [new(0, 2, 2)];

        var layout = ArenaPlanner.Plan(requests, permissions);

        layout.ArenaBytes.ShouldBe(8 * Cell);
        layout.UsedInPlace.ShouldBeEmpty();
        CheckLayout(requests, permissions, layout);
    }

    [Fact]
    public void SizesOfATebibyte_AreAddedWithoutOverflow()
    {
        var requests = Enumerable.Range(0, 1000).Select(i => (1L << 40, 0, i)).ToArray();

        Plan(requests).ArenaBytes.ShouldBe(1000L << 40);
    }

    [Fact]
    public void SumBeyondInt64_IsAnArgumentException()
    {
        Should.Throw<ArgumentException>(() => Plan((long.MaxValue, 0, 1), (long.MaxValue, 0, 1)));
    }

    [Fact]
    public void ContradictoryArguments_AreArgumentExceptions()
    {
        Should.Throw<ArgumentException>(() => Plan((-1, 0, 1))).Message.ShouldContain("negative");
        Should.Throw<ArgumentException>(() => Plan((1, 2, 1))).Message.ShouldContain("step 2");
        ArenaRequest[] requests = [new(0, 64, 0, 1), new(1, 64, 1, 2)];
        Should.Throw<ArgumentException>(() => ArenaPlanner.Plan([requests[0], requests[0]], [])).Message.ShouldContain("id 0");
        Should.Throw<ArgumentException>(() => ArenaPlanner.Plan(requests, [new(0, 5, 1)])).Message.ShouldContain("buffer 5");
        Should.Throw<ArgumentException>(() => ArenaPlanner.Plan(requests, [new(0, 1, 2)])).Message.ShouldContain("step 1");
        Should.Throw<ArgumentException>(() => ArenaPlanner.Plan(requests, [new(1, 0, 0)])).Message.ShouldContain("no input");
        Should.Throw<ArgumentException>(() => ArenaPlanner.Plan(requests, [new(1, 1, 1)])).Message.ShouldContain("no input");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(12)]
    [InlineData(25)]
    public void RandomIntervals_AreValidAndDeterministic(int maxCount)
    {
        for (var seed = 0; seed < 600; seed++)
        {
            var count = 1 + (seed % maxCount);
            var workload = ArenaWorkloads.RandomIntervals(seed, count, 2 + (seed % 17), 20_000);
            var layout = ArenaPlanner.Plan(workload.Requests, workload.Permissions);

            CheckLayout(workload.Requests, workload.Permissions, layout);
            if (seed % 5 == 0)
            {
                var again = ArenaPlanner.Plan(workload.Requests.ToList(), workload.Permissions.ToList());
                again.Offsets.ShouldBe(layout.Offsets);
                again.Strategy.ShouldBe(layout.Strategy);
            }
        }
    }

    [Fact]
    public void TinyProblems_MatchExhaustiveSearch()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var requests = ArenaWorkloads.RandomIntervals(seed, 6, 5, 6 * (int)Cell).Requests;

            var layout = ArenaPlanner.Plan(requests, []);

            layout.ArenaBytes.ShouldBe(SmallestArena(requests), $"seed {seed}");
        }
    }

    [Theory]
    [MemberData(nameof(NetworkNames))]
    public void Networks_ReachTheLowerBound(string name)
    {
        var workload = Networks().Single(network => network.Name == name).Workload;

        var layout = ArenaPlanner.Plan(workload.Requests, workload.Permissions);

        CheckLayout(workload.Requests, workload.Permissions, layout);
        layout.ArenaBytes.ShouldBe(layout.LowerBound);
    }

    [Theory]
    [InlineData(100, 30, 50)]
    [InlineData(500, 10, 50)]
    [InlineData(500, 40, 0)]
    [InlineData(500, 40, 50)]
    public void RandomNetworks_StayWithinFivePercentOfTheLowerBound(int steps, int percentSkips, int percentInPlace)
    {
        for (var seed = 0; seed < 12; seed++)
        {
            var workload = ArenaWorkloads.RandomNetwork(seed, steps, percentSkips, percentInPlace);

            var layout = ArenaPlanner.Plan(workload.Requests, workload.Permissions);

            CheckLayout(workload.Requests, workload.Permissions, layout);
            (layout.ArenaBytes * 100).ShouldBeLessThanOrEqualTo(layout.LowerBound * 105, $"seed {seed}: {layout.Strategy}");
        }
    }

    [Fact]
    public void TooManyOverlapsToList_AreStillPlanned()
    {
        var random = new Random(1);
        var requests = Enumerable.Range(0, 4000)
            .Select(i => new ArenaRequest(i, random.Next(1, 5000), i, i + 2000 + random.Next(100)))
            .ToArray();

        CheckLayout(requests, [], ArenaPlanner.Plan(requests, []));
    }

    private static IEnumerable<(string Name, ArenaWorkload Workload)> Networks()
    {
        yield return ("ResNet-18", ArenaWorkloads.ResNet(224, [2, 2, 2, 2], 64, bottleneck: false));
        yield return ("ResNet-50", ArenaWorkloads.ResNet(224, [3, 4, 6, 3], 64, bottleneck: true));
        yield return ("ResNet-152", ArenaWorkloads.ResNet(256, [3, 8, 36, 3], 64, bottleneck: true));
        yield return ("DenseNet-121", ArenaWorkloads.DenseNet(56, [6, 12, 24, 16], 32));
        yield return ("DenseNet-161", ArenaWorkloads.DenseNet(56, [6, 12, 36, 24], 48));
        yield return ("U-Net depth 4", ArenaWorkloads.UNet(256, 4, 32, 2));
        yield return ("U-Net depth 6", ArenaWorkloads.UNet(512, 6, 8, 3));
        yield return ("Transformer short", ArenaWorkloads.Transformer(6, 64, 256, 8));
        yield return ("Transformer long", ArenaWorkloads.Transformer(24, 512, 256, 8));
        for (var seed = 0; seed < 6; seed++)
        {
            yield return ($"Inception {seed}", ArenaWorkloads.Inception(56, 9, seed));
        }
    }

    private static ArenaLayout Plan(params (long Bytes, int First, int Last)[] buffers)
    {
        var requests = buffers.Select((buffer, id) => new ArenaRequest(id, buffer.Bytes, buffer.First, buffer.Last)).ToArray();
        var layout = ArenaPlanner.Plan(requests, []);
        CheckLayout(requests, [], layout);
        return layout;
    }

    private static void CheckLayout(
        IReadOnlyList<ArenaRequest> requests,
        IReadOnlyList<InPlacePermission> permissions,
        ArenaLayout layout)
    {
        var offsetOf = requests.Select((request, i) => (request.Id, Offset: layout.Offsets[i])).ToDictionary(x => x.Id, x => x.Offset);
        var used = layout.UsedInPlace.Select(permission => (permission.DyingId, permission.NewId)).ToHashSet();
        layout.UsedInPlace.ShouldBeSubsetOf(permissions);
        layout.UsedInPlace.Select(permission => permission.DyingId).ShouldBeUnique();
        layout.UsedInPlace.Select(permission => permission.NewId).ShouldBeUnique();
        layout.UsedInPlace.ShouldAllBe(permission => offsetOf[permission.DyingId] == offsetOf[permission.NewId]);

        layout.Offsets.ShouldAllBe(offset => offset >= 0 && offset % ArenaPlanner.Alignment == 0);
        var top = requests.Select((request, i) => request.Bytes == 0 ? 0 : layout.Offsets[i] + ArenaPlanner.RoundUp(request.Bytes));
        layout.ArenaBytes.ShouldBe(top.DefaultIfEmpty(0).Max());
        layout.ArenaBytes.ShouldBeGreaterThanOrEqualTo(layout.LowerBound);
        layout.ArenaBytes.ShouldBeLessThanOrEqualTo(layout.BytesWithoutReuse);
        layout.BytesWithoutReuse.ShouldBe(requests.Sum(request => ArenaPlanner.RoundUp(request.Bytes)));
        Overlapping(requests, layout.Offsets, used).ShouldBeNull();
    }

    private static string? Overlapping(IReadOnlyList<ArenaRequest> requests, long[] offsets, HashSet<(int Dying, int New)> used)
    {
        for (var i = 0; i < requests.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var (a, b) = (requests[i], requests[j]);
                var liveTogether = a.FirstStep <= b.LastStep && b.FirstStep <= a.LastStep;
                var share = offsets[i] < offsets[j] + b.Bytes && offsets[j] < offsets[i] + a.Bytes;
                if (liveTogether && share && a.Bytes > 0 && b.Bytes > 0 && !used.Contains((a.Id, b.Id)) && !used.Contains((b.Id, a.Id)))
                {
                    return $"{a} at {offsets[i]} and {b} at {offsets[j]}";
                }
            }
        }

        return null;
    }

    /// <summary>The optimum: every layout can sink into one that places its buffers at the lowest free offset in some order.</summary>
    private static long SmallestArena(IReadOnlyList<ArenaRequest> requests)
    {
        var offsets = new long[requests.Count];
        var placed = new List<int>();
        var best = long.MaxValue;

        void Extend(long height)
        {
            if (height >= best)
            {
                return;
            }

            if (placed.Count == requests.Count)
            {
                best = height;
                return;
            }

            for (var i = 0; i < requests.Count; i++)
            {
                if (!placed.Contains(i))
                {
                    offsets[i] = LowestFree(requests, offsets, placed, i);
                    placed.Add(i);
                    Extend(Math.Max(height, offsets[i] + ArenaPlanner.RoundUp(requests[i].Bytes)));
                    placed.RemoveAt(placed.Count - 1);
                }
            }
        }

        Extend(0);
        return best;
    }

    private static long LowestFree(IReadOnlyList<ArenaRequest> requests, long[] offsets, List<int> placed, int index)
    {
        var request = requests[index];
        long offset = 0;
        foreach (var other in placed.OrderBy(other => offsets[other]))
        {
            var live = requests[other].FirstStep <= request.LastStep && request.FirstStep <= requests[other].LastStep;
            if (live && offsets[other] < offset + ArenaPlanner.RoundUp(request.Bytes))
            {
                offset = Math.Max(offset, offsets[other] + ArenaPlanner.RoundUp(requests[other].Bytes));
            }
        }

        return offset;
    }
}
