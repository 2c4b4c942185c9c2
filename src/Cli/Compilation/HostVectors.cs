using System.Linq;
using System.Runtime.Intrinsics;
using AotCompiler.Collections;
using AotCompiler.Compiler;

namespace AotCompiler.Cli.Compilation;

/// <summary>Which of the vector widths that code is written for runs on this machine.</summary>
internal static class HostVectors
{
    /// <summary>The width in bits that generated code chooses here: the widest it has that the machine accelerates, else its narrowest.</summary>
    public static int BitsOf(TargetIsa isa) => isa.VectorBits.FirstOrDefault(
        static bits => bits switch
        {
            512 => Vector512.IsHardwareAccelerated,
            256 => Vector256.IsHardwareAccelerated,
            _ => Vector128.IsHardwareAccelerated,
        },
        isa.VectorBits.Last());

    /// <summary>The same target without the bodies that would not run here: what is run in this process is compiled in a third of the time.</summary>
    public static TargetIsa Narrow(TargetIsa isa) => isa with { VectorBits = new EquatableArray<int>(BitsOf(isa)) };
}
