using System;
using System.Threading;

namespace AotCompiler.Runtime;

/// <summary>The threads of one model instance: the caller of <see cref="Run"/> and helpers that sleep between inferences.</summary>
/// <remarks>
/// <para>
/// An inference is a row of phases. A phase is cut into equal shares that do not depend on each other, one per thread; it
/// begins when the one before it is complete. Which thread computes a share never changes what is computed, so results do
/// not depend on the number of threads.
/// </para>
/// <para>
/// A thread computes its own share, and those of others that have not begun them, because they are late or the machine has
/// fewer cores than the team has threads. So an inference never waits for a thread that is not running, except for one
/// that was suspended in the middle of its share. Who waits polls for some microseconds, then sleeps.
/// </para>
/// <para>Runs allocate nothing. Helpers are background threads; they end when the team is disposed or collected.</para>
/// </remarks>
public sealed unsafe class ThreadTeam : IDisposable
{
    // Helpers refer to this state and not to the team, so that a team that nobody refers to is collected and ends them.
    private readonly TeamState _state;
    private int _isRunning;

    private ThreadTeam(TeamState state)
    {
        _state = state;
    }

    /// <summary>Ends the helpers if the owner did not.</summary>
    ~ThreadTeam() => _state.Stop();

    /// <summary>Starts a team.</summary>
    /// <param name="threads">Threads, the caller's included; at least 1. More than any phase has shares are not started.</param>
    /// <param name="shares">For each phase, how many shares are worth cutting it into: 1 for work that is done in one piece.</param>
    /// <param name="method">Computes a share.</param>
    /// <param name="isBrief">
    /// True if waking a thread costs about as much as a run gains from it: threads that sleep are then woken only for runs that come
    /// one after another, and others are done by their caller.
    /// </param>
    /// <returns>The team; null if one thread does everything.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is below 1.</exception>
    public static ThreadTeam? Create(int threads, ReadOnlySpan<byte> shares, ShareMethod method, bool isBrief = false)
    {
        ArgumentNullException.ThrowIfNull(method);
        CheckCount(threads);
        int most = 1;
        foreach (byte count in shares)
        {
            most = Math.Max(most, count);
        }

        threads = Math.Min(threads, most);
        if (threads == 1)
        {
            return null;
        }

        var state = new TeamState(threads, shares, method, isBrief);
        state.Start();
        return new ThreadTeam(state);
    }

    /// <summary>Checks a number of threads that a model is not going to need.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public static void CheckCount(int threads) => ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);

    /// <summary>Runs all phases; returns when the last one is complete.</summary>
    /// <param name="bases">Handed on to the share method.</param>
    /// <returns>0, or the smallest number other than 0 that a share of the first failing phase returned; later phases are then left out.</returns>
    /// <exception cref="ObjectDisposedException">The team was disposed.</exception>
    /// <exception cref="InvalidOperationException">Another thread is in this method.</exception>
    public int Run(byte** bases)
    {
        if (Interlocked.Exchange(ref _isRunning, 1) != 0)
        {
            throw new InvalidOperationException("The model runs on another thread already. Use one instance per thread.");
        }

        try
        {
            return _state.Run(bases);
        }
        finally
        {
            Volatile.Write(ref _isRunning, 0);
            GC.KeepAlive(this);
        }
    }

    /// <summary>Ends the helpers. Not during a run. Calling it again does nothing.</summary>
    public void Dispose()
    {
        _state.Stop();
        _state.Join();
        GC.SuppressFinalize(this);
    }
}
