using System.Globalization;
using System.Text;
using AotCompiler.Ir;

namespace AotCompiler.Emission;

/// <summary>Writes values as C# literals, the same on every machine and in every culture.</summary>
internal static class Literal
{
    /// <summary>An f32 literal that reads back to the same bits (a quiet NaN for every NaN).</summary>
    public static string Of(float value)
    {
        if (float.IsNaN(value))
        {
            return "float.NaN";
        }

        if (float.IsInfinity(value))
        {
            return value > 0 ? "float.PositiveInfinity" : "float.NegativeInfinity";
        }

        if (value == 0)
        {
            return 1 / value < 0 ? "-0f" : "0f";
        }

        return value.ToString("R", CultureInfo.InvariantCulture) is { } text && float.Parse(text, CultureInfo.InvariantCulture) == value
            ? text + "f"
            : value.ToString("G9", CultureInfo.InvariantCulture) + "f";
    }

    /// <summary>An f64 literal that reads back to the same bits.</summary>
    public static string Of(double value)
    {
        if (double.IsNaN(value))
        {
            return "double.NaN";
        }

        if (double.IsInfinity(value))
        {
            return value > 0 ? "double.PositiveInfinity" : "double.NegativeInfinity";
        }

        return value == 0 && 1 / value < 0 ? "-0d" : value.ToString("G17", CultureInfo.InvariantCulture) + "d";
    }

    /// <summary>An integer literal of the C# type of <paramref name="type"/>.</summary>
    public static string Of(long value, ElementType type) => type switch
    {
        ElementType.Bool => value != 0 ? "true" : "false",
        ElementType.Int64 => value == long.MinValue ? "long.MinValue" : $"{value}L",
        ElementType.UInt64 => $"{unchecked((ulong)value)}UL",
        ElementType.UInt32 => $"{value}u",
        ElementType.Int32 => value == int.MinValue ? "int.MinValue" : $"{value}",
        ElementType.Float32 => Of((float)value),
        ElementType.Float64 => Of((double)value),
        _ => $"({type.CSharpName()})({value})",
    };

    /// <summary>An element of a constant, as a literal of its type.</summary>
    public static string Of(Tensor tensor, int index) => tensor.Type switch
    {
        ElementType.Float32 => Of(tensor.Floats()[index]),
        ElementType.Float64 => Of(tensor.AsSpan<double>()[index]),
        _ when tensor.Type.IsHalf() || tensor.Type.IsNarrowFloat() => $"({tensor.Type.CSharpName()}){Bracketed(Of((float)ElementEvaluation.Read(tensor, index)))}",
        _ => Of(ElementEvaluation.ReadInteger(tensor, index), tensor.Type),
    };

    private static string Bracketed(string literal) => literal[0] == '-' ? $"({literal})" : literal;

    /// <summary>An escaped C# string literal, ASCII only, whatever the text contains.</summary>
    public static string Of(string text)
    {
        var result = new StringBuilder("\"");
        foreach (char c in text)
        {
            if (c is '"' or '\\')
            {
                result.Append('\\').Append(c);
            }
            else if (c is >= ' ' and <= '~')
            {
                result.Append(c);
            }
            else
            {
                result.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            }
        }

        return result.Append('"').ToString();
    }

    /// <summary>A whole number with thousands separated, for comments.</summary>
    public static string Grouped(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
