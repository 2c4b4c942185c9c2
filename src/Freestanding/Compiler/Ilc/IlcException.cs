using System;

namespace AotCompiler.Freestanding.Ilc;

/// <summary>The compiler of NativeAOT could not compile, or is not there.</summary>
public sealed class IlcException : Exception
{
    /// <summary>Says what failed.</summary>
    /// <param name="message">For the user.</param>
    /// <param name="method">The method whose code could not be made, if one is at fault.</param>
    public IlcException(string message, string? method = null)
        : base(message) => Method = method;

    /// <summary>The method whose code could not be made, as <c>Class.Method</c>; null if none is at fault.</summary>
    public string? Method { get; }
}
