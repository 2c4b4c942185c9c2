using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Lowering.Tuning;
using AotCompiler.Kernels;
using AotCompiler.Operators;

namespace AotCompiler.Lowering;

/// <summary>
/// Turns nodes into steps: gives every value its memory and layout, and brings inputs into the layout a kernel wants.
/// </summary>
internal sealed class LoweringContext
{
    private const int Alignment = 64;

    private readonly List<LayerDecision> _decisions = new();
    private readonly List<Step> _steps = new();
    private readonly List<Storage> _storages;
    private readonly Dictionary<Value, TensorView> _views = new();
    private readonly Dictionary<(Value Value, string Layout), TensorView> _copies = new();
    private readonly Dictionary<Value, TensorView> _packedInputs = new();
    private readonly Dictionary<Value, TensorView> _widened = new();
    private readonly Dictionary<Value, RepeatedPixels> _repeats = new();
    private readonly ConstantPool _constants;
    private readonly Dictionary<Value, Halo> _halos = new();
    private readonly CancellationToken _cancellation;
    private readonly IReadOnlyList<Result> _results;
    private readonly List<(TensorView State, TensorView Next)> _states = new();
    private readonly MemoryChoices _choices;
    private readonly BandComposer? _bands;
    private int _unit = -1;
    private int _ordinal;

    private LoweringContext(Graph graph, CompilerOptions options, MemoryChoices choices, CancellationToken cancellation)
    {
        _choices = choices;
        _bands = new BandComposer(choices.Chains);
        Graph = graph;
        Options = options;
        _cancellation = cancellation;
        _storages = new List<Storage>();
        _constants = new ConstantPool((name, bytes) => NewStorage(StorageKind.Weights, name, bytes));
        Layouts = LayoutQuery.Assign(graph, Options.Isa.HasVectors);
        Bytes = ByteStorage.Assign(graph, Layouts);
        CollectHalos();
        for (int i = 0; i < graph.Inputs.Count; i++)
        {
            Value input = graph.Inputs[i];
            (input.Shape.IsCompact ? _views : _packedInputs)[input] = Boundary(StorageKind.Input, i, input.Name, input);
        }

        _results = graph.Outputs.Select((o, i) => new Result(o.Name, o.Value, Boundary(StorageKind.Output, i, o.Name, o.Value), IsPacked: true))
            .Concat(graph.States.Select(s => new Result(s.Input.Name, s.Output, NextOf(s), IsPacked: true)))
            .ToArray();
    }

    /// <summary>For a subgraph: its memory and weights are among those of the graph around it.</summary>
    private LoweringContext(LoweringContext outer, Graph graph, IReadOnlyList<TensorView> inputs, IReadOnlyList<TensorView?> outputs)
    {
        Graph = graph;
        Options = outer.Options;
        _choices = outer._choices;
        _cancellation = outer._cancellation;
        _storages = outer._storages;
        _constants = outer._constants;
        Layouts = LayoutQuery.Assign(graph, Options.Isa.HasVectors);
        Bytes = ByteStorage.Assign(graph, Layouts);
        CollectHalos();
        for (int i = 0; i < graph.Inputs.Count; i++)
        {
            _views[graph.Inputs[i]] = inputs[i];
        }

        _results = graph.Outputs.Select((o, i) => new Result(o.Name, o.Value, outputs[i], IsPacked: false)).ToArray();
    }

    public Graph Graph { get; }

    public CompilerOptions Options { get; }

    /// <summary>Layout kinds, chosen for all values before the first node is lowered.</summary>
    public LayoutQuery Layouts { get; }

    /// <summary>Which values are stored as bytes, chosen at the same time.</summary>
    public ByteStorage Bytes { get; }

    /// <summary>How many storages there are: those that come later belong to what is lowered then.</summary>
    public int StorageCount => _storages.Count;

    /// <summary>Lowers a whole graph.</summary>
    public static Schedule Lower(Graph graph, CompilerOptions options, CancellationToken cancellation) =>
        Lower(graph, options, MemoryChoices.None, cancellation);

