using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;
using AotCompiler.Operators.Pooling;

namespace AotCompiler.Operators.Linear;

/// <summary>
/// A depthwise convolution with the convolution that makes its input and the 1×1 convolution that reads its output, where these
/// are large, and with the maxima of 2×2 windows over the result: computed row by row, what lies between them never leaves the nearest
/// caches. Such maxima follow other convolutions too.
/// </summary>
/// <param name="Producer">Makes the middle convolution's input, or null.</param>
/// <param name="Middle">The depthwise convolution; any other if there is neither producer nor consumer.</param>
/// <param name="Consumer">Reads its output, or null.</param>
/// <param name="Pool">Takes the maxima of 2×2 windows over the last convolution's output, or null.</param>
internal sealed record RowChain(Node? Producer, Node Middle, Node? Consumer, Node? Pool)
{
    /// <summary>
    /// Bytes of a value from which on it pays to keep it out of memory: a good part of a core's second-level cache, which it
    /// shares with weights. Below it, whole maps have the better tiles.
    /// </summary>
    private const long LargeValueBytes = 48 * 1024;

    /// <summary>Shorter rows fill no tile.</summary>
    private const int ShortestRow = 10;

    /// <summary>
    /// Multiply-adds of a 1×1 convolution that threads share, and bytes of its weights that stay in the nearest caches while it computes
    /// row after row. It then belongs to the small depthwise convolution before it: threads do not wait for each other between the two,
    /// and what one computes it reads itself.
    /// </summary>
    private const long SharedMultiplyAdds = 100_000;
    private const long NearWeightBytes = 64 * 1024;

    /// <summary>Rows of small maps that fill the registers with sums of several blocks.</summary>
    private const int ShortestSharedRow = 5;

    /// <summary>Bytes of a map whose maxima are worth taking row by row: with what is read and written beside it, it does not stay in a core's second-level cache.</summary>
    private const long PooledBytes = 128 * 1024;

    /// <summary>Bytes of a map, and positions of its rows, from which on a convolution is computed row by row for that alone.</summary>
    private const long LonePooledBytes = 256 * 1024;
    private const int ShortestLoneRow = 24;

    /// <summary>The node that makes the result of the chain.</summary>
    public Node Last => Pool ?? Consumer ?? Middle;

    /// <summary>The last convolution.</summary>
    public Node LastConvolution => Consumer ?? Middle;

    /// <summary>All its nodes, in order.</summary>
    public IEnumerable<Node> Nodes => new[] { Producer, Middle, Consumer, Pool }.Where(static n => n is not null).Select(static n => n!);

    /// <summary>True if the middle convolution is depthwise.</summary>
    public bool IsMiddleDepthwise => IsDepthwise(Middle);

    /// <summary>The chain without the maxima; null if it then is a single convolution.</summary>
    public RowChain? WithoutPool => Producer is null && Consumer is null ? null : this with { Pool = null };

    /// <summary>The chain that a convolution or a MaxPool belongs to, or null if it stands alone.</summary>
    public static RowChain? Around(Node node, Graph graph)
    {
        if (node.Operator is MaxPool)
        {
            return node.Required(0).Producer is { } maker && IsConvolution(maker) && Around(maker, graph) is { } chain && ReferenceEquals(chain.Pool, node) ? chain : null;
        }

        if (!IsConvolution(node))
        {
            return null;
        }

        return AroundDepthwise(node, graph) is { } convolutions
            ? convolutions with { Pool = PoolOf(convolutions.LastConvolution, PooledBytes, graph) }
            : RunsByRows(node) && PoolOf(node, LonePooledBytes, graph) is { } pool ? new RowChain(null, node, null, pool) : null;
    }

    private static RowChain? AroundDepthwise(Node node, Graph graph)
    {
        Node? middle = IsDepthwise(node) ? node
            : FollowerOf(node, graph) is { } next && IsDepthwise(next) && Feeds(node, next, graph) ? next
            : node.Required(0).Producer is { } previous && IsDepthwise(previous) && Drains(previous, node, graph) ? previous
            : null;
        if (middle is null)
        {
            return null;
        }

        Node? producer = middle.Required(0).Producer is { } maker && Feeds(maker, middle, graph) ? maker : null;
        Node? consumer = FollowerOf(middle, graph) is { } reader && Drains(middle, reader, graph) ? reader : null;
        return producer is null && consumer is null ? null : new RowChain(producer, middle, consumer, null);
    }

