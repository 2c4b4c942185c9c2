using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;

namespace AotCompiler.Import;

/// <summary>A node of the file that is being taken apart; imports the bodies in its attributes.</summary>
internal sealed class StructuralNode : StructureContext
{
    private readonly ImportSession _session;
    private readonly ImportScope _scope;
    private readonly OnnxNode _source;

    public StructuralNode(
        ImportSession session, ImportScope scope, OnnxNode source, Operator op, int opset, AttributeMap attributes, IReadOnlyList<ModelValue?> inputs)
        : base(op, NodeImporter.NodeName(source), opset, attributes, inputs, source.Outputs.Length, scope.Graph)
    {
        _session = session;
        _scope = scope;
        _source = source;
    }

    public override Value RunNumber() => _scope.RunNumber(_session.RunNumber);

    public override void Warn(string code, string message)
    {
        ModelDiagnostic warning = ModelDiagnostic.Warning(code, message);
        if (!_session.Messages.Contains(warning))
        {
            _session.Messages.Add(warning);
        }
    }

    public override Value? SizesOf(Value data) => _session.DataSizes.Find(data, _scope);

    public override SizeRange? DeclaredRange(string name, int element) => _session.DataSizes.Declared(name, element);

    public override long? DeclaredTrips() => _session.DeclaredTrips(Name);

    public override int NextStream() => _session.NextStream();

    public override string OutputName(int index) =>
        index < _source.Outputs.Length && _source.Outputs[index].Length > 0 ? _source.Outputs[index] : $"{Name}.unused{index}";

    public override bool IsUsed(int index) => index < _source.Outputs.Length && _source.Outputs[index].Length > 0;

    public override ModelValue? Named(string name) => _scope.Find(name);

    public override int BodyInputs(string attribute) => Body(attribute).Inputs.Length;

    public override int BodyNodes(string attribute) => CountNodes(Body(attribute));

    public override IReadOnlyList<ModelValue> Inline(string attribute, IReadOnlyList<ModelValue> arguments) =>
        Import(Body(attribute), new ImportScope(_scope.Graph, _scope), arguments);

    public override ClosedBody Close(string attribute, IReadOnlyList<ModelValue> arguments) => Close(attribute, arguments, null);

    public override ClosedBody CloseRepeated(string attribute, IReadOnlyList<ModelValue> arguments, bool readsIteration)
    {
        var iteration = new Value("iteration", ElementType.Int64, Shape.Scalar);
        return Close(attribute, readsIteration ? arguments.Prepend(new TensorValue(iteration)).ToArray() : arguments, iteration);
    }

    public override StructureContext In(Graph body) => new StructuralNode(_session, new ImportScope(body, _scope), _source, Operator, Opset, Attributes, Inputs);

    public override StructureContext AsLoop(string attribute, Value trips)
    {
        OnnxGraph body = Body(attribute);
        if (body.Inputs.Length != Inputs.Count || body.Outputs.Length < Outputs.Count)
        {
            throw Fail(DiagnosticCodes.GraphMalformed, $"the body \"{body.Name}\" has {body.Inputs.Length} inputs and {body.Outputs.Length} outputs, the node {Inputs.Count} and {Outputs.Count}");
        }

        var names = new UniqueNames();
        names.AddAll(body);
        string New(string role)
        {
            string name = names.Create(Name, role);
            return _scope.Knows(name) ? New(role) : name;
        }

        static OnnxNode Node(string op, string output, params string[] inputs) => new() { OpType = op, Inputs = inputs.ToImmutableArray(), Outputs = ImmutableArray.Create(output) };
        (string number, string condition) = (New("iteration"), New("condition"));
        string[] given = Inputs.Select(_ => New("input")).ToArray();
        (string State, string Next)[] lists = Outputs.Select(_ => (New("list"), New("list"))).ToArray();
        for (int i = 0; i < given.Length; i++)
        {
            _scope.Define(given[i], Inputs[i]!);
        }

        IEnumerable<OnnxNode> elements = given.Select((name, i) => Inputs[i] is TensorValue
            ? Node("Identity", body.Inputs[i].Name, name)
            : Node("SequenceAt", body.Inputs[i].Name, name, number));
        OnnxGraph repeated = body with
        {
            Nodes = elements.Concat(body.Nodes).Concat(lists.Select((list, k) => Node("SequenceInsert", list.Next, list.State, body.Outputs[k].Name))).ToImmutableArray(),
            Inputs = lists.Select(static l => l.State).Prepend(condition).Prepend(number).Select(static name => new OnnxValueInfo(name, null)).ToImmutableArray(),
            Outputs = lists.Select(static l => l.Next).Prepend(condition).Select(static name => new OnnxValueInfo(name, null)).ToImmutableArray(),
        };
        ModelValue?[] inputs = lists.Select(static _ => (ModelValue?)new SequenceValue(Array.Empty<ModelValue>())).Prepend(null).Prepend(new TensorValue(trips)).ToArray();
        return new StructuralNode(_session, _scope, _source, OperatorRegistry.Get("Loop"), Opset, new AttributeMap(Name).Set("body", repeated), inputs);
    }

    private ClosedBody Close(string attribute, IReadOnlyList<ModelValue> arguments, Value? iteration)
    {
        OnnxGraph body = Body(attribute);
        var graph = new Graph(body.Name, _scope.Graph);
        var formal = new List<ModelValue>();
        var inputs = new List<Value>();
        Value Inner(Value argument, string name)
        {
            Value inner = Inside(graph.UniqueName(name), argument);
            inputs.Add(inner);
            return inner;
        }

        Value? number = iteration is null ? null : Inner(iteration, iteration.Name);
        for (int i = 0; i < arguments.Count; i++)
        {
            string name = i < body.Inputs.Length ? body.Inputs[i].Name : "input";
            formal.Add(arguments[i].With(new Queue<Value>(arguments[i].Tensors.Select(t => ReferenceEquals(t, iteration) ? number! : Inner(t, name)))));
        }

        var scope = new ImportScope(graph, _scope, number);
        IReadOnlyList<ModelValue> outputs = Import(body, scope, formal);
        graph.Inputs.AddRange(inputs.Where(static t => !t.IsConstant));
        graph.Inputs.AddRange(scope.Captures.Select(static c => c.Inner));
        graph.Sort();
        return new ClosedBody(graph, scope.Captures, outputs);
    }

    private static Value Inside(string name, Value argument) => argument.Constant is { } constant ? Value.FromConstant(name, constant) : new Value(name, argument.Type, argument.Shape);

    private static int CountNodes(OnnxGraph graph) => graph.Nodes.Sum(static n => 1 + NodeOrder.Bodies(n).Sum(CountNodes));

    private IReadOnlyList<ModelValue> Import(OnnxGraph body, ImportScope scope, IReadOnlyList<ModelValue> arguments)
    {
        if (body.Inputs.Length != arguments.Count)
        {
            throw Fail(DiagnosticCodes.GraphMalformed, $"the body \"{body.Name}\" has {body.Inputs.Length} inputs where the node gives {arguments.Count}");
        }

        for (int i = 0; i < arguments.Count; i++)
        {
            scope.Define(body.Inputs[i].Name, arguments[i]);
        }

        var importer = new NodeImporter(_session, scope, isRepeated: true);
        importer.ImportInitializers(body);
        importer.ImportNodes(body);
        return importer.OutputsOf(body);
    }

    private OnnxGraph Body(string attribute) => Attributes.Raw(attribute) as OnnxGraph
        ?? throw Fail(DiagnosticCodes.GraphMalformed, $"the attribute '{attribute}' with its body is missing");
}
