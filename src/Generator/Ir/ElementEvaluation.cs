using System;
using System.Runtime.InteropServices;

namespace AotCompiler.Ir;

/// <summary>Element-wise evaluation at compile time: reads any numeric tensor as double, applies functions, rounds to the result type.</summary>
internal static class ElementEvaluation
{
    /// <summary>Applies a function to arguments of the given types; integers wrap to the width of the result type.</summary>
    public static double Apply(ElementFunction function, ReadOnlySpan<double> arguments, ReadOnlySpan<ElementType> types, ElementType resultType)
    {
        if (!AllIntegral(types) || !function.SupportsIntegers)
        {
            return Round(function.Evaluate(arguments), resultType);
        }

        var integers = new long[arguments.Length];
        for (int i = 0; i < integers.Length; i++)
        {
            integers[i] = (long)arguments[i];
        }

        return Wrap(EvaluateIntegers(function, integers, types), resultType);
    }

    /// <summary>Applies a function element by element with broadcasting. 64-bit integers stay exact.</summary>
    public static Tensor Map(ElementFunction function, Shape shape, ElementType resultType, params Tensor[] inputs)
    {
        var types = new ElementType[inputs.Length];
        for (int i = 0; i < types.Length; i++)
        {
            types[i] = inputs[i].Type;
        }

        bool integral = AllIntegral(types) && function.SupportsIntegers;
        int count = checked((int)shape.ElementCount);
        var bytes = new byte[count * resultType.Size()];
        var reals = new double[inputs.Length];
        var integers = new long[inputs.Length];
        var maps = new BroadcastIndex[inputs.Length];
        for (int i = 0; i < maps.Length; i++)
        {
            maps[i] = new BroadcastIndex(inputs[i].Shape, shape);
        }

        for (int e = 0; e < count; e++)
        {
            for (int i = 0; i < inputs.Length; i++)
            {
                int at = maps[i].Map(e);
                if (integral)
                {
                    integers[i] = ReadInteger(inputs[i], at);
                }
                else
                {
                    reals[i] = Read(inputs[i], at);
                }
            }

            if (integral)
            {
                WriteInteger(bytes, resultType, e, EvaluateIntegers(function, integers, types));
            }
            else
            {
                Write(bytes, resultType, e, function.Evaluate(reals));
            }
        }

        return Tensor.FromBytes(resultType, shape, bytes, function.Key);
    }

    private static long EvaluateIntegers(ElementFunction function, ReadOnlySpan<long> arguments, ReadOnlySpan<ElementType> types) => MemoryMarshal.Cast<ElementType, int>(types).IndexOf((int)ElementType.UInt64) >= 0
        ? unchecked((long)function.EvaluateUnsigned(MemoryMarshal.Cast<long, ulong>(arguments)))
        : function.EvaluateInteger(arguments);

