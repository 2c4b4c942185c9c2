using System;
using System.Collections.Generic;
using System.Text.RegularExpressions;

namespace AotCompiler.Runtime;

/// <summary>
/// The strings of a model: in its memory a string is a number, its position here, and equal strings have equal numbers. The
/// constants come first; what a run adds is forgotten when the next one starts.
/// </summary>
/// <remarks>Not thread-safe. New strings allocate, here and where their text is made.</remarks>
public sealed unsafe class StringTable
{
    private readonly Dictionary<string, int> _numbers;
    private readonly List<string> _texts;
    private readonly int[][] _slots;
    private readonly int _constants;
    private Dictionary<string, Regex>? _patterns;

    /// <summary>Makes the table of one instance of a model.</summary>
    /// <param name="constants">The strings that the model's constants refer to by position, all different.</param>
    /// <param name="slotLengths">Numbers of elements of the inputs and outputs that are strings.</param>
    public StringTable(string[] constants, params int[] slotLengths)
    {
        ArgumentNullException.ThrowIfNull(constants);
        ArgumentNullException.ThrowIfNull(slotLengths);
        _constants = constants.Length;
        _texts = new List<string>(constants);
        _numbers = new Dictionary<string, int>(constants.Length, StringComparer.Ordinal);
        for (int i = 0; i < constants.Length; i++)
        {
            _numbers.Add(constants[i], i);
        }

        // Kernels keep addresses of slots over a run.
        _slots = Array.ConvertAll(slotLengths, static length => GC.AllocateArray<int>(Math.Max(1, length), pinned: true));
    }

    /// <summary>Forgets the strings of the previous run.</summary>
    public void Begin()
    {
        for (int i = _constants; i < _texts.Count; i++)
        {
            _numbers.Remove(_texts[i]);
        }

        _texts.RemoveRange(_constants, _texts.Count - _constants);
    }

    /// <summary>The f32 number that a string spells, as the ONNX operator Cast has it.</summary>
    /// <param name="text">The string.</param>
    /// <param name="error">Set to 1 if the string is no number, else left as it is.</param>
    /// <returns>The number, or 0.</returns>
    public static float ToSingle(string text, ref int error) => TextNumber.ToSingle(text, ref error);

    /// <summary>The f64 number that a string spells, as the ONNX operator Cast has it.</summary>
    /// <param name="text">The string.</param>
    /// <param name="error">Set to 1 if the string is no number, else left as it is.</param>
    /// <returns>The number, or 0.</returns>
    public static double ToDouble(string text, ref int error) => TextNumber.ToDouble(text, ref error);

    /// <summary>The i64 number that a string spells, as the ONNX operator Cast has it.</summary>
    /// <param name="text">The string.</param>
    /// <param name="error">Set to 1 if the string is no number, else left as it is.</param>
    /// <returns>The number, or 0.</returns>
    public static long ToInt64(string text, ref int error) => TextNumber.ToInt64(text, ref error);

    /// <summary>The u64 number that a string spells, as the ONNX operator Cast has it.</summary>
    /// <param name="text">The string.</param>
    /// <param name="error">Set to 1 if the string is no number, else left as it is.</param>
    /// <returns>The number, or 0.</returns>
    public static ulong ToUInt64(string text, ref int error) => TextNumber.ToUInt64(text, ref error);

    /// <summary>Memory for the numbers of an input or output.</summary>
    public byte* Slot(int slot)
    {
        fixed (int* start = _slots[slot])
        {
            return (byte*)start;
        }
    }

    /// <summary>Takes an input over and returns the memory with its numbers. Null counts as the empty string.</summary>
    public byte* Write(int slot, ReadOnlySpan<string> values)
    {
        int[] numbers = _slots[slot];
        for (int i = 0; i < values.Length; i++)
        {
            numbers[i] = Intern(values[i] ?? string.Empty);
        }

        return Slot(slot);
    }

