using System;
using System.Collections.Generic;
using System.Linq;

namespace AotCompiler.Operators;

/// <summary>All operators of this assembly, by domain and name.</summary>
internal static class OperatorRegistry
{
    private static readonly Lazy<SortedDictionary<string, Operator>> _operators = new(Find);

    /// <summary>All operators, sorted by domain and name.</summary>
    public static IEnumerable<Operator> All => _operators.Value.Values;

    /// <summary>The operator, or null if it is not implemented. <c>ai.onnx</c> is the empty domain.</summary>
    public static Operator? Find(string domain, string name) =>
        _operators.Value.TryGetValue(Key(domain, name), out Operator? op) ? op : null;

    /// <summary>The operator, which must be there.</summary>
    public static Operator Get(string name, string domain = "") =>
        Find(domain, name) ?? throw new InvalidOperationException($"operator {domain}:{name} is not registered");

    private static string Key(string domain, string name) => $"{(domain == "ai.onnx" ? string.Empty : domain)}:{name}";

    private static SortedDictionary<string, Operator> Find()
    {
        var result = new SortedDictionary<string, Operator>(StringComparer.Ordinal);
        foreach (Type type in typeof(Operator).Assembly.GetTypes().Where(static t => t.IsSealed && typeof(Operator).IsAssignableFrom(t)))
        {
            var op = (Operator)Activator.CreateInstance(type, nonPublic: true)!;
            result.Add(Key(op.Domain, op.Name), op);
        }

        return result;
    }
}
