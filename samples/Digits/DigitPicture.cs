using System;

namespace Samples.DigitReader;

/// <summary>Turns any picture of a digit into what the network was trained on: 28×28, bright ink on black, values 0 to 1.</summary>
internal static class DigitPicture
{
    private const int Side = 28;

    /// <summary>Crops the centre square, makes ink bright and paper black, and averages down to 28×28.</summary>
    public static void Prepare(GreyPicture picture, Span<float> image)
    {
        int side = Math.Min(picture.Width, picture.Height);
        int left = (picture.Width - side) / 2;
        int top = (picture.Height - side) / 2;
        float paper = BorderMean(picture, left, top, side);
        bool darkInk = paper > 0.5f;
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
            {
                float grey = Mean(picture, left + ((float)x * side / Side), top + ((float)y * side / Side), (float)side / Side);
                float ink = darkInk ? (paper - grey) / paper : (grey - paper) / (1 - paper);
                image[(y * Side) + x] = Math.Clamp(ink, 0, 1);
            }
        }
    }

    /// <summary>Mean brightness of the square's border, where a centred digit leaves the paper visible.</summary>
    private static float BorderMean(GreyPicture picture, int left, int top, int side)
    {
        float sum = 0;
        for (int i = 0; i < side; i++)
        {
            sum += picture[left + i, top] + picture[left + i, top + side - 1] + picture[left, top + i] + picture[left + side - 1, top + i];
        }

        return sum / (4 * side);
    }

    /// <summary>Mean over a cell with fractional borders; pixels that are cut count by their share.</summary>
    private static float Mean(GreyPicture picture, float left, float top, float size)
    {
        float sum = 0;
        float weight = 0;
        for (int y = (int)top; y < Math.Min(picture.Height, Math.Ceiling(top + size)); y++)
        {
            float height = Math.Min(y + 1, top + size) - Math.Max(y, top);
            for (int x = (int)left; x < Math.Min(picture.Width, Math.Ceiling(left + size)); x++)
            {
                float share = height * (Math.Min(x + 1, left + size) - Math.Max(x, left));
                sum += share * picture[x, y];
                weight += share;
            }
        }

        return weight > 0 ? sum / weight : 0;
    }
}
