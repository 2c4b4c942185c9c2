using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Collections;
using AotCompiler.Compiler;
using AotCompiler.Onnx;
using AotCompiler.Onnx.Proto;
using AotCompiler.Operators;
using Google.Protobuf;

namespace AotCompiler.Cli.Fuzzing;

/// <summary>
/// Breaks models on purpose, mostly in ways that keep the message well-formed, so that the stages behind the reader get
/// to see the damage. A mutant depends on the seed, its index and the models alone.
/// </summary>
internal sealed partial class ModelMutator
{
    private static readonly string[] _texts =
    [
        "SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET", "reflect", "edge", "wrap", "constant", "linear", "cubic", "nearest", "CRD",
        "DCR", "add", "mul", "max", "LEFT", "tanh", "none", "asymmetric", "align_corners", "tf_crop_and_resize", "floor", "", "?",
    ];

    private static readonly string[] _attributeNames =
    [
        "axis", "axes", "keepdims", "strides", "pads", "dilations", "kernel_shape", "group", "auto_pad", "ceil_mode", "perm", "to", "mode",
        "alpha", "beta", "epsilon", "transA", "transB", "value", "value_ints", "blocksize", "batch_dims", "output_shape", "output_padding",
        "storage_order", "num_outputs", "split", "shape", "starts", "ends", "scales", "size", "stash_type", "exclusive", "largest", "k",
    ];

    private static readonly string[] _hostileNames =
    [
        "\"", "a\nb", "*/", "\"\"\"", "class", "\u202E", "\0", "x\"; System.Environment.Exit(1); //", "{0}", "@", "Run", "arena", "\\u0022", new string('n', 3000),
    ];

    private static readonly float[] _floats =
    [
        float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -0f, -1, 1e-45f, float.MaxValue, float.MinValue, 0.5f, 1e9f,
    ];

    private static readonly (string Domain, string Name)[] _operators = OperatorRegistry.All.Where(static o => o.Domain != Operator.InternalDomain).Select(static o => (o.Domain, o.Name)).ToArray();

    private readonly int _seed;
    private readonly IReadOnlyList<ModelProto> _models;
    private readonly (int Weight, Action<GraphProto> Apply)[] _changes;
    private Random _random;

    /// <param name="seed">Chooses the mutants.</param>
    /// <param name="models">What they are made of; at least one.</param>
    public ModelMutator(int seed, IReadOnlyList<ModelProto> models)
    {
        _seed = seed;
        _models = models;
        _random = new Random(seed);
        _changes =
        [
            (5, ChangeInputShape), (1, ChangeInputType), (6, ChangeAttribute), (1, RemoveAttribute), (2, AddAttribute), (5, ChangeNodeInput),
            (1, ChangeNodeOutput), (1, RemoveNode), (1, DuplicateNode), (1, ReverseNodes), (3, ChangeOperator), (3, InsertNode), (1, SpliceNode),
            (3, ChangeTensorShape), (5, ChangeTensorData), (1, ChangeTensorType), (2, ChangeOutputs), (1, Rename), (1, InputToInitializer), (1, InitializerToInput),
        ];
    }

    /// <summary>Makes a mutant and the options to compile it with.</summary>
    /// <param name="index">Its number; the same for the same seed and models is the same mutant.</param>
    public Mutant Make(int index)
    {
        _random = new Random(unchecked((_seed * 1_000_003) + index));
        ModelProto model = Pick(_models)!.Clone();
        model.Graph ??= new GraphProto();
        for (int i = _random.Next(1, 5); i > 0; i--)
        {
            Change(model);
        }

        ImportDomains(model);
        byte[] bytes = model.ToByteArray();
        return new Mutant(index, _random.Next(20) == 0 ? Damage(bytes) : bytes, Options(model));
    }

    private void Change(ModelProto model)
    {
        if (_random.Next(25) == 0 && model.OpsetImport.Count > 0)
        {
            Pick(model.OpsetImport)!.Version = _random.Next(0, 29);
            return;
        }

        if (_random.Next(4) == 0 && Pick(model.Functions) is { } function)
        {
            ChangeFunction(function);
            return;
        }

        GraphProto[] bodies = _random.Next(2) == 0 ? Bodies(model.Graph).ToArray() : [];
        ChangeGraph(bodies.Length > 0 ? Pick(bodies)! : model.Graph);
    }

    private void ChangeGraph(GraphProto graph)
    {
        int ticket = _random.Next(_changes.Sum(static c => c.Weight));
        foreach ((int weight, Action<GraphProto> apply) in _changes)
        {
            ticket -= weight;
            if (ticket < 0)
            {
                apply(graph);
                return;
            }
        }
    }

