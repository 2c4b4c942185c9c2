using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Lowering;

/// <summary>What lowering does otherwise than fastest, to save memory.</summary>
/// <param name="Chains">Chains of nodes that run in bands of rows; they do not overlap.</param>
/// <param name="Direct">Nodes that are computed in the plainest way; null for all.</param>
internal sealed record MemoryChoices(IReadOnlyList<BandChain> Chains, HashSet<Node>? Direct)
{
    /// <summary>Nothing: the fastest way.</summary>
    public static readonly MemoryChoices None = new(new BandChain[0], new HashSet<Node>());

    /// <summary>The plainest way everywhere.</summary>
    public static readonly MemoryChoices AllDirect = new(new BandChain[0], null);

    public bool IsDirect(Node node) => Direct is null || Direct.Contains(node);
}

/// <summary>Neighbouring nodes of the graph whose steps run in bands of rows.</summary>
/// <param name="FirstUnit">Position of the first node.</param>
/// <param name="EndUnit">Position behind the last.</param>
/// <param name="BandRows">Rows of the first step's output that a band computes.</param>
/// <param name="Buffers">Rows that the buffers between the steps have room for.</param>
internal sealed record BandChain(int FirstUnit, int EndUnit, int BandRows, IReadOnlyDictionary<BufferKey, int> Buffers)
{
    public bool Contains(int unit) => unit >= FirstUnit && unit < EndUnit;
}
