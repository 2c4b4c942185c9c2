namespace AotCompiler.Cli.Native.Freestanding;

/// <summary>Files that freestanding code comes in.</summary>
internal enum FreestandingKind
{
    /// <summary>One object file.</summary>
    Object,

    /// <summary>A static library with that object.</summary>
    Static,
}
