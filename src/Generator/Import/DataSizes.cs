using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Operators;
using AotCompiler.Operators.Selection;

namespace AotCompiler.Import;

/// <summary>
/// Finds what data can be at most that decide a shape, and makes sizes of them: numbers that the user declares among the dimensions,
/// <c>TENSOR.value=1..64</c>, and those that are bounded by how they are computed.
/// </summary>
internal sealed class DataSizes
{
    /// <summary>What follows the name of a tensor in the name of its data's range; the number of one element may stand behind it in brackets.</summary>
    public const string Suffix = ".value";

    /// <summary>Nodes between a number and what it is computed from.</summary>
    private const int MaxDepth = 32;

    private readonly Dictionary<string, DimensionBinding> _declared;
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly Dictionary<Value, Value?> _found = new();
    private readonly Dictionary<Value, string> _names = new();

    public DataSizes(IEnumerable<DimensionBinding> dimensions)
    {
        _declared = dimensions.Where(static d => IsName(d.Name)).ToDictionary(static d => d.Name, StringComparer.Ordinal);
    }

    /// <summary>True for the name of a tensor's data, or of one element.</summary>
    public static bool IsName(string name)
    {
        int bracket = name.EndsWith("]", StringComparison.Ordinal) ? name.LastIndexOf('[') : name.Length;
        return bracket > Suffix.Length && string.CompareOrdinal(name, bracket - Suffix.Length, Suffix, 0, Suffix.Length) == 0;
    }

    /// <summary>Reports declarations for tensors that the model does not have.</summary>
    /// <exception cref="ModelException">There is one.</exception>
    public void CheckUsed()
    {
        if (_declared.Keys.FirstOrDefault(name => !_used.Contains(name)) is { } unknown)
        {
            throw new ModelException(DiagnosticCodes.DimensionUnknown, $"The model has no tensor whose data '{unknown}' could mean: none of that name, or one whose data are known, or that has fewer elements, or more than {SizeTensor.MaxElements}.");
        }
    }

    /// <summary>A tensor of the model as an expression of sizes if its data are declared to be such; else the tensor itself.</summary>
    /// <param name="name">Its name in the model.</param>
    /// <param name="value">The tensor.</param>
    /// <param name="graph">The graph that it belongs to.</param>
    public Value Declare(string name, Value value, Graph graph)
    {
        _names[value] = name;
        if (_declared.Count == 0 || value.IsConstant || value.Sizes is not null || !CanBeSizes(value))
        {
            return value;
        }

        SizeRange?[] ranges = Enumerable.Range(0, (int)value.Shape.ElementCount).Select(i => Declared(name, i)).ToArray();
        if (ranges.All(static r => r is null))
        {
            return value;
        }

        int missing = Array.FindIndex(ranges, static r => r is null);
        if (missing >= 0)
        {
            throw new ModelException(DiagnosticCodes.OptionInvalid, $"Some elements of '{name}' have a declared range, but element {missing} has none. Declare '{name}{Suffix}[{missing}]' too.");
        }

        return SizesOfData.Insert(graph, value, ranges.Select(static r => r!.Value).ToArray());
    }

    /// <summary>Data as an expression of sizes, if what they are computed from is known or bounded; else null.</summary>
    /// <param name="value">The data.</param>
    /// <param name="scope">The scope that they belong to, whose graph gets nodes that read them.</param>
    public Value? Find(Value value, ImportScope scope) => Find(value, scope, MaxDepth);

    /// <summary>The error for data that nothing bounds: it says which tensor's range must be declared.</summary>
    public ModelException Explain(UndecidedSizeException failure)
    {
        if (!CanBeSizes(failure.Value))
        {
            return failure;
        }

        Value source = Source(failure.Value);
        string name = (_names.TryGetValue(source, out string? known) ? known : source.Name) + Suffix + (source.Shape.ElementCount > 1 ? "[0]" : string.Empty);
        return failure.With(
            $"Declare what {(source.Shape.ElementCount > 1 ? "each of its elements" : "it")} can be: Dimensions=\"{name}=1..64\" (with your numbers, or {name}=3 if it is always the same) on the project item, or --dim {name}=1..64.");
    }

