using System.Collections.Generic;

namespace AotCompiler.Operators.Quantization;

/// <summary>What convolutions of codes have in common with Conv.</summary>
internal static class QuantizedConvolution
{
    /// <summary>The attributes of Conv.</summary>
    public static IReadOnlyList<string> Attributes { get; } = new[] { "auto_pad", "dilations", "group", "kernel_shape", "pads", "strides" };
}