    /// <summary>Lowers a whole graph with choices that save memory.</summary>
    public static Schedule Lower(Graph graph, CompilerOptions options, MemoryChoices choices, CancellationToken cancellation)
    {
        var context = new LoweringContext(graph, options, choices, cancellation);
        return new Schedule(
            graph, context._bands!.Compose(context.LowerNodes()), context._storages, context._constants.Strings)
        {
            Decisions = context._decisions,
            MaySharePhases = options.Isa.HasVectors && !options.SingleThreaded,
        };
    }

    /// <summary>Lowers a subgraph for a block of a region.</summary>
    /// <param name="body">The subgraph.</param>
    /// <param name="inputs">Where its inputs lie: plain views.</param>
    /// <param name="outputs">Where its outputs must be stored: dense views of memory that no input lies in; null for those nobody needs.</param>
    public IReadOnlyList<Step> LowerBody(Graph body, IReadOnlyList<TensorView> inputs, IReadOnlyList<TensorView?> outputs) =>
        new LoweringContext(this, body, inputs, outputs).LowerNodes();

    /// <summary>An error about a node, in the form all operators use.</summary>
    public static ModelException Fail(Node node, string code, string reason, string nextStep) =>
        new(code, NodeContext.Describe(node, reason, nextStep));

    /// <summary>True for a node that is computed in the plainest way, which takes least memory and can run in bands.</summary>
    public bool IsDirect(Node node) => _choices.IsDirect(node);

    /// <summary>Appends a step, unless it would write only empty tensors.</summary>
    public void Add(Step step)
    {
        if (step.Writes.Count > 0 && step.Writes.All(static v => v.Shape.ElementCount == 0) && step.ComputedSizes.Count == 0)
        {
            return;
        }

        TensorView? dynamic = step.TakesRunTimeSizes ? null : step.Reads.Concat(step.Writes).FirstOrDefault(static v => v.Storage.IsDynamic);
        if (dynamic is not null)
        {
            string reason = $"its kernel ({step.Kernel}) does not take dimensions that are known only at run time, as in {dynamic.Describe()}";
            throw step.Node is { } node
                ? Fail(node, DiagnosticCodes.FeatureUnsupported, reason, "Give the dimension one value.")
                : new ModelException(DiagnosticCodes.FeatureUnsupported, $"{step.Name}: {reason}. Give the dimension one value.");
        }

        step.Unit = _unit;
        _steps.Add(step);
        if (step is ITunable tunable && Options.Tuning is { } tuning)
        {
            tunable.Use(tuning);
        }
    }

    /// <summary>Chooses the way to compute a node: the first, unless measurements say otherwise.</summary>
    /// <param name="node">The node.</param>
    /// <param name="layer">Everything about it that its speed depends on, as text.</param>
    /// <param name="choices">The ways, by estimated time.</param>
    public string Decide(Node node, string layer, IReadOnlyList<string> choices)
    {
        bool measured = Options.Tuning is { } table && Options.Isa.Widths.Any(w => w.Bits == table.VectorBits);
        string? tuned = measured ? Options.Tuning!.ChoiceOf(layer) : null;
        string chosen = tuned is not null && choices.Contains(tuned) ? tuned : choices[0];
        _decisions.Add(new LayerDecision(node, layer, choices, chosen));
        return chosen;
    }

    /// <summary>Appends a region.</summary>
    public void Add(RegionStep region)
    {
        region.Unit = _unit;
        _steps.Add(region);
    }

    /// <summary>The value as it lies in memory; constants become weights.</summary>
    /// <param name="value">The value.</param>
    /// <param name="bytes">True for a reader that takes whole numbers stored as bytes; for others they are widened.</param>
    public TensorView Read(Value value, bool bytes = false)
    {
        TensorView stored = ReadStored(value);
        if (bytes || stored.Zero is null)
        {
            return stored;
        }

        if (!_widened.TryGetValue(value, out TensorView? wide))
        {
            Layout layout = stored.Layout.IsBlocked ? Blocked(value.Shape, Halo.None(value.Shape.Rank - 2)) : Layout.Dense(value.Shape);
            wide = NewArenaView(value.Name, value.Type, layout);
            Add(new ElementwiseStep(null, $"widen {value.Name}", ElementProgram.Identity(value.Type), new[] { (stored, stored.Layout.Dimensions()) }, wide));
            _widened[value] = wide;
        }

        return wide;
    }