    /// <summary>Gives an output to the caller.</summary>
    public void Read(int slot, Span<string> values)
    {
        int[] numbers = _slots[slot];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = _texts[numbers[i]];
        }
    }

    /// <summary>The number of a string, a new one if the table does not have it.</summary>
    public int Intern(string text)
    {
        if (!_numbers.TryGetValue(text, out int number))
        {
            number = _texts.Count;
            _texts.Add(text);
            _numbers.Add(text, number);
        }

        return number;
    }

    /// <summary>The words of consecutive strings, as numbers.</summary>
    /// <param name="strings">Numbers of the strings.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="expression">Pattern of a word; empty if separators stand between words.</param>
    /// <param name="separators">Patterns of what stands between words, applied one after the other; null with an expression.</param>
    /// <param name="minimum">Shorter words are dropped.</param>
    /// <param name="marks">Whether a start mark (U+0002) and an end mark (U+0003) are words of each string.</param>
    /// <exception cref="RegexMatchTimeoutException">Matching took longer than a second.</exception>
    public int[] Words(int* strings, int count, string expression, string[]? separators, int minimum, bool marks)
    {
        var words = new List<int>();
        for (int i = 0; i < count; i++)
        {
            Mark(words, marks, "\u0002");
            foreach (string word in expression.Length > 0 ? Found(Text(strings[i]), expression) : Separated(Text(strings[i]), separators!))
            {
                if (word.Length >= minimum)
                {
                    words.Add(Intern(word));
                }
            }

            Mark(words, marks, "\u0003");
        }

        return words.ToArray();
    }

    /// <summary>The parts of a string between delimiters, as the ONNX operator StringSplit has them.</summary>
    /// <param name="text">The string.</param>
    /// <param name="delimiter">What stands between parts; empty for runs of white space.</param>
    /// <param name="limit">Most parts; the last one keeps the rest.</param>
    /// <param name="parts">Gets the parts' numbers, and behind them the empty string's.</param>
    /// <param name="stride">Elements from one part to the next.</param>
    /// <param name="capacity">Parts that there is room for.</param>
    /// <param name="error">Set to 1 if the string has more, else left as it is.</param>
    /// <returns>How many parts were written.</returns>
    public int Split(string text, string delimiter, int limit, int* parts, long stride, int capacity, ref int error)
    {
        string[] words = TextParts.Of(text, delimiter, limit);
        if (words.Length > capacity)
        {
            error = 1;
        }

        for (int i = 0; i < capacity; i++)
        {
            parts[i * stride] = i < words.Length ? Intern(words[i]) : 0;
        }

        return Math.Min(words.Length, capacity);
    }

    /// <summary>True if the pattern, which is anchored at both ends, describes the text.</summary>
    /// <exception cref="RegexMatchTimeoutException">Matching took longer than a second.</exception>
    public bool Matches(string text, string pattern)
    {
        return Pattern(pattern).IsMatch(text);
    }

    /// <summary>True if the text is one of the words.</summary>
    public bool IsAmong(string text, string[] words, bool caseSensitive)
    {
        StringComparison comparison = caseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        return Array.Exists(words, word => string.Equals(word, text, comparison));
    }

    private Regex Pattern(string pattern)
    {
        _patterns ??= new Dictionary<string, Regex>(StringComparer.Ordinal);
        if (!_patterns.TryGetValue(pattern, out Regex? regex))
        {
            _patterns.Add(pattern, regex = new Regex(pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)));
        }

        return regex;
    }

    private void Mark(List<int> words, bool marks, string mark)
    {
        if (marks)
        {
            words.Add(Intern(mark));
        }
    }

    private IEnumerable<string> Found(string text, string expression)
    {
        foreach (Match match in Pattern(expression).Matches(text))
        {
            yield return match.Value;
        }
    }

    private List<string> Separated(string text, string[] separators)
    {
        var parts = new List<string> { text };
        foreach (string separator in separators)
        {
            var next = new List<string>();
            foreach (string part in parts)
            {
                next.AddRange(Pattern(separator).Split(part));
            }

            parts = next;
        }

        return parts;
    }

    /// <summary>The string behind a number.</summary>
    public string Text(int number) => _texts[number];
}
