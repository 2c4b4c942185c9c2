using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;

namespace AotCompiler.Import;

/// <summary>
/// Adds the nodes of one graph of the file to the graph that is built: brings every node into the newest form of its
/// operator, infers all types and shapes, and folds what is constant, since shapes may depend on it.
/// </summary>
internal sealed class NodeImporter
{
    private const int MaxNameLength = 256;

    private readonly ImportSession _session;
    private readonly ImportScope _scope;
    private readonly bool _isRepeated;

    /// <param name="session">What all scopes share.</param>
    /// <param name="scope">The names, and the graph that gets the nodes.</param>
    /// <param name="isRepeated">True inside a body, which may be imported more than once.</param>
    public NodeImporter(ImportSession session, ImportScope scope, bool isRepeated)
    {
        _session = session;
        _scope = scope;
        _isRepeated = isRepeated;
    }

    private Graph Graph => _scope.Graph;

    /// <summary>Defines a graph's constants.</summary>
    public void ImportInitializers(OnnxGraph source)
    {
        foreach (OnnxTensor initializer in source.Initializers)
        {
            if (_isRepeated && _scope.Defines(initializer.Name))
            {
                // An input of a body that is also an initializer has a default, which the operator's argument replaces.
                continue;
            }

            _scope.Define(initializer.Name, new TensorValue(Value.FromConstant(Graph.UniqueName(initializer.Name), _session.ToTensor(initializer))));
        }

        foreach (OnnxSparseTensor initializer in source.SparseInitializers)
        {
            string name = initializer.Values.Name;
            if (!_isRepeated || !_scope.Defines(name))
            {
                _scope.Define(name, new TensorValue(Value.FromConstant(Graph.UniqueName(name), _session.ToTensor(initializer))));
            }
        }
    }

    /// <summary>Adds all nodes of a graph, in an order in which each finds its inputs.</summary>
    public void ImportNodes(OnnxGraph source)
    {
        foreach (OnnxNode node in NodeOrder.Sort(source.Nodes, _scope.Names, _scope.Knows))
        {
            _session.Count(_isRepeated);
            Import(node);
        }
    }

    /// <summary>What the outputs of a body are.</summary>
    public IReadOnlyList<ModelValue> OutputsOf(OnnxGraph body) => body.Outputs.Select(Output).ToArray();

    /// <summary>Fails where a tensor cannot be addressed.</summary>
    public static void CheckSize(string owner, Value value)
    {
        if (value.Shape.ElementCount > int.MaxValue || (value.Type.HasWholeBytes() && value.Shape.ElementCount * value.Type.Size() > int.MaxValue))
        {
            throw new ModelException(DiagnosticCodes.TooLarge, $"{owner}: the tensor {value} is beyond 2 GiB. Reduce the bound dimensions.");
        }
    }

    /// <summary>Operator and domain, for messages.</summary>
    public static string QualifiedName(OnnxNode node) => node.Domain.Length == 0 ? node.OpType : $"{node.Domain}:{node.OpType}";

    /// <summary>Name for people.</summary>
    public static string NodeName(OnnxNode node)
    {
        // All that a node is taken apart into is named after it.
        string name = node.Name.Length > 0 ? node.Name : node.Outputs.FirstOrDefault(static o => o.Length > 0) ?? node.OpType;
        return name.Length <= MaxNameLength ? name : name.Substring(0, MaxNameLength);
    }

    private ModelValue Output(OnnxValueInfo output) => _scope.Find(output.Name)
        ?? throw new ModelException(DiagnosticCodes.GraphMalformed, $"Output \"{output.Name}\" is made by no node. Check the model with its exporter.");

    private void Import(OnnxNode node)
    {
        OnnxNode source = WithoutTrailingNames(node);
        Operator op = OperatorRegistry.Find(source.Domain, source.OpType)!;
        int opset = _session.OpsetOf(source);
        string owner = $"'{QualifiedName(source)}' node \"{NodeName(source)}\" (opset {opset})";
        if (opset < op.Since)
        {
            throw new ModelException(DiagnosticCodes.GraphMalformed, $"{owner}: the operator exists only since opset {op.Since}. Export the model with a newer opset.");
        }

        ModelValue?[] inputs = source.Inputs.Select(i => i.Length == 0 ? null : _scope.Find(i)!).ToArray();
        int given = inputs.Length;
        while (given > 0 && inputs[given - 1] is null)
        {
            given--;
        }

        inputs = inputs.Take(given).ToArray();
        AttributeMap attributes = _session.AttributesOf(source, owner);
        if (op is IStructuralOperator structural && structural.IsStructural(new NodeForm(opset, inputs, source.Outputs.Count(static o => o.Length > 0), attributes)))
        {
            CheckArity(op, inputs, source.Outputs.Length, owner);
            StructuralNode context = ImportStructure(structural, source, op, opset, attributes, inputs);
            for (int i = 0; i < source.Outputs.Length; i++)
            {
                if (source.Outputs[i].Length > 0)
                {
                    Define(source.Outputs[i], context.Outputs[i] ?? throw new ModelException(DiagnosticCodes.GraphMalformed, $"{owner}: it has no output {i}. Check the model with its exporter."), owner);
                }
            }

            return;
        }

        int strange = Array.FindIndex(inputs, static i => i is not null and not TensorValue);
        if (strange >= 0)
        {
            throw new ModelException(DiagnosticCodes.ShapeMismatch, $"{owner}: input {strange} is {inputs[strange]!.Describe()}; the operator takes tensors. Check the model with its exporter.");
        }

        Import(source, op, opset, owner, attributes, inputs.Select(static i => (i as TensorValue)?.Value));
    }

