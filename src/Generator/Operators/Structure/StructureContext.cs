using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Operators.Selection;

namespace AotCompiler.Operators;

/// <summary>A body imported as a graph of its own.</summary>
/// <param name="Graph">The graph; its inputs are the body's own ones, then the inner sides of the captures. No outputs yet.</param>
/// <param name="Captures">Values from around that the body reads, and what they are inside.</param>
/// <param name="Outputs">What the body returns.</param>
internal sealed record ClosedBody(Graph Graph, IReadOnlyList<(Value Outer, Value Inner)> Captures, IReadOnlyList<ModelValue> Outputs);

/// <summary>Access to a node that is being taken apart, and to the graph that is being built.</summary>
internal abstract class StructureContext
{
    private readonly Graph _graph;
    private readonly ModelValue?[] _outputs;

    protected StructureContext(Operator op, string name, int opset, AttributeMap attributes, IReadOnlyList<ModelValue?> inputs, int outputCount, Graph graph)
    {
        Operator = op;
        Name = name;
        Opset = opset;
        Attributes = attributes;
        Inputs = inputs;
        _graph = graph;
        _outputs = new ModelValue?[outputCount];
    }

    public Operator Operator { get; }

    public string Name { get; }

    public int Opset { get; }

    public AttributeMap Attributes { get; }

    /// <summary>The inputs; null where an optional one is absent. Absent ones at the end may be missing.</summary>
    public IReadOnlyList<ModelValue?> Inputs { get; }

    /// <summary>The outputs that were set.</summary>
    public IReadOnlyList<ModelValue?> Outputs => _outputs;

    /// <summary>An error that names the node, operator, opset, inputs, reason and next step.</summary>
    public ModelException Fail(string code, string reason, string nextStep = "Check the model with its exporter.")
    {
        string inputs = string.Join(", ", Inputs.Select(static (v, i) => $"input {i} {v?.Describe() ?? "absent"}"));
        return new ModelException(code, $"'{Operator.Name}' node \"{Name}\" (opset {Opset}): {reason}.{(inputs.Length == 0 ? string.Empty : $" I{inputs.Substring(1)}.")} {nextStep}");
    }

    /// <summary>An error about what must be known at compile time.</summary>
    public ModelException FailNotConstant(string reason) =>
        Fail(DiagnosticCodes.ShapeNotConstant, reason, "Bind the model's free dimensions, or export it with constant shapes, lengths and positions.");

    /// <summary>Input <paramref name="index"/>, or null if it is absent.</summary>
    public ModelValue? Input(int index) => index < Inputs.Count ? Inputs[index] : null;

    /// <summary>Input <paramref name="index"/>, which must be a tensor; null if it is absent.</summary>
    public Value? OptionalTensor(int index) => Input(index) switch
    {
        null => null,
        TensorValue tensor => tensor.Value,
        _ => throw Fail(DiagnosticCodes.ShapeMismatch, $"input {index} must be a tensor"),
    };

    /// <summary>Input <paramref name="index"/>, which must be a tensor.</summary>
    public Value Tensor(int index) => OptionalTensor(index) ?? throw Fail(DiagnosticCodes.GraphMalformed, $"required input {index} is absent");

    /// <summary>Input <paramref name="index"/>, which must be a sequence.</summary>
    public SequenceValue Sequence(int index) => Input(index) switch
    {
        SequenceValue sequence => sequence,
        StackedSequence or JoinedSequence => throw FailNotConstant($"input {index} is {Input(index)!.Describe()}; how many there are must be known"),
        null => throw Fail(DiagnosticCodes.GraphMalformed, $"required input {index} is absent"),
        _ => throw Fail(DiagnosticCodes.ShapeMismatch, $"input {index} must be a sequence"),
    };

    /// <summary>Input <paramref name="index"/> if it is a sequence whose length only a run knows.</summary>
    public StackedSequence? Stacked(int index) => Input(index) as StackedSequence;

    /// <summary>Input <paramref name="index"/> if it is a sequence whose length and lengths only a run knows.</summary>
    public JoinedSequence? Joined(int index) => Input(index) as JoinedSequence;

    /// <summary>The one integer of an input that must be constant; null if it is absent.</summary>
    public long? ConstantInt(int index, string role)
    {
        if (OptionalTensor(index) is not { } value)
        {
            return null;
        }

        if (value.Type is not (ElementType.Int64 or ElementType.Int32) || value.Shape.ElementCount != 1)
        {
            throw Fail(DiagnosticCodes.ShapeMismatch, $"input {index} ('{role}') must be one i64 or i32");
        }

        return (value.Constant ?? throw FailNotConstant($"input {index} ('{role}') is only known at run time")).ToInt64Array()[0];
    }