    /// <summary>The MaxPool over 2×2 windows that alone reads a large output of a convolution, if that comes straight from registers.</summary>
    private static Node? PoolOf(Node node, long leastBytes, Graph graph)
    {
        if (node.Output.Uses.Count != 1
            || node.Output.Uses[0].Node is not { Operator: MaxPool, Outputs.Count: 1, Epilogue: null } pool
            || graph.IsOutput(node.Output)
            || Bytes(node.Output) < leastBytes)
        {
            return null;
        }

        SpatialWindow window = SpatialWindow.Of(pool, SpatialWindow.KernelShape(pool));
        return window.Rank == 2
            && window.Kernel.All(static k => k == 2)
            && window.Strides.All(static s => s == 2)
            && window.Dilations.All(static d => d == 1)
            && window.IsUnpadded
            && !(node.Epilogue is { } epilogue && Contraction.IsCostly(epilogue, bytes: false))
            ? pool
            : null;
    }

    /// <summary>
    /// True for a convolution that is as fast row by row: its rows fill tiles, its weights stay near while they are read for each row, and
    /// it has no form with fewer operations.
    /// </summary>
    private static bool RunsByRows(Node node) => (Conv.Groups(node) == 1 || IsDepthwise(node))
        && node.Output.Shape[3] >= ShortestLoneRow
        && node.Required(1).Shape.ElementCount * sizeof(float) <= NearWeightBytes
        && (Conv.Window(node).Strides.Any(static s => s > 1) || IsPointwise(Conv.Window(node)) || node.Required(0).Shape[1] < Layout.BlockSize / 2);

    /// <summary>
    /// True if a convolution makes the rows that a depthwise one reads, and only that one. It is 1×1 or the first one of an image:
    /// beside the work of others what follows them is little, and they may have better forms of their own.
    /// </summary>
    private static bool Feeds(Node producer, Node depthwise, Graph graph) =>
        IsConvolution(producer)
        && !IsDepthwise(producer)
        && Conv.Groups(producer) == 1
        && (IsPointwise(Conv.Window(producer)) || producer.Required(0).Shape[1] < Layout.BlockSize)
        && ReferenceEquals(FollowerOf(producer, graph), depthwise)
        && IsLarge(producer.Output);

    /// <summary>True if a 1×1 convolution reads the rows of a depthwise one, and nobody else does. What feeds another depthwise one belongs to that.</summary>
    private static bool Drains(Node depthwise, Node consumer, Graph graph) =>
        IsConvolution(consumer)
        && Conv.Groups(consumer) == 1
        && ReferenceEquals(FollowerOf(depthwise, graph), consumer)
        && IsPointwise(Conv.Window(consumer))
        && (IsLarge(depthwise.Output) || IsShared(consumer))
        && !(FollowerOf(consumer, graph) is { } next && IsDepthwise(next) && Feeds(consumer, next, graph));

    /// <summary>The convolution that alone reads a node's output, as its input 0.</summary>
    private static Node? FollowerOf(Node node, Graph graph) =>
        node.Output.Uses.Count == 1 && node.Output.Uses[0] is { Index: 0, Node: var next } && !graph.IsOutput(node.Output) && IsConvolution(next) ? next : null;

    private static bool IsConvolution(Node node) => node.Operator is Conv && node.Attributes.Int(Conv.ExactSums, 0) == 0 && !node.Attributes.Has(Conv.GroupInputs) && node.Output.Shape is { Rank: 4, IsDynamic: false } && Conv.IsFast(node);

    private static bool IsDepthwise(Node node) => IsConvolution(node) && DepthwiseLowering.Applies(node, Conv.Groups(node));

    private static bool IsPointwise(SpatialWindow window) =>
        window.Kernel.All(static k => k == 1) && window.Strides.All(static s => s == 1) && window.IsUnpadded;

    /// <summary>True for a small 1×1 convolution that is large enough for threads to share, and does not need larger tiles than a row.</summary>
    private static bool IsShared(Node consumer)
    {
        Shape output = consumer.Output.Shape;
        long weights = consumer.Required(1).Shape.ElementCount;
        return output[0] == 1
            && output[3] >= ShortestSharedRow
            && weights * sizeof(float) <= NearWeightBytes
            && weights * output[2] * output[3] >= SharedMultiplyAdds;
    }

    private static bool IsLarge(Value value) => value.Shape[3] >= ShortestRow
        && Bytes(value) >= LargeValueBytes;

    /// <summary>Bytes of one image of a value.</summary>
    private static long Bytes(Value value) => value.Shape.ElementCount / value.Shape[0] * sizeof(float);
}
