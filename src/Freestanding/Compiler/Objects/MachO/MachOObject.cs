using System;
using System.Collections.Generic;

namespace AotCompiler.Freestanding.Objects.MachO;

/// <summary>Object files of macOS: checks their structure, lists their symbols, keeps all but the exports to themselves.</summary>
/// <remarks>Apple's &lt;mach-o/loader.h&gt;, &lt;mach-o/nlist.h&gt; and &lt;mach-o/reloc.h&gt;: header, load commands, segment of sections, symbols, relocations.</remarks>
public static class MachOObject
{
    /// <summary>Reads the symbols; names begin with an underscore, as C's do there.</summary>
    /// <exception cref="ObjectFormatException">The file is damaged or no 64-bit object for x64 or Arm64.</exception>
    public static ObjectSymbols Read(ReadOnlyMemory<byte> bytes)
    {
        MachOLayout layout = MachOLayout.Read(bytes);
        var defined = new List<string>();
        var undefined = new List<string>();
        for (uint i = 0; i < layout.SymbolCount; i++)
        {
            MachOSymbol symbol = layout.Symbol(i);
            if (symbol.IsUndefined)
            {
                undefined.Add(symbol.Name);
            }
            else if (symbol.IsExternal && !symbol.IsPrivate)
            {
                defined.Add(symbol.Name);
            }
        }

        return new ObjectSymbols(layout.Architecture, defined, undefined);
    }

    /// <summary>
    /// Makes external symbols that are no exports local, so that objects of several models can be linked together, and leaves out the
    /// frames for unwinding.
    /// </summary>
    /// <exception cref="ObjectFormatException">The file is damaged or no 64-bit object for x64 or Arm64.</exception>
    public static byte[] Reduce(byte[] bytes, IReadOnlySet<string> exports)
    {
        return new MachOReducer(bytes, MachOLayout.Read(bytes), exports).Run();
    }
}
