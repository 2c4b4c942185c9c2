using System.Collections.Generic;
using AotCompiler.Emission;

namespace AotCompiler.Kernels;

/// <summary>
/// The transforms of Winograd's minimal filtering F(m×m, r×r): a tile of (m+r-1)×(m+r-1) inputs, at stride s of (s·(m-1)+r)², transformed
/// along rows and columns, times the transformed r×r weights, point by point, gives m×m outputs after one more transform. Each point of the
/// tile is a product of its own, so an r×r convolution costs (s·(m-1)+r)² products per m² outputs instead of r²·m².
/// </summary>
internal abstract class WinogradTransform
{
    protected WinogradTransform(int outputs, int taps, int stride = 1)
    {
        Outputs = outputs;
        Taps = taps;
        Stride = stride;
    }

    /// <summary>Outputs of a tile in each dimension: m.</summary>
    public int Outputs { get; }

    /// <summary>Weights of a window in each dimension: r.</summary>
    public int Taps { get; }

    /// <summary>Inputs from one output to the next in each dimension: s.</summary>
    public int Stride { get; }

    /// <summary>For people: <c>F(4×4, 3×3)</c>.</summary>
    public string Name => $"F({Outputs}×{Outputs}, {Taps}×{Taps}{(Stride == 1 ? string.Empty : $", stride {Stride}")})";

    /// <summary>Inputs of a tile in each dimension, and points: s·(m - 1) + r.</summary>
    public int Points => Step + Reach;

    /// <summary>Inputs from one tile to the next in each dimension.</summary>
    public int Step => Outputs * Stride;

    /// <summary>Inputs that a tile shares with the next one in each dimension.</summary>
    public int Reach => Taps - Stride;

    /// <summary>Points of one dimension with weights of their own: the last of them are those of all points behind it.</summary>
    public virtual int Panels => Points;

    /// <summary>Panels of transformed weights, in two dimensions.</summary>
    public int PanelCount => Panels * Panels;

    /// <summary>Products of a tile: points in two dimensions.</summary>
    public int Products => Points * Points;

    /// <summary>Writes the transform of one row or column of a tile, declares locals for what is used twice, and returns the expressions of the points.</summary>
    public abstract IReadOnlyList<string> Input(StepWriter writer, Simd simd, IReadOnlyList<string> d);

    /// <summary>Writes the transform from points to outputs along one dimension, declares locals for what is used twice, and returns the outputs' expressions.</summary>
    public abstract IReadOnlyList<string> Output(StepWriter writer, Simd simd, IReadOnlyList<string> f);
}
