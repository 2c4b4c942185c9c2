using System;
using System.Collections.Generic;

namespace AotCompiler.Runtime;

/// <summary>The parts of a string between delimiters, as the ONNX operator StringSplit has them.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__StringSplit.html</remarks>
internal static class TextParts
{
    private static readonly char[] _whitespace = { ' ', '\t', '\n', '\v', '\f', '\r' };

    /// <summary>Splits a string.</summary>
    /// <param name="text">The string.</param>
    /// <param name="delimiter">What stands between parts; empty for runs of white space, of which those at the ends do not count.</param>
    /// <param name="limit">Most parts; the last one keeps the rest.</param>
    /// <returns>The parts; none of an empty string.</returns>
    public static string[] Of(string text, string delimiter, int limit) => delimiter.Length == 0 ? AtSpace(text, limit)
        : text.Length == 0 ? Array.Empty<string>()
        : text.Split(new[] { delimiter }, limit, StringSplitOptions.None);

    private static string[] AtSpace(string text, int limit)
    {
        var parts = new List<string>();
        string rest = text.Trim(_whitespace);
        while (rest.Length > 0)
        {
            int end = parts.Count + 1 == limit ? -1 : rest.IndexOfAny(_whitespace);
            parts.Add(end < 0 ? rest : rest.Substring(0, end));
            rest = end < 0 ? string.Empty : rest.Substring(end).TrimStart(_whitespace);
        }

        return parts.ToArray();
    }
}
