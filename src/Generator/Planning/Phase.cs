using System.Collections.Generic;
using AotCompiler.Lowering;

namespace AotCompiler.Planning;

/// <summary>Steps between two points at which threads wait for each other.</summary>
/// <param name="Steps">The steps, in the schedule's order.</param>
/// <param name="Shares">How many threads are worth it; 1 if one thread does the phase.</param>
internal sealed record Phase(IReadOnlyList<PhaseStep> Steps, int Shares);

/// <summary>A step of a phase.</summary>
/// <param name="Step">The step.</param>
/// <param name="IsShared">True if each thread computes a share of it; false if the thread of share 0 does it alone, in the order of the phase.</param>
internal readonly record struct PhaseStep(Step Step, bool IsShared);
