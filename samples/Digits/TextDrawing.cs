using System;
using System.Text;

namespace Samples.DigitReader;

/// <summary>Draws small pictures and bars with characters.</summary>
internal static class TextDrawing
{
    private const string Shades = " .:-=+*#%@";
    private const int Side = 28;
    private const int BarWidth = 24;

    /// <summary>A 28×28 picture, 0 dark and 1 bright, as 14 rows of 28 characters: each character covers two pixels.</summary>
    public static string[] Draw(ReadOnlySpan<float> image)
    {
        var rows = new string[Side / 2];
        for (int row = 0; row < rows.Length; row++)
        {
            var text = new StringBuilder(Side);
            for (int column = 0; column < Side; column++)
            {
                float brightness = (image[(2 * row * Side) + column] + image[(((2 * row) + 1) * Side) + column]) / 2;
                text.Append(Shades[Math.Clamp((int)(brightness * Shades.Length), 0, Shades.Length - 1)]);
            }

            rows[row] = text.ToString();
        }

        return rows;
    }

    /// <summary>A bar for a share of 0 to 1.</summary>
    public static string Bar(float share)
    {
        int filled = (int)Math.Round(Math.Clamp(share, 0, 1) * BarWidth);
        return new string('#', filled) + new string('.', BarWidth - filled);
    }
}
