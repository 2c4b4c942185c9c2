using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using AotCompiler.Diagnostics;

namespace AotCompiler.Onnx;

// RS1035 bans file access in analyzers because the compiler cannot track it. A model names these files itself, so no
// AdditionalFile can stand for them. All such access is here and in Compiler/ModelFile.cs.
#pragma warning disable RS1035

/// <summary>
/// Reads external data from files below the model's folder, and from nowhere else. A model is untrusted and its data
/// ends up in a program that is shipped, so a path that leaves the folder could carry a secret out. Symbolic links,
/// hard links, devices and pipes are refused wherever they point, and the opened file is checked, not its name alone.
/// </summary>
internal sealed class ExternalDataSource : IExternalDataSource
{
    private readonly string _folder;

    private ExternalDataSource(string folder) => _folder = folder;

    /// <summary>A source for the model file at a path; the folder itself is trusted, as whoever builds names it.</summary>
    public static ExternalDataSource ForModel(string modelPath) => new(Path.GetDirectoryName(Path.GetFullPath(modelPath))!);

    /// <inheritdoc/>
    public byte[] Read(ExternalDataReference reference, string tensorName, long length)
    {
        try
        {
            string path = Resolve(reference, tensorName);
            return ReadRange(path, reference, tensorName, length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Refused(reference, tensorName, e is FileNotFoundException or DirectoryNotFoundException
                ? "it does not exist. Put it beside the model"
                : "it cannot be read (" + e.GetType().Name + "). Check its permissions");
        }
    }

    private static ModelException Refused(ExternalDataReference reference, string tensorName, string why) => new(
        DiagnosticCodes.ExternalDataRefused,
        $"Tensor \"{tensorName}\" lies in the external file \"{reference.Location}\", which is refused: {why}.");

    /// <summary>Splits the location into plain names; what an operating system could read as anything else is refused on all of them.</summary>
    private static List<string> Segments(ExternalDataReference reference, string tensorName)
    {
        string location = reference.Location;
        if (location.Any(c => c < 32 || c is '\\' or ':' or '\u007F'))
        {
            throw Refused(reference, tensorName, "its path has a backslash, a colon or a control character. Use a relative path with forward slashes");
        }

        if (location.StartsWith("/", StringComparison.Ordinal))
        {
            throw Refused(reference, tensorName, "its path is absolute. Use a path relative to the model");
        }

        List<string> segments = location.Split('/').Where(s => s.Length > 0 && s != ".").ToList();
        if (segments.Count == 0 || location.EndsWith("/", StringComparison.Ordinal))
        {
            throw Refused(reference, tensorName, "its path names no file");
        }

        // Windows drops dots and spaces at the end of a name, so "..  " would be the parent folder there.
        if (segments.Any(s => s.EndsWith(".", StringComparison.Ordinal) || s.EndsWith(" ", StringComparison.Ordinal)))
        {
            throw Refused(reference, tensorName, "a part of its path is \"..\" or ends with a dot or space. Keep the file in or below the model's folder");
        }

        return segments;
    }

    private string Resolve(ExternalDataReference reference, string tensorName)
    {
        List<string> segments = Segments(reference, tensorName);
        string path = Path.GetFullPath(Path.Combine(_folder, Path.Combine(segments.ToArray())));
        string root = _folder.EndsWith(Path.DirectorySeparatorChar.ToString(), StringComparison.Ordinal) ? _folder : _folder + Path.DirectorySeparatorChar;
        if (!path.StartsWith(root, StringComparison.Ordinal))
        {
            throw Refused(reference, tensorName, "its path leads out of the model's folder. Keep the file in or below the model's folder");
        }

        CheckNoLinks(segments, reference, tensorName);
        return path;
    }

    /// <summary>Every folder on the way, and the file, must be itself and not a link.</summary>
    private void CheckNoLinks(List<string> segments, ExternalDataReference reference, string tensorName)
    {
        string path = _folder;
        foreach (string segment in segments)
        {
            path = Path.Combine(path, segment);
            if ((File.GetAttributes(path) & FileAttributes.ReparsePoint) != 0)
            {
                throw Refused(reference, tensorName, $"\"{segment}\" is a symbolic link. Put the file itself there");
            }
        }
    }

    private byte[] ReadRange(string path, ExternalDataReference reference, string tensorName, long length)
    {
        // Looked at before it is opened, because opening a pipe waits for a writer and opening a device may act on it.
        FileIdentity named = FileIdentity.OfPath(path) ?? throw UnknownFileSystem(reference, tensorName);
        CheckPlainFile(named, reference, tensorName);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        FileIdentity opened = FileIdentity.OfHandle(stream.SafeFileHandle) ?? throw UnknownFileSystem(reference, tensorName);
        CheckPlainFile(opened, reference, tensorName);
        CheckNoLinks(Segments(reference, tensorName), reference, tensorName);
        if (opened != named)
        {
            throw Refused(reference, tensorName, "it was replaced while it was opened. Build again");
        }

        if (reference.Offset < 0 || length < 0 || reference.Offset > stream.Length || length > stream.Length - reference.Offset)
        {
            throw Refused(
                reference, tensorName, $"bytes {reference.Offset} to {reference.Offset}+{length} lie beyond its end at {stream.Length}. Get the whole file");
        }

        return ReadExactly(stream, reference, tensorName, length);
    }

    private static void CheckPlainFile(FileIdentity identity, ExternalDataReference reference, string tensorName)
    {
        if (!identity.IsRegularFile)
        {
            throw Refused(reference, tensorName, "it is not a regular file");
        }

        if (identity.LinkCount > 1)
        {
            throw Refused(reference, tensorName, "it has several hard links, so it may be a file from elsewhere under another name. Copy it instead of linking it");
        }
    }

    private static ModelException UnknownFileSystem(ExternalDataReference reference, string tensorName) => Refused(
        reference, tensorName, "this operating system does not tell whether it is a link. Store the model in one file");

    private static byte[] ReadExactly(FileStream stream, ExternalDataReference reference, string tensorName, long length)
    {
        if (length > ReaderLimits.Default.MaxFileBytes)
        {
            throw new ModelException(
                DiagnosticCodes.LimitExceeded,
                $"Tensor \"{tensorName}\" has {length} bytes of external data; one tensor may have {ReaderLimits.Default.MaxFileBytes}. Split it.");
        }

        byte[] bytes = new byte[length];
        stream.Position = reference.Offset;
        for (int read = 0; read < bytes.Length;)
        {
            int count = stream.Read(bytes, read, bytes.Length - read);
            read += count > 0 ? count : throw Refused(reference, tensorName, "it became shorter while it was read. Build again");
        }

        return bytes;
    }
}
