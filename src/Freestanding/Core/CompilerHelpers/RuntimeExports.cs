using System;
using System.Runtime;

namespace Internal.Runtime.CompilerHelpers
{
    /// <summary>What ILC calls by symbol around calls from and to other languages; there is no runtime to tell about them.</summary>
    internal static class TransitionHelpers
    {
        [RuntimeExport("RhpReversePInvoke")]
        private static void ReversePInvoke(IntPtr frame)
        {
        }

        [RuntimeExport("RhpReversePInvokeReturn")]
        private static void ReversePInvokeReturn(IntPtr frame)
        {
        }

        /// <summary>Where a function ends whose stack was overwritten.</summary>
        [RuntimeExport("RhpFallbackFailFast")]
        private static void FailFast()
        {
            while (true)
            {
            }
        }
    }

    /// <summary>Found by name; the type must exist.</summary>
    internal class StartupCodeHelpers
    {
    }

    /// <summary>Found by name. Freestanding code asks for no handles.</summary>
    internal static class LdTokenHelpers
    {
        private static RuntimeTypeHandle GetRuntimeTypeHandle(IntPtr type) => default;

        private static RuntimeMethodHandle GetRuntimeMethodHandle(IntPtr method) => default;

        private static RuntimeFieldHandle GetRuntimeFieldHandle(IntPtr field) => default;

        private static Type GetRuntimeType(IntPtr type) => null;
    }
}
