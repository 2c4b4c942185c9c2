using AotCompiler.Onnx;
using AotCompiler.Onnx.Proto;
using AotCompiler.Tests.Onnx;

namespace AotCompiler.Tests.Operators.Structure;

/// <summary>Declarations of inputs that are no tensors.</summary>
internal static class SequenceTypes
{
    /// <summary>A sequence of f32 tensors.</summary>
    public static ValueInfoProto Input(string name, params long[] dims) => new()
    {
        Name = name,
        Type = new TypeProto { SequenceType = new TypeProto.Types.Sequence { ElemType = Protos.Value("e", OnnxDataType.Float, dims).Type } },
    };

    /// <summary>An optional f32 tensor.</summary>
    public static ValueInfoProto Optional(string name, params long[] dims) => new()
    {
        Name = name,
        Type = new TypeProto { OptionalType = new TypeProto.Types.Optional { ElemType = Protos.Value("e", OnnxDataType.Float, dims).Type } },
    };
}
