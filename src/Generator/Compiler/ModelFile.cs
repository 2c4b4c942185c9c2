using System;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using AotCompiler.Diagnostics;
using AotCompiler.Onnx;

namespace AotCompiler.Compiler;

/// <summary>A model file's bytes with their hash.</summary>
internal sealed class ModelFile
{
    private ModelFile(string path, byte[] bytes)
    {
        Path = path;
        Bytes = bytes;
        Sha256 = HashHex(bytes);
    }

    /// <summary>The path it was read from, as given.</summary>
    public string Path { get; }

    /// <summary>The whole file.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>SHA-256 of the bytes, 64 lower-case hexadecimal digits.</summary>
    public string Sha256 { get; }

    /// <summary>A model that is in memory already.</summary>
    public static ModelFile FromBytes(byte[] bytes, string path = "") => new(path, bytes);

    // RS1035 bans file access in analyzers because the compiler cannot track it. A model is binary: the only
    // content the compiler itself offers, AdditionalText.GetText(), is an error on it (CS2015). The model is an
    // AdditionalFile, so its path is tracked, and the pipeline compares the hash of what is read here.
#pragma warning disable RS1035
    /// <summary>Reads a file.</summary>
    /// <exception cref="ModelException">The file is missing, unreadable or larger than the limit.</exception>
    public static ModelFile Read(string path, ReaderLimits? limits = null)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
            return new ModelFile(path, ReadAll(stream, (limits ?? ReaderLimits.Default).MaxFileBytes));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ModelException(DiagnosticCodes.FileUnreadable, $"The model file cannot be read: {Explain(e)}");
        }
    }
#pragma warning restore RS1035

    private static string Explain(Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => "it does not exist. Check the path.",
        UnauthorizedAccessException => "access is denied, or it is a folder. Check the path and its permissions.",
        _ => e.Message,
    };

    private static byte[] ReadAll(Stream stream, long maxBytes)
    {
        // The length of a device or pipe says nothing; only a regular file can be sought in.
        if (!stream.CanSeek || stream.Length > maxBytes)
        {
            throw new ModelException(
                DiagnosticCodes.LimitExceeded,
                stream.CanSeek
                    ? $"The model file has {stream.Length} bytes; at most {maxBytes} are supported. Keep its weights as external data."
                    : "The model is not a regular file. Give the path of a file.");
        }

        byte[] bytes = new byte[stream.Length];
        for (int read = 0; read < bytes.Length;)
        {
            int count = stream.Read(bytes, read, bytes.Length - read);
            read += count > 0 ? count : throw new IOException("it became shorter while it was read. Build again.");
        }

        return bytes;
    }

    private static string HashHex(byte[] bytes)
    {
        using var sha = SHA256.Create();
        byte[] hash = sha.ComputeHash(bytes);
        var text = new StringBuilder(2 * hash.Length);
        foreach (byte b in hash)
        {
            text.Append("0123456789abcdef"[b >> 4]).Append("0123456789abcdef"[b & 15]);
        }

        return text.ToString();
    }
}
