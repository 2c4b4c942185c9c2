using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace AotCompiler.Emission;

/// <summary>
/// Makes C# identifiers and comment text from names in a model. The names are hostile input: nothing of them reaches
/// generated code but through this class or as an escaped <see cref="Literal"/>.
/// </summary>
internal sealed class NameSanitizer
{
    private const int MaxIdentifierLength = 64;
    private const int MaxCommentLength = 120;

    private static readonly HashSet<string> _keywords = new(
        ("abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else enum event " +
        "explicit extern false finally fixed float for foreach goto if implicit in int interface internal is lock long namespace new null " +
        "object operator out override params private protected public readonly ref return sbyte sealed short sizeof stackalloc static string " +
        "struct switch this throw true try typeof uint ulong unchecked unsafe ushort using virtual void volatile while " +
        "await dynamic field file get global init nameof nint notnull nuint partial record required scoped set unmanaged value var when where with yield").Split(' '),
        StringComparer.Ordinal);

    private readonly HashSet<string> _taken;

    /// <param name="reserved">Identifiers that are in use already.</param>
    public NameSanitizer(params string[] reserved)
    {
        _taken = new HashSet<string>(reserved, StringComparer.Ordinal);
    }

    /// <summary>A unique identifier that begins with a lower-case letter, for parameters and locals.</summary>
    public string Camel(string name) => Unique(Lower(Words(name)));

    /// <summary>A unique identifier that begins with an upper-case letter, for members and types.</summary>
    public string Pascal(string name) => Unique(Words(name));

    /// <summary>The identifier <see cref="Pascal"/> would choose, without reserving it.</summary>
    public static string PascalCase(string name) => Avoid(Words(name));

    /// <summary>True for an ASCII identifier that is no keyword.</summary>
    public static bool IsIdentifier(string text) =>
        text.Length > 0
        && text[0] is not (>= '0' and <= '9')
        && text.All(static c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_')
        && !_keywords.Contains(text);

    /// <summary>Text that is safe inside any comment: printable ASCII, no comment or XML delimiters, of bounded length.</summary>
    public static string Comment(string text)
    {
        var result = new StringBuilder();
        foreach (char c in text)
        {
            if (result.Length >= MaxCommentLength)
            {
                return result.Append("...").ToString();
            }

            result.Append(c is >= ' ' and <= '~' and not ('<' or '>' or '&' or '*' or '\\' or '`') ? c : '_');
        }

        return result.ToString();
    }

    /// <summary>Text for an XML documentation comment that may contain the compiler's own Unicode symbols, escaped.</summary>
    public static string Xml(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");

    private static string Words(string name)
    {
        var result = new StringBuilder();
        bool startWord = true;
        foreach (char c in name)
        {
            bool letter = c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z');
            bool digit = c is >= '0' and <= '9';
            if (!letter && !digit)
            {
                startWord = true;
                continue;
            }

            if (digit && result.Length == 0)
            {
                result.Append('T');
            }
            else if (digit && startWord && result[result.Length - 1] is >= '0' and <= '9')
            {
                result.Append('_');
            }

            result.Append(startWord && letter ? char.ToUpper(c, CultureInfo.InvariantCulture) : c);
            startWord = false;
            if (result.Length >= MaxIdentifierLength)
            {
                break;
            }
        }

        return result.Length == 0 ? "Tensor" : result.ToString();
    }

    private static string Lower(string pascal)
    {
        int upper = 0;
        while (upper < pascal.Length && pascal[upper] is >= 'A' and <= 'Z')
        {
            upper++;
        }

        int count = upper <= 1 || upper == pascal.Length ? upper : upper - 1;
        return pascal.Substring(0, count).ToLowerInvariant() + pascal.Substring(count);
    }

    private static string Avoid(string name) => _keywords.Contains(name) ? name + "Tensor" : name;

    private string Unique(string wanted)
    {
        string name = Avoid(wanted);
        for (int i = 2; !_taken.Add(name); i++)
        {
            name = string.Format(CultureInfo.InvariantCulture, "{0}_{1}", Avoid(wanted), i);
        }

        return name;
    }
}
