using System.Collections.Immutable;
using System.Globalization;
using System.Linq;

namespace AotCompiler.Onnx;

/// <summary>The declared type of a value; one subclass per case of the format.</summary>
internal abstract record OnnxType;

/// <summary>A dense tensor; <see cref="Shape"/> is null when not even the rank is declared.</summary>
internal sealed record OnnxTensorType(OnnxDataType ElementType, OnnxShape? Shape) : OnnxType;

/// <summary>A sparse tensor.</summary>
internal sealed record OnnxSparseTensorType(OnnxDataType ElementType, OnnxShape? Shape) : OnnxType;

/// <summary>A list of values of one type; the type is null when not declared.</summary>
internal sealed record OnnxSequenceType(OnnxType? ElementType) : OnnxType;

/// <summary>A map from an integer or string type to a type.</summary>
internal sealed record OnnxMapType(OnnxDataType KeyType, OnnxType? ValueType) : OnnxType;

/// <summary>A value that may be absent.</summary>
internal sealed record OnnxOptionalType(OnnxType? ElementType) : OnnxType;

/// <summary>A type private to a domain.</summary>
internal sealed record OnnxOpaqueType(string Domain, string Name) : OnnxType;

/// <summary>A declared shape; an empty list is a scalar.</summary>
internal sealed record OnnxShape(ImmutableArray<OnnxDimension> Dimensions)
{
    /// <summary>Such as <c>[batch, 3, 224, 224]</c>.</summary>
    public override string ToString() => "[" + string.Join(", ", Dimensions.Select(d => d.ToString())) + "]";
}

/// <summary>One dimension: a number, a name, or neither when unknown.</summary>
/// <param name="Value">The size as the file has it (a negative number is kept); null when not a number.</param>
/// <param name="Name">The symbolic name; null when absent or empty.</param>
internal readonly record struct OnnxDimension(long? Value, string? Name)
{
    /// <inheritdoc/>
    public override string ToString() => Value?.ToString(CultureInfo.InvariantCulture) ?? Name ?? "?";
}

/// <summary>A named value with its declared type, if any.</summary>
internal sealed record OnnxValueInfo(string Name, OnnxType? Type);
