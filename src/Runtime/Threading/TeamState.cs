using System;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Threading;

namespace AotCompiler.Runtime;

/// <summary>What the threads of a <see cref="ThreadTeam"/> share, and what each of them does.</summary>
/// <remarks>
/// Phases have numbers that never repeat: those of run r are r·P + 1 … r·P + P for P phases. Slot i holds the number of the
/// last phase whose share i was claimed, and the last whose share i was completed. A claim is a compare-exchange to a larger
/// number, so each share is computed once, and a thread that is late by whole runs can claim nothing by mistake.
/// </remarks>
internal sealed unsafe class TeamState
{
    // A poll is a pause instruction, some 20 to 50 ns: shares differ by microseconds, sleeping and waking cost about 10.
    private const int PollsBeforeSleep = 4_000;
    private const int PollsBetweenRuns = 2_000;

    // A thread that is awake begins its share at once. Only after this time others look for shares that were not begun.
    private const int PollsBeforeHelping = 100;

    // Runs that begin so soon after the one before come one after another.
    private static readonly long _quickTicks = Stopwatch.Frequency / 20_000;

    private readonly int[] _shares;
    private readonly ShareMethod _method;
    private readonly Slot[] _slots;
    private readonly Thread[] _helpers;
    private readonly object _gate = new();
    private byte** _bases;
    private long _run;
    private readonly bool _isBrief;
    private long _lastEnd;
    private int _idle;
    private int _sleepers;
    private int _failed;
    private long _failedPhase;
    private Exception? _fault;
    private bool _isStopping;

    public TeamState(int threads, ReadOnlySpan<byte> shares, ShareMethod method, bool isBrief)
    {
        _method = method;
        _isBrief = isBrief;
        _shares = new int[shares.Length];
        for (int i = 0; i < _shares.Length; i++)
        {
            _shares[i] = Math.Clamp(shares[i], 1, threads);
        }

        // One more in front: the array's header shares a cache line with it.
        _slots = new Slot[threads + 1];
        _helpers = new Thread[threads - 1];
    }

    private int Threads => _helpers.Length + 1;

    public void Start()
    {
        for (int i = 0; i < _helpers.Length; i++)
        {
            int member = i + 1;
            _helpers[i] = new Thread(() => Help(member)) { IsBackground = true, Name = $"AotCompiler {member}" };
            _helpers[i].Start();
        }
    }

    public void Stop()
    {
        lock (_gate)
        {
            _isStopping = true;
            Monitor.PulseAll(_gate);
        }
    }

    public void Join()
    {
        foreach (Thread helper in _helpers)
        {
            helper.Join();
        }
    }

