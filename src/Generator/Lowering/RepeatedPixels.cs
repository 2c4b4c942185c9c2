using System.Collections.Generic;
using System.Linq;

namespace AotCompiler.Lowering;

/// <summary>A value that only repeats the pixels of another one: it has no memory, and who reads it walks the other with strides of 0.</summary>
/// <param name="Source">What it repeats, in blocks of channels.</param>
/// <param name="Counts">How often, by axis; other axes are not repeated.</param>
internal sealed record RepeatedPixels(TensorView Source, IReadOnlyDictionary<int, int> Counts)
{
    /// <summary>The iteration dimensions of the source, each repeated one with a loop that stands still behind it.</summary>
    public IReadOnlyList<IterationDimension> Dimensions => Source.Layout.Dimensions()
        .SelectMany((d, axis) => Counts.TryGetValue(axis, out int count) ? new[] { d, new IterationDimension(count, 0) } : new[] { d })
        .ToArray();

    /// <summary>The iteration dimensions of another operand of the repeated shape, in as many loops.</summary>
    public IReadOnlyList<IterationDimension> Split(IReadOnlyList<IterationDimension> dimensions) => dimensions
        .SelectMany((d, axis) => Counts.TryGetValue(axis, out int count)
            ? new[] { new IterationDimension(d.Extent / count, d.Stride * count), new IterationDimension(count, d.Stride) }
            : new[] { d })
        .ToArray();
}
