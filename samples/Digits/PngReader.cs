using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Compression;

namespace Samples.DigitReader;

/// <summary>A picture in shades of grey, 0 black to 1 white.</summary>
internal sealed record GreyPicture(int Width, int Height, float[] Pixels)
{
    public float this[int x, int y] => Pixels[(y * Width) + x];
}

/// <summary>
/// Reads 8-bit PNG files (grey, grey with alpha, RGB, RGBA; not interlaced) without a dependency: the framework brings the
/// decompression, the rest is undoing the row filters.
/// </summary>
internal static class PngReader
{
    private const int MaxSide = 8192;
    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <exception cref="InvalidDataException">The file is not a PNG of a supported kind.</exception>
    public static GreyPicture Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        if (!file.AsSpan().StartsWith(Signature))
        {
            throw new InvalidDataException("not a PNG file");
        }

        int width = 0;
        int height = 0;
        int channels = 0;
        using var compressed = new MemoryStream();
        for (int at = Signature.Length; at + 12 <= file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            ReadOnlySpan<byte> kind = file.AsSpan(at + 4, 4);
            if (length < 0 || length > file.Length - at - 12)
            {
                throw new InvalidDataException("a chunk is longer than the file");
            }

            ReadOnlySpan<byte> data = file.AsSpan(at + 8, length);
            if (kind.SequenceEqual("IHDR"u8))
            {
                (width, height, channels) = ReadHeader(data);
            }
            else if (kind.SequenceEqual("IDAT"u8))
            {
                compressed.Write(data);
            }

            at += length + 12;
        }

        return Decode(compressed, width, height, channels);
    }

    private static (int Width, int Height, int Channels) ReadHeader(ReadOnlySpan<byte> data)
    {
        if (data.Length < 13)
        {
            throw new InvalidDataException("the header is too short");
        }

        int width = BinaryPrimitives.ReadInt32BigEndian(data);
        int height = BinaryPrimitives.ReadInt32BigEndian(data[4..]);
        int channels = data[9] switch
        {
            0 => 1,
            2 => 3,
            4 => 2,
            6 => 4,
            _ => 0,
        };
        return data[8] == 8 && channels > 0 && data[12] == 0 && width is > 0 and <= MaxSide && height is > 0 and <= MaxSide
            ? (width, height, channels)
            : throw new InvalidDataException("only 8-bit grey or true-colour PNG pictures without interlacing are read");
    }

    private static GreyPicture Decode(MemoryStream compressed, int width, int height, int channels)
    {
        if (channels == 0)
        {
            throw new InvalidDataException("the header is missing");
        }

        compressed.Position = 0;
        using var pixels = new ZLibStream(compressed, CompressionMode.Decompress);
        int stride = width * channels;
        var row = new byte[stride];
        var above = new byte[stride];
        var grey = new float[width * height];
        try
        {
            for (int y = 0; y < height; y++)
            {
                int filter = pixels.ReadByte();
                pixels.ReadExactly(row);
                Unfilter(filter, row, above, channels);
                for (int x = 0; x < width; x++)
                {
                    grey[(y * width) + x] = Grey(row.AsSpan(x * channels, channels));
                }

                (row, above) = (above, row);
            }
        }
        catch (EndOfStreamException)
        {
            throw new InvalidDataException("the picture's data end early");
        }

        return new GreyPicture(width, height, grey);
    }

    private static void Unfilter(int filter, byte[] row, byte[] above, int channels)
    {
        for (int i = 0; i < row.Length; i++)
        {
            int left = i >= channels ? row[i - channels] : 0;
            int corner = i >= channels ? above[i - channels] : 0;
            row[i] += (byte)(filter switch
            {
                0 => 0,
                1 => left,
                2 => above[i],
                3 => (left + above[i]) / 2,
                4 => Paeth(left, above[i], corner),
                _ => throw new InvalidDataException("an unknown row filter"),
            });
        }
    }

    private static int Paeth(int left, int above, int corner)
    {
        int estimate = left + above - corner;
        int toLeft = Math.Abs(estimate - left);
        int toAbove = Math.Abs(estimate - above);
        int toCorner = Math.Abs(estimate - corner);
        return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
    }

    /// <summary>Luminance by Rec. 601; transparent parts count as white paper.</summary>
    private static float Grey(ReadOnlySpan<byte> pixel)
    {
        float luminance = pixel.Length < 3 ? pixel[0] : (0.299f * pixel[0]) + (0.587f * pixel[1]) + (0.114f * pixel[2]);
        float alpha = pixel.Length is 2 or 4 ? pixel[^1] / 255f : 1;
        return ((luminance / 255f) * alpha) + 1 - alpha;
    }
}
