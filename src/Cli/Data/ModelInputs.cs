using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Numerics;
using AotCompiler.Collections;
using AotCompiler.Compiler;
using AotCompiler.Onnx;

namespace AotCompiler.Cli.Data;

/// <summary>What the file declares about the tensors that go in, and how data find their way to them.</summary>
internal sealed class ModelInputs
{
    private readonly OnnxValueInfo[] _all;
    private readonly HashSet<string> _defaults;

    public ModelInputs(OnnxModel model)
    {
        _all = model.Graph.Inputs.ToArray();
        _defaults = model.Graph.Initializers.Select(static i => i.Name).ToHashSet(StringComparer.Ordinal);
        Required = _all.Where(input => !_defaults.Contains(input.Name)).ToArray();
        Outputs = model.Graph.Outputs;
    }

    /// <summary>Inputs that have no default value, in the model's order: those of the compiled model.</summary>
    public IReadOnlyList<OnnxValueInfo> Required { get; }

    /// <summary>What comes out, in the model's order.</summary>
    public IReadOnlyList<OnnxValueInfo> Outputs { get; }

    /// <summary>True for the name of an input, with a default value or without.</summary>
    public bool IsInput(string name) => _all.Any(input => input.Name == name);

    /// <summary>
    /// Gives each required input its tensor: by the tensor's own name where the model has an input of that name, else by
    /// position among the inputs that are still free.
    /// </summary>
    /// <param name="tensors">Tensors with a name or an empty one, in order.</param>
    /// <param name="what">Where they come from, for messages.</param>
    /// <returns>Tensors by input name.</returns>
    /// <exception cref="CommandException">There are too few or too many.</exception>
    public IReadOnlyDictionary<string, TensorData> Match(IReadOnlyList<(string Name, TensorData Data)> tensors, string what)
    {
        var result = new Dictionary<string, TensorData>(StringComparer.Ordinal);
        var unnamed = new Queue<TensorData>();
        OnnxValueInfo[] all = _all.SelectMany(input => Elements(input, tensors.Select(static t => t.Name))).ToArray();
        OnnxValueInfo[] required = all.Where(input => !_defaults.Contains(input.Name)).ToArray();
        foreach ((string name, TensorData data) in tensors)
        {
            if (!all.Any(input => input.Name == name))
            {
                unnamed.Enqueue(data);
            }
            else if (!result.TryAdd(name, data))
            {
                throw new CommandException($"{what} gives input '{name}' twice.");
            }
        }

        // A file may list a tensor for every declared input, those with a default value included, or for the others only.
        OnnxValueInfo[] free = required.Where(input => !result.ContainsKey(input.Name)).ToArray();
        IEnumerable<OnnxValueInfo> targets = unnamed.Count > free.Length ? all.Where(input => !result.ContainsKey(input.Name)) : free;
        foreach (OnnxValueInfo input in targets)
        {
            if (unnamed.TryDequeue(out TensorData? data))
            {
                result.Add(input.Name, data);
            }
        }

        CheckComplete(required, result, unnamed.Count, what);
        return result;
    }

    /// <summary>Values of the free dimensions that make the declared shapes those of the tensors.</summary>
    /// <remarks>By name where one name has one value; else by position, <c>input[axis]</c>, since exporters reuse names for unrelated dimensions.</remarks>
    public EquatableArray<DimensionBinding> BindDimensions(IReadOnlyDictionary<string, TensorData> tensors)
    {
        var found = new List<(string Name, string Position, long Value)>();
        foreach (OnnxValueInfo input in Required.SelectMany(input => Elements(input, tensors.Keys)))
        {
            if (input.Type is OnnxTensorType type && tensors.TryGetValue(input.Name, out TensorData? tensor))
            {
                found.AddRange(FreeDimensions(input, type, tensor));
            }
        }

        HashSet<string> ambiguous = found.GroupBy(static f => f.Name).Where(static g => g.Select(static f => f.Value).Distinct().Count() > 1).Select(static g => g.Key).ToHashSet();
        IEnumerable<DimensionBinding> bindings = found
            .Where(static f => f.Value <= int.MaxValue)
            .Select(f => new DimensionBinding(ambiguous.Contains(f.Name) ? f.Position : f.Name, (int)f.Value))
            .Concat(Required.SelectMany(input => Counts(input, tensors.Keys)))
            .Distinct();
        return new EquatableArray<DimensionBinding>(bindings);
    }

