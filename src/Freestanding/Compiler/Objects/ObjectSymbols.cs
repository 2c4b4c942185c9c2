using System.Collections.Generic;

namespace AotCompiler.Freestanding.Objects;

/// <summary>What an object gives to and wants from others.</summary>
/// <param name="Architecture">The processor, as targets call it.</param>
/// <param name="Defined">Global symbols that it defines.</param>
/// <param name="Undefined">Symbols that it needs.</param>
public sealed record ObjectSymbols(string Architecture, IReadOnlyList<string> Defined, IReadOnlyList<string> Undefined);
