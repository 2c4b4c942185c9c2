using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;

namespace AotCompiler.Import;

/// <summary>
/// Makes the typed graph from the file's: binds free dimensions and imports nodes, those in bodies of control flow included.
/// </summary>
internal sealed class GraphImporter
{
    /// <summary>Elements that a sequence may have that is an input.</summary>
    private const int MaxElements = 4096;

    private readonly OnnxModel _model;
    private readonly CompilerOptions _options;
    private readonly List<ModelDiagnostic> _messages;
    private readonly Graph _graph;
    private readonly ImportSession _session;
    private readonly ImportScope _scope;

    private GraphImporter(OnnxModel model, CompilerOptions options, List<ModelDiagnostic> messages, CancellationToken cancellation)
    {
        _model = model;
        _options = options;
        _messages = messages;
        _graph = new Graph(model.Graph.Name);
        _session = new ImportSession(model, _graph, options.Dimensions, messages, cancellation);
        _scope = new ImportScope(_graph, null);
    }

    /// <summary>Imports a model whose local functions are inlined already.</summary>
    /// <exception cref="ModelException">The model is malformed or uses what is not supported.</exception>
    public static Graph Import(OnnxModel model, CompilerOptions options, List<ModelDiagnostic> messages, CancellationToken cancellation)
    {
        var importer = new GraphImporter(model, options, messages, cancellation);
        var nodes = new NodeImporter(importer._session, importer._scope, isRepeated: false);
        nodes.ImportInitializers(model.Graph);
        importer.CheckOperators();
        importer.ImportInputs();
        nodes.ImportNodes(model.Graph);
        importer._session.CheckDeclarations();
        importer.ImportOutputs();
        StateBinder.Bind(importer._graph, options.States);
        importer._graph.Sort();
        return importer._graph;
    }

    private void ImportInputs()
    {
        var binder = new DimensionBinder(_options, _messages, _graph);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var imported = new List<(string Name, ModelValue Value)>();
        foreach (OnnxValueInfo input in _model.Graph.Inputs)
        {
            if (!names.Add(input.Name))
            {
                throw new ModelException(DiagnosticCodes.GraphMalformed, $"Input \"{input.Name}\" is listed twice. Check the model with its exporter.");
            }

            if (_scope.Defines(input.Name))
            {
                // An initializer that is also an input is that input's default; the compiled model always uses it.
                continue;
            }

            imported.Add((input.Name, ImportInput(input, binder)));
        }

        binder.Finish();
        foreach ((string name, ModelValue value) in imported)
        {
            _scope.Define(name, value is TensorValue tensor ? new TensorValue(_session.DataSizes.Declare(name, tensor.Value, _graph)) : value);
        }
    }

    /// <summary>An input: of a sequence or optional one tensor per element, since how many there are is settled at compile time.</summary>
    private ModelValue ImportInput(OnnxValueInfo input, DimensionBinder binder) => input.Type switch
    {
        OnnxMapType map => new TensorValue(ImportMap(input.Name, map, binder)),
        OnnxTensorType type => new TensorValue(ImportTensor(input, type, binder)),
        OnnxSequenceType sequence => new SequenceValue(Enumerable.Range(0, binder.BindCount($"{input.Name}.length", MaxElements))
            .Select(i => ImportInput(new OnnxValueInfo(Element(input.Name, i), sequence.ElementType), binder))
            .ToArray()),
        OnnxOptionalType optional => new OptionalValue(
            binder.BindCount($"{input.Name}.present", 1) == 0 ? null : ImportInput(new OnnxValueInfo(input.Name, optional.ElementType), binder)),
        _ => throw new ModelException(
            DiagnosticCodes.TypeUnsupported,
            $"Input \"{input.Name}\" is {(input.Type is null ? "untyped" : "neither a dense tensor nor a sequence or optional of such")}, which is not supported. Export the model with tensor inputs."),
    };

    private Value ImportTensor(OnnxValueInfo input, OnnxTensorType type, DimensionBinder binder)
    {
        var element = (ElementType)(int)type.ElementType;
        if (!element.HasCSharpName())
        {
            throw new ModelException(
                DiagnosticCodes.TypeUnsupported,
                $"Input \"{input.Name}\" has element type {element.ShortName()}, which is not supported. Convert the model to a supported type.");
        }

        var value = new Value(_graph.UniqueName(input.Name), element, binder.Bind(input, type.Shape));
        NodeImporter.CheckSize($"Input \"{input.Name}\"", value);
        _graph.Inputs.Add(value);
        return value;
    }

    /// <summary>A map becomes the vector of the values of all keys that its only reader knows, or of those it has if the keys do not matter.</summary>
    private Value ImportMap(string name, OnnxMapType map, DimensionBinder binder)
    {
        OnnxNode[] readers = _model.Graph.Nodes.Where(n => n.Inputs.Contains(name)).ToArray();
        IMapReader? reader = readers.Length == 1 ? OperatorRegistry.Find(readers[0].Domain, readers[0].OpType) as IMapReader : null;
        AttributeMap? attributes = reader is null ? null : _session.AttributesOf(readers[0], NodeImporter.NodeName(readers[0]));
        IReadOnlyList<string>? keys = attributes is null ? null : reader!.KeysOf(attributes);
        bool takesAny = attributes is not null && reader!.TakesAnyKeys(attributes);
        if ((keys is null && !takesAny) || map.ValueType is not OnnxTensorType { ElementType: var element } || !((ElementType)(int)element).HasCSharpName())
        {
            throw new ModelException(
                DiagnosticCodes.TypeUnsupported,
                $"Input \"{name}\" is a map whose keys are not known before it is run. Export the model with tensor inputs.");
        }

        Shape shape = keys is null ? new Shape(new[] { binder.BindLength($"{name}.length") }) : new Shape(keys.Count);
        var value = new Value(_graph.UniqueName(name), (ElementType)(int)element, shape);
        NodeImporter.CheckSize($"Input \"{name}\"", value);
        _graph.Inputs.Add(value);
        if (keys is not null)
        {
            _graph.Keys[value] = keys;
        }

        return value;
    }

