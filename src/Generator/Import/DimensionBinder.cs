using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;

namespace AotCompiler.Import;

/// <summary>Gives every free dimension of the model's inputs a value: the user's, or 1 for a batch, or an error that shows the fix.</summary>
internal sealed class DimensionBinder
{
    private static readonly string[] _batchWords = { "batch", "unk", "dynamic", "none", "dyn" };

    private static readonly string[] _batchNames = { "n", "b", "bs", "?", "-1", "samples_count", "num_samples" };

    private readonly Dictionary<string, DimensionBinding> _bound = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Extent> _ranges = new(StringComparer.Ordinal);
    private readonly Graph _graph;
    private readonly int _rangeCount;
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _known = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _defaulted = new(StringComparer.Ordinal);
    private readonly List<string> _missing = new();
    private readonly List<ModelDiagnostic> _messages;

    public DimensionBinder(CompilerOptions options, List<ModelDiagnostic> messages, Graph graph)
    {
        _messages = messages;
        _graph = graph;
        _rangeCount = options.Dimensions.Count(static d => d.IsRange);
        foreach (DimensionBinding binding in options.Dimensions)
        {
            _bound[binding.Name] = binding;
        }
    }

    /// <summary>The shape of an input with its free dimensions bound; placeholders stand for those reported by <see cref="Finish"/>.</summary>
    public Shape Bind(OnnxValueInfo input, OnnxShape? declared)
    {
        if (declared is null)
        {
            return BindUnknownRank(input);
        }

        var dimensions = new Extent[declared.Dimensions.Length];
        for (int axis = 0; axis < dimensions.Length; axis++)
        {
            dimensions[axis] = BindDimension(input, axis, declared.Dimensions[axis]);
        }

        return new Shape(dimensions);
    }

    /// <summary>The number of elements of an input that is a sequence or optional; 0 stands for one that is reported by <see cref="Finish"/>.</summary>
    /// <param name="name">The name under which the user gives it.</param>
    /// <param name="maximum">The largest number allowed.</param>
    public int BindCount(string name, int maximum)
    {
        _known.Add(name);
        if (!_bound.TryGetValue(name, out DimensionBinding? binding))
        {
            _missing.Add(name);
            return 0;
        }

        _used.Add(name);
        if (binding.IsRange)
        {
            throw new ModelException(DiagnosticCodes.OptionInvalid, $"'{name}' is given a range, but it is the number of elements of a sequence or optional, which needs one value. Give it one.");
        }

        int value = binding.Value;
        return value <= maximum ? value : throw new ModelException(DiagnosticCodes.LimitExceeded, $"'{name}' is {value}; at most {maximum} is supported. Give a smaller number.");
    }

    /// <summary>The length of a vector that stands for an input of another kind; 1 stands for one that is reported by <see cref="Finish"/>.</summary>
    /// <param name="name">The name under which the user gives it.</param>
    public Extent BindLength(string name)
    {
        _known.Add(name);
        if (!_bound.TryGetValue(name, out DimensionBinding? binding))
        {
            _missing.Add(name);
            return 1;
        }

        _used.Add(name);
        return Extent(binding);
    }

    /// <summary>Reports everything that is left: defaults, missing values, values without a dimension.</summary>
    public void Finish()
    {
        if (_defaulted.Count > 0)
        {
            _messages.Add(ModelDiagnostic.Info(
                DiagnosticCodes.DimensionDefaulted,
                $"Free batch dimension {Join(_defaulted)} is compiled as 1. To choose another value, set Dimensions=\"{_defaulted.First()}=4\" on the project item or pass --dim {_defaulted.First()}=4."));
        }

        string[] unknown = _bound.Keys.Where(name => !_used.Contains(name) && !name.EndsWith(ImportSession.TripsSuffix, StringComparison.Ordinal) && !DataSizes.IsName(name)).OrderBy(static n => n, StringComparer.Ordinal).ToArray();
        string stranger = $"The model has no free dimension {Join(unknown)}.";
        if (_missing.Count > 0)
        {
            string[] names = _missing.Distinct().ToArray();
            throw new ModelException(
                DiagnosticCodes.DimensionUnbound,
                $"Free dimension {Join(names)} has no value. Set Dimensions=\"{string.Join(";", names.Select(static n => $"{n}=128"))}\" (with your sizes) on the project item, or pass {string.Join(" ", names.Select(static n => $"--dim {n}=128"))}.{(unknown.Length > 0 ? $" {stranger}" : string.Empty)}");
        }

        if (unknown.Length > 0)
        {
            throw new ModelException(DiagnosticCodes.DimensionUnknown, $"{stranger} It has: {(_known.Count == 0 ? "none" : Join(_known))}.");
        }
    }

