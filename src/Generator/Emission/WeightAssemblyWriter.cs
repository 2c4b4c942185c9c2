using System;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using System.Text;

namespace AotCompiler.Emission;

/// <summary>
/// Writes an assembly that holds nothing but a block of bytes: a public static class whose static field <c>Data</c> is
/// mapped from the file. CoreCLR uses the block where the file is mapped; NativeAOT makes it read-only data of the program.
/// </summary>
/// <remarks>
/// The block has a section of its own, the last of the file. Sections start at multiples of the page size in memory and in
/// the file, so that the block is page-aligned however the file is mapped; and as nothing follows the section, its bytes
/// can be streamed, with only the sizes in the headers to set. NativeAOT takes the alignment from the packing size of the
/// field's type. Format: ECMA-335 §II.16.3 (mapped fields), §II.25 (the file).
/// </remarks>
internal sealed class WeightAssemblyWriter
{
    /// <summary>Alignment of the block in a NativeAOT program, in bytes.</summary>
    public const int Alignment = 64;

    /// <summary>Largest block in bytes: the file, with its headers, stays below 2 GiB.</summary>
    public const int MaxLength = int.MaxValue - (1 << 20);

    private const int PageSize = 4096;
    private const string DataSectionName = ".rdata";

    private readonly string _assemblyName;
    private readonly string _namespace;
    private readonly string _className;
    private readonly int _length;
    private readonly Guid _identity;

    /// <param name="assemblyName">Name of the assembly, without extension.</param>
    /// <param name="typeName">Full name of the class that has the field.</param>
    /// <param name="length">Length of the block in bytes, 1 to <see cref="MaxLength"/>.</param>
    /// <param name="contentName">Names the content: the same names give the same module identity.</param>
    public WeightAssemblyWriter(string assemblyName, string typeName, int length, string contentName)
    {
        if (length is < 1 or > MaxLength)
        {
            throw new ArgumentOutOfRangeException(nameof(length));
        }

        int dot = typeName.LastIndexOf('.');
        _assemblyName = assemblyName;
        _namespace = typeName.Substring(0, Math.Max(dot, 0));
        _className = typeName.Substring(dot + 1);
        _length = length;
        _identity = IdentityOf($"{assemblyName}\n{typeName}\n{length}\n{contentName}");
    }

    /// <summary>Writes the assembly to a stream that can seek.</summary>
    /// <param name="stream">Where the assembly goes, from the present position.</param>
    /// <param name="writeBlock">Writes exactly the block's length; may seek back within what it wrote.</param>
    public void Write(Stream stream, Action<Stream> writeBlock)
    {
        byte[] head = BuildHead();
        stream.Write(head, 0, head.Length);
        long start = stream.Position;
        writeBlock(stream);
        if (stream.Position - start != _length)
        {
            throw new InvalidOperationException($"the block has {stream.Position - start} bytes, {_length} were declared");
        }

        stream.Write(new byte[PageSize], 0, RoundUp(_length) - _length);
    }

    private static int RoundUp(int length) => (int)(((uint)length + PageSize - 1) / PageSize * PageSize);

    private static Guid IdentityOf(string text)
    {
        using var sha = SHA256.Create();
        return new Guid(sha.ComputeHash(Encoding.UTF8.GetBytes(text)).Take(16).ToArray());
    }

    /// <summary>Everything before the block. Built twice, because the field's address depends on where the section comes to lie.</summary>
    private byte[] BuildHead()
    {
        using var draft = new PEReader(BuildImage(0).ToImmutableArray());
        int section = draft.PEHeaders.SectionHeaders.Last().VirtualAddress;
        MetadataReader metadata = draft.GetMetadataReader();
        int unplaced = metadata.GetFieldDefinition(metadata.FieldDefinitions.Single()).GetRelativeVirtualAddress();
        byte[] image = BuildImage(section - unplaced).ToArray();
        DeclareLength(image);
        return image.AsSpan(0, image.Length - PageSize).ToArray();
    }

    /// <summary>Sets the four sizes that depend on the last section, which was built with one page.</summary>
    private void DeclareLength(byte[] image)
    {
        using var reader = new PEReader(ImmutableArray.Create(image));
        PEHeaders headers = reader.PEHeaders;
        Span<byte> sectionHeader = image.AsSpan(headers.PEHeaderStartOffset + headers.CoffHeader.SizeOfOptionalHeader + (40 * (headers.SectionHeaders.Length - 1)));
        Span<byte> optionalHeader = image.AsSpan(headers.PEHeaderStartOffset);
        int rounded = RoundUp(_length);
        BinaryPrimitives.WriteInt32LittleEndian(sectionHeader.Slice(8), _length);
        BinaryPrimitives.WriteInt32LittleEndian(sectionHeader.Slice(16), rounded);
        BinaryPrimitives.WriteInt32LittleEndian(optionalHeader.Slice(8), headers.PEHeader!.SizeOfInitializedData - PageSize + rounded);
        BinaryPrimitives.WriteInt32LittleEndian(optionalHeader.Slice(56), headers.SectionHeaders.Last().VirtualAddress + rounded);
    }