    /// <summary>Name of an element of a sequence that is an input or output.</summary>
    private static string Element(string sequence, int index) => $"{sequence}[{index}]";

    /// <summary>Reports a missing operator before anything else, with all the others that are missing too.</summary>
    private void CheckOperators()
    {
        // Operators of the compiler's own trust their inputs, which passes make.
        List<OnnxNode> missing = AllNodes(_model.Graph).Where(n => (n.Domain == Operator.InternalDomain && !_options.AcceptsInternalOperators) || OperatorRegistry.Find(n.Domain, n.OpType) is null).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        if (missing.FirstOrDefault(static n => n.Domain is "com.microsoft.nchwc" or "com.ms.internal.nhwc") is { } layout)
        {
            throw new ModelException(
                DiagnosticCodes.OperatorUnsupported,
                $"'{NodeImporter.QualifiedName(layout)}' node \"{NodeImporter.NodeName(layout)}\": ONNX Runtime optimised the model for the memory layout of one machine ({missing.Count(n => n.Domain == layout.Domain)} nodes of '{layout.Domain}'). Save it at the optimisation level 'extended' (ORT_ENABLE_EXTENDED), or compile the model as it was exported.");
        }

        OnnxNode first = missing[0];
        string others = string.Join(", ", missing.GroupBy(NodeImporter.QualifiedName).Where(g => g.Key != NodeImporter.QualifiedName(first)).Select(static g => $"{g.Key} ({g.Count()}×)"));
        throw new ModelException(
            DiagnosticCodes.OperatorUnsupported,
            $"'{NodeImporter.QualifiedName(first)}' node \"{NodeImporter.NodeName(first)}\" (opset {_model.OpsetOf(first)}): the operator is not supported{(others.Length == 0 ? string.Empty : $"; also missing: {others}")}. See docs/SUPPORTED-OPERATORS.md, or export the model with other operators.");
    }

    private void ImportOutputs()
    {
        foreach (OnnxValueInfo output in _model.Graph.Outputs)
        {
            ModelValue found = _scope.Find(output.Name)
                ?? throw new ModelException(DiagnosticCodes.GraphMalformed, $"Output \"{output.Name}\" is made by no node. Check the model with its exporter.");
            CheckType(output, found);
            AddOutput(output.Name, found);
        }

        if (_model.Graph.Outputs.Length == 0)
        {
            throw new ModelException(DiagnosticCodes.GraphMalformed, "The model has no outputs. Check it with its exporter.");
        }
    }

    /// <summary>
    /// What the model says of an output's element type must be so: whoever reads the output relies on it. Sizes that it says are often
    /// those of another run; the nodes' are used.
    /// </summary>
    private static void CheckType(OnnxValueInfo output, ModelValue found)
    {
        if (output.Type is OnnxTensorType { ElementType: not OnnxDataType.Undefined } declared && found is TensorValue { Value: var value } && (ElementType)(int)declared.ElementType != value.Type)
        {
            throw new ModelException(
                DiagnosticCodes.ShapeMismatch,
                $"Output \"{output.Name}\" is declared as {((ElementType)(int)declared.ElementType).ShortName()} but made as {value.Type.ShortName()}. Check the model with its exporter.");
        }
    }

    /// <summary>Adds an output: of a sequence one per element, or one tensor if the run decides how many there are, and <c>NAME.lengths</c> too if it decides how long they are; of an empty optional none, and <c>NAME.present</c> too where the run decides whether it is.</summary>
    private void AddOutput(string name, ModelValue found)
    {
        switch (found)
        {
            case SequenceValue sequence:
                for (int i = 0; i < sequence.Elements.Count; i++)
                {
                    AddOutput(Element(name, i), sequence.Elements[i]);
                }

                break;
            case StackedSequence stacked:
                AddTensorOutput(name, stacked.Stack);
                break;
            case JoinedSequence joined:
                AddTensorOutput(name, joined.Joined);
                AddTensorOutput(JoinedSequence.LengthsOf(name), joined.Lengths);
                break;
            case OptionalValue optional:
                if (optional.Element is { } element)
                {
                    AddOutput(name, element);
                }

                if (optional.Present is { } present)
                {
                    AddTensorOutput($"{name}.present", present);
                }

                break;
            default:
                AddTensorOutput(name, ((TensorValue)found).Value);
                break;
        }
    }

    private void AddTensorOutput(string name, Value value)
    {
        if (_graph.Outputs.Any(o => o.Name == name))
        {
            throw new ModelException(DiagnosticCodes.GraphMalformed, $"Output \"{name}\" is listed twice. Check the model with its exporter.");
        }

        if (!value.Type.HasCSharpName())
        {
            throw new ModelException(DiagnosticCodes.TypeUnsupported, $"Output \"{name}\" has element type {value.Type.ShortName()}, which is not supported. Convert the model to a supported type.");
        }

        _graph.Outputs.Add(new GraphOutput(name, value) { Keys = _graph.Keys.TryGetValue(value, out IReadOnlyList<string>? keys) ? keys : null });
    }

    private static IEnumerable<OnnxNode> AllNodes(OnnxGraph graph) => graph.Nodes.Concat(graph.Nodes.SelectMany(NodeOrder.Bodies).SelectMany(AllNodes));
}
