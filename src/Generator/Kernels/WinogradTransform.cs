using System.Collections.Generic;
using AotCompiler.Emission;

namespace AotCompiler.Kernels;

/// <summary>
/// The transforms of Winograd's minimal filtering F(m×m, 3×3): a tile of (m+2)×(m+2) inputs, transformed along rows and columns,
/// times the transformed 3×3 weights, point by point, gives m×m outputs after one more transform. Each point of the tile is a
/// product of its own, so a 3×3 convolution costs (m+2)² products per m² outputs instead of 9·m².
/// </summary>
internal abstract class WinogradTransform
{
    protected WinogradTransform(int outputs) => Outputs = outputs;

    /// <summary>Outputs of a tile in each dimension: m.</summary>
    public int Outputs { get; }

    /// <summary>Inputs of a tile in each dimension, and points: m + 2.</summary>
    public int Points => Outputs + 2;

    /// <summary>Products of a tile: points in two dimensions.</summary>
    public int Products => Points * Points;

    /// <summary>Writes the transform of one row or column of a tile, declares locals for what is used twice, and returns the expressions of the points.</summary>
    public abstract IReadOnlyList<string> Input(StepWriter writer, Simd simd, IReadOnlyList<string> d);

    /// <summary>Writes the transform from points to outputs along one dimension, declares locals for what is used twice, and returns the outputs' expressions.</summary>
    public abstract IReadOnlyList<string> Output(StepWriter writer, Simd simd, IReadOnlyList<string> f);
}