    /// <summary>Brings whole numbers that are stored as f32 into bytes, for a kernel that takes nothing else; readers that want f32 widen them.</summary>
    /// <param name="value">The value; nothing is done if it is stored as bytes.</param>
    /// <param name="zero">The byte that stands for 0.</param>
    public void StoreAsBytes(Value value, int zero)
    {
        if (Bytes.ZeroOf(value) is not null)
        {
            return;
        }

        TensorView wide = Read(value);
        Layout layout = wide.Layout.IsBlocked ? Blocked(value.Shape, Halo.None(value.Shape.Rank - 2)) : Layout.Dense(value.Shape);
        TensorView bytes = NewArenaView(value.Name, ElementType.UInt8, layout, zero);
        Add(new ElementwiseStep(null, $"narrow {value.Name}", ElementProgram.Identity(value.Type), new[] { (wide, wide.Layout.Dimensions()) }, bytes));
        Bytes.Add(value, zero);
        _views[value] = bytes;
    }

    private TensorView ReadStored(Value value)
    {
        if (_views.TryGetValue(value, out TensorView? view))
        {
            return view;
        }

        if (_packedInputs.TryGetValue(value, out TensorView? packed))
        {
            view = NewArenaView(value.Name, value.Type, Layout.Dense(value.Shape));
            Add(new PackStep(null, $"unpack {value.Name}", view, packed, packs: false));
            return _views[value] = view;
        }

        if (value.IsSizeExpression)
        {
            view = NewArenaView(value.Name, value.Type, Layout.Dense(value.Shape));
            Add(new SizesStep(value.Name, value.Sizes!.Elements!, view));
            return _views[value] = view;
        }

        if (value.Constant is not { } constant)
        {
            throw new InvalidOperationException($"{value} is read before it is made");
        }

        return _views[value] = Weight(constant, value.Name);
    }

    /// <summary>The value dense and row-major, copied if it lies otherwise.</summary>
    public TensorView ReadDense(Value value, bool bytes = false)
    {
        TensorView view = Read(value, bytes);
        return view.Layout.IsDense ? view : Copy(value, view, Layout.Dense(value.Shape));
    }

    /// <summary>The value without channel blocks, dense or a strided view.</summary>
    public TensorView ReadPlain(Value value, bool bytes = false)
    {
        TensorView view = Read(value, bytes);
        return view.Layout.IsBlocked ? ReadDense(value, bytes) : view;
    }

    /// <summary>The value in blocks of 16 channels with at least the halo.</summary>
    public TensorView ReadBlocked(Value value, Halo halo, bool bytes = false)
    {
        TensorView view = Read(value, bytes);
        bool fits = view.Layout.IsBlocked && (halo.IsEmpty || (view.Layout.Halo?.Covers(halo) ?? false));
        return fits ? view : Copy(value, view, Blocked(value.Shape, halo));
    }

    /// <summary>A copy of a plain view of the value, under another shape, in blocks of channels.</summary>
    public TensorView CopyToBlocked(Value value, TensorView source) => Copy(value, source, Blocked(source.Shape, Halo.None(source.Shape.Rank - 2)));

    /// <summary>The same as panels of weights, which always have 16 lanes.</summary>
    public TensorView CopyToPanels(Value value, TensorView source) => Copy(value, source, Layout.Blocked(source.Shape, Halo.None(source.Shape.Rank - 2)));

    /// <summary>The layout in blocks of channels, as the target has it.</summary>
    public Layout Blocked(Shape shape, Halo halo) => Layout.Blocked(shape, halo, IsNarrow);

    /// <summary>
    /// True if convolutions may be computed by minimal filtering. Not where there are no vectors: its transforms cost as many instructions
    /// there as it saves, its weights and buffers are larger, and memory is scarce.
    /// </summary>
    public bool AllowsWinograd => Options.AllowsWinograd && Options.Isa.HasVectors;

    /// <summary>True if blocks of fewer than 16 channels have no lanes beyond them.</summary>
    public bool IsNarrow => !Options.Isa.HasVectors;

    /// <summary>Lanes of the last block of so many channels that a kernel computes.</summary>
    public int LastLanes(int channels) => IsNarrow && channels % Layout.BlockSize is > 0 and int rest ? rest : Layout.BlockSize;

