using System;
using System.Text;
using System.Threading;
using AotCompiler.Diagnostics;

namespace AotCompiler.Onnx;

/// <summary>
/// Walks the bytes of a message once before they are parsed, without allocating: whether they are well-formed, how
/// deep they nest, how many nodes they have and what the parsed objects would cost. Two bytes of a file can stand for
/// an object of several hundred, so a limit on the file's size alone does not limit memory.
/// </summary>
internal sealed class WireScanner
{
    private const int StringOverhead = 48;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReaderLimits _limits;
    private readonly CancellationToken _cancellation;
    private readonly int _fileBytes;
    private long _structureBytes;
    private int _nodes;

    private WireScanner(ReaderLimits limits, int fileBytes, CancellationToken cancellation)
    {
        _limits = limits;
        _fileBytes = fileBytes;
        _cancellation = cancellation;
    }

    /// <summary>Whether a tensor has typed data outside of a packed field.</summary>
    public bool HasUnpackedTensorData { get; private set; }

    /// <summary>Checks a whole file.</summary>
    /// <exception cref="ModelException">The bytes are not such a message, or exceed a limit.</exception>
    public static WireScanner Scan(ReadOnlySpan<byte> data, WireMessage root, ReaderLimits limits, CancellationToken cancellation)
    {
        var scanner = new WireScanner(limits, data.Length, cancellation);
        scanner.ScanMessage(data, 0, root, 1);
        return scanner;
    }

    private static ModelException Malformed(int offset, string reason) => new(
        DiagnosticCodes.FileMalformed,
        $"The file is not a well-formed ONNX model: {reason} at byte {offset}. It may be truncated or damaged; get it again or export it again.");

    private static ModelException TooMuch(string reason) => new(DiagnosticCodes.LimitExceeded, reason);

    private void ScanMessage(ReadOnlySpan<byte> data, int origin, WireMessage message, int depth)
    {
        if (depth > _limits.MaxMessageDepth)
        {
            throw TooMuch($"The model nests more than {_limits.MaxMessageDepth} messages at byte {origin}. Flatten its subgraphs or types.");
        }

        CountMessage(message);
        for (int position = 0; position < data.Length;)
        {
            int start = position;
            ulong tag = ReadVarint(data, origin, ref position);
            int number = (int)(tag >> 3);
            if (tag > uint.MaxValue || number == 0)
            {
                throw Malformed(origin + start, $"a field of {message} has no valid number");
            }

            int length = SkipValue(data, origin, start, (int)(tag & 7), ref position);
            if (WireSchema.TryGetField(message, number, out WireField field))
            {
                int offset = origin + (position - length);
                CheckForm(field, (int)(tag & 7), number, message, origin + start);
                ReadOnlySpan<byte> value = data.Slice(position - length, length);
                ScanField(value, offset, field, (int)(tag & 7), depth);
                if (field.Form == WireForm.Text && message is not (WireMessage.Model or WireMessage.StringPair) && !IsUtf8(value))
                {
                    throw Malformed(offset, $"a name of {message} is not UTF-8 text");
                }
            }
        }
    }

    private void CountMessage(WireMessage message)
    {
        if (message == WireMessage.Node)
        {
            _cancellation.ThrowIfCancellationRequested();
            if (++_nodes > _limits.MaxNodes)
            {
                throw TooMuch($"The model has more than {_limits.MaxNodes} nodes. Split it into several models.");
            }
        }

        AddStructure(WireSchema.StructureBytes(message));
    }

    private void AddStructure(long bytes)
    {
        _structureBytes += bytes;
        if (_structureBytes > _limits.MaxStructureBytes + (4L * _fileBytes))
        {
            throw TooMuch(
                $"The model's graph, names and attributes would take more than {_limits.MaxStructureBytes >> 20} MiB of memory " +
                $"beyond four times the file's size of {_fileBytes} bytes. Split it into several models.");
        }
    }

    /// <summary>Moves behind a value and returns its length, without the length prefix.</summary>
    private static int SkipValue(ReadOnlySpan<byte> data, int origin, int start, int wireType, ref int position)
    {
        int before = position;
        switch (wireType)
        {
            case 0:
                ReadVarint(data, origin, ref position);
                return position - before;
            case 1:
                return Advance(data, origin, start, 8, ref position);
            case 2:
                ulong length = ReadVarint(data, origin, ref position);
                return Advance(data, origin, start, length, ref position);
            case 5:
                return Advance(data, origin, start, 4, ref position);
            default:
                throw Malformed(origin + start, $"wire type {wireType}, which ONNX does not use,");
        }
    }

    private static int Advance(ReadOnlySpan<byte> data, int origin, int start, ulong length, ref int position)
    {
        if (length > (ulong)(data.Length - position))
        {
            throw Malformed(origin + start, $"a field of {length} bytes runs beyond the end of its message");
        }

        position += (int)length;
        return (int)length;
    }

    private static ulong ReadVarint(ReadOnlySpan<byte> data, int origin, ref int position)
    {
        ulong value = 0;
        int start = position;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if (position == data.Length)
            {
                throw Malformed(origin + start, "a number is cut off");
            }

            byte b = data[position++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }

        throw Malformed(origin + start, "a number is longer than ten bytes");
    }

    private static void CheckForm(WireField field, int wireType, int number, WireMessage message, int offset)
    {
        bool fits = field.Form switch
        {
            WireForm.Varint => wireType == 0,
            WireForm.Fixed32 => wireType == 5,
            WireForm.RepeatedVarint or WireForm.TensorVarint => wireType is 0 or 2,
            WireForm.RepeatedFixed32 or WireForm.TensorFixed32 => wireType is 5 or 2,
            WireForm.TensorFixed64 => wireType is 1 or 2,
            _ => wireType == 2,
        };
        if (!fits)
        {
            throw Malformed(offset, $"field {number} of {message} has the wrong wire type {wireType}");
        }
    }

    /// <summary>The parser replaces what is not UTF-8, so that two different names could become one; free text may be anything.</summary>
    private static unsafe bool IsUtf8(ReadOnlySpan<byte> text)
    {
        int ascii = 0;
        while (ascii < text.Length && text[ascii] < 0x80)
        {
            ascii++;
        }

        if (ascii == text.Length)
        {
            return true;
        }

        try
        {
            fixed (byte* pointer = text)
            {
                StrictUtf8.GetCharCount(pointer, text.Length);
                return true;
            }
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private void ScanField(ReadOnlySpan<byte> value, int offset, WireField field, int wireType, int depth)
    {
        switch (field.Form)
        {
            case WireForm.Message:
                ScanMessage(value, offset, field.Child, depth + 1);
                break;
            case WireForm.Text when value.Length > _limits.MaxNameBytes:
                throw TooMuch($"A name or text at byte {offset} has {value.Length} bytes; at most {_limits.MaxNameBytes} are supported.");
            case WireForm.Text:
                AddStructure(StringOverhead + (2L * value.Length));
                break;
            case WireForm.Bytes:
                AddStructure(StringOverhead);
                break;
            case WireForm.RepeatedVarint:
                // A list that grows by doubling holds the old and the new array for a moment.
                AddStructure(24L * (wireType == 2 ? value.Length : 1));
                break;
            case WireForm.RepeatedFixed32:
                AddStructure(12L * (wireType == 2 ? value.Length / 4 : 1));
                break;
            case WireForm.TensorVarint or WireForm.TensorFixed32 or WireForm.TensorFixed64:
                HasUnpackedTensorData |= wireType != 2;
                AddStructure(StringOverhead);
                break;
        }
    }
}
