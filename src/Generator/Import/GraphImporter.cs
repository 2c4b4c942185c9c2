using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;

namespace AotCompiler.Import;

/// <summary>
/// Makes the typed graph from the file's: binds free dimensions, brings every node into the newest form of its operator,
/// infers all types and shapes, and folds what is constant, since shapes may depend on it.
/// </summary>
internal sealed class GraphImporter
{
    private readonly OnnxModel _model;
    private readonly CompilerOptions _options;
    private readonly List<ModelDiagnostic> _messages;
    private readonly Graph _graph;
    private readonly Dictionary<string, Value> _values = new(StringComparer.Ordinal);

    private GraphImporter(OnnxModel model, CompilerOptions options, List<ModelDiagnostic> messages)
    {
        _model = model;
        _options = options;
        _messages = messages;
        _graph = new Graph(model.Graph.Name);
    }

    /// <summary>Imports a model whose local functions are inlined already.</summary>
    /// <exception cref="ModelException">The model is malformed or uses what is not supported.</exception>
    public static Graph Import(OnnxModel model, CompilerOptions options, List<ModelDiagnostic> messages, CancellationToken cancellation)
    {
        var importer = new GraphImporter(model, options, messages);
        importer.ImportInitializers();
        importer.ImportInputs();
        importer.CheckOperators();
        foreach (OnnxNode node in NodeOrder.Sort(model.Graph.Nodes, importer._values.Keys))
        {
            cancellation.ThrowIfCancellationRequested();
            importer.ImportNode(node);
        }

        importer.ImportOutputs();
        importer._graph.Sort();
        return importer._graph;
    }

    private void ImportInitializers()
    {
        foreach (OnnxTensor initializer in _model.Graph.Initializers)
        {
            Define(initializer.Name, Value.FromConstant(initializer.Name, ToTensor(initializer)));
        }

        if (_model.Graph.SparseInitializers.Length > 0)
        {
            throw new ModelException(
                DiagnosticCodes.FeatureUnsupported,
                $"Sparse initializer \"{_model.Graph.SparseInitializers[0].Values.Name}\": sparse initializers are not supported. Export the model with dense weights.");
        }
    }

    private void ImportInputs()
    {
        var binder = new DimensionBinder(_options, _messages);
        foreach (OnnxValueInfo input in _model.Graph.Inputs)
        {
            if (_values.ContainsKey(input.Name))
            {
                // An initializer that is also an input is that input's default; the compiled model always uses it.
                continue;
            }

            if (input.Type is OnnxMapType map)
            {
                ImportMap(input.Name, map);
                continue;
            }

            if (input.Type is not OnnxTensorType type)
            {
                throw new ModelException(
                    DiagnosticCodes.TypeUnsupported,
                    $"Input \"{input.Name}\" is {(input.Type is null ? "untyped" : "not a dense tensor")}; only tensor inputs are supported. Export the model with tensor inputs.");
            }

            var element = (ElementType)(int)type.ElementType;
            if (!element.HasCSharpName())
            {
                throw new ModelException(
                    DiagnosticCodes.TypeUnsupported,
                    $"Input \"{input.Name}\" has element type {element.ShortName()}, which is not supported. Convert the model to a supported type.");
            }

            var value = new Value(input.Name, element, binder.Bind(input, type.Shape));
            CheckSize($"Input \"{input.Name}\"", value);
            Define(input.Name, value);
            _graph.Inputs.Add(value);
        }

        binder.Finish();
    }

    /// <summary>A map becomes the vector of the values of all keys that its only reader knows.</summary>
    private void ImportMap(string name, OnnxMapType map)
    {
        OnnxNode[] readers = _model.Graph.Nodes.Where(n => n.Inputs.Contains(name)).ToArray();
        IReadOnlyList<string>? keys = readers.Length == 1 && OperatorRegistry.Find(readers[0].Domain, readers[0].OpType) is IMapReader reader
            ? reader.KeysOf(AttributesOf(readers[0], NodeName(readers[0])))
            : null;
        if (keys is null || map.ValueType is not OnnxTensorType { ElementType: var element } || !((ElementType)(int)element).HasCSharpName())
        {
            throw new ModelException(
                DiagnosticCodes.TypeUnsupported,
                $"Input \"{name}\" is a map whose keys are not known before it is run. Export the model with tensor inputs.");
        }

        var value = new Value(name, (ElementType)(int)element, new Shape(keys.Count));
        Define(name, value);
        _graph.Inputs.Add(value);
        _graph.InputKeys[value] = keys;
    }

