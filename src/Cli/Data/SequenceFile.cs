using System.Collections.Generic;
using System.IO;
using System.Linq;
using AotCompiler.Onnx;
using Google.Protobuf;

namespace AotCompiler.Cli.Data;

/// <summary>Reads the messages SequenceProto and OptionalProto, in which the ONNX test suite keeps sequences and optionals.</summary>
/// <remarks>Both number their fields alike: 3 for a tensor, 5 for a sequence, 7 for an optional; a sequence repeats them.</remarks>
internal static class SequenceFile
{
    private const int TensorField = 3;
    private const int SequenceField = 5;
    private const int OptionalField = 7;

    /// <summary>The tensors of a value, named as inputs and outputs of a compiled model are: <c>x[0]</c>, <c>x[1]</c>; of an optional <c>x</c>.</summary>
    /// <param name="bytes">The message.</param>
    /// <param name="name">Name of the value.</param>
    /// <param name="type">A sequence or optional type.</param>
    /// <exception cref="InvalidDataException">The bytes are no such message.</exception>
    public static IEnumerable<(string Name, OnnxTensor Tensor)> Parse(byte[] bytes, string name, OnnxType? type)
    {
        if (type is OnnxOptionalType { ElementType: OnnxSequenceType inner })
        {
            byte[][] sequences = Fields(bytes, SequenceField).ToArray();
            return sequences.Length == 0 && Fields(bytes, TensorField).Any()
                ? Parse(bytes, name, inner)
                : sequences.SelectMany(s => Parse(s, name, inner));
        }

        if (type is OnnxOptionalType)
        {
            return Fields(bytes, TensorField).Select(t => (name, OnnxReader.ReadTensor(t)));
        }

        OnnxType? element = (type as OnnxSequenceType)?.ElementType;
        return element is OnnxSequenceType or OnnxOptionalType
            ? Fields(bytes, element is OnnxSequenceType ? SequenceField : OptionalField).SelectMany((e, i) => Parse(e, TensorFile.Element(name, i), element))
            : Fields(bytes, TensorField).Select((t, i) => (TensorFile.Element(name, i), OnnxReader.ReadTensor(t)));
    }

    private static List<byte[]> Fields(byte[] bytes, int field)
    {
        var found = new List<byte[]>();
        try
        {
            var input = new CodedInputStream(bytes);
            for (uint tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
            {
                if (WireFormat.GetTagFieldNumber(tag) == field && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
                {
                    found.Add(input.ReadBytes().ToByteArray());
                }
                else
                {
                    input.SkipLastField();
                }
            }
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new InvalidDataException($"the sequence is malformed: {e.Message}", e);
        }

        return found;
    }
}
