using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Lowering;

namespace AotCompiler.Planning;

/// <summary>Puts steps into the order in which least memory is live at once.</summary>
/// <remarks>
/// Finding the best order is NP-hard (register sufficiency, Sethi 1975). Two greedy list schedules compete with the order of
/// the file: one takes the step after which least is live, the other looks at the memory during the step first. The file's order
/// stays unless another one saves a few percent: it is the one its author, and the cache, expect.
/// </remarks>
internal static class StepOrder
{
    /// <summary>Larger schedules keep their order: the search looks at all ready steps for each step.</summary>
    private const int MaxSteps = 4_000;

    /// <summary>An order has to save one part in so many of the peak.</summary>
    private const int LeastSaving = 50;

    /// <summary>The schedule in its best order. Models with control flow keep theirs.</summary>
    public static Schedule Improve(Schedule schedule)
    {
        if (schedule.Steps.Count is < 3 or > MaxSteps || schedule.UsesStrings || schedule.Steps.Any(static s => s is RegionStep))
        {
            return schedule;
        }

        var problem = new OrderProblem(schedule);
        int[] best = Enumerable.Range(0, schedule.Steps.Count).ToArray();
        long peak = problem.Peak(best);
        long wanted = peak - (peak / LeastSaving);
        foreach (bool duringFirst in new[] { true, false })
        {
            int[] order = problem.Greedy(duringFirst);
            long reached = problem.Peak(order);
            if (reached < wanted)
            {
                best = order;
                wanted = reached;
            }
        }

        return wanted == peak - (peak / LeastSaving) ? schedule : new Schedule(schedule.Graph, best.Select(i => schedule.Steps[i]).ToArray(), schedule.Storages, schedule.Strings)
        {
            Decisions = schedule.Decisions,
        };
    }

    /// <summary>Steps with what they must wait for and the arena storages they touch, all as numbers. Steps may hand scratch memory on.</summary>
    private sealed class OrderProblem
    {
        private readonly int[][] _followers;
        private readonly int[] _waits;
        private readonly int[][] _touched;
        private readonly int[] _touches;
        private readonly long[] _bytes;
        private readonly (int Dying, int Written)[][] _inPlace;

        public OrderProblem(Schedule schedule)
        {
            IReadOnlyList<Step> steps = schedule.Steps;
            var numbers = new Dictionary<Storage, int>();
            foreach (Storage storage in schedule.Storages.Select(static s => s.Owner).Distinct().Where(static s => s.Kind == StorageKind.Arena))
            {
                numbers.Add(storage, numbers.Count);
            }

            _bytes = numbers.Keys.Select(static s => ArenaPlanner.RoundUp(s.Bytes)).ToArray();
            _touches = new int[_bytes.Length];
            _touched = steps.Select(s => s.Reads.Concat(s.Writes).Select(static v => v.Storage).Concat(s.Scratch).Select(static x => x.Owner)
                .Where(static x => x.Kind == StorageKind.Arena).Distinct().Select(x => numbers[x]).ToArray()).ToArray();
            _inPlace = steps.Select(s => s.InPlace
                .Where(static p => p.Read.Storage.Owner.Kind == StorageKind.Arena && p.Write.Storage.Owner.Kind == StorageKind.Arena)
                .Select(p => (numbers[p.Read.Storage.Owner], numbers[p.Write.Storage.Owner])).ToArray()).ToArray();
            foreach (int storage in _touched.SelectMany(static t => t))
            {
                _touches[storage]++;
            }

            HashSet<int>[] followers = Followers(steps);
            _followers = followers.Select(static f => f.OrderBy(static x => x).ToArray()).ToArray();
            _waits = new int[steps.Count];
            foreach (int follower in _followers.SelectMany(static f => f))
            {
                _waits[follower]++;
            }
        }

        /// <summary>Most bytes live in any step of an order.</summary>
        public long Peak(IReadOnlyList<int> order)
        {
            var left = (int[])_touches.Clone();
            long live = 0;
            long peak = 0;
            foreach (int step in order)
            {
                (long during, long after) = Take(step, left, live);
                peak = Math.Max(peak, during);
                live = after;
                Touch(step, left);
            }

            return peak;
        }

