using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace AotCompiler.Runtime;

/// <summary>
/// The exceptions of a generated model's public methods. The methods test, these throw: never inlined, so that the tests
/// cost a compare and a jump.
/// </summary>
public static unsafe class ModelGuard
{
    /// <summary>An input or output span has the wrong length.</summary>
    /// <param name="parameter">Name of the span's parameter.</param>
    /// <param name="expected">The tensor's element count.</param>
    /// <param name="actual">The span's length.</param>
    /// <param name="shape">The tensor's type and shape, such as "f32 [1, 28, 28]".</param>
    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ThrowLength(string parameter, int expected, int actual, string shape)
        => throw new ArgumentException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"'{parameter}' is {shape}: {expected} elements are expected, the span has {actual}."),
            parameter);

    /// <summary>A dimension that is known only at run time has a value outside its range.</summary>
    /// <param name="parameter">Name of the dimension's parameter.</param>
    /// <param name="actual">The value.</param>
    /// <param name="minimum">The least value.</param>
    /// <param name="maximum">The greatest value.</param>
    /// <param name="step">The number that all values are multiples of.</param>
    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ThrowDimension(string parameter, int actual, int minimum, int maximum, int step)
        => throw new ArgumentException(
            step == 1
                ? string.Create(CultureInfo.InvariantCulture, $"Dimension '{parameter}' is {actual}; the model is compiled for {minimum} to {maximum}.")
                : string.Create(CultureInfo.InvariantCulture, $"Dimension '{parameter}' is {actual}; the model is compiled for multiples of {step} from {minimum} to {maximum}."),
            parameter);

    /// <summary>A caller's arena is too small or not aligned to 64 bytes.</summary>
    /// <param name="parameter">Name of the arena's parameter.</param>
    /// <param name="expected">Bytes the model needs.</param>
    /// <param name="actual">Bytes the caller gave.</param>
    /// <param name="address">The arena's first byte.</param>
    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ThrowArena(string parameter, long expected, long actual, void* address)
        => throw new ArgumentException(
            actual < expected
                ? string.Create(CultureInfo.InvariantCulture, $"The arena has {actual} bytes, the model needs {expected}.")
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"The arena begins at 0x{(ulong)address:x}, which is not a multiple of {ModelArena.Alignment}. "
                    + $"{nameof(ModelArena)} gives aligned memory."),
            parameter);

    /// <summary>A model was used after it was disposed.</summary>
    /// <param name="modelName">Name of the generated class.</param>
    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ThrowDisposed(string modelName) => throw new ObjectDisposedException(modelName);

    /// <summary>A kernel met an index outside its axis (see <see cref="IndexGuard"/>); the outputs are not meaningful.</summary>
    /// <param name="step">The step, such as "node \"gather1\" (Gather), axis 0 of length 512".</param>
    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ThrowIndex(string step)
        => throw new ArgumentOutOfRangeException(
            null, $"An index computed from the model's inputs is out of range in {step}. The outputs are not valid.");

    /// <summary>A kernel met a string that it cannot use: one that spells no number (see <see cref="StringTable.ToDouble"/>), or has more parts than there is room for; the outputs are not meaningful.</summary>
    /// <param name="step">The step, such as "node \"age\" (Cast)".</param>
    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ThrowText(string step) => throw new FormatException($"A string is no number, or has too many parts, in {step}. The outputs are not valid.");
}
