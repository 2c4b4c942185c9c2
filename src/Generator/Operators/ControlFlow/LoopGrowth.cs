using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>
/// Imports the body of a loop whose states may have other shapes behind an iteration than before it: dimensions that change become
/// sizes of the loop, and the body is imported again until the shapes before and behind it go together.
/// </summary>
internal sealed class LoopGrowth
{
    /// <summary>Imports of a body; in each but the last another dimension turned out to change, or to need more memory.</summary>
    private const int MaxImports = 8;

    private readonly StructureContext _context;
    private readonly Value? _trips;
    private readonly Value[] _initial;
    private readonly ModelValue[] _states;
    private readonly int _knownSizes;
    private readonly Shape[] _inside;
    private readonly Dictionary<(int State, int Axis), SizeVariable> _sizes = new();
    private readonly HashSet<SizeVariable> _growing = new();

    /// <param name="context">The loop.</param>
    /// <param name="trips">Its trip count; null if it has none.</param>
    /// <param name="states">The states at the start, tensors and what stands for sequences.</param>
    public LoopGrowth(StructureContext context, Value? trips, ModelValue[] states)
    {
        _states = states;
        _knownSizes = context.SizeCount;
        _context = context;
        _trips = trips;
        _initial = states.SelectMany(static s => s.Tensors).ToArray();
        _inside = _initial.Select(static v => v.Shape).ToArray();
    }

    /// <summary>The dimensions that change.</summary>
    public IReadOnlyList<LoopSize> Sizes => _sizes.OrderBy(static s => s.Key.State).ThenBy(static s => s.Key.Axis)
        .Select(static s => new LoopSize(s.Key.State, s.Key.Axis, s.Value))
        .ToArray();

    /// <summary>Imports the body with its outputs: the condition, a scalar, then states and what is collected.</summary>
    /// <param name="refuses">Given that the condition is always true, whether changing shapes are an error: the loop can be unrolled then.</param>
    /// <exception cref="ModelException">The shapes do not go together.</exception>
    public ClosedBody Close(Func<bool, bool> refuses)
    {
        for (int i = 0; i < MaxImports; i++)
        {
            ClosedBody body = Import();
            Value[] results = body.Graph.Outputs.Select(static o => o.Value).ToArray();
            if (!Adapt(results.Skip(1).Take(_initial.Length).Select(static v => v.Shape).ToArray(), refuses(LoopImport.IsTrue(results[0]))))
            {
                return body;
            }
        }

        throw _context.FailNotConstant("the shapes of the loop's states do not settle");
    }

    private ClosedBody Import()
    {
        var inside = new Queue<Value>(_initial.Select((v, i) => new Value("state", v.Type, _inside[i])));
        ModelValue[] states = _states.Select(s => s.With(inside)).ToArray();
        ClosedBody body = _context.CloseRepeated("body", states.Prepend(LoopImport.True(_context)).ToArray(), readsIteration: true);
        LoopImport.CheckCount(_context, body.Outputs.Count, _states.Length);
        Value[] results = body.Outputs
            .SelectMany((o, i) => i > 0 && i <= _states.Length ? LoopSequences.Flatten(_context, body.Graph, i - 1, states[i - 1], o, _knownSizes) : new[] { LoopImport.PartOf(_context, o, i) })
            .ToArray();
        if (results[0].Type != ElementType.Bool || results[0].Shape.ElementCount != 1)
        {
            throw _context.Fail(DiagnosticCodes.GraphMalformed, "the body's first output must be one bool");
        }

        results[0] = new GraphRewriter(body.Graph).Reshape(results[0], Shape.Scalar, "condition");
        body.Graph.Outputs.AddRange(results.Select(static v => new GraphOutput(v.Name, v)));
        return body;
    }

    /// <summary>Takes note of the shapes behind an iteration; true if the body must be imported with others before it.</summary>
    private bool Adapt(Shape[] behind, bool refuses)
    {
        // What begins alike and changes alike is one size: the keys and values of a cache.
        var made = new Dictionary<(Size First, Size Before, Size Behind), SizeVariable>();
        foreach ((int state, int axis) in behind.SelectMany((shape, state) => Enumerable.Range(0, shape.Rank == _inside[state].Rank ? shape.Rank : 0).Select(axis => (state, axis))).ToArray())
        {
            Extent before = _inside[state].Extent(axis);
            Extent next = behind[state].Extent(axis);
            if (!Changes(state, axis, behind))
            {
                continue;
            }

            if (refuses)
            {
                throw _context.Fail(DiagnosticCodes.ShapeMismatch, $"state {state} is {behind[state]} behind an iteration and {_inside[state]} before it");
            }

            (Size, Size, Size) key = (_initial[state].Shape.Extent(axis).Expression, before.Expression, next.Expression);
            if (!made.TryGetValue(key, out SizeVariable? variable))
            {
                made[key] = variable = Make(state, axis, before, next);
            }

            _sizes[(state, axis)] = variable;
        }

        foreach (KeyValuePair<(int State, int Axis), SizeVariable> size in _sizes)
        {
            _inside[size.Key.State] = new Shape(_inside[size.Key.State].Extents.Select((e, a) => a == size.Key.Axis ? Extent.Of(Size.Of(size.Value)) : e));
        }

        return made.Count > 0;
    }

    /// <summary>True if a dimension needs a size, more memory for it, or one that others do not share.</summary>
    private bool Changes(int state, int axis, Shape[] behind)
    {
        Extent next = behind[state].Extent(axis);
        if (!_sizes.TryGetValue((state, axis), out SizeVariable? size))
        {
            return _inside[state].Extent(axis) != next;
        }

        bool isAlone = _sizes.Where(s => ReferenceEquals(s.Value, size)).All(s => behind[s.Key.State].Extent(s.Key.Axis) == next);
        return !isAlone || (!_growing.Contains(size) && next.Maximum > size.Maximum);
    }

    /// <summary>A size, at first as if the length were found anew in every iteration; what is longer than that grows with each.</summary>
    private SizeVariable Make(int state, int axis, Extent before, Extent next)
    {
        bool grows = _sizes.TryGetValue((state, axis), out SizeVariable? size) && next.Maximum > size.Maximum;
        SizeVariable made = _context.NewSize($"{_context.Name} state {state}", grows ? Bound(state, axis, next.Maximum - size!.Maximum) : Math.Max(before.Maximum, next.Maximum));
        if (grows)
        {
            _growing.Add(made);
        }

        return made;
    }

    /// <summary>The greatest length of a dimension that grows.</summary>
    private long Bound(int state, int axis, int growth)
    {
        long trips = LoopImport.Capacity(_context, _trips, $"dimension {axis} of state {state} grows");
        long bound = _initial[state].Shape[axis] + (trips * growth);
        return bound <= int.MaxValue ? bound : throw _context.Fail(DiagnosticCodes.TooLarge, $"dimension {axis} of state {state} grows to {bound} elements", $"Declare fewer iterations: --dim {_context.Name}.trips=100.");
    }
}
