using System;
using System.Diagnostics;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using Shouldly;

namespace AotCompiler.Runtime.Tests;

/// <summary>Tests that measure the process: no other runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessorTime
{
    public const string Name = "processor time";
}

[Collection(ProcessorTime.Name)]
public sealed unsafe class ThreadTeamTests
{
    private static readonly byte[] _phases = [1, 64, 64, 2, 1, 64, 1, 1, 3];

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(16)]
    public void Every_share_is_computed_once_after_the_phase_before_it(int threads)
    {
        var work = new RecordedWork(_phases);
        using ThreadTeam team = ThreadTeam.Create(threads, _phases, work.Compute)!;
        for (int run = 0; run < 300; run++)
        {
            work.Begin(threads);
            team.Run(null).ShouldBe(0);
            work.ShouldBeComplete();
        }
    }

    [Fact]
    public void One_thread_needs_no_team() => ThreadTeam.Create(1, _phases, static (_, _, _, _) => 0).ShouldBeNull();

    [Fact]
    public void Phases_of_one_share_need_no_team() => ThreadTeam.Create(8, [1, 1], static (_, _, _, _) => 0).ShouldBeNull();

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void A_number_of_threads_below_one_is_refused(int threads) =>
        Should.Throw<ArgumentOutOfRangeException>(() => ThreadTeam.Create(threads, _phases, static (_, _, _, _) => 0)).ParamName.ShouldBe("threads");

    [Fact]
    public void The_first_failing_phase_ends_the_run_and_its_smallest_number_is_returned()
    {
        int after = 0;
        int begun = 0;
        int ended = 0;
        using ThreadTeam team = ThreadTeam.Create(3, [3, 3, 3], (_, phase, share, _) =>
        {
            Interlocked.Increment(ref begun);
            after += phase == 2 ? 1 : 0;
            Thread.SpinWait(phase == 1 && share != 1 ? 200 : 0);
            Interlocked.Increment(ref ended);
            return phase == 1 ? 10 + share : 0;
        })!;
        for (int run = 1; run <= 2000; run++)
        {
            team.Run(null).ShouldBe(10);

            // No share may touch the caller's memory any more.
            Volatile.Read(ref ended).ShouldBe(6 * run);
            Volatile.Read(ref begun).ShouldBe(6 * run);
        }

        after.ShouldBe(0);
    }

    [Fact]
    public void A_run_after_a_failed_one_is_whole()
    {
        var work = new RecordedWork(_phases);
        bool fails = false;
        using ThreadTeam team = ThreadTeam.Create(4, _phases, (bases, phase, share, shares) =>
        {
            work.Compute(bases, phase, share, shares);
            return fails && phase == 2 && share == 1 ? 5 : 0;
        })!;
        for (int run = 0; run < 200; run++)
        {
            fails = run % 2 == 0;
            work.Begin(4);
            team.Run(null).ShouldBe(fails ? 5 : 0);
            if (!fails)
            {
                work.ShouldBeComplete();
            }
        }
    }

    [Fact]
    public void An_exception_on_any_thread_reaches_the_caller()
    {
        using ThreadTeam team = ThreadTeam.Create(2, [2], static (_, _, share, _) => share == 1 ? throw new FormatException("share 1") : 0)!;
        for (int run = 0; run < 20; run++)
        {
            Should.Throw<FormatException>(() => team.Run(null)).Message.ShouldBe("share 1");
        }
    }

    [Fact]
    public void Runs_allocate_nothing()
    {
        using ThreadTeam team = ThreadTeam.Create(2, [2, 1, 2], static (_, _, _, _) => 0)!;
        for (int run = 0; run < 100; run++)
        {
            team.Run(null);
        }

        Thread.Sleep(5);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int run = 0; run < 100; run++)
        {
            team.Run(null);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void A_team_that_waits_uses_no_processor_time()
    {
        using ThreadTeam team = ThreadTeam.Create(8, [8, 8], static (_, _, _, _) => 0)!;
        team.Run(null);
        Thread.Sleep(50);

        // The collector and the compiler may work meanwhile: the quietest of several moments counts.
        double least = Enumerable.Range(0, 10).Min(static _ =>
        {
            TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
            long start = Stopwatch.GetTimestamp();
            Thread.Sleep(100);
            return (Process.GetCurrentProcess().TotalProcessorTime - before) / Stopwatch.GetElapsedTime(start);
        });
        least.ShouldBeLessThan(0.5);
    }

    [Fact]
    public void A_slow_share_does_not_keep_the_others_spinning()
    {
        using ThreadTeam team = ThreadTeam.Create(4, [4], static (_, _, share, _) =>
        {
            Thread.Sleep(share == 3 ? 200 : 0);
            return 0;
        })!;
        team.Run(null);
        TimeSpan least = Enumerable.Range(0, 5).Min(_ =>
        {
            TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
            team.Run(null);
            return Process.GetCurrentProcess().TotalProcessorTime - before;
        });
        least.TotalMilliseconds.ShouldBeLessThan(150);
    }

    [Fact]
    public void Dispose_ends_the_threads_and_later_runs_are_refused()
    {
        ThreadTeam team = ThreadTeam.Create(4, [4], static (_, _, _, _) => 0)!;
        team.Run(null);
        team.Dispose();
        team.Dispose();
        Should.Throw<ObjectDisposedException>(() => team.Run(null));
    }

    [Fact]
    public void A_team_that_nobody_refers_to_ends_its_threads()
    {
        WeakReference[] marks = Enumerable.Range(0, 5).Select(static _ => Abandon()).ToArray();
        for (int i = 0; i < 100 && marks.Any(static m => m.IsAlive); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Sleep(10);
        }

        // Threads are roots: what the method captured is collected only if they have ended.
        marks.ShouldAllBe(static m => !m.IsAlive);
    }

    [Fact]
    public void Two_callers_at_once_are_refused()
    {
        using var entered = new ManualResetEventSlim();
        using var leave = new ManualResetEventSlim();
        using ThreadTeam team = ThreadTeam.Create(2, [2], (_, _, _, _) =>
        {
            entered.Set();
            leave.Wait();
            return 0;
        })!;
        var first = new Thread(() => team.Run(null));
        first.Start();
        entered.Wait();
        Should.Throw<InvalidOperationException>(() => team.Run(null));
        leave.Set();
        first.Join();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Abandon()
    {
        var captured = new object();
        ThreadTeam team = ThreadTeam.Create(3, [3], (_, _, _, _) => captured is null ? 1 : 0)!;
        team.Run(null);
        return new WeakReference(captured);
    }

    /// <summary>Counts the shares of each phase, and notes any that began before the phase before it was complete.</summary>
    private sealed class RecordedWork(byte[] phases)
    {
        private readonly int[] _counts = new int[phases.Length];
        private int _threads;
        private int _early;

        public void Begin(int threads)
        {
            _threads = threads;
            Array.Clear(_counts);
        }

        public int Compute(byte** bases, int phase, int share, int shares)
        {
            if (shares != Shares(phase) || (phase > 0 && Volatile.Read(ref _counts[phase - 1]) != Shares(phase - 1)))
            {
                Interlocked.Increment(ref _early);
            }

            Thread.SpinWait(share % 3 * 20);
            Interlocked.Increment(ref _counts[phase]);
            return 0;
        }

        public void ShouldBeComplete()
        {
            _early.ShouldBe(0);
            _counts.ShouldBe(phases.Select((_, i) => Shares(i)));
        }

        private int Shares(int phase) => Math.Min(_threads, phases[phase]);
    }
}
