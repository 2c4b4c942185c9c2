using System;
using System.Collections.Generic;
using System.Linq;

namespace AotCompiler.Ir;

/// <summary>
/// A small tensor whose elements depend on nothing but run-time sizes: what Shape gives, and what is computed from it.
/// </summary>
internal sealed class SizeTensor
{
    /// <summary>Elements above which a tensor is not traced.</summary>
    public const int MaxElements = 64;

    private readonly Tensor[] _samples;

    /// <param name="samples">The tensor in each sample, all of one type and shape.</param>
    /// <param name="elements">The elements as expressions, row-major; null where they are none.</param>
    /// <param name="isUndecided">True if a comparison of sizes has a part in it whose result no sample proves.</param>
    public SizeTensor(Tensor[] samples, IReadOnlyList<Size>? elements, bool isUndecided)
    {
        _samples = samples;
        Elements = elements;
        IsUndecided = isUndecided;
    }

    /// <summary>True if a comparison of sizes has a part in it whose result no sample proves, so that no shape may depend on it.</summary>
    public bool IsUndecided { get; }

    /// <summary>The elements as expressions, row-major; null if only the samples are known, which decides shapes but makes no data.</summary>
    public IReadOnlyList<Size>? Elements { get; }

    /// <summary>The same elements under another shape.</summary>
    public SizeTensor Reshape(Shape shape) => new(System.Array.ConvertAll(_samples, s => s.Reshape(shape)), Elements, IsUndecided);

    /// <summary>The tensor in a sample; sample 0 has all maxima.</summary>
    public Tensor At(int sample) => _samples[sample];
}
