namespace Internal.Runtime.CompilerHelpers;

/// <summary>
/// What code calls that cannot go on. Only the helpers are here that ILC demands before it looks at any code, and those of
/// divisions, which kernels guard. Code that asks for another one, above all an intrinsic that the target does not have, is
/// thereby an error of the build that names the method, and no function can end in an exception.
/// </summary>
internal static class ThrowHelpers
{
    private static void ThrowBodyRemoved() => Stop();

    private static void ThrowFeatureBodyRemoved() => Stop();

    private static void ThrowInstanceBodyRemoved() => Stop();

    private static void ThrowUnavailableType() => Stop();

    private static void ThrowDivideByZeroException() => Stop();

    private static void ThrowOverflowException() => Stop();

    private static void Stop()
    {
        while (true)
        {
        }
    }
}
