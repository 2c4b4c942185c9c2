using AotCompiler.Compiler;
using AotCompiler.Freestanding.Archives;
using AotCompiler.Freestanding.Targets;

namespace AotCompiler.Cli.Native.Freestanding;

/// <summary>Freestanding code of a model: one object, which can be handed over as such or in a static library.</summary>
/// <param name="Object">The object file.</param>
/// <param name="Exports">Its functions, as the linker calls them.</param>
/// <param name="Target">Processor and system.</param>
/// <param name="Result">The compilation that it was made of, with the C interface and the plan.</param>
internal sealed record FreestandingOutput(byte[] Object, string[] Exports, FreestandingTarget Target, CompilationResult Result)
{
    /// <summary>The kind of file to hand over.</summary>
    public FreestandingKind Kind { get; init; }

    /// <summary>Bytes of stack that a call takes at most; null where it is not counted (it is on 32-bit Arm).</summary>
    public long? StackBytes { get; init; }

    /// <summary>Name of that file, by the target's customs.</summary>
    public string FileName => (Kind == FreestandingKind.Object ? OutputKind.Object : OutputKind.Static).FileName(Name, Target.Name);

    /// <summary>Contents of that file.</summary>
    public byte[] Bytes => Kind == FreestandingKind.Object ? Object
        : Target.Format == ObjectFormat.MachO ? ArchiveWriter.WriteBsd([Member])
        : ArchiveWriter.Write([Member]);

    private string Name => Result.Code!.Native!.Name;

    private ArchiveMember Member => new(Name + Target.ObjectExtension, Object, Exports);
}
