using System;
using System.Linq;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;

namespace AotCompiler.Tests.Operators;

/// <summary>Codes, scales and zero points for models in tests.</summary>
internal static class Codes
{
    /// <summary>Adds an initializer of seeded random codes.</summary>
    public static ModelBuilder RandomCodes(this ModelBuilder model, string name, OnnxDataType type, params long[] dims)
    {
        var random = new Random(name.Sum(static c => c));
        return model.RawInitializer(name, type, dims, Enumerable.Range(0, (int)dims.Aggregate(1L, static (p, d) => p * d)).Select(_ => (byte)random.Next(256)).ToArray());
    }

    /// <summary>Adds scale <c>NAMEs</c> and zero point <c>NAMEz</c>, one number each.</summary>
    public static ModelBuilder Quantization(this ModelBuilder model, string name, float scale, int zeroPoint, OnnxDataType type = OnnxDataType.UInt8) =>
        model.Initializer($"{name}s", [], [scale]).RawInitializer($"{name}z", type, [], [unchecked((byte)zeroPoint)]);
}
