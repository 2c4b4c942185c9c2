using System;
using System.Collections.Generic;

namespace AotCompiler.Freestanding.Archives;

/// <summary>An object file in a static library.</summary>
/// <param name="Name">File name.</param>
/// <param name="Bytes">The object.</param>
/// <param name="Symbols">Global symbols that it defines, for the index.</param>
public sealed record ArchiveMember(string Name, ReadOnlyMemory<byte> Bytes, IReadOnlyList<string> Symbols);