    public int Run(byte** bases)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isStopping), typeof(ThreadTeam));
        _bases = bases;
        _failed = 0;
        _failedPhase = long.MaxValue;
        long first = (_run * _shares.Length) + 1;
        Interlocked.Increment(ref _run);
        if (!_isBrief || Stopwatch.GetTimestamp() - _lastEnd < _quickTicks)
        {
            Wake(ref _idle);
        }

        Participate(0, first);
        _lastEnd = _isBrief ? Stopwatch.GetTimestamp() : 0;
        if (_failed != 0)
        {
            Abandon(first + _shares.Length - 1);
        }

        if (_fault is { } fault)
        {
            _fault = null;
            ExceptionDispatchInfo.Throw(fault);
        }

        return _failed;
    }

    /// <summary>The life of a helper.</summary>
    private void Help(int member)
    {
        long seen = 0;
        while (true)
        {
            for (int polls = 0; Volatile.Read(ref _run) == seen && polls < PollsBetweenRuns && !Volatile.Read(ref _isStopping); polls++)
            {
                Pause();
            }

            if (Volatile.Read(ref _run) == seen)
            {
                SleepUntilRun(seen);
            }

            if (Volatile.Read(ref _isStopping))
            {
                return;
            }

            seen = Volatile.Read(ref _run);
            Volatile.Write(ref _slots[member + 1].SeenRun, seen);
            Participate(member, ((seen - 1) * _shares.Length) + 1);
        }
    }

    /// <summary>Does a thread's part in the phases of a run.</summary>
    private void Participate(int member, long first)
    {
        bool areAwake = false;
        for (int phase = 0; phase < _shares.Length; phase++)
        {
            long number = first + phase;
            int shares = _shares[phase];
            if (member < shares && TryClaim(member, number))
            {
                Compute(phase, number, member, shares);
            }

            Await(phase, number, shares, ref areAwake);

            // Another thread may have failed in the next phase already: that is left only when all its shares are complete, so that none is
            // computed after the run and the smallest number does not depend on who was first.
            if (Volatile.Read(ref _failedPhase) <= number)
            {
                return;
            }
        }
    }

    /// <summary>One pause instruction; <see cref="Thread.SpinWait"/> takes several, and a thread that waits would notice the end late.</summary>
    private static void Pause()
    {
        if (X86Base.IsSupported)
        {
            X86Base.Pause();
        }
        else
        {
            Thread.SpinWait(1);
        }
    }

    private bool TryClaim(int share, long number)
    {
        ref long claimed = ref _slots[share + 1].Claimed;
        long last = Volatile.Read(ref claimed);
        return last < number && Interlocked.CompareExchange(ref claimed, number, last) == last;
    }

    private void Compute(int phase, long number, int share, int shares)
    {
        try
        {
            int result = _method(_bases, phase, share, shares);
            if (result != 0)
            {
                Fail(result, number);
            }
        }
        catch (Exception e)
        {
            // Whichever thread it happened on, the caller is told.
            _fault = e;
            Fail(int.MaxValue, number);
        }

        // A full fence between completing the share and looking for sleepers, as between their counting and their looking: one of the two sees the other.
        Interlocked.Exchange(ref _slots[share + 1].Completed, number);
        Wake(ref _sleepers);
    }

    private void Fail(int result, long number)
    {
        Volatile.Write(ref _failedPhase, number);
        int known = Volatile.Read(ref _failed);
        while (known == 0 || result < known)
        {
            int current = Interlocked.CompareExchange(ref _failed, result, known);
            if (current == known)
            {
                return;
            }

            known = current;
        }
    }

    /// <summary>Returns when all shares of a phase are complete; computes those that nobody begins.</summary>
    /// <param name="phase">The phase.</param>
    /// <param name="number">Its number.</param>
    /// <param name="shares">Its shares.</param>
    /// <param name="areAwake">True once all threads are known to have begun the run.</param>
    private void Await(int phase, long number, int shares, ref bool areAwake)
    {
        for (int polls = 0; !IsComplete(number, shares); polls++)
        {
            // Who polls what another thread writes slows it down: shares are looked at only if there is a reason.
            areAwake = areAwake || HaveBegun(number);
            bool isLate = polls >= PollsBeforeHelping;
            int share = areAwake && !isLate ? -1 : NextToHelp(number, shares, isLate);
            if (share >= 0)
            {
                if (TryClaim(share, number))
                {
                    Compute(phase, number, share, shares);
                }
            }
            else if (polls < PollsBeforeSleep)
            {
                Pause();
            }
            else
            {
                SleepUntilComplete(number, shares);
            }
        }
    }

    private bool IsComplete(long number, int shares)
    {
        for (int share = 0; share < shares; share++)
        {
            if (Volatile.Read(ref _slots[share + 1].Completed) < number)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True if every thread has begun the run that a phase belongs to.</summary>
    private bool HaveBegun(long number)
    {
        for (int share = 1; share < Threads; share++)
        {
            if (Volatile.Read(ref _slots[share + 1].SeenRun) * _shares.Length < number)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A share that nobody has begun and whose thread is late, or does not know of the run yet; -1 for none.</summary>
    private int NextToHelp(long number, int shares, bool isLate)
    {
        for (int share = 0; share < shares; share++)
        {
            ref Slot slot = ref _slots[share + 1];
            if (Volatile.Read(ref slot.Claimed) < number
                && (isLate || (share > 0 && Volatile.Read(ref slot.SeenRun) * _shares.Length < number)))
            {
                return share;
            }
        }

        return -1;
    }

    /// <summary>After a failure: nothing of the run can be claimed any more, by threads that are late either.</summary>
    private void Abandon(long last)
    {
        for (int share = 0; share < Threads; share++)
        {
            Interlocked.Exchange(ref _slots[share + 1].Claimed, last);
            Interlocked.Exchange(ref _slots[share + 1].Completed, last);
        }

        Wake(ref _sleepers);
    }

    private void SleepUntilComplete(long number, int shares)
    {
        lock (_gate)
        {
            Interlocked.Increment(ref _sleepers);
            while (!IsComplete(number, shares))
            {
                Monitor.Wait(_gate);
            }

            Interlocked.Decrement(ref _sleepers);
        }
    }

    private void SleepUntilRun(long seen)
    {
        lock (_gate)
        {
            Interlocked.Increment(ref _idle);
            while (Volatile.Read(ref _run) == seen && !_isStopping)
            {
                Monitor.Wait(_gate);
            }

            Interlocked.Decrement(ref _idle);
        }
    }

    private void Wake(ref int sleepers)
    {
        if (Volatile.Read(ref sleepers) > 0)
        {
            lock (_gate)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Counters of one share, on pairs of cache lines of their own: other threads poll the second while the first is written.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 384)]
    private struct Slot
    {
        [FieldOffset(0)]
        public long Claimed;

        [FieldOffset(128)]
        public long Completed;

        /// <summary>The last run that the share's own thread has begun.</summary>
        [FieldOffset(256)]
        public long SeenRun;
    }
}