    /// <summary>Reports a missing operator before anything else, with all the others that are missing too.</summary>
    private void CheckOperators()
    {
        List<OnnxNode> missing = _model.Graph.Nodes.Where(static n => OperatorRegistry.Find(n.Domain, n.OpType) is null).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        OnnxNode first = missing[0];
        string others = string.Join(", ", missing.GroupBy(QualifiedName).Where(g => g.Key != QualifiedName(first)).Select(static g => $"{g.Key} ({g.Count()}×)"));
        throw new ModelException(
            DiagnosticCodes.OperatorUnsupported,
            $"'{QualifiedName(first)}' node \"{NodeName(first)}\" (opset {OpsetOf(first)}): the operator is not supported{(others.Length == 0 ? string.Empty : $"; also missing: {others}")}. See docs/SUPPORTED-OPERATORS.md, or export the model with other operators.");
    }

    private void ImportNode(OnnxNode source)
    {
        Operator op = OperatorRegistry.Find(source.Domain, source.OpType)!;
        string name = NodeName(source);
        int opset = OpsetOf(source);
        string owner = $"'{QualifiedName(source)}' node \"{name}\" (opset {opset})";
        if (opset < op.Since)
        {
            throw new ModelException(DiagnosticCodes.GraphMalformed, $"{owner}: the operator exists only since opset {op.Since}. Export the model with a newer opset.");
        }

        Value?[] inputs = source.Inputs.Select(i => i.Length == 0 ? null : _values[i]).ToArray();
        int given = inputs.Length;
        while (given > 0 && inputs[given - 1] is null)
        {
            given--;
        }

        var node = new Node(op, name, AttributesOf(source, owner), inputs.Take(given), MakeOutputs(source)) { Opset = opset };
        op.Upgrade(new UpgradeContext(node, _graph));
        CheckArity(node, owner);
        op.Infer(new InferContext(node));
        for (int i = 0; i < source.Outputs.Length; i++)
        {
            if (source.Outputs[i].Length > 0)
            {
                CheckSize(owner, node.Outputs[i]);
                Define(source.Outputs[i], node.Outputs[i]);
            }
        }

        if (ConstantFolder.TryFold(node))
        {
            node.Remove();
        }
        else
        {
            _graph.Add(node);
        }
    }

    private Value[] MakeOutputs(OnnxNode source) => source.Outputs
        .Select((o, i) => new Value(o.Length == 0 ? _graph.UniqueName($"{NodeName(source)}.unused{i}") : o, ElementType.Undefined, Shape.Scalar))
        .ToArray();

    private static void CheckArity(Node node, string owner)
    {
        (int min, int max) = node.Operator.InputCount;
        if (node.OperatorInputCount < min || node.OperatorInputCount > max)
        {
            string expected = min == max ? $"{min}" : max == int.MaxValue ? $"at least {min}" : $"{min} to {max}";
            throw new ModelException(DiagnosticCodes.GraphMalformed, $"{owner}: it has {node.OperatorInputCount} inputs where {expected} are defined. Check the model with its exporter.");
        }

        // A list of any length has no optional places.
        int required = max == int.MaxValue ? node.OperatorInputCount : min;
        for (int i = 0; i < required; i++)
        {
            if (node.Inputs[i] is null)
            {
                throw new ModelException(DiagnosticCodes.GraphMalformed, $"{owner}: required input {i} is absent. Check the model with its exporter.");
            }
        }

        (int minOutputs, int maxOutputs) = node.Operator.OutputCount;
        if (node.Outputs.Count < minOutputs || node.Outputs.Count > maxOutputs)
        {
            throw new ModelException(DiagnosticCodes.GraphMalformed, $"{owner}: it has {node.Outputs.Count} outputs where {minOutputs} to {maxOutputs} are defined. Check the model with its exporter.");
        }
    }

