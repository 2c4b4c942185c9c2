using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;

namespace AotCompiler.Lowering;

/// <summary>
/// Steps that run under a condition or repeatedly. No method of its own: its control flow is written where the steps are
/// called, around the calls of the steps in its blocks.
/// </summary>
/// <remarks>See docs/adr/0017-regions.md.</remarks>
internal abstract class RegionStep : Step
{
    private readonly IReadOnlyList<TensorView> _reads;
    private readonly IReadOnlyList<TensorView> _writes;

    /// <param name="node">The node.</param>
    /// <param name="blocks">Steps of each block.</param>
    /// <param name="outside">How many storages there were before the blocks were lowered: those the blocks share with what is around.</param>
    /// <param name="reads">What the control flow itself reads.</param>
    /// <param name="writes">What the control flow itself writes.</param>
    protected RegionStep(
        Node node, IReadOnlyList<IReadOnlyList<Step>> blocks, int outside, IEnumerable<TensorView> reads, IEnumerable<TensorView> writes)
        : base(node, node.Name)
    {
        Blocks = blocks;
        Step[] inner = Schedule.Flatten(blocks.SelectMany(static b => b)).ToArray();
        bool IsShared(TensorView view) => view.Storage.Id < outside && view.Storage.Kind != StorageKind.Weights;
        _reads = reads.Concat(inner.SelectMany(static s => s.Reads).Where(IsShared)).Distinct().ToArray();
        _writes = writes.Concat(inner.SelectMany(static s => s.Writes).Where(IsShared)).Distinct().ToArray();
        Marks = blocks.Select(_ => new RegionMark(this)).ToArray();
    }

    /// <summary>Steps of each block, in order.</summary>
    public IReadOnlyList<IReadOnlyList<Step>> Blocks { get; }

    /// <summary>The end of each block; the last is the region's.</summary>
    public IReadOnlyList<RegionMark> Marks { get; }

    public sealed override IReadOnlyList<TensorView> Reads => _reads;

    public sealed override IReadOnlyList<TensorView> Writes => _writes;

    /// <summary>Counts that the control flow finds; those of steps inside belong to these.</summary>
    public sealed override IReadOnlyList<SizeVariable> ComputedSizes => Node!.ComputedSizes;

    /// <summary>Sizes that are known as soon as a block begins, where their targets hold them.</summary>
    public virtual IReadOnlyList<SizeVariable> BlockSizes => Array.Empty<SizeVariable>();

    /// <summary>None of its own: the steps inside count.</summary>
    public sealed override long BytesMoved => 0;

    public sealed override void Emit(StepWriter writer) => throw new InvalidOperationException("a region is written where its steps are called");

    /// <summary>Writes the control flow around the calls.</summary>
    /// <param name="code">Where it goes.</param>
    /// <param name="writeBlock">Writes the calls of a block's steps.</param>
    public abstract void EmitControl(CodeWriter code, Action<int> writeBlock);
}

/// <summary>The end of a region's block: a point in time at which everything the region shares with what is around is still live.</summary>
internal sealed class RegionMark : Step
{
    private readonly RegionStep _region;

    public RegionMark(RegionStep region)
        : base(region.Node, $"end of {region.Name}")
    {
        _region = region;
    }

    public override IReadOnlyList<TensorView> Reads => _region.Reads;

    public override IReadOnlyList<TensorView> Writes => _region.Writes;

    public override long BytesMoved => 0;

    public override string Kernel => "end of a block";

    public override string Summary => $"End of a block of {_region.Node}";

    public override void Emit(StepWriter writer) => throw new InvalidOperationException("a mark is no code");
}
