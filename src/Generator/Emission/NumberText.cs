using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace AotCompiler.Emission;

/// <summary>Lines of code with places for numbers that are decided later: written as literals, or as names of parameters.</summary>
internal static class NumberText
{
    /// <summary>Begins a place; the number's position among a body's <see cref="StepWriter.Numbers"/> follows.</summary>
    public const char Start = '\u0002';

    /// <summary>Ends a place.</summary>
    public const char End = '\u0003';

    /// <summary>Fills the places of a line.</summary>
    /// <param name="text">The line.</param>
    /// <param name="values">What stands for each number.</param>
    public static string Fill(string text, IReadOnlyList<string> values)
    {
        int start = text.IndexOf(Start);
        if (start < 0)
        {
            return text;
        }

        var result = new StringBuilder();
        int done = 0;
        for (; start >= 0; start = text.IndexOf(Start, done))
        {
            int end = text.IndexOf(End, start);
            result.Append(text, done, start - done);
            result.Append(values[int.Parse(text.Substring(start + 1, end - start - 1), CultureInfo.InvariantCulture)]);
            done = end + 1;
        }

        return result.Append(text, done, text.Length - done).ToString();
    }
}