    /// <summary>The value plain, one stride per dimension, with at least the halo around its spatial dimensions.</summary>
    public TensorView ReadPadded(Value value, Halo halo, bool bytes = false)
    {
        TensorView view = Read(value, bytes);
        bool fits = !view.Layout.IsBlocked && (halo.IsEmpty || (view.Layout.Halo?.Covers(halo) ?? false));
        return fits ? view : Copy(value, view, Layout.Padded(value.Shape, halo));
    }

    /// <summary>Memory for an output of a node, in the layout that was chosen for it, inside a consumer's buffer where that is possible.</summary>
    public TensorView Allocate(Value value) => _views.TryGetValue(value, out TensorView? view) ? view : _views[value] = Place(value) ?? NewView(value);

    /// <summary>Makes a value another view of memory that exists: no step, no copy.</summary>
    public void Alias(Value value, TensorView view) => _views[value] = view;

    /// <summary>Says that a value has no memory of its own. All its readers must ask for <see cref="RepeatsOf"/>.</summary>
    public void Repeat(Value value, RepeatedPixels pixels) => _repeats[value] = pixels;

    /// <summary>What a value repeats, if it has no memory of its own; else null.</summary>
    public RepeatedPixels? RepeatsOf(Value value) => _repeats.TryGetValue(value, out RepeatedPixels? pixels) ? pixels : null;

    /// <summary>True if the value has memory already, because a consumer's buffer was made for it.</summary>
    public bool IsPlaced(Value value) => _views.ContainsKey(value);

    /// <summary>A constant in the weight blob.</summary>
    public TensorView Weight(Tensor tensor, string name) => _constants.Weight(tensor, name);

    /// <inheritdoc cref="ConstantPool.Progression"/>
    public TensorView Progression(Tensor longest, Tensor start, Tensor step, string name) => _constants.Progression(longest, start, step, name);

    /// <inheritdoc cref="ConstantPool.PositionOf"/>
    public int PositionOf(string text) => _constants.PositionOf(text);

    /// <summary>Arena memory that only one step uses; name it in <see cref="Step.Scratch"/>.</summary>
    public TensorView Scratch(string name, ElementType type, Shape shape) =>
        Marked(new TensorView(NewStorage(StorageKind.Arena, name, shape.ElementCount * type.Size()), type, Layout.Dense(shape)));

    /// <summary>
    /// A plain view's elements in the same order under another shape, where some dimensions are known only at run time: their gaps
    /// are closed and opened again at other places.
    /// </summary>
    public TensorView Repack(Node node, TensorView source, Shape shape)
    {
        TensorView packed = Packed(node, source);
        if (shape.IsCompact)
        {
            return packed.With(Layout.Dense(shape).Shifted(packed.Layout.Offset));
        }

        TensorView result = NewArenaView(node.Output.Name, source.Type, Layout.Dense(shape));
        Add(new PackStep(node, node.Name, result, packed, packs: false));
        return result;
    }

    /// <summary>Elements without gaps between those of the actual sizes, in row-major order: the view itself if it has none, else a copy.</summary>
    public TensorView Packed(Node node, TensorView source)
    {
        if (source.Layout.IsDense && source.Shape.IsCompact)
        {
            return source;
        }

        TensorView packed = NewArenaView($"{node.Name}.packed", source.Type, Layout.Dense(new Shape(new[] { Extent.Of(source.Shape.ElementSize) })));
        Add(new PackStep(node, node.Name, source, packed, packs: true));
        return packed;
    }

    /// <summary>The block's view of one part of a tensor that a loop walks.</summary>
    public TensorView Window(string name, ElementType type, Shape part) =>
        new(NewStorage(StorageKind.Window, name, part.ElementCount * type.Size()), type, Layout.Dense(part));

    private IReadOnlyList<Step> LowerNodes()
    {
        foreach (Node node in Graph.Nodes)
        {
            _cancellation.ThrowIfCancellationRequested();
            BeginUnit();
            node.Operator.Lower(node, this);
        }

        BeginUnit();
        StoreOutputs();
        int ends = _steps.Count;
        StateHandOver.Complete(null, _states, _steps);
        foreach (Step step in _steps.Skip(ends))
        {
            step.Unit = _unit;
        }

        return _steps;
    }

    private void BeginUnit()
    {
        _unit++;
        _ordinal = 0;
    }