    private Value? Find(Value value, ImportScope scope, int depth)
    {
        if (value.IsConstant || value.Sizes is not null)
        {
            return value;
        }

        if (!CanBeSizes(value))
        {
            return null;
        }

        if (!_found.TryGetValue(value, out Value? found))
        {
            _found[value] = null;
            found = scope.Around(value) is { } around
                ? FindAround(value, scope, around, depth)
                : (depth > 0 ? Rebuild(value, scope, depth - 1) : null) ?? SizesOfData.InsertBounded(scope.Graph, value);
            _found[value] = found;
        }

        return found;
    }

    /// <summary>What a body reads from around it is known inside if it is around.</summary>
    private Value? FindAround(Value value, ImportScope scope, (ImportScope Scope, Value Outer) around, int depth)
    {
        Value? sizes = Find(around.Outer, around.Scope, depth);
        return sizes is { IsConstant: true } or { IsSizeExpression: true } ? ImportScope.Copy(scope.Graph.UniqueName(value.Name), sizes) : null;
    }

    /// <summary>The node that makes a value, once more, of inputs that are sizes.</summary>
    private Value? Rebuild(Value value, ImportScope scope, int depth)
    {
        Graph graph = scope.Graph;
        if (value.Producer is not { Epilogue: null } node || !node.Operator.IsPure || node.ComputedSizes.Count > 0 || node.Subgraphs.Any())
        {
            return null;
        }

        var inputs = new Value?[node.OperatorInputCount];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = node.Inputs[i];
            if (inputs[i] is not { IsConstant: false, Sizes: null } input || !node.Operator.ReadsData(i))
            {
                continue;
            }

            // A number that is made of many has better bounds than the many together.
            if (input.Shape.ElementCount > value.Shape.ElementCount || (inputs[i] = Find(input, scope, depth)) is null)
            {
                return null;
            }
        }

        Value[] outputs = node.Outputs.Select(v => new Value(graph.UniqueName(v.Name), v.Type, v.Shape)).ToArray();
        var copy = new Node(node.Operator, node.Name, node.Attributes.Clone(), inputs, outputs) { Opset = node.Opset };
        try
        {
            ShapeInference.Run(copy, graph);
        }
        catch (ModelException)
        {
            copy.Remove();
            return null;
        }

        Value result = outputs[node.Outputs.ToList().IndexOf(value)];
        if (SizeFolding.TryFold(copy, graph))
        {
            copy.Remove();
        }
        else if (result.Sizes is { IsUndecided: false } && result.Shape.Equals(value.Shape))
        {
            graph.Add(copy);
        }
        else
        {
            copy.Remove();
            return null;
        }

        return result;
    }

    /// <summary>What the user says that an element of a tensor can be; null if nothing is said.</summary>
    public SizeRange? Declared(string name, int element)
    {
        foreach (string key in new[] { $"{name}{Suffix}[{element}]", name + Suffix })
        {
            if (_declared.TryGetValue(key, out DimensionBinding? binding))
            {
                _used.Add(key);
                return new SizeRange(binding.Minimum ?? binding.Value, binding.Value, binding.Step);
            }
        }

        return null;
    }

    /// <summary>The tensor that the user should declare: as near to the model's inputs as one number comes from one.</summary>
    private static Value Source(Value value)
    {
        for (int depth = 0; depth < MaxDepth; depth++)
        {
            Value[] data = value.Producer is { } node && !node.Subgraphs.Any()
                ? node.Inputs.Where((v, i) => v is not null && node.Operator.ReadsData(i) && !v.IsConstant && v.Sizes is null && v.Type != ElementType.Bool).Select(static v => v!).ToArray()
                : Array.Empty<Value>();
            if (data.Length != 1 || data[0].Shape.ElementCount > value.Shape.ElementCount || !CanBeSizes(data[0]) || !data[0].Type.IsInteger())
            {
                break;
            }

            value = data[0];
        }

        return value;
    }

    private static bool CanBeSizes(Value value) => !value.Shape.IsDynamic && value.Shape.ElementCount is > 0 and <= SizeTensor.MaxElements
        && (value.Type.IsInteger() || value.Type is ElementType.Float32 or ElementType.Float64);
}
