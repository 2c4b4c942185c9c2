using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;

namespace AotCompiler.Lowering;

/// <summary>One unit of work at run time, emitted as one method per vector width.</summary>
/// <remarks>
/// <para>
/// <b>Sharing a step between threads.</b> A step whose work falls into units that do not depend on each other (rows of the output,
/// pairs of output block and row, heads, slices of a softmax) returns their number as <see cref="ParallelExtent"/>. If the step is
/// large enough for its cost (<c>Planning.StepCost</c>), its method gets two more parameters and computes the units
/// <c>beginUnit … endUnit - 1</c> only, where 0 ≤ beginUnit &lt; endUnit ≤ extent; <see cref="StepWriter.IsShared"/> then is true. One thread passes
/// 0 and the extent, so there is one body for any number of threads. <see cref="StepWriter.ForUnits"/> writes the loop over
/// the units in either case.
/// </para>
/// <para>
/// What a unit writes no other unit reads or writes, scratch memory included; a sum is never cut, so the bits do not depend on
/// the number of shares. Work that all units need (a transformed input, a table) is a step of its own before. Units should cost
/// about the same, and there should be at least some 16 of them where the work allows: shares are equal numbers of units.
/// </para>
/// </remarks>
internal abstract class Step
{
    /// <param name="node">The node the step belongs to; null for steps the compiler adds.</param>
    /// <param name="name">Name for people and, sanitised, for the method.</param>
    protected Step(Node? node, string name)
    {
        Node = node;
        Name = name;
    }

    public Node? Node { get; }

    public string Name { get; }

    /// <summary>Position in the schedule.</summary>
    public int Index { get; set; }

    /// <summary>Whether the step's code is written for time or for few bytes.</summary>
    public CodeGoal Goal { get; set; }

    /// <summary>Position in the graph of the node whose lowering added the step; the number of nodes for what comes behind the last.</summary>
    public int Unit { get; set; } = -1;

    /// <summary>All views that are read, weights included.</summary>
    public abstract IReadOnlyList<TensorView> Reads { get; }

    /// <summary>All views that are written.</summary>
    public abstract IReadOnlyList<TensorView> Writes { get; }

    /// <summary>Arena storages that are used only inside the step.</summary>
    public virtual IReadOnlyList<Storage> Scratch => System.Array.Empty<Storage>();

    /// <summary>Pairs (read, write) of which the write may lie exactly over the read, if the read is not needed later.</summary>
    public virtual IEnumerable<(TensorView Read, TensorView Write)> InPlace => Enumerable.Empty<(TensorView, TensorView)>();

    /// <summary>True if the step checks indices at run time: its method then returns an int, 0 for success.</summary>
    public virtual bool CanFail => false;

    /// <summary>Method of the runtime's <c>ModelGuard</c> that says what went wrong.</summary>
    public virtual string FailureGuard => "ThrowIndex";

    /// <summary>True if the step's code names instructions of x86, and not only vectors.</summary>
    public virtual bool NamesInstructions => false;

    /// <summary>True if the step makes or reads the text of strings: its method then gets the table of strings.</summary>
    public virtual bool UsesStrings => false;

    /// <summary>
    /// True if the kernel never reads or writes beyond the actual sizes of its operands, whichever dimensions are known only at run
    /// time. A step that says nothing is refused such operands.
    /// </summary>
    public virtual bool TakesRunTimeSizes => false;

    /// <summary>Counts that the step finds in its data: it writes each to its <see cref="SizeTable.Target"/>.</summary>
    public virtual IReadOnlyList<SizeVariable> ComputedSizes => System.Array.Empty<SizeVariable>();

    /// <summary>Multiply-adds, for the cost model and profiles.</summary>
    public virtual long MultiplyAdds => 0;

    /// <summary>Exponentials and the like that compact code computes one by one, where fast code has many in a register.</summary>
    public virtual long ScalarFunctions => 0;

    /// <summary>
    /// Bytes that have to move between memory and registers if every element of every operand moves once: for profiles and the cost model.
    /// </summary>
    public virtual long BytesMoved => Reads.Concat(Writes).Distinct().Sum(static v => v.TouchedBytes);

    /// <summary>Units of work that threads may share, for code of this width; 1 if the step is one piece. See the remarks of the class.</summary>
    public virtual Extent ParallelExtent(Simd simd) => 1;

    /// <summary>True if <see cref="ParallelExtent"/> and the loops over the units follow sizes that are known only at run time.</summary>
    public virtual bool SharesRunTimeSizes => false;

    /// <summary>True if the step writes nothing but the halo of a buffer, so that it may run while others write the buffer's interior.</summary>
    public virtual bool WritesOnlyHalo => false;

    /// <summary>Name of the kernel and its parameters, for the plan's printer: <c>conv 3x3 s1, tile 14x2</c>.</summary>
    public abstract string Kernel { get; }

    /// <summary>One sentence that says what is computed, for the doc comment: <c>Conv 3×3 with fused Relu, y = max(0, W∗x + b)</c>.</summary>
    public abstract string Summary { get; }

    /// <summary>How the loops of the body go, for the comment it begins with, line by line; empty if the summary says it all.</summary>
    public virtual IEnumerable<string> Explain(Simd simd) => Enumerable.Empty<string>();

    /// <summary>Methods of its own that the step's method calls.</summary>
    public virtual IEnumerable<StepPart> Parts(Simd simd) => Enumerable.Empty<StepPart>();

    /// <summary>Writes the body of the method for the writer's vector width.</summary>
    public abstract void Emit(StepWriter writer);
}

/// <summary>A method beside the step's own, for work that has registers enough only for itself.</summary>
/// <param name="Name">What follows the name of the step's method.</param>
/// <param name="Parameters">Types and names.</param>
/// <param name="Summary">One sentence for the doc comment.</param>
/// <param name="Emit">Writes the body.</param>
internal sealed record StepPart(string Name, IReadOnlyList<string> Parameters, string Summary, System.Action<StepWriter> Emit)
{
    /// <summary>
    /// True if the method has the operands that its body declares, and computes a range of units: those are its parameters, then
    /// <see cref="StepWriter.Begin"/> and <see cref="StepWriter.End"/>.
    /// </summary>
    public bool IsRange { get; init; }
}

/// <summary>What the code of a step is written for.</summary>
internal enum CodeGoal
{
    /// <summary>The least time: tiles for every remainder, unrolled loops, constants everywhere.</summary>
    Speed,

    /// <summary>Few bytes: one body for all tiles, rolled loops, trip counts and strides that other steps can pass as arguments.</summary>
    Size,
}
