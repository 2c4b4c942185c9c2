using System;
using System.Collections.Generic;
using System.Linq;

namespace AotCompiler.Emission;

/// <summary>Removes the braces of bare blocks whose locals are named nowhere else in the block around them.</summary>
/// <remarks>
/// Works on lines of the compiler's own making: one statement or declaration a line. What it takes for a declaration too
/// much, or for a use, only keeps a pair of braces.
/// </remarks>
internal static class ScopeBlocks
{
    /// <summary>What stands before the name in a statement that is no declaration.</summary>
    private static readonly char[] _operators = { '(', '+', '-', '/', '&', '|', '=' };

    /// <summary>Simplifies the bare blocks directly inside a block, which ends with the last line.</summary>
    public static void Simplify(List<CodeLine> lines, OpenBlock block)
    {
        for (int i = block.Bare.Count - 1; i >= 0; i--)
        {
            (int open, int close) = block.Bare[i];
            close -= DropUnusedConstant(lines, open, close);
            if (IsStatementEnd(lines, open - 1)
                && !Locals(lines, open, close).Any(name => Mentions(lines, block.First, open, name) || Mentions(lines, close + 1, lines.Count, name)))
            {
                Dissolve(lines, open, close);
            }
        }
    }

    /// <summary>A loop of one iteration declares its variable, needed or not.</summary>
    private static int DropUnusedConstant(List<CodeLine> lines, int open, int close)
    {
        string text = lines[open + 1].Text;
        if (!text.StartsWith("const int ", StringComparison.Ordinal) || Mentions(lines, open + 2, close, Declared(text).Single()))
        {
            return 0;
        }

        lines.RemoveAt(open + 1);
        return 1;
    }

    /// <summary>Behind the header of a statement that was written as a line, the braces are its body's.</summary>
    private static bool IsStatementEnd(List<CodeLine> lines, int index)
    {
        string text = index < 0 ? string.Empty : lines[index].Text;
        return text.Length == 0
            || text[text.Length - 1] is ';' or '{' or '}'
            || text.StartsWith("//", StringComparison.Ordinal)
            || text.IndexOf(";   //", StringComparison.Ordinal) >= 0;
    }

    private static IEnumerable<string> Locals(List<CodeLine> lines, int open, int close)
    {
        int indent = lines[open].Indent + 1;
        return Enumerable.Range(open + 1, close - open - 1).Where(i => lines[i].Indent == indent).SelectMany(i => Declared(lines[i].Text));
    }

    /// <summary>The locals a line declares: <c>float* x = …;</c>, <c>Vector512&lt;float&gt; c0 = …, c1 = …;</c>, <c>int error;</c>.</summary>
    private static IEnumerable<string> Declared(string text)
    {
        int end = text.IndexOf(" =", StringComparison.Ordinal);
        end = end < 0 && text.EndsWith(";", StringComparison.Ordinal) ? text.Length - 1 : end;
        int space = end <= 0 ? -1 : text.LastIndexOf(' ', end - 1);
        if (space <= 0 || text.IndexOfAny(_operators, 0, end) >= 0 || text.StartsWith("return ", StringComparison.Ordinal) || text.StartsWith("//", StringComparison.Ordinal))
        {
            yield break;
        }

        yield return text.Substring(space + 1, end - space - 1);
        for (int at = text.IndexOf(" = ", end + 1, StringComparison.Ordinal); at >= 0; at = text.IndexOf(" = ", at + 1, StringComparison.Ordinal))
        {
            int start = at;
            while (start > 0 && IsPart(text[start - 1]))
            {
                start--;
            }

            yield return text.Substring(start, at - start);
        }
    }

    private static bool Mentions(List<CodeLine> lines, int first, int end, string name)
    {
        for (int i = first; i < end; i++)
        {
            string text = lines[i].Text;
            int comment = text.IndexOf("//", StringComparison.Ordinal);
            text = comment < 0 ? text : text.Substring(0, comment);
            for (int at = text.IndexOf(name, StringComparison.Ordinal); at >= 0; at = text.IndexOf(name, at + 1, StringComparison.Ordinal))
            {
                int behind = at + name.Length;
                if ((at == 0 || !IsPart(text[at - 1])) && (behind == text.Length || !IsPart(text[behind])))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsPart(char c) => char.IsLetterOrDigit(c) || c == '_';

    private static void Dissolve(List<CodeLine> lines, int open, int close)
    {
        for (int i = open + 1; i < close; i++)
        {
            lines[i] = lines[i] with { Indent = lines[i].Indent - 1 };
        }

        lines.RemoveAt(close);
        lines.RemoveAt(open);
    }
}
