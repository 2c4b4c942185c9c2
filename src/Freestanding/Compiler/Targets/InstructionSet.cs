namespace AotCompiler.Freestanding.Targets;

/// <summary>An instruction set that code is made for.</summary>
/// <param name="Name">What users call it.</param>
/// <param name="VectorBits">Width of the vectors that kernels use; 32 for code without vectors.</param>
/// <param name="IlcOption">
/// What ILC may and may not use. All that kernels ask for is named, because for the rest the code would ask a table of the
/// runtime, which is not there.
/// </param>
/// <param name="Level">Number of the set among those that a program chooses from when it runs, from 1.</param>
public sealed record InstructionSet(string Name, int VectorBits, string IlcOption, int Level)
{
    /// <summary>True if kernels use vectors.</summary>
    public bool HasVectors => VectorBits > 32;

    /// <summary>Levels of x86-64.</summary>
    internal static readonly InstructionSet[] X64 =
    [
        new("x86-64-v2", 128, "x86-64-v2,-avx,-avx2,-avx512,-avxvnni,-avxvnniint,-avx10v1,-aes,-gfni,-sha", 1),
        new("x86-64-v3", 256, "x86-64-v3,-avx512,-avxvnni,-avxvnniint,-avx10v1,-aes,-gfni,-sha", 2),
        new("x86-64-v4", 512, "x86-64-v4,-avx512v2,-avxvnni,-avxvnniint,-avx10v1,-aes,-gfni,-sha", 3),
    ];

    /// <summary>64-bit Arm without and with dot products of bytes.</summary>
    internal static readonly InstructionSet[] Arm64 =
    [
        new("armv8-a", 128, "armv8-a,-dotprod,-rdma,-aes,-crc,-sha1,-sha2,-lse,-sve", 1),
        new("armv8.2-a+dotprod", 128, "armv8.2-a,dotprod,-sve", 2),
    ];

    /// <summary>32-bit Arm: Thumb-2 and VFP; the compiler has no vectors for it.</summary>
    internal static readonly InstructionSet[] Arm =
    [
        new("armv7", 32, string.Empty, 1),
    ];

    /// <inheritdoc/>
    public override string ToString() => Name;
}
