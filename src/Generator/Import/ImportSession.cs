using System.Collections.Generic;
using System.Linq;
using System.Threading;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Operators.Microsoft;

namespace AotCompiler.Import;

/// <summary>What all scopes of one import share: the model, its constants, and how much was imported.</summary>
internal sealed class ImportSession
{
    /// <summary>What follows the name of a loop's node in the name of its most iterations.</summary>
    public const string TripsSuffix = ".trips";

    /// <summary>Nodes that unrolling may make of a model.</summary>
    private const int MaxNodes = 250_000;

    private readonly Dictionary<OnnxTensor, Tensor> _tensors = new();
    private readonly CancellationToken _cancellation;
    private readonly Graph _graph;
    private readonly Dictionary<string, int> _trips;
    private readonly HashSet<string> _usedTrips = new();
    private int _nodes;
    private int _streams;
    private GraphState? _runs;

    /// <param name="model">The model.</param>
    /// <param name="graph">The model's own graph.</param>
    /// <param name="dimensions">Values of dimensions, and of <c>NODE.trips</c> and <c>TENSOR.value</c>.</param>
    /// <param name="messages">Gets what the user is told beside errors.</param>
    /// <param name="cancellation">Ends the work.</param>
    public ImportSession(OnnxModel model, Graph graph, IEnumerable<DimensionBinding> dimensions, List<ModelDiagnostic> messages, CancellationToken cancellation)
    {
        Messages = messages;
        _trips = dimensions.Where(static d => d.Name.EndsWith(TripsSuffix, System.StringComparison.Ordinal) && !d.IsRange).ToDictionary(static d => d.Name, static d => d.Value);
        DataSizes = new DataSizes(dimensions);
        Model = model;
        _graph = graph;
        _cancellation = cancellation;
    }

    public OnnxModel Model { get; }

    /// <summary>What the user is told beside errors.</summary>
    public List<ModelDiagnostic> Messages { get; }

    /// <summary>Data that decide shapes.</summary>
    public DataSizes DataSizes { get; }

    /// <summary>Counts a node.</summary>
    /// <param name="repeated">True inside a body that is imported again and again.</param>
    /// <exception cref="ModelException">Unrolled loops made too many.</exception>
    public void Count(bool repeated)
    {
        _cancellation.ThrowIfCancellationRequested();
        if (repeated && ++_nodes > MaxNodes)
        {
            throw new ModelException(
                DiagnosticCodes.LimitExceeded,
                $"Unrolling the model's loops makes more than {MaxNodes} nodes. Reduce the bound dimensions, or export the loops with tensors of constant shape.");
        }
    }

    /// <summary>How often a loop runs at most, if the user says so.</summary>
    public long? DeclaredTrips(string node)
    {
        _usedTrips.Add(node + TripsSuffix);
        return _trips.TryGetValue(node + TripsSuffix, out int trips) ? trips : null;
    }

    /// <summary>Reports trip counts that no loop asked for, and ranges of data that no tensor has.</summary>
    /// <exception cref="ModelException">There is one.</exception>
    public void CheckDeclarations()
    {
        if (_trips.Keys.FirstOrDefault(name => !_usedTrips.Contains(name)) is { } unknown)
        {
            throw new ModelException(DiagnosticCodes.DimensionUnknown, $"The model has no dimension '{unknown}', and no loop of that name whose trip count must be declared.");
        }

        DataSizes.CheckUsed();
    }

    /// <summary>Numbers the nodes that make random numbers without a seed.</summary>
    public int NextStream() => _streams++;

    /// <summary>The number of the run, a state of the model that counts up: a value of the model's own graph.</summary>
    public Value RunNumber()
    {
        if (_runs is null)
        {
            var rewriter = new GraphRewriter(_graph);
            var run = new Value(_graph.UniqueName("run number"), ElementType.Int64, Shape.Scalar);
            Value one = rewriter.Constant(Tensor.Create(ElementType.Int64, Shape.Scalar, new[] { 1L }), "one");
            _runs = new GraphState(run, rewriter.Insert("Add", "next run number", new[] { run, one }));
            _graph.States.Add(_runs);
            _graph.IsRandom = true;
        }

        return _runs.Input;
    }