    /// <summary>Says what output <paramref name="index"/> is; outputs that the model leaves out are ignored.</summary>
    public void SetOutput(int index, ModelValue value)
    {
        if (index < _outputs.Length)
        {
            _outputs[index] = value;
        }
    }

    /// <summary>Says what the columns of a result are called that is a map in the model.</summary>
    public void SetKeys(Value value, IReadOnlyList<string> keys) => _graph.Keys[value] = keys;

    /// <summary>Gives an added value the model's name for output <paramref name="index"/>, by which people know it.</summary>
    public void Rename(Value value, int index) => value.Name = _graph.UniqueName(OutputName(index));

    /// <summary>Makes a constant.</summary>
    public Value Constant(Tensor tensor, string role) => Value.FromConstant(_graph.UniqueName($"{Name}.{role}"), tensor);

    /// <summary>Adds a node with one output and returns that; a constant if all inputs are.</summary>
    public Value Insert(string op, IEnumerable<Value?> inputs, params (string Name, object Value)[] attributes)
    {
        var map = new AttributeMap($"'{op}' node \"{Name}\"");
        foreach ((string key, object value) in attributes)
        {
            map.Set(key, value);
        }

        return Insert(OperatorRegistry.Get(op), map, inputs, 1)[0];
    }

    /// <summary>Adds a node and returns its outputs; constants if all inputs are and the operator folds on import.</summary>
    public IReadOnlyList<Value> Insert(Operator op, AttributeMap attributes, IEnumerable<Value?> inputs, int outputs)
    {
        IReadOnlyList<Value> results = new GraphRewriter(_graph).InsertNode(op, Name, attributes, inputs, outputs);
        return results[0].Producer is { } node && ((op.FoldsOnImport && ConstantFolder.TryFold(node)) || SizeFolding.TryFold(node, _graph)) ? Folded(node) : results;
    }

    /// <summary>A length as one i64: a constant, or an expression where it is known only at run time.</summary>
    public Value Dimension(Extent length) => new GraphRewriter(_graph).SizeValue(length, ElementType.Int64, $"{Name}.length");

    /// <summary>A sequence as one tensor; see <see cref="SequenceStack"/>.</summary>
    public Value Stack(ModelValue sequence, (ElementType Type, Shape Shape) element) => SequenceStack.Of(_graph, Name, sequence, element);

    /// <summary>The elements of a sequence side by side along an axis that they have, or a new one.</summary>
    public Value Join(StackedSequence sequence, int axis, bool isNew) => SequenceStack.Join(_graph, Name, sequence, axis, isNew);

    /// <summary>A sequence as its elements side by side; see <see cref="SequenceJoin"/>.</summary>
    public JoinedSequence Join(ModelValue sequence, JoinForm form) => SequenceJoin.Of(_graph, Name, sequence, form);

    /// <summary>Sizes that there are so far: what a body finds has greater numbers.</summary>
    public int SizeCount => _graph.Sizes.Count;

    /// <summary>A size that differs from run to run, or from iteration to iteration.</summary>
    /// <param name="name">Name for people.</param>
    /// <param name="bound">What it is at most.</param>
    public SizeVariable NewSize(string name, long bound)
    {
        int ordinal = _graph.Sizes.Count;
        long most = System.Math.Max(2, bound);
        long[] samples = Enumerable.Range(0, SizeSamples.Count).Select(s => SizeSamples.CountIn(s, ordinal, most)).ToArray();
        var size = new SizeVariable(name, 0, checked((int)most), ordinal, samples, isComputed: true);
        _graph.Sizes.Add(size);
        return size;
    }

    /// <summary>Makes a run end with an error unless a bool that only the run knows is what it is taken to be.</summary>
    public void Require(Value condition, bool expected)
    {
        Value number = Insert("Cast", new[] { condition }, ("to", (long)(int)ElementType.Int64));
        SizesOfData.Insert(_graph, number, new[] { new SizeRange(expected ? 1 : 0, expected ? 1 : 0) });
    }

    /// <summary>A number of the run as a size of its own; null if nothing bounds it.</summary>
    public Value? BoundedSize(Value value) => SizesOfData.InsertBounded(_graph, value);

    /// <summary>Whole numbers of the run as sizes; a run in which one is outside its range ends with an error.</summary>
    /// <param name="value">The numbers.</param>
    /// <param name="ranges">What each of them can be.</param>
    public Value SizesIn(Value value, IReadOnlyList<SizeRange> ranges) => SizesOfData.Insert(_graph, value, ranges);

    /// <summary>Data of the run as an expression of sizes, if they are declared or bounded; else null.</summary>
    public abstract Value? SizesOf(Value data);

    /// <summary>Sizes as an i64 vector.</summary>
    public Value SizeVector(IReadOnlyList<Size> sizes) => new GraphRewriter(_graph).SizeVector(sizes, $"{Name}.sizes");