    private AttributeMap AttributesOf(OnnxNode source, string owner)
    {
        var map = new AttributeMap(owner);
        foreach (OnnxAttribute attribute in source.Attributes)
        {
            object value = attribute.Kind switch
            {
                OnnxAttributeKind.Float => attribute.Float,
                OnnxAttributeKind.Int => attribute.Int,
                OnnxAttributeKind.String => attribute.String,
                OnnxAttributeKind.Floats => attribute.Floats.ToArray(),
                OnnxAttributeKind.Ints => attribute.Ints.ToArray(),
                OnnxAttributeKind.Strings => attribute.Strings.ToArray(),
                OnnxAttributeKind.Tensor => ToTensor(attribute.Tensor),
                OnnxAttributeKind.Graph => attribute.Graph,
                _ => attribute,
            };
            map.Set(attribute.Name, value);
        }

        return map;
    }

    private void ImportOutputs()
    {
        foreach (OnnxValueInfo output in _model.Graph.Outputs)
        {
            if (!_values.TryGetValue(output.Name, out Value? value))
            {
                throw new ModelException(DiagnosticCodes.GraphMalformed, $"Output \"{output.Name}\" is made by no node. Check the model with its exporter.");
            }

            if (_graph.Outputs.Any(o => o.Name == output.Name))
            {
                throw new ModelException(DiagnosticCodes.GraphMalformed, $"Output \"{output.Name}\" is listed twice. Check the model with its exporter.");
            }

            if (!value.Type.HasCSharpName())
            {
                throw new ModelException(DiagnosticCodes.TypeUnsupported, $"Output \"{output.Name}\" has element type {value.Type.ShortName()}, which is not supported. Convert the model to a supported type.");
            }

            _graph.Outputs.Add(new GraphOutput(output.Name, value) { Keys = (value.Producer?.Operator as IKeyedOperator)?.KeysOf(value.Producer!) });
        }

        if (_graph.Outputs.Count == 0)
        {
            throw new ModelException(DiagnosticCodes.GraphMalformed, "The model has no outputs. Check it with its exporter.");
        }
    }

    private void Define(string name, Value value)
    {
        if (_values.ContainsKey(name))
        {
            throw new ModelException(DiagnosticCodes.GraphMalformed, $"The value name \"{name}\" is defined twice. Check the model with its exporter.");
        }

        _graph.UniqueName(name);
        _values.Add(name, value);
    }

    private static void CheckSize(string owner, Value value)
    {
        if (value.Shape.ElementCount > int.MaxValue || (value.Type.HasWholeBytes() && value.Shape.ElementCount * value.Type.Size() > int.MaxValue))
        {
            throw new ModelException(DiagnosticCodes.TooLarge, $"{owner}: the tensor {value} is beyond 2 GiB. Reduce the bound dimensions.");
        }
    }

    private static Tensor ToTensor(OnnxTensor tensor)
    {
        var type = (ElementType)(int)tensor.DataType;
        if (!type.HasWholeBytes() || tensor.Dims.Any(static d => d > int.MaxValue) || tensor.ByteLength > int.MaxValue || tensor.ElementCount > int.MaxValue)
        {
            throw new ModelException(DiagnosticCodes.TypeUnsupported, $"Tensor {tensor}: this element type or size is not supported. Convert the model to a supported type.");
        }

        var shape = new Shape(tensor.Dims.Select(static d => (int)d));
        string recipe = tensor.Name.Length == 0 ? "constant" : tensor.Name;
        if (type.PackedBits() > 0)
        {
            return Tensor.Lazy(type, shape, recipe, () => PackedElements.Unpack(tensor.Data.Span, type, (int)tensor.ElementCount));
        }

        if (type == ElementType.String)
        {
            return Tensor.OfStrings(shape, tensor.Strings, recipe);
        }

        return tensor.ExternalData is null && tensor.ByteLength <= Tensor.EagerLimitBytes
            ? Tensor.FromBytes(type, shape, tensor.Data, recipe)
            : Tensor.Lazy(type, shape, recipe, () => tensor.Data);
    }

    /// <summary>The opset a node was written for; inlined functions may have been written for another than the model.</summary>
    private int OpsetOf(OnnxNode node) => _model.OpsetOf(node) is > 0 and { } version
        ? (int)version
        : throw new ModelException(DiagnosticCodes.GraphMalformed, $"The model uses the operator domain '{node.Domain}' but imports no version of it. Export the model again.");

    private static string QualifiedName(OnnxNode node) => node.Domain.Length == 0 ? node.OpType : $"{node.Domain}:{node.OpType}";

    private static string NodeName(OnnxNode node) => node.Name.Length > 0 ? node.Name : node.Outputs.FirstOrDefault(static o => o.Length > 0) ?? node.OpType;
}
