using System.Collections.Generic;
using AotCompiler.Emission;

namespace AotCompiler.Kernels;

/// <summary>
/// The transforms of Winograd's minimal filtering F(m×m, r×r): a tile of (m+r-1)×(m+r-1) inputs, transformed along rows and columns,
/// times the transformed r×r weights, point by point, gives m×m outputs after one more transform. Each point of the tile is a
/// product of its own, so an r×r convolution costs (m+r-1)² products per m² outputs instead of r²·m².
/// </summary>
internal abstract class WinogradTransform
{
    protected WinogradTransform(int outputs, int taps)
    {
        Outputs = outputs;
        Taps = taps;
    }

    /// <summary>Outputs of a tile in each dimension: m.</summary>
    public int Outputs { get; }

    /// <summary>Weights of a window in each dimension: r.</summary>
    public int Taps { get; }

    /// <summary>For people: <c>F(4×4, 3×3)</c>.</summary>
    public string Name => $"F({Outputs}×{Outputs}, {Taps}×{Taps})";

    /// <summary>Inputs of a tile in each dimension, and points: m + r - 1.</summary>
    public int Points => Outputs + Taps - 1;

    /// <summary>Products of a tile: points in two dimensions.</summary>
    public int Products => Points * Points;

    /// <summary>Writes the transform of one row or column of a tile, declares locals for what is used twice, and returns the expressions of the points.</summary>
    public abstract IReadOnlyList<string> Input(StepWriter writer, Simd simd, IReadOnlyList<string> d);

    /// <summary>Writes the transform from points to outputs along one dimension, declares locals for what is used twice, and returns the outputs' expressions.</summary>
    public abstract IReadOnlyList<string> Output(StepWriter writer, Simd simd, IReadOnlyList<string> f);
}