    private TensorView Boundary(StorageKind kind, int index, string name, Value value)
    {
        Storage storage = NewStorage(kind, name, value.Shape.ElementCount * value.Type.Size());
        storage.BoundaryIndex = index;
        return Marked(new TensorView(storage, value.Type, Layout.Dense(value.Shape)));
    }

    /// <summary>A plain view's elements with zeros around its spatial dimensions, for a reader of its own.</summary>
    public TensorView CopyPadded(string name, TensorView source, Halo halo)
    {
        TensorView copy = NewArenaView(name, source.Type, Layout.Padded(source.Shape, halo));
        Add(new CopyStep(null, $"pad {name}", source, copy));
        return copy;
    }

    private TensorView Copy(Value value, TensorView source, Layout layout)
    {
        // The same value can be wanted in several arrangements, from views of different shapes.
        string from = $"{source.Layout.Offset}:{source.Shape}:{string.Join(",", source.Layout.Strides.Select(static s => $"{s}"))}";
        (Value, string) key = (value, $"{layout.Kind} {layout.Shape} {layout.Describe()} {source.Type} from {from}");
        if (!_copies.TryGetValue(key, out TensorView? copy))
        {
            copy = NewArenaView($"{value.Name}", source.Type, layout, source.Zero);
            Add(new CopyStep(null, $"reorder {value.Name}", source, copy));
            _copies[key] = copy;
        }

        return copy;
    }

    private TensorView NewView(Value value)
    {
        Layout layout = Layouts.KindOf(value) == LayoutKind.Blocked
            ? Blocked(value.Shape, HaloOf(value))
            : Layout.Dense(value.Shape);
        int? zero = Bytes.ZeroOf(value);
        return NewArenaView(value.Name, zero is null ? value.Type : ElementType.UInt8, layout, zero);
    }

    private TensorView NewArenaView(string name, ElementType type, Layout layout, int? zero = null)
    {
        TensorView view = Marked(NewBuffer(name, type, layout, zero));
        if (layout.Halo is not null)
        {
            Add(new HaloStep(name, view));
        }

        return view;
    }

    private TensorView NewBuffer(string name, ElementType type, Layout layout, int? zero)
    {
        var key = new BufferKey(_unit, _ordinal++);
        if (_bands?.RowsOf(key) is { } rows && layout.Shape.Rank == 4)
        {
            Layout band = layout.Band(rows);
            var window = new TensorView(NewStorage(StorageKind.Window, name, band.Extent * type.Size()), type, band);
            _bands.Add(window, NewStorage(StorageKind.Arena, $"{name}, {rows} of {layout.Shape[2]} rows", band.Extent * type.Size()));
            return window;
        }

        Storage storage = NewStorage(StorageKind.Arena, name, checked((layout.Extent * type.Size()) + (zero is null ? 0 : ByteStorage.Overread)));
        storage.Key = _bands is null ? null : key;
        return new TensorView(storage, type, layout) { Zero = zero };
    }

    private static TensorView Marked(TensorView view)
    {
        view.Storage.IsDynamic = view.Shape.IsDynamic;
        return view;
    }

    private Storage NewStorage(StorageKind kind, string name, long bytes)
    {
        var storage = new Storage(_storages.Count, kind, name, bytes);
        _storages.Add(storage);
        return storage;
    }

    private Halo HaloOf(Value value) => _halos.TryGetValue(value, out Halo? halo) ? halo : Halo.None(value.Shape.Rank - 2);

    /// <summary>Memory inside the caller's output or inside the buffer of a node that joins its inputs; null if the value stands alone.</summary>
    private TensorView? Place(Value value)
    {
        if (value.Producer is not { } producer)
        {
            return null;
        }

        bool strided = producer.Operator.WritesStrided(producer);
        bool blocked = Layouts.IsBlocked(value);
        if (!blocked && _results.FirstOrDefault(r => r.Target is not null && ReferenceEquals(r.Value, value)) is { } result
            && (result.IsPacked ? value.Shape.IsCompact : strided || result.Target!.Layout.IsDense))
        {
            return result.Target;
        }

        foreach (Use use in value.Uses)
        {
            TensorView? view = use.Node.Operator is IJoiningOperator join ? PlaceInJoin(value, use, join)
                : use.Node.Operator is IReshapingOperator && use.Index == 0 && !blocked ? PlaceBeforeReshape(value, use.Node)
                : null;
            if (view is not null && (strided || view.Layout.IsDense))
            {
                return view;
            }
        }

        return null;
    }