    /// <summary>True if all types are integers or bool.</summary>
    public static bool AllIntegral(ReadOnlySpan<ElementType> types)
    {
        foreach (ElementType type in types)
        {
            if (!type.IsInteger() && !type.IsNarrowInteger() && type != ElementType.Bool)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A constant of rank 0.</summary>
    public static Tensor Scalar(ElementType type, double value) => Fill(type, Shape.Scalar, value);

    /// <summary>A constant with all elements equal.</summary>
    public static Tensor Fill(ElementType type, Shape shape, double value) => Tensor.Lazy(type, shape, $"Fill({value:R})", () =>
    {
        int count = checked((int)shape.ElementCount);
        var bytes = new byte[count * type.Size()];
        for (int i = 0; i < count; i++)
        {
            Write(bytes, type, i, value);
        }

        return bytes;
    });

    /// <summary>The value that all elements of a constant have, or null if they differ, if there are none, if they are no numbers, or if looking at them is costly.</summary>
    public static double? Uniform(Tensor? tensor)
    {
        if (tensor is null || !tensor.IsCheap || tensor.Shape.ElementCount == 0 || !tensor.Type.HasCSharpName() || tensor.Type == ElementType.String)
        {
            return null;
        }

        double first = Read(tensor, 0);
        for (int i = 1; i < tensor.Shape.ElementCount; i++)
        {
            if (!Read(tensor, i).Equals(first))
            {
                return null;
            }
        }

        return first;
    }

    /// <summary>Element <paramref name="index"/> as a double.</summary>
    public static double Read(Tensor tensor, int index) => tensor.Type switch
    {
        ElementType.Float32 => tensor.AsSpan<float>()[index],
        ElementType.Float64 => tensor.AsSpan<double>()[index],
        ElementType.Float16 or ElementType.BFloat16 => NarrowFloat.Decode(tensor.Type, tensor.AsSpan<ushort>()[index]),
        _ when tensor.Type.IsNarrowFloat() => NarrowFloat.Decode(tensor.Type, tensor.Bytes[index]),
        ElementType.UInt64 => tensor.AsSpan<ulong>()[index],
        _ => ReadInteger(tensor, index),
    };

    /// <summary>Element <paramref name="index"/> of an integer or bool tensor; u64 is reinterpreted.</summary>
    public static long ReadInteger(Tensor tensor, int index) => tensor.Type switch
    {
        ElementType.Int64 or ElementType.UInt64 => tensor.AsSpan<long>()[index],
        ElementType.Int32 or ElementType.String => tensor.AsSpan<int>()[index],
        ElementType.UInt32 => tensor.AsSpan<uint>()[index],
        ElementType.Int16 => tensor.AsSpan<short>()[index],
        ElementType.UInt16 => tensor.AsSpan<ushort>()[index],
        ElementType.Int8 or ElementType.Int4 or ElementType.Int2 => tensor.AsSpan<sbyte>()[index],
        ElementType.UInt8 or ElementType.UInt4 or ElementType.UInt2 => tensor.AsSpan<byte>()[index],
        ElementType.Bool => tensor.AsSpan<byte>()[index] != 0 ? 1 : 0,
        _ => throw new NotSupportedException($"{tensor.Type.ShortName()} constants cannot be evaluated"),
    };

    /// <summary>Stores a double, rounded to the type; conversion to an integer is <see cref="Truncate"/>.</summary>
    public static void Write(byte[] bytes, ElementType type, int index, double value)
    {
        switch (type)
        {
            case ElementType.Float32:
                MemoryMarshal.Cast<byte, float>(bytes.AsSpan())[index] = (float)value;
                break;
            case ElementType.Float64:
                MemoryMarshal.Cast<byte, double>(bytes.AsSpan())[index] = value;
                break;
            case ElementType.Float16 or ElementType.BFloat16:
                MemoryMarshal.Cast<byte, ushort>(bytes.AsSpan())[index] = (ushort)NarrowFloat.Encode(type, value);
                break;
            case var _ when type.IsNarrowFloat():
                bytes[index] = (byte)NarrowFloat.Encode(type, value);
                break;
            case ElementType.Bool:
                bytes[index] = value != 0 ? (byte)1 : (byte)0;
                break;
            case ElementType.UInt64:
                MemoryMarshal.Cast<byte, ulong>(bytes.AsSpan())[index] = value >= 18446744073709551615.0 ? ulong.MaxValue : value > 0 ? (ulong)value : 0;
                break;
            default:
                WriteInteger(bytes, type, index, Truncate(value, type));
                break;
        }
    }

    /// <summary>Stores an integer, wrapped to the width of the type.</summary>
    public static void WriteInteger(byte[] bytes, ElementType type, int index, long value)
    {
        switch (type)
        {
            case ElementType.Bool:
                bytes[index] = value != 0 ? (byte)1 : (byte)0;
                break;
            case ElementType.Int8 or ElementType.UInt8 or ElementType.Int4 or ElementType.UInt4 or ElementType.Int2 or ElementType.UInt2:
                bytes[index] = unchecked((byte)(long)Wrap(value, type));
                break;
            case ElementType.Int16 or ElementType.UInt16:
                MemoryMarshal.Cast<byte, short>(bytes.AsSpan())[index] = unchecked((short)value);
                break;
            case ElementType.Int32 or ElementType.UInt32 or ElementType.String:
                MemoryMarshal.Cast<byte, int>(bytes.AsSpan())[index] = unchecked((int)value);
                break;
            case ElementType.Int64 or ElementType.UInt64:
                MemoryMarshal.Cast<byte, long>(bytes.AsSpan())[index] = value;
                break;
            case ElementType.Float32:
                MemoryMarshal.Cast<byte, float>(bytes.AsSpan())[index] = value;
                break;
            default:
                Write(bytes, type, index, value);
                break;
        }
    }

    private static double Round(double value, ElementType type) => type switch
    {
        ElementType.Float32 => (float)value,
        _ when type.IsHalf() || type.IsNarrowFloat() => NarrowFloat.Decode(type, NarrowFloat.Encode(type, value)),
        ElementType.Float64 => value,
        ElementType.Bool => value != 0 ? 1 : 0,
        _ => Wrap(Truncate(value, type), type),
    };

    private static double Wrap(long value, ElementType type) => type switch
    {
        ElementType.Int2 => unchecked((sbyte)(value << 6)) >> 6,
        ElementType.UInt2 => value & 3,
        ElementType.Int4 => unchecked((sbyte)(value << 4)) >> 4,
        ElementType.UInt4 => value & 15,
        ElementType.Int8 => unchecked((sbyte)value),
        ElementType.UInt8 => unchecked((byte)value),
        ElementType.Int16 => unchecked((short)value),
        ElementType.UInt16 => unchecked((ushort)value),
        ElementType.Int32 => unchecked((int)value),
        ElementType.UInt32 => unchecked((uint)value),
        ElementType.Bool => value != 0 ? 1 : 0,
        _ => value,
    };

    /// <summary>
    /// A real number as an integer of the type, as .NET converts on every machine: towards zero, saturated at the ends of
    /// 32- and 64-bit types (narrower ones take the low bits of the 32-bit result); NaN is 0.
    /// </summary>
    private static long Truncate(double value, ElementType type)
    {
        (double low, double high) = type switch
        {
            ElementType.UInt32 => (0.0, (double)uint.MaxValue),
            ElementType.Int64 => (long.MinValue, long.MaxValue),
            _ => (int.MinValue, int.MaxValue),
        };
        return double.IsNaN(value) ? 0
            : value < low ? (long)low
            : value < high ? (long)value
            : type == ElementType.Int64 ? long.MaxValue : (long)high;
    }
}

/// <summary>Maps a row-major index of the broadcast shape to the index in an operand.</summary>
internal readonly struct BroadcastIndex
{
    private readonly int[] _dimensions;
    private readonly long[] _strides;
    private readonly bool _identity;

    public BroadcastIndex(Shape operand, Shape result)
    {
        _identity = operand.Equals(result);
        _dimensions = result.ToArray();
        _strides = new long[result.Rank];
        long[] own = operand.RowMajorStrides();
        int skip = result.Rank - operand.Rank;
        for (int i = 0; i < operand.Rank; i++)
        {
            _strides[skip + i] = operand[i] == 1 ? 0 : own[i];
        }
    }

    public int Map(int index)
    {
        if (_identity)
        {
            return index;
        }

        long result = 0;
        for (int i = _dimensions.Length - 1; i >= 0; i--)
        {
            result += index % _dimensions[i] * _strides[i];
            index /= _dimensions[i];
        }

        return (int)result;
    }
}
