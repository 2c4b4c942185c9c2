using System.Collections.Generic;
using System.Linq;
using AotCompiler.Lowering;

namespace AotCompiler.Planning;

/// <summary>Decides which steps are written for time and which for few bytes of code.</summary>
internal static class CodeGoals
{
    /// <summary>An exponential of one element, in double precision.</summary>
    private const double NanosecondsPerScalarFunction = 25;

    /// <summary>Makes those steps compact that take the least of the estimated time, with what they lose as compact code, up to a share of it all.</summary>
    /// <param name="schedule">The steps.</param>
    /// <param name="coldShare">Share of the whole time, from 0 for no step to 1 for all.</param>
    public static void Decide(Schedule schedule, double coldShare)
    {
        double budget = coldShare * schedule.Steps.Sum(StepCost.Nanoseconds);

        // Steps of one kind stay together, so that they can share a method.
        IEnumerable<IGrouping<(double Time, string Kernel), Step>> kinds = schedule.Steps
            .GroupBy(static s => (StepCost.Nanoseconds(s) + (s.ScalarFunctions * NanosecondsPerScalarFunction), s.Kernel))
            .OrderBy(static g => g.Key.Item1);
        foreach (IGrouping<(double Time, string Kernel), Step> kind in kinds)
        {
            budget -= kind.Key.Time * kind.Count();
            bool isCold = coldShare >= 1 || budget >= 0;
            foreach (Step step in kind)
            {
                step.Goal = isCold && coldShare > 0 ? CodeGoal.Size : CodeGoal.Speed;
            }
        }
    }
}
