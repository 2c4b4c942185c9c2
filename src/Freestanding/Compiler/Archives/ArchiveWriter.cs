using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;

namespace AotCompiler.Freestanding.Archives;

/// <summary>
/// Writes static libraries with an index of symbols, as <c>ar rcsD</c> does: no dates, no owners, so that the same objects give
/// the same bytes.
/// </summary>
/// <remarks>The format of System V and GNU, which linkers for ELF and COFF read, and the BSD one for Mach-O.</remarks>
public static class ArchiveWriter
{
    private const int HeaderLength = 60;
    private const int ShortName = 15;

    private static readonly byte[] _signature = "!<arch>\n"u8.ToArray();

    /// <summary>Writes a library for linkers of ELF or COFF.</summary>
    public static byte[] Write(IReadOnlyList<ArchiveMember> members)
    {
        byte[] names = LongNames(members, out Dictionary<string, string> references);
        byte[] strings = members.SelectMany(static m => m.Symbols).SelectMany(static s => Encoding.UTF8.GetBytes(s).Append((byte)0)).ToArray();
        int count = members.Sum(static m => m.Symbols.Count);
        int indexLength = 4 + (4 * count) + strings.Length;
        long position = _signature.Length + HeaderLength + Even(indexLength) + (names.Length > 0 ? HeaderLength + Even(names.Length) : 0);
        var index = new MemoryStream();
        BigEndian(index, (uint)count);
        foreach (ArchiveMember member in members)
        {
            foreach (string _ in member.Symbols)
            {
                BigEndian(index, checked((uint)position));
            }

            position += HeaderLength + Even(member.Bytes.Length);
        }

        index.Write(strings);
        var file = new MemoryStream();
        file.Write(_signature);
        WriteMember(file, "/", index.ToArray(), mode: 0);
        if (names.Length > 0)
        {
            WriteMember(file, "//", names, mode: null);
        }

        foreach (ArchiveMember member in members)
        {
            WriteMember(file, references[member.Name], member.Bytes.Span, mode: 644);
        }

        return file.ToArray();
    }

    /// <summary>Writes a library for the linker of macOS: names before the members, an index that says which symbol is where, all aligned to 8 bytes.</summary>
    public static byte[] WriteBsd(IReadOnlyList<ArchiveMember> members)
    {
        byte[] strings = Pad([.. members.SelectMany(static m => m.Symbols).SelectMany(static s => Encoding.UTF8.GetBytes(s).Append((byte)0))], 8);
        int count = members.Sum(static m => m.Symbols.Count);
        byte[][] contents = members.Select(static m => BsdMember(m.Name, m.Bytes.ToArray())).ToArray();
        int indexLength = 12 + 8 + (8 * count) + strings.Length;
        indexLength += (8 - ((_signature.Length + HeaderLength + indexLength) % 8)) % 8;
        long position = _signature.Length + HeaderLength + indexLength;
        var index = new MemoryStream();
        index.Write(Pad(Encoding.ASCII.GetBytes("__.SYMDEF"), 12));
        LittleEndian(index, (uint)(8 * count));
        uint name = 0;
        for (int i = 0; i < members.Count; i++)
        {
            foreach (string symbol in members[i].Symbols)
            {
                LittleEndian(index, name);
                LittleEndian(index, checked((uint)position));
                name += (uint)Encoding.UTF8.GetByteCount(symbol) + 1;
            }

            position += HeaderLength + contents[i].Length;
        }

        LittleEndian(index, (uint)strings.Length);
        index.Write(strings);
        var file = new MemoryStream();
        file.Write(_signature);
        WriteMember(file, "#1/12", Pad(index.ToArray(), indexLength), mode: 644);
        for (int i = 0; i < members.Count; i++)
        {
            int nameLength = contents[i].Length - PaddedLength(members[i].Bytes.Length);
            WriteMember(file, string.Create(CultureInfo.InvariantCulture, $"#1/{nameLength}"), contents[i], mode: 644);
        }

        return file.ToArray();
    }

    /// <summary>A name and an object, such that the object and what follows it begin at multiples of 8 bytes in the file.</summary>
    private static byte[] BsdMember(string name, byte[] bytes)
    {
        byte[] text = Encoding.UTF8.GetBytes(name);
        int nameLength = text.Length + 1;
        nameLength += (8 - ((HeaderLength + nameLength) % 8)) % 8;
        return [.. Pad(text, nameLength), .. Pad(bytes, PaddedLength(bytes.Length))];
    }

    private static int PaddedLength(int length) => (length + 7) / 8 * 8;

    private static byte[] Pad(byte[] bytes, int multipleOrLength)
    {
        int length = multipleOrLength > bytes.Length ? multipleOrLength : (bytes.Length + multipleOrLength - 1) / multipleOrLength * multipleOrLength;
        return [.. bytes, .. new byte[length - bytes.Length]];
    }

    private static int Even(int length) => length + (length & 1);

    private static byte[] LongNames(IReadOnlyList<ArchiveMember> members, out Dictionary<string, string> references)
    {
        var names = new MemoryStream();
        references = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (ArchiveMember member in members)
        {
            string reference = member.Name + "/";
            if (Encoding.UTF8.GetByteCount(member.Name) > ShortName)
            {
                reference = string.Create(CultureInfo.InvariantCulture, $"/{names.Position}");
                names.Write(Encoding.UTF8.GetBytes(member.Name + "/\n"));
            }

            references.Add(member.Name, reference);
        }

        return names.ToArray();
    }

    private static void WriteMember(MemoryStream file, string name, ReadOnlySpan<byte> bytes, int? mode)
    {
        string owner = mode is null ? string.Empty : "0";
        string header = string.Create(CultureInfo.InvariantCulture, $"{name,-16}{owner,-12}{owner,-6}{owner,-6}{mode,-8}{bytes.Length,-10}`\n");
        file.Write(Encoding.ASCII.GetBytes(header));
        file.Write(bytes);
        if (bytes.Length % 2 != 0)
        {
            file.WriteByte((byte)'\n');
        }
    }

    private static void BigEndian(MemoryStream stream, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        stream.Write(bytes);
    }

    private static void LittleEndian(MemoryStream stream, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        stream.Write(bytes);
    }
}