    /// <summary>A shape as an i64 vector: a constant, or expressions where it is known only at run time.</summary>
    public Value ShapeValue(Shape shape) => new GraphRewriter(_graph).ShapeValue(shape, $"{Name}.shape");

    /// <summary>The value under another shape; a constant for a constant.</summary>
    public Value Reshape(Value value, Shape shape) => new GraphRewriter(_graph).Reshape(value, shape, $"{Name}.reshape");

    /// <summary>Brings a node that stands in no graph into its newest form, checks it and infers its outputs.</summary>
    public void Infer(Node node)
    {
        node.Operator.Upgrade(new UpgradeContext(node, _graph));
        ShapeInference.Run(node, _graph);
    }

    /// <summary>Adds a node with several outputs, constants if all inputs are.</summary>
    public IReadOnlyList<Value> InsertNode(Operator op, AttributeMap attributes, IEnumerable<Value?> inputs, IEnumerable<string> outputs)
    {
        var node = new Node(
            op, Name, attributes, inputs, outputs.Select(n => new Value(_graph.UniqueName(n), ElementType.Undefined, Shape.Scalar)).ToArray()) { Opset = Opset };
        try
        {
            ShapeInference.Run(node, _graph);
        }
        catch (ModelException)
        {
            // The caller may try something else: nothing must remember the node.
            node.Remove();
            throw;
        }

        if (ConstantFolder.TryFold(node))
        {
            node.Remove();
        }
        else
        {
            _graph.Add(node);
        }

        return node.Outputs;
    }

    private static IReadOnlyList<Value> Folded(Node node)
    {
        node.Remove();
        return node.Outputs;
    }

    /// <summary>
    /// How many runs of this instance were before, as one i64: kept from run to run, 0 at the start and after a reset. In the body of a loop
    /// a number that also differs from iteration to iteration.
    /// </summary>
    public abstract Value RunNumber();

    /// <summary>What the user says that an element of a tensor's data can be; null if nothing is said.</summary>
    /// <param name="name">The tensor, by a name that the model or a message gives it.</param>
    /// <param name="element">Number of the element.</param>
    public abstract SizeRange? DeclaredRange(string name, int element);

    /// <summary>How often the user says that the node runs its body at most; null if nothing is said.</summary>
    public abstract long? DeclaredTrips();

    /// <summary>Number of the node among those that make random numbers without a seed.</summary>
    public abstract int NextStream();

    /// <summary>Names for an inserted node's outputs: those of the model where it has them.</summary>
    public abstract string OutputName(int index);

    /// <summary>True if the model names the output.</summary>
    public abstract bool IsUsed(int index);

    /// <summary>What a name in the model stands for; null if nothing defines it.</summary>
    public abstract ModelValue? Named(string name);

    /// <summary>Inputs that the body in an attribute declares.</summary>
    public abstract int BodyInputs(string attribute);

    /// <summary>Nodes of the body in an attribute, those of bodies inside too.</summary>
    public abstract int BodyNodes(string attribute);

    /// <summary>Adds a body's nodes to this graph.</summary>
    /// <param name="attribute">The attribute that holds the body.</param>
    /// <param name="arguments">One per input of the body.</param>
    public abstract IReadOnlyList<ModelValue> Inline(string attribute, IReadOnlyList<ModelValue> arguments);

    /// <summary>Imports a body as a graph of its own.</summary>
    /// <param name="attribute">The attribute that holds the body.</param>
    /// <param name="arguments">One per input of the body: what the input inside is to look like, or a constant that it is.</param>
    public abstract ClosedBody Close(string attribute, IReadOnlyList<ModelValue> arguments);

    /// <summary>Imports a body that runs repeatedly. The first input of its graph is the number of the iteration, one i64.</summary>
    /// <param name="attribute">The attribute that holds the body.</param>
    /// <param name="arguments">One per input of the body.</param>
    /// <param name="readsIteration">True if the body's first input is the number of the iteration, and <paramref name="arguments"/> are those behind it.</param>
    public abstract ClosedBody CloseRepeated(string attribute, IReadOnlyList<ModelValue> arguments, bool readsIteration);

    /// <summary>
    /// The node as a Loop whose body takes an element of each sequence among the inputs, runs the body in an attribute, and adds what that
    /// makes to one sequence per output.
    /// </summary>
    /// <param name="attribute">The attribute that holds the body.</param>
    /// <param name="trips">How many elements the sequences have, one i64.</param>
    public abstract StructureContext AsLoop(string attribute, Value trips);

    /// <summary>The node's context for parts that go into a body which the operator writes itself.</summary>
    public abstract StructureContext In(Graph body);

    /// <summary>Tells the user what is no error.</summary>
    public abstract void Warn(string code, string message);
}
