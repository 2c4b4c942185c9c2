using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace AotCompiler.Cli.Profiling;

/// <summary>A node of ONNX Runtime's rewritten graph.</summary>
/// <param name="Name">Its name there, or one made of operator and number.</param>
/// <param name="Operator">Its operator.</param>
/// <param name="MeanUs">Mean time of its runs in microseconds.</param>
internal sealed record PeerNode(string Name, string Operator, double MeanUs);

/// <summary>Reads the file that ONNX Runtime's profiler writes: a JSON array of trace events, the nodes' among them.</summary>
/// <remarks>
/// An event of a node has <c>cat</c> "Node", a <c>name</c> that ends in "_kernel_time", <c>dur</c> in whole microseconds rounded down,
/// and <c>args</c> with <c>op_name</c> and <c>node_index</c>. The first run of a session allocates and is left out.
/// </remarks>
internal static class PeerTimesFile
{
    private const string Suffix = "_kernel_time";

    // A time that was cut to whole microseconds was, on average, half a microsecond longer.
    private const double LostByRounding = 0.5;

    /// <summary>The nodes in the order they run.</summary>
    /// <exception cref="InvalidDataException">The file is no such profile.</exception>
    public static IReadOnlyList<PeerNode> Read(Stream stream)
    {
        var order = new List<(string Name, string Operator)>();
        var times = new Dictionary<string, List<long>>(StringComparer.Ordinal);
        try
        {
            using JsonDocument document = JsonDocument.Parse(stream);
            foreach (JsonElement item in document.RootElement.EnumerateArray())
            {
                if (!IsNode(item))
                {
                    continue;
                }

                string name = item.GetProperty("name").GetString()![..^Suffix.Length];
                if (!times.TryGetValue(name, out List<long>? list))
                {
                    times.Add(name, list = []);
                    order.Add((name, item.GetProperty("args").GetProperty("op_name").GetString() ?? string.Empty));
                }

                list.Add(item.GetProperty("dur").GetInt64());
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"ONNX Runtime's profile cannot be read: {e.Message}", e);
        }

        return order.Select(o => new PeerNode(o.Name, o.Operator, Mean(times[o.Name]))).ToArray();
    }

    private static bool IsNode(JsonElement item) => item.TryGetProperty("cat", out JsonElement category) && category.GetString() == "Node"
        && item.TryGetProperty("name", out JsonElement name) && name.GetString()!.EndsWith(Suffix, StringComparison.Ordinal);

    /// <summary>Mean of the faster half: what other programs disturbed does not count.</summary>
    private static double Mean(List<long> times)
    {
        long[] steady = times.Skip(times.Count > 1 ? 1 : 0).Order().ToArray();
        return steady.Take((steady.Length + 1) / 2).Average() + LostByRounding;
    }
}