    private void Import(OnnxNode source, Operator op, int opset, string owner, AttributeMap attributes, IEnumerable<Value?> inputs)
    {
        var node = new Node(op, NodeName(source), attributes, inputs, MakeOutputs(source)) { Opset = opset };
        if (op.InputCount.Min > 0 && node.Input(0) is null)
        {
            // What brings an old form into the newest relies on the first input.
            throw new ModelException(DiagnosticCodes.GraphMalformed, $"{owner}: required input 0 is absent. Check the model with its exporter.");
        }

        op.Upgrade(new UpgradeContext(node, Graph));
        CheckArity(op, node.Inputs, node.Outputs.Count, owner);
        if (TwinSearch.Find(node, Graph) is { } twin)
        {
            node.Remove();
            for (int i = 0; i < source.Outputs.Length; i++)
            {
                Define(source.Outputs[i], new TensorValue(twin.Outputs[i]), owner);
            }

            return;
        }

        ElementType given = node.Input(0)?.Type ?? ElementType.Undefined;
        ElementType? other = op.ComputesIn(node);
        if (other is { } type)
        {
            node.SetInput(0, Convert(node.Required(0), type, node.Name));
        }

        if (Infer(node, source) is { } parts)
        {
            DefineParts(source, other is null ? parts : parts.Select((v, i) => i > 0 || v is null ? v : Convert(v, given, node.Name)).ToArray(), owner);
            return;
        }

        foreach (Value output in node.Outputs)
        {
            CheckSize(owner, output);
        }

        AddOrFold(node);
        for (int i = other is null ? 0 : 1; i < source.Outputs.Length; i++)
        {
            Define(source.Outputs[i], new TensorValue(node.Outputs[i]), owner);
        }

        if (other is not null)
        {
            Value result = Convert(node.Outputs[0], given, node.Name);
            (result.Name, node.Outputs[0].Name) = (node.Outputs[0].Name, result.Name);
            Define(source.Outputs[0], new TensorValue(result), owner);
        }
    }

    /// <summary>
    /// Infers a node. Data that decide its shapes become sizes where they are bounded; where they are not, or no expression of them
    /// explains the shapes, the operator may be an expression of others that take them as data.
    /// </summary>
    /// <returns>What the outputs are if the node is such an expression, and removed; else null.</returns>
    private IReadOnlyList<Value?>? Infer(Node node, OnnxNode source)
    {
        Value?[] given = node.Inputs.ToArray();
        while (true)
        {
            try
            {
                ShapeInference.Run(node, Graph);
                return null;
            }
            catch (UndecidedSizeException e) when (TrySize(node, e))
            {
            }
            catch (UndecidedSizeException e)
            {
                return Expand(node, source, given) ?? throw _session.DataSizes.Explain(e);
            }
            catch (ModelException e) when (e.Diagnostic.Code == DiagnosticCodes.ShapeNotConstant || e.DependsOnSizes || !given.SequenceEqual(node.Inputs))
            {
                if (Expand(node, source, given) is not { } parts)
                {
                    throw;
                }

                return parts;
            }
        }
    }

    /// <summary>Puts sizes in the place of data that a node must know; false if they have no bounds.</summary>
    private bool TrySize(Node node, UndecidedSizeException failure)
    {
        if (!ReferenceEquals(failure.Node, node) || _session.DataSizes.Find(failure.Value, _scope) is not { } sizes || ReferenceEquals(sizes, failure.Value))
        {
            return false;
        }

        node.SetInput(failure.Index, sizes);
        return true;
    }

