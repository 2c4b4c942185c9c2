using System;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using AotCompiler.Diagnostics;

namespace AotCompiler.Onnx;

/// <summary>What an attribute holds, with the numbers of the file format.</summary>
internal enum OnnxAttributeKind
{
    Undefined = 0,
    Float = 1,
    Int = 2,
    String = 3,
    Tensor = 4,
    Graph = 5,
    Floats = 6,
    Ints = 7,
    Strings = 8,
    Tensors = 9,
    Graphs = 10,
    SparseTensor = 11,
    SparseTensors = 12,
    Type = 13,
    Types = 14,
}

/// <summary>A named constant of a node. Reading it as another kind than it has is a <see cref="ModelException"/>.</summary>
internal sealed class OnnxAttribute
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly object? _value;

    private OnnxAttribute(string name, OnnxAttributeKind kind, object? value, string refAttrName = "")
    {
        Name = name;
        Kind = kind;
        _value = value;
        RefAttrName = refAttrName;
    }

    public string Name { get; }

    public OnnxAttributeKind Kind { get; }

    /// <summary>The attribute of the surrounding function whose value this one takes; empty when it has a value itself.</summary>
    public string RefAttrName { get; }

    /// <summary>Whether the value is that of an attribute of the surrounding function.</summary>
    public bool IsReference => RefAttrName.Length > 0;

    public float Float => Get<float>(OnnxAttributeKind.Float);

    public long Int => Get<long>(OnnxAttributeKind.Int);

    /// <summary>A string attribute's bytes, not necessarily text.</summary>
    public ReadOnlyMemory<byte> Bytes => Get<ReadOnlyMemory<byte>>(OnnxAttributeKind.String);

    /// <summary>A string attribute as text; not UTF-8 is a <see cref="ModelException"/>.</summary>
    public string String => Decode(Bytes);

    public OnnxTensor Tensor => Get<OnnxTensor>(OnnxAttributeKind.Tensor);

    public OnnxGraph Graph => Get<OnnxGraph>(OnnxAttributeKind.Graph);

    public OnnxSparseTensor SparseTensor => Get<OnnxSparseTensor>(OnnxAttributeKind.SparseTensor);

    public OnnxType Type => Get<OnnxType>(OnnxAttributeKind.Type);

    public ImmutableArray<float> Floats => Get<ImmutableArray<float>>(OnnxAttributeKind.Floats);

    public ImmutableArray<long> Ints => Get<ImmutableArray<long>>(OnnxAttributeKind.Ints);

    public ImmutableArray<ReadOnlyMemory<byte>> ByteStrings => Get<ImmutableArray<ReadOnlyMemory<byte>>>(OnnxAttributeKind.Strings);

    /// <summary>Text of a list of strings; not UTF-8 is a <see cref="ModelException"/>.</summary>
    public ImmutableArray<string> Strings => ByteStrings.Select(Decode).ToImmutableArray();

    public ImmutableArray<OnnxTensor> Tensors => Get<ImmutableArray<OnnxTensor>>(OnnxAttributeKind.Tensors);

    public ImmutableArray<OnnxGraph> Graphs => Get<ImmutableArray<OnnxGraph>>(OnnxAttributeKind.Graphs);

    public ImmutableArray<OnnxSparseTensor> SparseTensors => Get<ImmutableArray<OnnxSparseTensor>>(OnnxAttributeKind.SparseTensors);

    public ImmutableArray<OnnxType> Types => Get<ImmutableArray<OnnxType>>(OnnxAttributeKind.Types);

    public static OnnxAttribute Of(string name, float value) => new(name, OnnxAttributeKind.Float, value);

    public static OnnxAttribute Of(string name, long value) => new(name, OnnxAttributeKind.Int, value);

    public static OnnxAttribute Of(string name, string value) => Of(name, (ReadOnlyMemory<byte>)StrictUtf8.GetBytes(value));

    public static OnnxAttribute Of(string name, ReadOnlyMemory<byte> value) => new(name, OnnxAttributeKind.String, value);

    public static OnnxAttribute Of(string name, OnnxTensor value) => new(name, OnnxAttributeKind.Tensor, value);

    public static OnnxAttribute Of(string name, OnnxGraph value) => new(name, OnnxAttributeKind.Graph, value);

    public static OnnxAttribute Of(string name, OnnxSparseTensor value) => new(name, OnnxAttributeKind.SparseTensor, value);

    public static OnnxAttribute Of(string name, OnnxType value) => new(name, OnnxAttributeKind.Type, value);

    public static OnnxAttribute Of(string name, ImmutableArray<float> value) => new(name, OnnxAttributeKind.Floats, value);

    public static OnnxAttribute Of(string name, ImmutableArray<long> value) => new(name, OnnxAttributeKind.Ints, value);

    public static OnnxAttribute Of(string name, ImmutableArray<ReadOnlyMemory<byte>> value) => new(name, OnnxAttributeKind.Strings, value);

    public static OnnxAttribute Of(string name, ImmutableArray<OnnxTensor> value) => new(name, OnnxAttributeKind.Tensors, value);

    public static OnnxAttribute Of(string name, ImmutableArray<OnnxGraph> value) => new(name, OnnxAttributeKind.Graphs, value);

    public static OnnxAttribute Of(string name, ImmutableArray<OnnxSparseTensor> value) => new(name, OnnxAttributeKind.SparseTensors, value);

    public static OnnxAttribute Of(string name, ImmutableArray<OnnxType> value) => new(name, OnnxAttributeKind.Types, value);

    /// <summary>An attribute that takes the value of the surrounding function's attribute <paramref name="refAttrName"/>.</summary>
    public static OnnxAttribute Reference(string name, OnnxAttributeKind kind, string refAttrName) => new(name, kind, null, refAttrName);

    /// <summary>The same value under another name.</summary>
    public OnnxAttribute WithName(string name) => new(name, Kind, _value, RefAttrName);

    private static string Decode(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes.ToArray());
        }
        catch (DecoderFallbackException)
        {
            throw new ModelException(DiagnosticCodes.GraphMalformed, "A string attribute is not valid UTF-8 text. Export the model again.");
        }
    }

    private T Get<T>(OnnxAttributeKind kind)
    {
        if (IsReference)
        {
            throw new ModelException(
                DiagnosticCodes.GraphMalformed,
                $"Attribute \"{Name}\" refers to the function attribute \"{RefAttrName}\" outside of a function. Export the model again.");
        }

        if (Kind != kind || _value is not T value)
        {
            throw new ModelException(
                DiagnosticCodes.GraphMalformed,
                $"Attribute \"{Name}\" is of kind {Kind}; its operator expects {kind}. Export the model again or convert it to the opset it declares.");
        }

        return value;
    }
}