    /// <summary>The tensors of an input: one per element of a sequence, one or none of an optional.</summary>
    private static IEnumerable<OnnxValueInfo> Elements(OnnxValueInfo input, IEnumerable<string> names) => input.Type switch
    {
        OnnxSequenceType sequence => Enumerable.Range(0, Length(input.Name, names))
            .SelectMany(i => Elements(new OnnxValueInfo(TensorFile.Element(input.Name, i), sequence.ElementType), names)),
        OnnxOptionalType optional => IsPresent(input.Name, names) ? Elements(input with { Type = optional.ElementType }, names) : [],
        _ => [input],
    };

    /// <summary>How many elements a sequence has, and whether an optional has one, under the names the compiler gives these numbers.</summary>
    private static IEnumerable<DimensionBinding> Counts(OnnxValueInfo input, IEnumerable<string> names) => input.Type switch
    {
        OnnxSequenceType sequence => Enumerable.Range(0, Length(input.Name, names))
            .SelectMany(i => Counts(new OnnxValueInfo(TensorFile.Element(input.Name, i), sequence.ElementType), names))
            .Prepend(new DimensionBinding($"{input.Name}.length", Length(input.Name, names))),
        OnnxOptionalType optional => (IsPresent(input.Name, names) ? Counts(input with { Type = optional.ElementType }, names) : [])
            .Prepend(new DimensionBinding($"{input.Name}.present", IsPresent(input.Name, names) ? 1 : 0)),
        _ => [],
    };

    private static int Length(string sequence, IEnumerable<string> names) =>
        Enumerable.Range(0, int.MaxValue).First(i => !names.Any(n => n.StartsWith(TensorFile.Element(sequence, i), StringComparison.Ordinal)));

    private static bool IsPresent(string optional, IEnumerable<string> names) =>
        names.Any(n => n == optional || n.StartsWith($"{optional}[", StringComparison.Ordinal));

    private static IEnumerable<(string Name, string Position, long Value)> FreeDimensions(OnnxValueInfo input, OnnxTensorType type, TensorData tensor)
    {
        if (type.Shape is { } declared && declared.Dimensions.Length != tensor.Shape.Length)
        {
            yield break;
        }

        if (type.Shape is null && tensor.Shape.Length == 0)
        {
            yield return ($"{input.Name}.rank", $"{input.Name}.rank", 0);
        }

        for (int axis = 0; axis < tensor.Shape.Length; axis++)
        {
            OnnxDimension? dimension = type.Shape?.Dimensions[axis];
            if (dimension?.Value is not >= 0)
            {
                string position = $"{input.Name}[{axis}]";
                yield return (string.IsNullOrEmpty(dimension?.Name) ? position : dimension.Value.Name!, position, tensor.Shape[axis]);
            }
        }
    }

    private static void CheckComplete(OnnxValueInfo[] required, Dictionary<string, TensorData> found, int left, string what)
    {
        string expected = string.Join(", ", required.Select(Describe));
        string[] missing = required.Where(input => !found.ContainsKey(input.Name)).Select(Describe).ToArray();
        if (missing.Length > 0)
        {
            throw new CommandException($"{what} lacks {string.Join(", ", missing)}.{(missing.Length < required.Length ? $" The model's inputs are {expected}." : string.Empty)}");
        }

        if (left > 0)
        {
            throw new CommandException($"{what} has {left} more than the model's inputs, which are {(expected.Length == 0 ? "none" : expected)}.");
        }
    }

    private static string Describe(OnnxValueInfo input) => input.Type is OnnxTensorType type
        ? $"'{input.Name}' {type.ElementType.DisplayName()} {type.Shape?.ToString() ?? "of any shape"}"
        : $"'{input.Name}'";
}