    private static string Join(IEnumerable<string> names) => string.Join(", ", names.Select(static n => $"'{n}'"));

    private Extent BindDimension(OnnxValueInfo input, int axis, OnnxDimension dimension)
    {
        if (dimension.Value is >= 0)
        {
            return dimension.Value.Value <= int.MaxValue
                ? (int)dimension.Value.Value
                : throw new ModelException(DiagnosticCodes.TooLarge, $"Input \"{input.Name}\": dimension {axis} is {dimension.Value}; at most {int.MaxValue} is supported.");
        }

        string position = $"{input.Name}[{axis}]";
        string name = string.IsNullOrEmpty(dimension.Name) ? position : dimension.Name!;
        _known.Add(name);
        foreach (string key in new[] { position, name })
        {
            if (_bound.TryGetValue(key, out DimensionBinding? binding))
            {
                _used.Add(key);
                return Extent(binding);
            }
        }

        if (_defaulted.Contains(name) || (axis == 0 && IsBatchLike(dimension.Name)))
        {
            _defaulted.Add(name);
            return 1;
        }

        _missing.Add(name);
        return 1;
    }

    /// <summary>A binding's value; a range becomes one variable for all dimensions of the name, its values' common step a factor.</summary>
    private Extent Extent(DimensionBinding binding)
    {
        if (!binding.IsRange)
        {
            return binding.Value;
        }

        if (!_ranges.TryGetValue(binding.Name, out Extent extent))
        {
            int ordinal = _graph.Sizes.Count;
            int minimum = binding.Minimum!.Value / binding.Step;
            int maximum = binding.Value / binding.Step;
            var variable = new SizeVariable(binding.Name, minimum, maximum, ordinal, SizeSamples.Values(minimum, maximum, ordinal, _rangeCount), isComputed: false) { Step = binding.Step };
            _graph.Sizes.Add(variable);
            _ranges[binding.Name] = extent = Ir.Extent.Of(Size.Of(variable) * Size.Of(binding.Step));
        }

        return extent;
    }

    private Shape BindUnknownRank(OnnxValueInfo input)
    {
        var dimensions = new List<Extent>();
        _known.Add($"{input.Name}.rank");
        if (_bound.TryGetValue($"{input.Name}.rank", out DimensionBinding? rank) && rank.Value == 0 && !rank.IsRange)
        {
            _used.Add($"{input.Name}.rank");
            return Shape.Scalar;
        }

        while (_bound.TryGetValue($"{input.Name}[{dimensions.Count}]", out DimensionBinding? binding))
        {
            _used.Add($"{input.Name}[{dimensions.Count}]");
            dimensions.Add(Extent(binding));
        }

        if (dimensions.Count == 0)
        {
            throw new ModelException(
                DiagnosticCodes.DimensionUnbound,
                $"Input \"{input.Name}\" declares no shape. Give one: Dimensions=\"{input.Name}[0]=1;{input.Name}[1]=16\" (with your sizes) on the project item, or --dim for each; \"{input.Name}.rank=0\" if it is a scalar.");
        }

        return new Shape(dimensions);
    }

    private static bool IsBatchLike(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return true;
        }

        string lower = name!.ToLowerInvariant();
        return _batchNames.Contains(lower) || _batchWords.Any(lower.Contains);
    }
}