    /// <summary>Changes the nodes of a function as if they were a graph's.</summary>
    private void ChangeFunction(FunctionProto function)
    {
        var graph = new GraphProto();
        graph.Node.Add(function.Node);
        graph.Input.Add(function.Input.Select(static name => new ValueInfoProto { Name = name }));
        graph.Output.Add(function.Output.Select(static name => new ValueInfoProto { Name = name }));
        ChangeGraph(graph);
        function.Node.Clear();
        function.Node.Add(graph.Node);
        function.Output.Clear();
        function.Output.Add(graph.Output.Select(static o => o.Name));
    }

    /// <summary>Bodies of control flow, at any depth.</summary>
    private static IEnumerable<GraphProto> Bodies(GraphProto graph) => graph.Node
        .SelectMany(static n => n.Attribute)
        .SelectMany(static a => a.G is { } body ? a.Graphs.Prepend(body) : a.Graphs)
        .SelectMany(static body => Bodies(body).Prepend(body));

    /// <summary>Imports the domains of operators that were put in, since otherwise no stage but the first would see them.</summary>
    private static void ImportDomains(ModelProto model)
    {
        foreach (string domain in model.Graph.Node.Select(static n => n.Domain).Distinct(StringComparer.Ordinal))
        {
            if (_operators.Any(o => o.Domain == domain) && !model.OpsetImport.Any(o => o.Domain == domain))
            {
                model.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = domain.Length == 0 ? 21 : 1 });
            }
        }
    }

    /// <summary>Options that lead through other parts of the compiler: most mutants are compiled as models usually are.</summary>
    private CompilerOptions Options(ModelProto model)
    {
        var dimensions = new List<DimensionBinding>();
        foreach (string name in model.Graph.Input.Select(static i => i.Type?.TensorType?.Shape).OfType<TensorShapeProto>().SelectMany(static s => s.Dim).Select(static d => d.DimParam).Distinct(StringComparer.Ordinal))
        {
            if (name.Length > 0 && _random.Next(4) > 0)
            {
                dimensions.Add(new DimensionBinding(name, _random.Next(1, 20)) { Minimum = _random.Next(3) == 0 ? null : 1 });
            }
        }

        return new CompilerOptions
        {
            ModelName = "Mutant",
            Dimensions = new EquatableArray<DimensionBinding>(dimensions),
            Optimize = _random.Next(8) == 0 ? OptimizationGoal.Size : OptimizationGoal.Balanced,
            Isa = _random.Next(12) == 0 ? TargetIsa.TryParse("armv7")! : TargetIsa.Auto,
            MemoryBudget = _random.Next(12) == 0 ? _random.Next(1, 64) : null,
        };
    }

    private byte[] Damage(byte[] bytes)
    {
        if (bytes.Length == 0 || _random.Next(4) == 0)
        {
            return bytes[..(bytes.Length / 2)];
        }

        for (int i = _random.Next(1, 4); i > 0; i--)
        {
            bytes[_random.Next(bytes.Length)] ^= (byte)(1 << _random.Next(8));
        }

        return bytes;
    }

    private void ChangeList<T>(IList<T> list, Func<T> make)
    {
        switch (_random.Next(4))
        {
            case 0:
                list.Insert(_random.Next(list.Count + 1), make());
                break;
            case 1 when list.Count > 0:
                list.RemoveAt(_random.Next(list.Count));
                break;
            default:
                if (list.Count > 0)
                {
                    list[_random.Next(list.Count)] = make();
                }

                break;
        }
    }

    private string ValueName(GraphProto graph)
    {
        string[] names = graph.Input.Select(static v => v.Name)
            .Concat(graph.Initializer.Select(static t => t.Name))
            .Concat(graph.Node.SelectMany(static n => n.Output))
            .Append(_random.Next(10) == 0 ? string.Empty : graph.Output.FirstOrDefault()?.Name ?? string.Empty)
            .ToArray();
        return Pick(names)!;
    }

    private string NewName(GraphProto graph) => $"mutant{graph.Node.Count}_{_random.Next(1000)}";

    private int ElementTypeCode() => _random.Next(8) == 0 ? _random.Next(30) : Pick(new[] { 1, 1, 2, 3, 5, 6, 7, 7, 9, 10, 11, 12, 13 });

    private long Dimension() => _random.Next(4) == 0 ? Integer() : _random.Next(0, 20);

    private long Integer() => _random.Next(5) switch
    {
        0 => Pick(new[] { long.MinValue, long.MaxValue, int.MinValue, int.MaxValue, 1L << 31, 1L << 32, 1L << 62, -(1L << 32), 1L << 16, 1L << 20, 1L << 24, 1L << 28 }),
        1 => -_random.Next(1, 6),
        2 => Pick(new long[] { 0, 1, -1, 15, 16, 17, 31, 33, 64, 100, 1000 }),
        _ => _random.Next(0, 8),
    };

    /// <summary>A random element; the default where there is none.</summary>
    private T? Pick<T>(IEnumerable<T> items)
    {
        IList<T> list = items as IList<T> ?? items.ToArray();
        return list.Count == 0 ? default : list[_random.Next(list.Count)];
    }
}
