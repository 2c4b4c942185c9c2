using System.Collections.Generic;
using System.Linq;

namespace AotCompiler.Ir;

/// <summary>
/// What a name in a model stands for while the model is imported. The graph knows tensors only: how many elements a
/// sequence has and whether an optional has one is settled at compile time, or itself a tensor.
/// </summary>
internal abstract record ModelValue
{
    /// <summary>The tensors it is made of, in order.</summary>
    public abstract IEnumerable<Value> Tensors { get; }

    /// <summary>For messages: <c>a sequence of 3</c>.</summary>
    public abstract string Describe();

    /// <summary>The same structure of other tensors, which are taken from the front of the queue.</summary>
    public abstract ModelValue With(Queue<Value> tensors);

    /// <summary>True if the other one has the same structure, whatever the tensors are.</summary>
    public abstract bool HasStructureOf(ModelValue other);
}

/// <summary>A tensor.</summary>
internal sealed record TensorValue(Value Value) : ModelValue
{
    public override IEnumerable<Value> Tensors => new[] { Value };

    public override string Describe() => $"{Value}";

    public override ModelValue With(Queue<Value> tensors) => new TensorValue(tensors.Dequeue());

    public override bool HasStructureOf(ModelValue other) => other is TensorValue;
}

/// <summary>A sequence of known length.</summary>
internal sealed record SequenceValue(IReadOnlyList<ModelValue> Elements) : ModelValue
{
    public override IEnumerable<Value> Tensors => Elements.SelectMany(static e => e.Tensors);

    public override string Describe() => $"a sequence of {Elements.Count}";

    public override ModelValue With(Queue<Value> tensors) => new SequenceValue(Elements.Select(e => e.With(tensors)).ToArray());

    public override bool HasStructureOf(ModelValue other) => other is SequenceValue sequence
        && sequence.Elements.Count == Elements.Count
        && Elements.Zip(sequence.Elements, static (a, b) => a.HasStructureOf(b)).All(static same => same);
}

/// <summary>A sequence of as many tensors of one shape as a run makes.</summary>
/// <param name="Stack">The tensors along a new first dimension, whose length is known only at run time.</param>
internal sealed record StackedSequence(Value Stack) : ModelValue
{
    /// <summary>The shape of each of its tensors.</summary>
    public Shape Element => new(Stack.Shape.Extents.Skip(1));

    public override IEnumerable<Value> Tensors => new[] { Stack };

    public override string Describe() => $"a sequence of {Stack.Shape.Extent(0)} tensors {Element} {Stack.Type.ShortName()}";

    public override ModelValue With(Queue<Value> tensors) => new StackedSequence(tensors.Dequeue());

    public override bool HasStructureOf(ModelValue other) => other is StackedSequence sequence && sequence.Stack.Shape.Rank == Stack.Shape.Rank && sequence.Stack.Type == Stack.Type;
}

/// <summary>A sequence of as many tensors as a run makes, which differ in the length of one axis.</summary>
/// <param name="Joined">The tensors side by side along that axis.</param>
/// <param name="Lengths">The length of each along it, i64.</param>
/// <param name="Axis">The axis.</param>
/// <param name="Most">The greatest length.</param>
internal sealed record JoinedSequence(Value Joined, Value Lengths, int Axis, int Most) : ModelValue
{
    /// <summary>Name of the output with the lengths, beside that of the joined tensor.</summary>
    public static string LengthsOf(string name) => $"{name}.lengths";

    public override IEnumerable<Value> Tensors => new[] { Joined, Lengths };

    public override string Describe() => $"a sequence of {Lengths.Shape.Extent(0)} tensors {Joined.Type.ShortName()} of different lengths along axis {Axis}";

    public override ModelValue With(Queue<Value> tensors) => this with { Joined = tensors.Dequeue(), Lengths = tensors.Dequeue() };

    public override bool HasStructureOf(ModelValue other) => other is JoinedSequence sequence
        && sequence.Axis == Axis && sequence.Most == Most && sequence.Joined.Shape.Rank == Joined.Shape.Rank && sequence.Joined.Type == Joined.Type;
}

/// <summary>An optional, with its element or without.</summary>
/// <param name="Element">The element, which may be anything in a run that has none; null if no run has one.</param>
/// <param name="Present">A bool that says in a run whether there is an element; null if that is known.</param>
internal sealed record OptionalValue(ModelValue? Element, Value? Present = null) : ModelValue
{
    public override IEnumerable<Value> Tensors => (Element?.Tensors ?? Enumerable.Empty<Value>()).Concat(Present is null ? Enumerable.Empty<Value>() : new[] { Present });

    public override string Describe() => Element is null ? "an empty optional" : $"an optional {(Present is null ? "with" : "that may have")} {Element.Describe()}";

    public override ModelValue With(Queue<Value> tensors) => new OptionalValue(Element?.With(tensors), Present is null ? null : tensors.Dequeue());

    public override bool HasStructureOf(ModelValue other) => other is OptionalValue optional
        && Present is null == optional.Present is null
        && (Element is null ? optional.Element is null : optional.Element is { } element && Element.HasStructureOf(element));
}
