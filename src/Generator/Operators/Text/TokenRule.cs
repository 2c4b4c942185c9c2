using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Text;

/// <summary>How a string becomes words: the attributes of Tokenizer.</summary>
/// <param name="Expression">A regular expression that describes a word; empty if separators stand between words.</param>
/// <param name="Separators">Regular expressions of what stands between words, applied one after the other.</param>
/// <param name="Minimum">Shorter words are dropped.</param>
/// <param name="Marks">True if a start mark (U+0002) and an end mark (U+0003) are words too.</param>
internal sealed record TokenRule(string Expression, IReadOnlyList<string> Separators, int Minimum, bool Marks)
{
    private static readonly string[] _attributes = { "tokenexp", "separators", "mincharnum", "mark" };

    /// <summary>Reads the attributes of a node.</summary>
    public static TokenRule Of(Node node) => new(
        node.Attributes.String("tokenexp", string.Empty),
        node.Attributes.Strings("separators") ?? Array.Empty<string>(),
        (int)Math.Min(int.MaxValue, node.Attributes.Int("mincharnum", 1)),
        node.Attributes.Flag("mark", false));

    /// <summary>The rule that a node took over from a tokenizer, or null.</summary>
    public static TokenRule? TakenBy(Node node) => node.Attributes.Has("mincharnum") ? Of(node) : null;

    /// <summary>Gives a node the rule of a tokenizer.</summary>
    public static void Take(AttributeMap attributes, Node tokenizer)
    {
        attributes.Set("mincharnum", tokenizer.Attributes.Int("mincharnum", 1));
        foreach (string name in _attributes)
        {
            if (tokenizer.Attributes.Raw(name) is { } value)
            {
                attributes.Set(name, value);
            }
        }
    }

    /// <summary>What is wrong with the rule, or null.</summary>
    public string? Problem()
    {
        if ((Expression.Length > 0) == (Separators.Count > 0) || Minimum < 1)
        {
            return "it needs either tokenexp or separators, and mincharnum of at least 1";
        }

        try
        {
            foreach (string pattern in Separators.Append(Expression))
            {
                _ = new Regex(pattern);
            }

            return null;
        }
        catch (ArgumentException e)
        {
            return $"a pattern is not valid: {e.Message}";
        }
    }

    /// <summary>The words of a string.</summary>
    public IReadOnlyList<string> Split(string text)
    {
        IEnumerable<string> words = Expression.Length > 0
            ? Compiled(Expression).Matches(text).Cast<Match>().Select(static m => m.Value)
            : Separators.Aggregate((IEnumerable<string>)new[] { text }, static (parts, separator) => parts.SelectMany(part => Compiled(separator).Split(part)));
        IEnumerable<string> kept = words.Where(word => word.Length >= Minimum);
        return (Marks ? kept.Prepend("\u0002").Append("\u0003") : kept).ToArray();
    }

    private static Regex Compiled(string pattern) => new(pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
}
