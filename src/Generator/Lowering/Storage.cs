using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;

namespace AotCompiler.Lowering;

/// <summary>Whose memory a storage is.</summary>
internal enum StorageKind
{
    /// <summary>Part of the model's arena; the planner gives it an offset and a lifetime.</summary>
    Arena,

    /// <summary>Part of the weight blob, constant.</summary>
    Weights,

    /// <summary>A graph input in the caller's memory.</summary>
    Input,

    /// <summary>A graph output in the caller's memory.</summary>
    Output,

    /// <summary>The part of a tensor that one iteration of a loop reads or writes: its start moves with the iterations.</summary>
    Window,

    /// <summary>Part of the instance's memory that keeps its contents from run to run.</summary>
    State,
}

/// <summary>A buffer by the place where lowering makes it, which is the same every time a graph is lowered.</summary>
/// <param name="Unit">Position of the node that is lowered; the number of nodes for what comes behind the last.</param>
/// <param name="Ordinal">Number among the buffers that it makes.</param>
internal readonly record struct BufferKey(int Unit, int Ordinal);

/// <summary>A block of memory that steps read and write.</summary>
internal sealed class Storage
{
    public Storage(int id, StorageKind kind, string name, long bytes)
    {
        Id = id;
        Kind = kind;
        Name = name;
        Bytes = bytes;
    }

    /// <summary>Number among all storages of the schedule, in order of creation.</summary>
    public int Id { get; }

    public StorageKind Kind { get; }

    /// <summary>Name for people: the value or weight it was made for.</summary>
    public string Name { get; }

    /// <summary>Bytes it needs; arena and weight storages may be read and written up to the next multiple of 64.</summary>
    public long Bytes { get; private set; }

    /// <summary>Position among the graph's inputs or outputs; -1 for others.</summary>
    public int BoundaryIndex { get; set; } = -1;

    /// <summary>True if it holds a tensor of which some dimensions are known only at run time: what lies behind their actual sizes is undefined.</summary>
    public bool IsDynamic { get; set; }

    /// <summary>Where in the graph it was made, for buffers of a graph's own values; null for others.</summary>
    public BufferKey? Key { get; set; }

    /// <summary>The data of a weight storage, in the order the kernel reads them.</summary>
    public Tensor? Data { get; set; }

    /// <summary>The storage whose bytes this arena storage has too: the next value of a state, written over the present one.</summary>
    public Storage? PlacedIn { get; set; }

    /// <summary>The storage that has the bytes: itself, unless it is placed in another.</summary>
    public Storage Owner => PlacedIn?.Owner ?? this;

    /// <summary>Byte offset in the arena or the weight blob, once planned.</summary>
    public long Offset { get; set; } = -1;

    /// <summary>Gives a weight storage other data, of which what it has is the beginning.</summary>
    public void Lengthen(Tensor data)
    {
        Data = data;
        Bytes = data.ByteCount;
    }

    public override string ToString() => $"{Kind} {Name} {Bytes} B";
}

/// <summary>A typed tensor in a storage.</summary>
/// <param name="Storage">The memory.</param>
/// <param name="Type">Element type.</param>
/// <param name="Layout">Where the elements lie in it.</param>
internal sealed record TensorView(Storage Storage, ElementType Type, Layout Layout)
{
    /// <summary>
    /// The byte that stands for 0, if the view shows whole numbers of type f32 that are stored as bytes: a byte b is the number
    /// b − zero. Null if elements are stored as what they are.
    /// </summary>
    public int? Zero { get; init; }

    public Shape Shape => Layout.Shape;

    /// <summary>Byte offset of the first element in the storage.</summary>
    public long ByteOffset => Layout.Offset * Type.Size();

    /// <summary>Bytes of the elements it shows, each counted once: what a broadcast repeats is one element.</summary>
    public long TouchedBytes => Layout.Dimensions().Where(static d => d.Stride != 0).Aggregate((long)Type.Size(), static (product, d) => product * d.Extent);

    public TensorView With(Layout layout) => this with { Layout = layout };

    /// <summary>For example <c>conv1 [1, 8, 28, 28] f32</c>: one line that is safe in a comment, whatever the model calls its values.</summary>
    public string Describe()
    {
        string layout = Layout.Describe();
        return $"{NameSanitizer.Comment(Storage.Name)} {Shape} {Type.ShortName()}{(Zero is { } zero ? $", 0 is {zero}" : string.Empty)}{(layout.Length > 0 ? $" ({layout})" : string.Empty)}";
    }
}
