using System;

namespace AotCompiler.Cli.Tests.Peer;

/// <summary>A test that needs ONNX Runtime's native library, named by the environment variable ONNXRUNTIME_LIB.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OnnxRuntimeFactAttribute : FactAttribute
{
    public const string Variable = "ONNXRUNTIME_LIB";

    public OnnxRuntimeFactAttribute()
    {
        if (string.IsNullOrEmpty(LibraryPath))
        {
            Skip = $"Set {Variable} to the path of ONNX Runtime's native library, such as libonnxruntime.so.1, to run this test.";
        }
    }

    public static string? LibraryPath => Environment.GetEnvironmentVariable(Variable);
}
