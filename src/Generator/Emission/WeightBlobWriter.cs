using System;
using System.IO;
using System.Threading;
using AotCompiler.Lowering;
using AotCompiler.Planning;
using AotCompiler.Runtime;

namespace AotCompiler.Emission;

/// <summary>Writes a plan's weights in the order the kernels read them, each 64-byte aligned, behind a header that names the plan.</summary>
internal static class WeightBlobWriter
{
    /// <summary>The payload in memory, without a header: for weights that are written into the source.</summary>
    public static byte[] ToBytes(ExecutionPlan plan, CancellationToken cancellation)
    {
        var bytes = new byte[plan.WeightBytes];
        foreach (Storage weight in plan.Weights)
        {
            cancellation.ThrowIfCancellationRequested();
            weight.Data!.Bytes.CopyTo(bytes.AsSpan(checked((int)weight.Offset)));
        }

        return bytes;
    }

    /// <summary>Writes header and payload to a stream that can seek; one weight at a time is in memory.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="hash">The plan's hash, see <see cref="PlanHash"/>.</param>
    /// <param name="stream">Where the blob goes, from the present position.</param>
    /// <param name="progress">Told the bytes of each weight that is done.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static void Write(ExecutionPlan plan, PlanHash hash, Stream stream, Action<long>? progress, CancellationToken cancellation)
    {
        long start = stream.Position;
        var header = new byte[WeightBlobHeader.Length];
        stream.Write(header, 0, header.Length);
        ContentHash content = default;
        byte[] buffer = Array.Empty<byte>();
        foreach (Storage weight in plan.Weights)
        {
            cancellation.ThrowIfCancellationRequested();
            ReadOnlyMemory<byte> data = weight.Data!.Memory;
            int padded = checked((int)ArenaPlanner.RoundUp(data.Length));
            if (buffer.Length < padded)
            {
                buffer = new byte[padded];
            }

            data.Span.CopyTo(buffer);
            buffer.AsSpan(data.Length, padded - data.Length).Clear();
            content.Append(buffer.AsSpan(0, padded));
            stream.Write(buffer, 0, padded);
            progress?.Invoke(padded);
        }

        long end = stream.Position;
        new WeightBlobHeader(hash.High, hash.Low, plan.WeightBytes, content.ToUInt64()).Write(header);
        stream.Position = start;
        stream.Write(header, 0, header.Length);
        stream.Position = end;
    }
}
