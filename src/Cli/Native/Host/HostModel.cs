namespace AotCompiler.Host;

/// <summary>The model of a native program: its function and the memory that it needs.</summary>
/// <param name="run">Takes pointers to inputs and outputs, working memory and state; returns 0 or an error.</param>
/// <param name="arenaBytes">Bytes of working memory.</param>
/// <param name="stateBytes">Bytes of state.</param>
internal readonly unsafe struct HostModel(delegate*<byte**, byte**, byte*, byte*, int> run, int arenaBytes, int stateBytes)
{
    public delegate*<byte**, byte**, byte*, byte*, int> Run { get; } = run;

    public int ArenaBytes { get; } = arenaBytes;

    public int StateBytes { get; } = stateBytes;
}
