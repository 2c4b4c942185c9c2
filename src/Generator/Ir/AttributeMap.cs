using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;

namespace AotCompiler.Ir;

/// <summary>
/// The attributes of a node. Values are <see cref="long"/>, <see cref="float"/>, <see cref="string"/>, <see cref="Tensor"/>,
/// arrays of the first three, or other objects that only control-flow operators read.
/// </summary>
internal sealed class AttributeMap
{
    private readonly SortedDictionary<string, object> _values = new(StringComparer.Ordinal);
    private readonly string _owner;

    /// <param name="owner">Description of the node for messages.</param>
    public AttributeMap(string owner)
    {
        _owner = owner;
    }

    /// <summary>Names in ordinal order.</summary>
    public IEnumerable<string> Names => _values.Keys;

    public bool Has(string name) => _values.ContainsKey(name);

    public AttributeMap Set(string name, object value)
    {
        _values[name] = value;
        return this;
    }

    public void Remove(string name) => _values.Remove(name);

    /// <summary>An independent copy.</summary>
    public AttributeMap Clone()
    {
        var copy = new AttributeMap(_owner);
        foreach (KeyValuePair<string, object> pair in _values)
        {
            copy._values[pair.Key] = pair.Value;
        }

        return copy;
    }

    public object? Raw(string name) => _values.TryGetValue(name, out object? value) ? value : null;

    public long Int(string name, long fallback) => Get<long>(name) is { } value ? value : fallback;

    public bool Flag(string name, bool fallback) => Int(name, fallback ? 1 : 0) != 0;

    public float Float(string name, float fallback) => Get<float>(name) is { } value ? value : fallback;

    public string String(string name, string fallback) => GetObject<string>(name) ?? fallback;

    public long[]? Ints(string name) => GetObject<long[]>(name);

    public float[]? Floats(string name) => GetObject<float[]>(name);

    public string[]? Strings(string name) => GetObject<string[]>(name);

    public Tensor? Tensor(string name) => GetObject<Tensor>(name);

    /// <summary>Canonical text, equal for equal attributes; tensors count by identity.</summary>
    public string Signature() => string.Join(";", _values.Select(static pair => $"{pair.Key}={Format(pair.Value)}"));

    /// <summary>Text of one attribute value, for signatures and dumps.</summary>
    public static string Format(object value) => value switch
    {
        long[] ints => $"[{string.Join(",", ints.Select(static i => $"{i}"))}]",
        float[] floats => $"[{string.Join(",", floats.Select(static f => $"{f:R}"))}]",
        string[] strings => $"[{string.Join(",", strings)}]",
        float single => $"{single:R}",
        Tensor tensor => $"{tensor.Type.ShortName()}{tensor.Shape}#{System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(tensor)}",
        _ => $"{value}",
    };

    private T? Get<T>(string name)
        where T : struct
    {
        return Raw(name) switch
        {
            null => null,
            T value => value,
            object other => throw WrongKind(name, typeof(T).Name, other),
        };
    }

    private T? GetObject<T>(string name)
        where T : class
    {
        return Raw(name) switch
        {
            null => null,
            T value => value,
            object other => throw WrongKind(name, typeof(T).Name, other),
        };
    }

    private ModelException WrongKind(string name, string expected, object actual) => new(
        DiagnosticCodes.GraphMalformed,
        $"{_owner}: attribute '{name}' has kind {actual.GetType().Name} where {expected} is required; the model is malformed, export it again.");
}
