using System;
using System.Collections.Generic;
using System.Linq;

namespace AotCompiler.Emission;

/// <summary>How errors of the C functions are called and explained.</summary>
internal static class NativeErrors
{
    /// <summary>All of them in order.</summary>
    public static IReadOnlyList<NativeError> All { get; } = Enum.GetValues(typeof(NativeError)).Cast<NativeError>().ToArray();

    /// <summary>The enumerator's name in C behind the library's: <c>DIGITS_ERROR_NULL</c>.</summary>
    public static string Suffix(NativeError error) => error switch
    {
        NativeError.Ok => "OK",
        NativeError.NullPointer => "ERROR_NULL",
        NativeError.Alignment => "ERROR_ALIGNMENT",
        NativeError.Dimension => "ERROR_DIMENSION",
        NativeError.Index => "ERROR_INDEX",
        _ => "ERROR_WEIGHTS",
    };

    /// <summary>What the error means, in ASCII.</summary>
    public static string Text(NativeError error) => error switch
    {
        NativeError.Ok => "success",
        NativeError.NullPointer => "a required pointer is null; nothing was written",
        NativeError.Alignment => "a pointer is not aligned to its element, or arena, state or weights not to 64 bytes; nothing was written",
        NativeError.Dimension => "a dimension of this run is out of its range; nothing was written",
        NativeError.Index => "an index computed from the inputs is out of range; the outputs are not valid",
        _ => "the weights are damaged or belong to another build; nothing was written",
    };
}
