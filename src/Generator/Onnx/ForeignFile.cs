using System;
using System.Text;

namespace AotCompiler.Onnx;

/// <summary>Guesses what a file that is not an ONNX model is, for the diagnostic.</summary>
internal static class ForeignFile
{
    private static readonly (int Offset, string Magic, string Description)[] Magics =
    {
        (0, "version https://git-lfs", "a Git LFS pointer, not the file it points to; run \"git lfs pull\""),
        (0, "\u0089PNG", "a PNG picture"),
        (0, "\u00FF\u00D8\u00FF", "a JPEG picture"),
        (0, "GIF8", "a GIF picture"),
        (0, "%PDF", "a PDF document"),
        (0, "PK\u0003\u0004", "a ZIP archive (such as a PyTorch checkpoint, a Keras model or an .npz file); export it to ONNX or unpack it"),
        (0, "\u001F\u008B", "gzip-compressed; decompress it"),
        (0, "\u0028\u00B5\u002F\u00FD", "zstd-compressed; decompress it"),
        (0, "\u00FD7zXZ", "xz-compressed; decompress it"),
        (0, "\u0093NUMPY", "a NumPy array"),
        (0, "\u0089HDF", "an HDF5 file (such as a Keras model); export it to ONNX"),
        (0, "GGUF", "a GGUF model; export the original model to ONNX"),
        (4, "TFL3", "a TensorFlow Lite model; convert it to ONNX"),
        (4, "ORTM", "an ONNX Runtime (.ort) model; use the ONNX file it was made from"),
        (8, "{\"", "a safetensors file; export the model to ONNX"),
        (0, "\u007FELF", "an ELF program"),
        (0, "MZ", "a Windows program"),
        (0, "\u0080\u0002", "a Python pickle (such as a PyTorch checkpoint); export the model to ONNX"),
        (0, "\u0080\u0003", "a Python pickle; export the model to ONNX"),
        (0, "\u0080\u0004", "a Python pickle; export the model to ONNX"),
        (0, "\u0080\u0005", "a Python pickle; export the model to ONNX"),
    };

    /// <summary>What the bytes seem to be, to follow the words "it seems to be"; null when nothing is recognised.</summary>
    public static string? Recognise(ReadOnlySpan<byte> data)
    {
        if (data.Length == 0)
        {
            return "an empty file";
        }

        foreach ((int offset, string magic, string description) in Magics)
        {
            if (Matches(data, offset, magic))
            {
                return description;
            }
        }

        return RecogniseText(data.Slice(0, Math.Min(data.Length, 4096))) ?? (IsZero(data) ? "filled with zeros" : null);
    }

    private static bool Matches(ReadOnlySpan<byte> data, int offset, string magic)
    {
        if (data.Length < offset + magic.Length)
        {
            return false;
        }

        for (int i = 0; i < magic.Length; i++)
        {
            if (data[offset + i] != magic[i])
            {
                return false;
            }
        }

        return true;
    }

    private static string? RecogniseText(ReadOnlySpan<byte> head)
    {
        foreach (byte b in head)
        {
            if (b < 32 && b is not ((byte)'\n' or (byte)'\r' or (byte)'\t'))
            {
                return null;
            }
        }

        string text = Encoding.UTF8.GetString(head.ToArray()).TrimStart('\uFEFF', ' ', '\n', '\r', '\t');
        if (text.IndexOf("ir_version", StringComparison.Ordinal) is >= 0 and < 200)
        {
            return "a model in a text form of ONNX; convert it to the binary form (onnx.parser.parse_model and onnx.save in Python)";
        }

        return text.StartsWith("<", StringComparison.Ordinal) ? "an HTML or XML text (such as the error page of a download)"
            : text.StartsWith("{", StringComparison.Ordinal) ? "a JSON text"
            : "a text";
    }

    private static bool IsZero(ReadOnlySpan<byte> data)
    {
        foreach (byte b in data)
        {
            if (b != 0)
            {
                return false;
            }
        }

        return true;
    }
}
