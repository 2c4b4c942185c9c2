namespace System;

// The fundamental types as ILC demands them: laid out as in .NET, with the few members that kernels use.

/// <summary>Base of all classes. The field is the pointer to the method table, which ILC expects first.</summary>
public class Object
{
    private IntPtr _methodTable;
}

public struct Void
{
}

public struct Boolean
{
    private readonly bool _value;
}

public struct Char
{
    private readonly char _value;
}

public struct SByte
{
    public const sbyte MaxValue = 127;
    public const sbyte MinValue = -128;
    private readonly sbyte _value;
}

public struct Byte
{
    public const byte MaxValue = 255;
    public const byte MinValue = 0;
    private readonly byte _value;
}

public struct Int16
{
    public const short MaxValue = 32767;
    public const short MinValue = -32768;
    private readonly short _value;
}

public struct UInt16
{
    public const ushort MaxValue = 65535;
    public const ushort MinValue = 0;
    private readonly ushort _value;
}

public struct Int32
{
    public const int MaxValue = 0x7FFFFFFF;
    public const int MinValue = unchecked((int)0x80000000);
    private readonly int _value;

    public int CompareTo(int value) => _value < value ? -1 : _value > value ? 1 : 0;
}

public struct UInt32
{
    public const uint MaxValue = 0xFFFFFFFF;
    public const uint MinValue = 0;
    private readonly uint _value;
}

public struct Int64
{
    public const long MaxValue = 0x7FFFFFFFFFFFFFFF;
    public const long MinValue = unchecked((long)0x8000000000000000);
    private readonly long _value;

    public int CompareTo(long value) => _value < value ? -1 : _value > value ? 1 : 0;
}

public struct UInt64
{
    public const ulong MaxValue = 0xFFFFFFFFFFFFFFFF;
    public const ulong MinValue = 0;
    private readonly ulong _value;
}

public struct IntPtr
{
    private readonly unsafe void* _value;
}

public struct UIntPtr
{
    private readonly unsafe void* _value;
}

public struct Single
{
    public const float MaxValue = 3.40282346638528859e+38f;
    public const float MinValue = -3.40282346638528859e+38f;
    public const float Epsilon = 1.4e-45f;
    public const float PositiveInfinity = 1.0f / 0.0f;
    public const float NegativeInfinity = -1.0f / 0.0f;
    public const float NaN = 0.0f / 0.0f;
    private readonly float _value;

    public static bool IsNaN(float x) => x != x;

    public static unsafe bool IsInfinity(float x) => (*(uint*)&x & 0x7FFFFFFF) == 0x7F800000;

    public static unsafe bool IsPositiveInfinity(float x) => *(uint*)&x == 0x7F800000;

    public static unsafe bool IsNegativeInfinity(float x) => *(uint*)&x == 0xFF800000;

    public static unsafe bool IsFinite(float x) => (*(uint*)&x & 0x7FFFFFFF) < 0x7F800000;

    public static unsafe bool IsNegative(float x) => *(int*)&x < 0;
}

public struct Double
{
    public const double MaxValue = 1.7976931348623157E+308;
    public const double MinValue = -1.7976931348623157E+308;
    public const double Epsilon = 4.9406564584124654E-324;
    public const double PositiveInfinity = 1.0 / 0.0;
    public const double NegativeInfinity = -1.0 / 0.0;
    public const double NaN = 0.0 / 0.0;
    private readonly double _value;

    public static bool IsNaN(double x) => x != x;

    public static unsafe bool IsInfinity(double x) => (*(ulong*)&x & 0x7FFFFFFFFFFFFFFF) == 0x7FF0000000000000;

    public static unsafe bool IsPositiveInfinity(double x) => *(ulong*)&x == 0x7FF0000000000000;

    public static unsafe bool IsNegativeInfinity(double x) => *(ulong*)&x == 0xFFF0000000000000;

    public static unsafe bool IsFinite(double x) => (*(ulong*)&x & 0x7FFFFFFFFFFFFFFF) < 0x7FF0000000000000;

    public static unsafe bool IsNegative(double x) => *(long*)&x < 0;
}

public abstract class ValueType
{
}

public abstract class Enum : ValueType
{
}

public struct Nullable<T>
    where T : struct
{
    private readonly bool _hasValue;
    private T _value;
}

/// <summary>Known to the C# compiler only; freestanding code has no strings.</summary>
public sealed class String
{
    private readonly int _length;

    public int Length => _length;
}

/// <summary>Known to the compilers only; freestanding code has no arrays.</summary>
public abstract class Array
{
}

internal class Array<T> : Array
{
}

public abstract class Delegate
{
}

public abstract class MulticastDelegate : Delegate
{
}

public struct RuntimeTypeHandle
{
    private IntPtr _value;
}

public struct RuntimeMethodHandle
{
    private IntPtr _value;
}

public struct RuntimeFieldHandle
{
    private IntPtr _value;
}

public abstract class Type
{
}

public class Exception
{
}

public struct ValueTuple<T1, T2>
{
    public T1 Item1;
    public T2 Item2;

    public ValueTuple(T1 item1, T2 item2)
    {
        Item1 = item1;
        Item2 = item2;
    }
}

public struct ValueTuple<T1, T2, T3>
{
    public T1 Item1;
    public T2 Item2;
    public T3 Item3;

    public ValueTuple(T1 item1, T2 item2, T3 item3)
    {
        Item1 = item1;
        Item2 = item2;
        Item3 = item3;
    }
}

public struct ValueTuple<T1, T2, T3, T4>
{
    public T1 Item1;
    public T2 Item2;
    public T3 Item3;
    public T4 Item4;

    public ValueTuple(T1 item1, T2 item2, T3 item3, T4 item4)
    {
        Item1 = item1;
        Item2 = item2;
        Item3 = item3;
        Item4 = item4;
    }
}

public interface IDisposable
{
    void Dispose();
}

public interface IEquatable<T>
{
    bool Equals(T other);
}