    private BlobBuilder BuildImage(int fieldOffset)
    {
        // Only a mapped-field area that is not empty gets an address that the field's offset can count from.
        var mapped = new BlobBuilder();
        mapped.WriteUInt64(0);
        var image = new BlobBuilder();
        new ImageBuilder(new MetadataRootBuilder(BuildMetadata(fieldOffset)), mapped, new BlobContentId(_identity, stamp: 1)).Serialize(image);
        return image;
    }

    private MetadataBuilder BuildMetadata(int fieldOffset)
    {
        var metadata = new MetadataBuilder();
        FieldDefinitionHandle firstField = MetadataTokens.FieldDefinitionHandle(1);
        MethodDefinitionHandle firstMethod = MetadataTokens.MethodDefinitionHandle(1);
        metadata.AddModule(0, metadata.GetOrAddString(_assemblyName + ".dll"), metadata.GetOrAddGuid(_identity), default, default);
        metadata.AddAssembly(metadata.GetOrAddString(_assemblyName), new Version(1, 0, 0, 0), default, default, default, AssemblyHashAlgorithm.None);
        metadata.AddTypeDefinition(default, default, metadata.GetOrAddString("<Module>"), default, firstField, firstMethod);
        AssemblyReferenceHandle runtime = AddRuntimeReference(metadata);
        TypeDefinitionHandle block = metadata.AddTypeDefinition(
            TypeAttributes.Public | TypeAttributes.ExplicitLayout | TypeAttributes.Sealed,
            metadata.GetOrAddString(_namespace),
            metadata.GetOrAddString(_className + "Block"),
            AddSystemType(metadata, runtime, "ValueType"),
            firstField,
            firstMethod);
        metadata.AddTypeLayout(block, Alignment, (uint)_length);
        metadata.AddTypeDefinition(
            TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed,
            metadata.GetOrAddString(_namespace),
            metadata.GetOrAddString(_className),
            AddSystemType(metadata, runtime, "Object"),
            firstField,
            firstMethod);
        var signature = new BlobBuilder();
        new BlobEncoder(signature).Field().Type().Type(block, isValueType: true);
        FieldDefinitionHandle field = metadata.AddFieldDefinition(
            FieldAttributes.Public | FieldAttributes.Static | FieldAttributes.InitOnly | FieldAttributes.HasFieldRVA,
            metadata.GetOrAddString("Data"),
            metadata.GetOrAddBlob(signature));
        metadata.AddFieldRelativeVirtualAddress(field, fieldOffset);
        return metadata;
    }

    /// <summary>The oldest System.Runtime of any framework that can hold generated code.</summary>
    private static AssemblyReferenceHandle AddRuntimeReference(MetadataBuilder metadata) => metadata.AddAssemblyReference(
        metadata.GetOrAddString("System.Runtime"),
        new Version(8, 0, 0, 0),
        default,
        metadata.GetOrAddBlob(new byte[] { 0xB0, 0x3F, 0x5F, 0x7F, 0x11, 0xD5, 0x0A, 0x3A }),
        default,
        default);

    private static TypeReferenceHandle AddSystemType(MetadataBuilder metadata, AssemblyReferenceHandle runtime, string name) =>
        metadata.AddTypeReference(runtime, metadata.GetOrAddString("System"), metadata.GetOrAddString(name));

    /// <summary>A managed library for any CPU with one more section.</summary>
    private sealed class ImageBuilder : ManagedPEBuilder
    {
        public ImageBuilder(MetadataRootBuilder metadata, BlobBuilder mapped, BlobContentId identity)
            : base(
                new PEHeaderBuilder(
                    sectionAlignment: PageSize,
                    fileAlignment: PageSize,
                    imageCharacteristics: Characteristics.Dll | Characteristics.ExecutableImage | Characteristics.LargeAddressAware),
                metadata,
                new BlobBuilder(),
                mapped,
                deterministicIdProvider: _ => identity)
        {
        }

        protected override ImmutableArray<Section> CreateSections() => base.CreateSections().Add(
            new Section(DataSectionName, SectionCharacteristics.ContainsInitializedData | SectionCharacteristics.MemRead));

        protected override BlobBuilder SerializeSection(string name, SectionLocation location)
        {
            if (name != DataSectionName)
            {
                return base.SerializeSection(name, location);
            }

            var page = new BlobBuilder();
            page.WriteBytes(0, PageSize);
            return page;
        }
    }
}