        /// <summary>Always the ready step that is best by live bytes; of equal ones the earliest.</summary>
        public int[] Greedy(bool duringFirst)
        {
            var waits = (int[])_waits.Clone();
            var left = (int[])_touches.Clone();
            var ready = new SortedSet<int>(Enumerable.Range(0, waits.Length).Where(i => waits[i] == 0));
            var order = new List<int>(waits.Length);
            long live = 0;
            long peak = 0;
            while (ready.Count > 0)
            {
                int best = -1;
                (long, long) bestKey = default;
                foreach (int step in ready)
                {
                    (long during, long after) = Take(step, left, live);
                    (long, long) key = duringFirst ? (Math.Max(peak, during), after) : (after, during);
                    if (best < 0 || key.CompareTo(bestKey) < 0)
                    {
                        best = step;
                        bestKey = key;
                    }
                }

                (long most, long next) = Take(best, left, live);
                peak = Math.Max(peak, most);
                live = next;
                Touch(best, left);
                order.Add(best);
                ready.Remove(best);
                foreach (int follower in _followers[best])
                {
                    if (--waits[follower] == 0)
                    {
                        ready.Add(follower);
                    }
                }
            }

            return order.ToArray();
        }

        /// <summary>
        /// Steps that must come after each step: readers of a storage after all its writers, writers that overlap in their order,
        /// and whoever writes what was read before.
        /// </summary>
        private static HashSet<int>[] Followers(IReadOnlyList<Step> steps)
        {
            // What comes behind a step that finds a count may depend on it, whatever memory it touches.
            var followers = steps.Select((s, i) => s.ComputedSizes.Count == 0 ? new HashSet<int>() : new HashSet<int>(Enumerable.Range(i + 1, steps.Count - i - 1))).ToArray();
            var writers = new Dictionary<Storage, List<int>>();
            var readers = new Dictionary<Storage, List<int>>();
            for (int i = 0; i < steps.Count; i++)
            {
                Step step = steps[i];
                var reads = new HashSet<Storage>(step.Reads.Select(static v => v.Storage.Owner));
                var writes = new HashSet<Storage>(step.Writes.Select(static v => v.Storage).Concat(step.Scratch).Select(static x => x.Owner));
                foreach (Storage storage in reads)
                {
                    Link(writers, storage, followers, i, static _ => true);
                    Note(readers, storage, i);
                }

                foreach (Storage storage in writes)
                {
                    Link(readers, storage, followers, i, static _ => true);
                    Link(writers, storage, followers, i, other => !AreApart(steps[other], step));
                    Note(writers, storage, i);
                }
            }

            return followers;
        }

        /// <summary>Two steps that may write one storage in any order: a halo and an interior.</summary>
        private static bool AreApart(Step a, Step b) => a.WritesOnlyHalo != b.WritesOnlyHalo;

        private static void Link(Dictionary<Storage, List<int>> known, Storage storage, HashSet<int>[] followers, int step, Func<int, bool> condition)
        {
            if (known.TryGetValue(storage, out List<int>? others))
            {
                foreach (int other in others.Where(o => o != step && condition(o)))
                {
                    followers[other].Add(step);
                }
            }
        }

        private static void Note(Dictionary<Storage, List<int>> known, Storage storage, int step)
        {
            if (!known.TryGetValue(storage, out List<int>? list))
            {
                known.Add(storage, list = new List<int>());
            }

            list.Add(step);
        }

        /// <summary>Bytes live while a step runs and after it.</summary>
        private (long During, long After) Take(int step, int[] left, long live)
        {
            long begun = 0;
            long ended = 0;
            foreach (int storage in _touched[step])
            {
                begun += left[storage] == _touches[storage] ? _bytes[storage] : 0;
                ended += left[storage] == 1 ? _bytes[storage] : 0;
            }

            long saved = 0;
            foreach ((int dying, int written) in _inPlace[step])
            {
                if (left[dying] == 1 && left[written] == _touches[written])
                {
                    saved = Math.Max(saved, Math.Min(_bytes[dying], _bytes[written]));
                }
            }

            return (live + begun - saved, live + begun - ended);
        }

        private void Touch(int step, int[] left)
        {
            foreach (int storage in _touched[step])
            {
                left[storage]--;
            }
        }
    }
}