    private TensorView? PlaceInJoin(Value value, Use use, IJoiningOperator join)
    {
        Node node = use.Node;
        if (join.JoinAxis(node) is not { } axis
            || Layouts.KindOf(node.Output) != Layouts.KindOf(value)
            || value.Type != node.Output.Type
            || Bytes.ZeroOf(value) != Bytes.ZeroOf(node.Output)
            || node.Output.Shape.IsDynamicAt(axis)
            || node.Inputs.Count(v => ReferenceEquals(v, value)) != 1)
        {
            return null;
        }

        int start = node.Inputs.Take(use.Index).Sum(v => v!.Shape[axis]);
        TensorView whole = Allocate(node.Output);
        return whole.With(whole.Layout.Slice(axis, start, value.Shape.Extent(axis)));
    }

    private TensorView? PlaceBeforeReshape(Value value, Node reshape)
    {
        if (Layouts.IsBlocked(reshape.Output) || reshape.Epilogue is not null || Bytes.ZeroOf(value) != Bytes.ZeroOf(reshape.Output))
        {
            return null;
        }

        TensorView? after = Place(reshape.Output);
        return after?.Layout.TryReshape(value.Shape) is { } layout ? after.With(layout) : null;
    }

    private void CollectHalos()
    {
        foreach (Node node in Graph.Nodes)
        {
            for (int i = 0; i < node.OperatorInputCount; i++)
            {
                if (node.Inputs[i] is { } input && Layouts.IsBlocked(input) && node.Operator.WantedHalo(node, i, Layouts) is { IsEmpty: false } halo)
                {
                    AddHalo(input, halo);
                }
            }
        }

        // A value that lies inside a joined buffer shares that buffer's halo; joins may be nested, so walk towards the last one.
        foreach (Node node in Graph.Nodes)
        {
            if (node.Operator is IJoiningOperator && Layouts.IsBlocked(node.Output))
            {
                foreach (Value? input in node.Inputs)
                {
                    if (input is not null && _halos.TryGetValue(input, out Halo? halo))
                    {
                        AddHalo(node.Output, halo);
                    }
                }
            }
        }
    }

    private void AddHalo(Value value, Halo halo) => _halos[value] = _halos.TryGetValue(value, out Halo? old) ? Halo.Max(old, halo) : halo;

    /// <summary>Memory for the next value of a state, whose present value lies in the instance's memory; null if it stays as it is.</summary>
    private TensorView? NextOf(GraphState state)
    {
        long offset = _storages.Where(static s => s.Kind == StorageKind.State).Sum(static s => (s.Bytes + Alignment - 1) / Alignment * Alignment);
        TensorView present = Boundary(StorageKind.State, 0, state.Input.Name, state.Input);
        present.Storage.Offset = offset;
        _views[state.Input] = present;
        if (ReferenceEquals(state.Input, state.Output))
        {
            return null;
        }

        TensorView next = Scratch($"{state.Input.Name}, next", state.Input.Type, state.Input.Shape);
        _states.Add((present, next));
        return next;
    }

    /// <summary>Copies results that lie elsewhere to where they must be.</summary>
    private void StoreOutputs()
    {
        foreach (Result result in _results)
        {
            if (result.Target is not { } target)
            {
                continue;
            }

            TensorView view = Read(result.Value);
            if (result.IsPacked && !target.Shape.IsCompact)
            {
                Add(new PackStep(null, $"store {result.Name}", ReadPlain(result.Value), target, packs: true));
            }
            else if (!ReferenceEquals(view.Storage, target.Storage) || view.Layout.Offset != target.Layout.Offset)
            {
                Add(new CopyStep(null, $"store {result.Name}", view, target));
            }
        }
    }

    /// <summary>
    /// A value that must lie somewhere when all steps have run; anywhere if there is no target. A packed target has no gaps behind the actual
    /// sizes, others lie as their layout says.
    /// </summary>
    private sealed record Result(string Name, Value Value, TensorView? Target, bool IsPacked);
}
