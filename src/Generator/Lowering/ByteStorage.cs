using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Lowering;

/// <summary>What an operator's kernels do with whole numbers that are stored as bytes.</summary>
internal enum ByteUse
{
    /// <summary>They want f32; what is stored as bytes is widened by a step before.</summary>
    None,

    /// <summary>They take bytes as well as f32.</summary>
    Accepts,

    /// <summary>They are faster on bytes.</summary>
    Wants,

    /// <summary>They only move elements: the output is stored as the input is.</summary>
    Moves,
}

/// <summary>
/// Which values are stored as bytes: whole numbers of type f32 between known bounds that are at most 255 apart, as codes without
/// their zero point are. The byte of the smallest is 0, so that codes of type u8 are stored as they are, and those of type i8
/// 128 higher: all products take unsigned bytes.
/// </summary>
internal sealed class ByteStorage
{
    /// <summary>Bytes behind the last one of a value that a kernel may read: it reads four at once.</summary>
    public const int Overread = 3;

    private readonly Dictionary<Value, int> _zeros = new();

    private ByteStorage()
    {
    }

    /// <summary>The byte that stands for 0 in a value that is stored as bytes; null for others.</summary>
    public int? ZeroOf(Value value) => _zeros.TryGetValue(value, out int zero) ? zero : null;

    /// <summary>Says that a value is stored as bytes from now on.</summary>
    public void Add(Value value, int zero) => _zeros.Add(value, zero);

    /// <summary>The byte that would stand for 0 in a value; null if bytes cannot hold it.</summary>
    public static int? PossibleZero(Value value) => value.Type == ElementType.Float32
        && !value.Shape.IsDynamic
        && RangeOf(value, 0) is { Low: <= 0, High: >= 0 } range
        && range.High - range.Low <= byte.MaxValue
            ? -range.Low
            : null;

    /// <summary>Chooses for all values of a graph.</summary>
    public static ByteStorage Assign(Graph graph, LayoutQuery layouts)
    {
        var storage = new ByteStorage();
        foreach (Value value in graph.Nodes.Where(static n => n.Outputs.Count == 1).Select(static n => n.Output))
        {
            if (PossibleZero(value) is { } zero && !graph.IsOutput(value) && !graph.States.Any(s => ReferenceEquals(s.Output, value)))
            {
                storage._zeros.Add(value, zero);
            }
        }

        // What some value's neighbours cannot take is no byte; that may hold for its neighbours in turn.
        while (storage._zeros.Keys.Where(v => !storage.Fits(v, layouts)).ToArray() is { Length: > 0 } refused)
        {
            foreach (Value value in refused)
            {
                storage._zeros.Remove(value);
            }
        }

        return storage;
    }

    private bool Fits(Value value, LayoutQuery layouts)
    {
        Node producer = value.Producer!;
        bool made = IsMove(producer, layouts)
            ? producer.Operator.MovedInputs(producer).All(v => ZeroOf(v) == ZeroOf(value))
            : producer.Operator.MakesBytes(producer, layouts);
        ByteUse[] uses = value.Uses.Select(u => Use(u, layouts)).ToArray();
        return made && (uses.Contains(ByteUse.Wants) || uses.All(static u => u != ByteUse.None));
    }

    private ByteUse Use(Use use, LayoutQuery layouts)
    {
        ByteUse wish = use.Node.Operator.UseOfBytes(use.Node, use.Index, layouts);
        return wish != ByteUse.Moves ? wish
            : use.Node.Epilogue is null && ZeroOf(use.Node.Output) is not null ? ByteUse.Accepts
            : ByteUse.None;
    }

    private static bool IsMove(Node node, LayoutQuery layouts) =>
        node.Epilogue is null && node.OperatorInputCount > 0 && node.Operator.UseOfBytes(node, 0, layouts) == ByteUse.Moves;

    /// <summary>Bounds of a value's elements if all are whole numbers; null if that is not known.</summary>
    private static (int Low, int High)? RangeOf(Value value, int depth)
    {
        const int MaxDepth = 64;
        if (value.Producer is not { } node || depth > MaxDepth)
        {
            return null;
        }

        if (node.LastFunction is { } function)
        {
            return function.WholeRange;
        }

        (int Low, int High)?[] sources = node.Operator.MovedInputs(node).Select(v => RangeOf(v, depth + 1)).Distinct().ToArray();
        return sources.Length == 1 ? sources[0] : null;
    }
}
