using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace AotCompiler.Emission;

/// <summary>
/// Makes identifiers for C and C++ from names in a model. They stay as they are where both languages allow it; what is not a
/// letter, digit or underscore becomes an underscore. The names are hostile input: nothing of them reaches a header but through
/// this class, as a comment or as an escaped literal.
/// </summary>
internal sealed class CNames
{
    // 63 characters of an internal identifier are significant in C99 (5.2.4.1); some are left for a number.
    private const int MaxLength = 56;

    /// <summary>Keywords of C23 and C++23, alternative spellings, and words that common headers define as macros.</summary>
    private static readonly HashSet<string> _reserved = new(
        ("alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t char32_t class compl concept const " +
        "const_cast consteval constexpr constinit continue co_await co_return co_yield decltype default delete do double dynamic_cast else enum " +
        "explicit export extern false float for friend goto if import inline int long module mutable namespace new noexcept not not_eq nullptr " +
        "operator or or_eq private protected public register reinterpret_cast requires restrict return short signed sizeof static static_assert " +
        "static_cast struct switch template this thread_local throw true try typedef typeid typename typeof typeof_unqual union unsigned using " +
        "virtual void volatile wchar_t while xor xor_eq " +
        "NULL EOF errno assert stdin stdout stderr complex imaginary I linux unix i386 arm near far small interface min max IN OUT OPTIONAL TRUE FALSE BOOL ERROR INFINITY NAN").Split(' '),
        StringComparer.Ordinal);

    /// <summary>Headers that systems bring: a library of the same name would hide them, or they it.</summary>
    private static readonly HashSet<string> _systemHeaders = new(
        ("alloca assert byteswap complex ctype dirent elf endian err errno error fcntl features fenv float grp inttypes iso646 libgen limits link locale " +
        "malloc math memory monetary netdb new poll process pthread pwd regex resource sched search semaphore setjmp signal spawn stdalign stdarg stdatomic stdbool stddef " +
        "stdint stdio stdlib stdnoreturn string strings syslog tar termios tgmath threads time types uchar ucontext unistd utime values wchar wctype windows").Split(' '),
        StringComparer.OrdinalIgnoreCase);

    private readonly HashSet<string> _taken;

    /// <param name="taken">Identifiers that are in use already.</param>
    public CNames(params string[] taken)
    {
        _taken = new HashSet<string>(taken, StringComparer.Ordinal);
    }

    /// <summary>An identifier for a member of a structure that no other name of this object has.</summary>
    public string Member(string name)
    {
        string wanted = Identifier(name, "tensor");
        return Unique(_reserved.Contains(wanted) ? wanted + "_" : wanted);
    }

    /// <summary>The middle part of a macro's name, upper case, that no other name of this object has.</summary>
    public string Macro(string member) => Unique(member.TrimEnd('_').ToUpperInvariant());

    /// <summary>The name of a library, with which its header, functions and types begin.</summary>
    public static string Library(string name)
    {
        string wanted = Identifier(name, "model");
        return _reserved.Contains(wanted) || _systemHeaders.Contains(wanted) ? wanted + "_model" : wanted;
    }

    /// <summary>True if the text can be the name of a library as it is.</summary>
    public static bool IsLibrary(string name) => Library(name) == name;

    private static string Identifier(string name, string fallback)
    {
        var result = new StringBuilder();
        foreach (char c in name)
        {
            bool valid = c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9');
            if (valid)
            {
                result.Append(c);
            }
            else if (result.Length > 0 && result[result.Length - 1] != '_')
            {
                // One underscore for any number of other characters: two are reserved for the implementation in C++.
                result.Append('_');
            }

            if (result.Length == MaxLength)
            {
                break;
            }
        }

        string text = result.ToString().TrimEnd('_');
        return text.Length == 0 ? fallback : text[0] is >= '0' and <= '9' ? $"{fallback[0]}{text}" : text;
    }

    private string Unique(string wanted)
    {
        string name = wanted;
        for (int i = 2; !_taken.Add(name); i++)
        {
            name = $"{wanted.TrimEnd('_')}_{i}";
        }

        return name;
    }
}