    /// <summary>
    /// The opset a node was written for; inlined functions may have been written for another than the model. ONNX Runtime's own domain has
    /// one version only, and its tools do not always import it.
    /// </summary>
    public int OpsetOf(OnnxNode node) => Model.OpsetOf(node) is > 0 and { } version ? (int)version
        : node.Domain == MicrosoftOperator.MicrosoftDomain ? 1
        : throw new ModelException(DiagnosticCodes.GraphMalformed, $"The model uses the operator domain '{node.Domain}' but imports no version of it. Export the model again.");

    /// <summary>A tensor of the file as a constant: the same one for the same tensor, so that a repeated body's weights exist once.</summary>
    public Tensor ToTensor(OnnxTensor tensor)
    {
        if (_tensors.TryGetValue(tensor, out Tensor? known))
        {
            return known;
        }

        var type = (ElementType)(int)tensor.DataType;
        if (!type.HasWholeBytes() || tensor.Dims.Any(static d => d > int.MaxValue) || tensor.ByteLength > int.MaxValue || tensor.ElementCount > int.MaxValue)
        {
            throw new ModelException(DiagnosticCodes.TypeUnsupported, $"Tensor {tensor}: this element type or size is not supported. Convert the model to a supported type.");
        }

        var shape = new Shape(tensor.Dims.Select(static d => (int)d));
        string recipe = tensor.Name.Length == 0 ? "constant" : tensor.Name;
        if (type.PackedBits() > 0)
        {
            return _tensors[tensor] = Tensor.Lazy(type, shape, recipe, () => PackedElements.Unpack(tensor.Data.Span, type, (int)tensor.ElementCount));
        }

        if (type == ElementType.String)
        {
            return _tensors[tensor] = Tensor.OfStrings(shape, tensor.Strings, recipe);
        }

        return _tensors[tensor] = tensor.ExternalData is null && tensor.ByteLength <= Tensor.EagerLimitBytes
            ? Tensor.FromBytes(type, shape, tensor.Data, recipe)
            : Tensor.Lazy(type, shape, recipe, () => tensor.Data);
    }

    /// <summary>A sparse tensor of the file as a dense constant.</summary>
    public Tensor ToTensor(OnnxSparseTensor sparse) => SparseTensors.ToDense(sparse, ToTensor(sparse.Values));

    /// <summary>The attributes of a node.</summary>
    /// <param name="source">The node.</param>
    /// <param name="owner">Description of the node for messages.</param>
    public AttributeMap AttributesOf(OnnxNode source, string owner)
    {
        var map = new AttributeMap(owner);
        foreach (OnnxAttribute attribute in source.Attributes)
        {
            if (map.Has(attribute.Name))
            {
                throw new ModelException(DiagnosticCodes.GraphMalformed, $"{owner}: attribute '{attribute.Name}' is there twice. Check the model with its exporter.");
            }

            object value = attribute.Kind switch
            {
                OnnxAttributeKind.Float => attribute.Float,
                OnnxAttributeKind.Int => attribute.Int,
                OnnxAttributeKind.String => attribute.String,
                OnnxAttributeKind.Floats => attribute.Floats.ToArray(),
                OnnxAttributeKind.Ints => attribute.Ints.ToArray(),
                OnnxAttributeKind.Strings => attribute.Strings.ToArray(),
                OnnxAttributeKind.Tensor => ToTensor(attribute.Tensor),
                OnnxAttributeKind.SparseTensor => ToTensor(attribute.SparseTensor),
                OnnxAttributeKind.Graph => attribute.Graph,
                _ => attribute,
            };
            map.Set(attribute.Name, value);
        }

        return map;
    }
}