    /// <summary>The node as an expression of operators that take data; null if it is not of that kind.</summary>
    private IReadOnlyList<Value?>? Expand(Node node, OnnxNode source, Value?[] given)
    {
        if (node.Operator is not ITakesData form)
        {
            return null;
        }

        node.SetInputs(given);
        node.ComputedSizes.Clear();
        ModelValue?[] inputs = given.Select(static v => v is null ? null : new TensorValue(v)).ToArray();
        var composer = new Composer(new StructuralNode(_session, _scope, source, node.Operator, node.Opset, node.Attributes, inputs), node);
        try
        {
            if (!form.TryCompose(node, composer))
            {
                return null;
            }
        }
        catch (UndecidedSizeException e)
        {
            throw _session.DataSizes.Explain(e);
        }

        node.Remove();
        return composer.Results;
    }

    /// <summary>Takes a node apart; small tensors of whole numbers become sizes where the parts need to know them.</summary>
    private StructuralNode ImportStructure(IStructuralOperator structural, OnnxNode source, Operator op, int opset, AttributeMap attributes, ModelValue?[] inputs)
    {
        while (true)
        {
            var context = new StructuralNode(_session, _scope, source, op, opset, attributes.Clone(), inputs);
            try
            {
                structural.Import(context);
                return context;
            }
            catch (UndecidedSizeException e) when (structural is ComposedOperator)
            {
                ModelValue?[] sized = inputs.Select(i => i is TensorValue { Value: { Type: ElementType.Int64 or ElementType.Int32 } data } && _session.DataSizes.Find(data, _scope) is { } sizes
                    ? new TensorValue(sizes)
                    : i).ToArray();
                if (sized.SequenceEqual(inputs))
                {
                    throw _session.DataSizes.Explain(e);
                }

                inputs = sized;
            }
        }
    }

    private void DefineParts(OnnxNode source, IReadOnlyList<Value?> parts, string owner)
    {
        for (int i = 0; i < source.Outputs.Length && i < parts.Count; i++)
        {
            if (parts[i] is { } part)
            {
                Define(source.Outputs[i], new TensorValue(part), owner);
            }
        }
    }

    private Value Convert(Value value, ElementType type, string name)
    {
        AttributeMap attributes = new AttributeMap($"'Cast' node \"{name}\"").Set("to", (long)type);
        return new GraphRewriter(Graph).InsertNode(OperatorRegistry.Get("Cast"), name, attributes, new Value?[] { value }, 1)[0];
    }

    private void AddOrFold(Node node)
    {
        Operator op = node.Operator;
        if ((op.FoldsOnImport && ConstantFolder.TryFold(node)) || SizeFolding.TryFold(node, Graph))
        {
            node.Remove();
        }
        else
        {
            Graph.Add(node);
        }
    }

    private void Define(string name, ModelValue value, string owner)
    {
        if (name.Length == 0)
        {
            return;
        }

        foreach (Value tensor in value.Tensors)
        {
            CheckSize(owner, tensor);
        }

        _scope.Define(name, value is TensorValue { Value: var made } ? new TensorValue(_session.DataSizes.Declare(name, made, Graph)) : value);
    }

    /// <summary>The node without outputs at its end that it leaves out: for some operators their number says what is to be done.</summary>
    private static OnnxNode WithoutTrailingNames(OnnxNode node)
    {
        int used = node.Outputs.Length;
        while (used > 1 && node.Outputs[used - 1].Length == 0)
        {
            used--;
        }

        return used == node.Outputs.Length ? node : node with { Outputs = node.Outputs.RemoveRange(used, node.Outputs.Length - used) };
    }

    private Value[] MakeOutputs(OnnxNode source) => source.Outputs
        .Select((o, i) => new Value(Graph.UniqueName(o.Length == 0 ? $"{NodeName(source)}.unused{i}" : o), ElementType.Undefined, Shape.Scalar))
        .ToArray();

    private static void CheckArity(Operator op, IReadOnlyList<object?> inputs, int outputs, string owner)
    {
        (int min, int max) = op.InputCount;
        if (inputs.Count < min || inputs.Count > max)
        {
            string expected = min == max ? $"{min}" : max == int.MaxValue ? $"at least {min}" : $"{min} to {max}";
            throw new ModelException(DiagnosticCodes.GraphMalformed, $"{owner}: it has {inputs.Count} inputs where {expected} are defined. Check the model with its exporter.");
        }

        // A list of any length has no optional places, unless optional ones stand before it.
        int required = max == int.MaxValue && op is ComposedOperator or not IStructuralOperator ? inputs.Count : min;
        for (int i = 0; i < required; i++)
        {
            if (inputs[i] is null && op.RequiresInput(i))
            {
                throw new ModelException(DiagnosticCodes.GraphMalformed, $"{owner}: required input {i} is absent. Check the model with its exporter.");
            }
        }

        (int minOutputs, int maxOutputs) = op.OutputCount;
        if (outputs < minOutputs || outputs > maxOutputs)
        {
            throw new ModelException(DiagnosticCodes.GraphMalformed, $"{owner}: it has {outputs} outputs where {minOutputs} to {maxOutputs} are defined. Check the model with its exporter.");
        }
    }
}
