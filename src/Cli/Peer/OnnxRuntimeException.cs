using System;

namespace AotCompiler.Cli.Peer;

/// <summary>ONNX Runtime could not be loaded, or refused a request; the message carries its own words.</summary>
internal sealed class OnnxRuntimeException : Exception
{
    public OnnxRuntimeException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
