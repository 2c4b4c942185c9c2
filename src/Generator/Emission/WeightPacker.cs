using System;
using System.IO;
using System.Threading;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Planning;
using AotCompiler.Runtime;

namespace AotCompiler.Emission;

/// <summary>Writes the weights that a compilation left out of its source as an assembly that the generated code refers to.</summary>
internal static class WeightPacker
{
    /// <summary>Writes the assembly; one weight at a time is in memory.</summary>
    /// <param name="plan">The plan whose weights are written.</param>
    /// <param name="code">The code that uses them; its <see cref="GeneratedCode.WeightTypeName"/> is not null.</param>
    /// <param name="assemblyName">Name of the assembly, without extension.</param>
    /// <param name="stream">Where it goes; must be able to seek.</param>
    /// <param name="progress">Told the bytes of each weight that is done.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="ModelException">The weights are too large, or their external data cannot be read.</exception>
    public static void Write(ExecutionPlan plan, GeneratedCode code, string assemblyName, Stream stream, Action<long>? progress, CancellationToken cancellation)
    {
        long length = WeightBlobHeader.Length + plan.WeightBytes;
        if (length > WeightAssemblyWriter.MaxLength)
        {
            throw new ModelException(
                DiagnosticCodes.TooLarge,
                $"The packed weights have {plan.WeightBytes} bytes; one model may have {WeightAssemblyWriter.MaxLength - WeightBlobHeader.Length}. Split the model in two, or use narrower weights.");
        }

        var writer = new WeightAssemblyWriter(assemblyName, code.WeightTypeName!, (int)length, code.Hash.ToString());
        writer.Write(stream, block => WeightBlobWriter.Write(plan, code.Hash, block, progress, cancellation));
    }
}
