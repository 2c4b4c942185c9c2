using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Emission;

/// <summary>
/// The sizes of one generated class that are known only at run time, as locals: each expression is computed once in a run and
/// passed to the steps that use it.
/// </summary>
internal sealed class SizeTable
{
    private readonly Dictionary<Size, int> _numbers = new();
    private readonly List<Size> _sizes = new();
    private readonly SortedSet<int> _used = new();
    private readonly Dictionary<SizeVariable, int> _order;

    /// <param name="counts">Counts that steps find, in the order in which they are found.</param>
    public SizeTable(IEnumerable<SizeVariable> counts)
    {
        _order = counts.Select(static (variable, position) => (variable, position)).ToDictionary(static c => c.variable, static c => c.position);
    }

    /// <summary>Parameter or local that holds a variable's value.</summary>
    public static string Name(SizeVariable variable) => variable.IsComputed ? $"count{variable.Ordinal}" : $"dimension{variable.Ordinal}";

    /// <summary>Parameter through which a step gives back a count that it finds.</summary>
    public static string Target(SizeVariable variable) => $"{Name(variable)}Pointer";

    /// <summary>The name that holds a size, which the step at hand uses from now on.</summary>
    public string Use(Size size)
    {
        if (!_numbers.TryGetValue(size, out int number))
        {
            _numbers[size] = number = _sizes.Count;
            _sizes.Add(size);
        }

        _used.Add(number);
        return Name(number);
    }

    /// <summary>Forgets what the step before used.</summary>
    public void BeginStep() => _used.Clear();

    /// <summary>Names of the sizes that the step at hand uses.</summary>
    public IReadOnlyList<string> Used => _used.Select(Name).ToArray();

    /// <summary>The sizes that can be computed as soon as a count is known; null for those that only parameters decide.</summary>
    public IEnumerable<(string Name, Size Size)> DecidedBy(SizeVariable? last) => _sizes
        .Select(static (size, i) => (Name(i), size))
        .Where(s => ReferenceEquals(s.size.Variables.Where(static v => v.IsComputed).OrderBy(v => _order[v]).LastOrDefault(), last));

    private static string Name(int number) => $"size{number}";
}
