using AotCompiler.Emission;

namespace AotCompiler.Kernels;

/// <summary>
/// The registers with the sums of one position of a tile: of whole blocks of 16 outputs, the last of which may have only its lower 8
/// lanes in registers. Where a block is one register, that one is half as wide: on processors that halve 512-bit operations it takes
/// half the time, on others no more.
/// </summary>
/// <param name="Simd">Vector width.</param>
/// <param name="Blocks">Blocks of outputs.</param>
/// <param name="LastIsHalf">True if only the lower half of the last block is computed.</param>
internal readonly record struct TileRow(Simd Simd, int Blocks, bool LastIsHalf)
{
    /// <summary>Outputs where each has a register of its own, since there are no vectors; else 0.</summary>
    private int Scalars { get; init; }

    /// <summary>Some outputs of a block in scalar registers.</summary>
    public static TileRow OfScalars(Simd scalar, int outputs) => new(scalar, 1, LastIsHalf: false) { Scalars = outputs };

    /// <summary>Registers.</summary>
    public int Count => Scalars > 0 ? Scalars : (Blocks * Simd.RegistersPerBlock) - (LastIsHalf ? Simd.RegistersPerBlock / 2 : 0);

    /// <summary>The width that an input element is broadcast to: that of the widest register.</summary>
    public Simd BroadcastWidth => WidthOf(0);

    /// <summary>Width of a register.</summary>
    public Simd WidthOf(int register) => LastIsHalf && Simd.RegistersPerBlock == 1 && register == Blocks - 1 ? Simd.Narrower : Simd;

    /// <summary>Registers in units of the full width, as far as their operations take time.</summary>
    public double Work => (Blocks - (LastIsHalf ? 0.5 : 0)) * Simd.RegistersPerBlock;

    /// <summary>A broadcast element as wide as a register.</summary>
    public string Narrowed(string broadcast, int register) =>
        WidthOf(register).Bits < BroadcastWidth.Bits ? $"{broadcast}.GetLower()" : broadcast;
}
