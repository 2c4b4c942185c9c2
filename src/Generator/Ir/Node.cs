using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Operators;

namespace AotCompiler.Ir;

/// <summary>
/// One operation of the graph. Inputs beyond <see cref="OperatorInputCount"/> are operands of <see cref="Epilogue"/>,
/// the element-wise program that runs on the operator's first output before it is stored.
/// </summary>
internal sealed class Node
{
    private readonly List<Value?> _inputs;

    public Node(Operator op, string name, AttributeMap attributes, IEnumerable<Value?> inputs, IEnumerable<Value> outputs)
    {
        Operator = op;
        Name = name;
        Attributes = attributes;
        _inputs = inputs.ToList();
        Outputs = outputs.ToArray();
        OperatorInputCount = _inputs.Count;
        for (int i = 0; i < _inputs.Count; i++)
        {
            _inputs[i]?.AddUse(this, i);
        }

        foreach (Value output in Outputs)
        {
            output.Producer = this;
        }
    }

    public Operator Operator { get; }

    /// <summary>Name from the model, or one derived from the first output.</summary>
    public string Name { get; }

    public AttributeMap Attributes { get; }

    /// <summary>Version of the operator's domain that the model imports; attributes and inputs already have the newest form.</summary>
    public int Opset { get; set; } = LatestOpset;

    /// <summary>The newest supported version of the <c>ai.onnx</c> domain.</summary>
    public const int LatestOpset = 27;

    /// <summary>The operator's inputs (null where an optional one is absent), then the epilogue's operands.</summary>
    public IReadOnlyList<Value?> Inputs => _inputs;

    public IReadOnlyList<Value> Outputs { get; }

    public int OperatorInputCount { get; private set; }

    /// <summary>Element-wise work on output 0 before it is stored; operand 0 is the operator's own result.</summary>
    public ElementProgram? Epilogue { get; private set; }

    /// <summary>The element-wise function that makes output 0 in the end, of the epilogue or of the operator itself; null if it is no such function.</summary>
    public ElementFunction? LastFunction => Epilogue is { Instructions: { Count: > 0 } instructions }
        ? instructions[instructions.Count - 1].Function
        : Operator.FunctionOf(this);

    /// <summary>Counts that the node finds in its data, which sizes of its outputs depend on; see <c>InferContext.ComputedSize</c>.</summary>
    public List<SizeVariable> ComputedSizes { get; } = new();

    public bool IsRemoved { get; private set; }

    public Value Output => Outputs[0];

    /// <summary>Graphs the node runs under a condition or repeatedly: closed, since what they read from around them are inputs of the node.</summary>
    public IEnumerable<Graph> Subgraphs => Attributes.Names.Select(Attributes.Raw).OfType<Graph>();

    /// <summary>The run-time sizes that the node's inputs depend on, or what its bodies read, which share the sizes of the graph around.</summary>
    public IEnumerable<SizeVariable> UsedSizes => Inputs.OfType<Value>().SelectMany(static v => v.SizeVariables)
        .Concat(Subgraphs.SelectMany(static g => g.Nodes.SelectMany(static n => n.UsedSizes).Concat(g.Outputs.SelectMany(static o => o.Value.SizeVariables))));

    /// <summary>Operator input <paramref name="index"/>, or null if it is absent.</summary>
    public Value? Input(int index) => index < OperatorInputCount ? _inputs[index] : null;

    /// <summary>Operator input <paramref name="index"/>, which the importer has proved to be there.</summary>
    public Value Required(int index) => Input(index) ?? throw new InvalidOperationException($"{this} has no input {index}");

    public void SetInput(int index, Value? value)
    {
        _inputs[index]?.RemoveUse(this, index);
        _inputs[index] = value;
        value?.AddUse(this, index);
    }

    /// <summary>Replaces all operator inputs; not allowed once there is an epilogue.</summary>
    public void SetInputs(params Value?[] values)
    {
        if (Epilogue is not null)
        {
            throw new InvalidOperationException("the node has an epilogue");
        }

        DropUses();
        _inputs.Clear();
        foreach (Value? value in values)
        {
            _inputs.Add(value);
            value?.AddUse(this, _inputs.Count - 1);
        }

        OperatorInputCount = _inputs.Count;
    }

    /// <summary>Sets the epilogue and the values of its operands 1, 2, …, replacing those there were.</summary>
    public void SetEpilogue(ElementProgram program, IReadOnlyList<Value> operands)
    {
        for (int i = _inputs.Count - 1; i >= OperatorInputCount; i--)
        {
            _inputs[i]?.RemoveUse(this, i);
            _inputs.RemoveAt(i);
        }

        foreach (Value operand in operands)
        {
            _inputs.Add(operand);
            operand.AddUse(this, _inputs.Count - 1);
        }

        Epilogue = program;
    }

    /// <summary>The epilogue's operands 1, 2, ….</summary>
    public IReadOnlyList<Value> EpilogueOperands => _inputs.Skip(OperatorInputCount).Select(static v => v!).ToArray();

    /// <summary>Takes the node out of the graph; the graph's list is compacted by <see cref="Graph.Sort"/>.</summary>
    public void Remove()
    {
        DropUses();
        foreach (Value output in Outputs)
        {
            if (ReferenceEquals(output.Producer, this))
            {
                output.Producer = null;
            }
        }

        IsRemoved = true;
    }

    /// <summary>For example <c>'Conv' node "conv1"</c>.</summary>
    public override string ToString() => $"'{Operator.Name}' node \"{Name}\"";

    private void DropUses()
    {
        for (int i = 0; i < _inputs.Count; i++)
        {
            _inputs[i]?.RemoveUse(this, i);
        }
    }
}
