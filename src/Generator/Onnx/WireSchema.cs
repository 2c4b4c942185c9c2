using System.Collections.Generic;

namespace AotCompiler.Onnx;

/// <summary>The messages of the schema, as far as <see cref="WireScanner"/> tells them apart.</summary>
internal enum WireMessage
{
    Model,
    OpsetId,
    StringPair,
    Graph,
    Annotation,
    Node,
    Attribute,
    ValueInfo,
    Tensor,
    Segment,
    SparseTensor,
    Shape,
    Dimension,
    Type,
    TensorType,
    ElementType,
    MapType,
    OpaqueType,
    Function,
}

/// <summary>How a field is written.</summary>
internal enum WireForm
{
    Varint,
    Fixed32,
    Text,
    Bytes,
    Message,
    RepeatedVarint,
    RepeatedFixed32,

    /// <summary>Elements of a tensor; in use they stay packed.</summary>
    TensorVarint,
    TensorFixed32,
    TensorFixed64,
}

/// <summary>One field of a message.</summary>
/// <param name="Form">How it is written.</param>
/// <param name="Child">The message inside, when <see cref="WireForm.Message"/>.</param>
internal readonly record struct WireField(WireForm Form, WireMessage Child = default);

/// <summary>The schema of <c>onnx.proto</c> as a table; a test compares the two.</summary>
internal static class WireSchema
{
    private static readonly WireField Varint = new(WireForm.Varint);
    private static readonly WireField Text = new(WireForm.Text);
    private static readonly WireField Bytes = new(WireForm.Bytes);
    private static readonly WireField Varints = new(WireForm.RepeatedVarint);

