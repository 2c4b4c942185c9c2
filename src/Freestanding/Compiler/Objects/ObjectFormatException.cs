using System;

namespace AotCompiler.Freestanding.Objects;

/// <summary>A file is not the object file that was expected, or is damaged.</summary>
public sealed class ObjectFormatException : Exception
{
    /// <summary>Says what is wrong and where.</summary>
    public ObjectFormatException(string message)
        : base(message)
    {
    }
}
