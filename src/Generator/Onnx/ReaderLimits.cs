namespace AotCompiler.Onnx;

/// <summary>What a model file may cost at most; each exceeded limit is a diagnostic.</summary>
internal sealed record ReaderLimits
{
    /// <summary>Limits for models that people compile.</summary>
    public static ReaderLimits Default { get; } = new();

    /// <summary>Bytes of the model file: the longest array of .NET, just below the 2 GiB at which the message format ends.</summary>
    public long MaxFileBytes { get; init; } = 0x7FFFFFC7;

    /// <summary>Nodes of all graphs and functions together.</summary>
    public int MaxNodes { get; init; } = 1_000_000;

    /// <summary>Graphs within graphs, and calls of functions within functions.</summary>
    public int MaxGraphDepth { get; init; } = 24;

    /// <summary>Messages within messages; each graph within a graph takes three.</summary>
    public int MaxMessageDepth { get; init; } = 90;

    /// <summary>Dimensions of one tensor or declared shape.</summary>
    public int MaxRank { get; init; } = 64;

    /// <summary>Bytes of one name, key or declared text.</summary>
    public int MaxNameBytes { get; init; } = 1 << 20;

    /// <summary>
    /// Estimated allocations for what the file declares (nodes, names, attributes; not tensor data), beyond four times
    /// the file's size. A convolution node with five attributes counts 4.5 kB, of which 1.2 kB outlive the reading;
    /// the peak lies at about two thirds of the estimate.
    /// </summary>
    public long MaxStructureBytes { get; init; } = 96L << 20;

    /// <summary>Nodes that inlining functions may add.</summary>
    public int MaxInlinedNodes { get; init; } = 100_000;

    /// <summary>Memory that inlining functions may add.</summary>
    public long MaxInlinedBytes { get; init; } = 64L << 20;

    /// <summary>Bytes of all external data together.</summary>
    public long MaxExternalBytes { get; init; } = 64L << 30;
}