    private static readonly Dictionary<(WireMessage Message, int Field), WireField> Fields = new()
    {
        [(WireMessage.Model, 1)] = Varint,
        [(WireMessage.Model, 2)] = Text,
        [(WireMessage.Model, 3)] = Text,
        [(WireMessage.Model, 4)] = Text,
        [(WireMessage.Model, 5)] = Varint,
        [(WireMessage.Model, 6)] = Text,
        [(WireMessage.Model, 7)] = Of(WireMessage.Graph),
        [(WireMessage.Model, 8)] = Of(WireMessage.OpsetId),
        [(WireMessage.Model, 14)] = Of(WireMessage.StringPair),
        [(WireMessage.Model, 25)] = Of(WireMessage.Function),

        [(WireMessage.OpsetId, 1)] = Text,
        [(WireMessage.OpsetId, 2)] = Varint,

        [(WireMessage.StringPair, 1)] = Text,
        [(WireMessage.StringPair, 2)] = Text,

        [(WireMessage.Graph, 1)] = Of(WireMessage.Node),
        [(WireMessage.Graph, 2)] = Text,
        [(WireMessage.Graph, 5)] = Of(WireMessage.Tensor),
        [(WireMessage.Graph, 11)] = Of(WireMessage.ValueInfo),
        [(WireMessage.Graph, 12)] = Of(WireMessage.ValueInfo),
        [(WireMessage.Graph, 13)] = Of(WireMessage.ValueInfo),
        [(WireMessage.Graph, 14)] = Of(WireMessage.Annotation),
        [(WireMessage.Graph, 15)] = Of(WireMessage.SparseTensor),

        [(WireMessage.Annotation, 1)] = Text,
        [(WireMessage.Annotation, 2)] = Of(WireMessage.StringPair),

        [(WireMessage.Node, 1)] = Text,
        [(WireMessage.Node, 2)] = Text,
        [(WireMessage.Node, 3)] = Text,
        [(WireMessage.Node, 4)] = Text,
        [(WireMessage.Node, 5)] = Of(WireMessage.Attribute),
        [(WireMessage.Node, 7)] = Text,
        [(WireMessage.Node, 8)] = Text,

        [(WireMessage.Attribute, 1)] = Text,
        [(WireMessage.Attribute, 2)] = new(WireForm.Fixed32),
        [(WireMessage.Attribute, 3)] = Varint,
        [(WireMessage.Attribute, 4)] = Bytes,
        [(WireMessage.Attribute, 5)] = Of(WireMessage.Tensor),
        [(WireMessage.Attribute, 6)] = Of(WireMessage.Graph),
        [(WireMessage.Attribute, 7)] = new(WireForm.RepeatedFixed32),
        [(WireMessage.Attribute, 8)] = Varints,
        [(WireMessage.Attribute, 9)] = Bytes,
        [(WireMessage.Attribute, 10)] = Of(WireMessage.Tensor),
        [(WireMessage.Attribute, 11)] = Of(WireMessage.Graph),
        [(WireMessage.Attribute, 14)] = Of(WireMessage.Type),
        [(WireMessage.Attribute, 15)] = Of(WireMessage.Type),
        [(WireMessage.Attribute, 20)] = Varint,
        [(WireMessage.Attribute, 21)] = Text,
        [(WireMessage.Attribute, 22)] = Of(WireMessage.SparseTensor),
        [(WireMessage.Attribute, 23)] = Of(WireMessage.SparseTensor),

        [(WireMessage.ValueInfo, 1)] = Text,
        [(WireMessage.ValueInfo, 2)] = Of(WireMessage.Type),

        [(WireMessage.Tensor, 1)] = Varints,
        [(WireMessage.Tensor, 2)] = Varint,
        [(WireMessage.Tensor, 3)] = Of(WireMessage.Segment),
        [(WireMessage.Tensor, 4)] = new(WireForm.TensorFixed32),
        [(WireMessage.Tensor, 5)] = new(WireForm.TensorVarint),
        [(WireMessage.Tensor, 6)] = Bytes,
        [(WireMessage.Tensor, 7)] = new(WireForm.TensorVarint),
        [(WireMessage.Tensor, 8)] = Text,
        [(WireMessage.Tensor, 9)] = Bytes,
        [(WireMessage.Tensor, 10)] = new(WireForm.TensorFixed64),
        [(WireMessage.Tensor, 11)] = new(WireForm.TensorVarint),
        [(WireMessage.Tensor, 13)] = Of(WireMessage.StringPair),
        [(WireMessage.Tensor, 14)] = Varint,

        [(WireMessage.Segment, 1)] = Varint,
        [(WireMessage.Segment, 2)] = Varint,

        [(WireMessage.SparseTensor, 1)] = Of(WireMessage.Tensor),
        [(WireMessage.SparseTensor, 2)] = Of(WireMessage.Tensor),
        [(WireMessage.SparseTensor, 3)] = Varints,

        [(WireMessage.Shape, 1)] = Of(WireMessage.Dimension),

        [(WireMessage.Dimension, 1)] = Varint,
        [(WireMessage.Dimension, 2)] = Text,
        [(WireMessage.Dimension, 3)] = Text,

        [(WireMessage.Type, 1)] = Of(WireMessage.TensorType),
        [(WireMessage.Type, 4)] = Of(WireMessage.ElementType),
        [(WireMessage.Type, 5)] = Of(WireMessage.MapType),
        [(WireMessage.Type, 6)] = Text,
        [(WireMessage.Type, 7)] = Of(WireMessage.OpaqueType),
        [(WireMessage.Type, 8)] = Of(WireMessage.TensorType),
        [(WireMessage.Type, 9)] = Of(WireMessage.ElementType),

        [(WireMessage.TensorType, 1)] = Varint,
        [(WireMessage.TensorType, 2)] = Of(WireMessage.Shape),

        [(WireMessage.ElementType, 1)] = Of(WireMessage.Type),

        [(WireMessage.MapType, 1)] = Varint,
        [(WireMessage.MapType, 2)] = Of(WireMessage.Type),

        [(WireMessage.OpaqueType, 1)] = Text,
        [(WireMessage.OpaqueType, 2)] = Text,

        [(WireMessage.Function, 1)] = Text,
        [(WireMessage.Function, 4)] = Text,
        [(WireMessage.Function, 5)] = Text,
        [(WireMessage.Function, 6)] = Text,
        [(WireMessage.Function, 7)] = Of(WireMessage.Node),
        [(WireMessage.Function, 9)] = Of(WireMessage.OpsetId),
        [(WireMessage.Function, 10)] = Text,
        [(WireMessage.Function, 11)] = Of(WireMessage.Attribute),
        [(WireMessage.Function, 12)] = Of(WireMessage.ValueInfo),
        [(WireMessage.Function, 13)] = Text,
    };

    /// <summary>Looks a field up; false when the schema does not have it.</summary>
    public static bool TryGetField(WireMessage message, int number, out WireField field) =>
        Fields.TryGetValue((message, number), out field);

    /// <summary>Bytes that one message takes in memory, parsed and mirrored, without its strings and lists. Rounded up.</summary>
    public static int StructureBytes(WireMessage message) => message switch
    {
        WireMessage.Node => 512,
        WireMessage.Attribute => 640,
        WireMessage.Tensor => 768,
        WireMessage.Graph or WireMessage.Function or WireMessage.Model => 1024,
        WireMessage.SparseTensor => 256,
        _ => 160,
    };

    private static WireField Of(WireMessage child) => new(WireForm.Message, child);
}
