using System.Runtime.CompilerServices;

namespace System.Runtime.Intrinsics;

// The members that .NET does not mark as intrinsics, so that the compiler needs their bodies. Written for 128 bits; the
// project derives the other widths. All other members are signatures that the stub generator reads from the framework.
public static unsafe partial class Vector128
{
    public static Vector128<T> Load<T>(T* source) => *(Vector128<T>*)source;

    public static void Store<T>(this Vector128<T> source, T* destination) => *(Vector128<T>*)destination = source;

    public static Vector128<T> Add<T>(Vector128<T> left, Vector128<T> right) => left + right;

    public static Vector128<T> Subtract<T>(Vector128<T> left, Vector128<T> right) => left - right;

    public static Vector128<T> Multiply<T>(Vector128<T> left, Vector128<T> right) => left * right;

    public static Vector128<T> Multiply<T>(Vector128<T> left, T right) => left * right;

    public static Vector128<T> Divide<T>(Vector128<T> left, Vector128<T> right) => left / right;

    public static Vector128<T> BitwiseAnd<T>(Vector128<T> left, Vector128<T> right) => left & right;

    public static Vector128<T> BitwiseOr<T>(Vector128<T> left, Vector128<T> right) => left | right;

    public static Vector128<T> Xor<T>(Vector128<T> left, Vector128<T> right) => left ^ right;

    public static Vector128<T> OnesComplement<T>(Vector128<T> vector) => ~vector;

    public static Vector128<T> Negate<T>(Vector128<T> vector) => -vector;

    public static bool EqualsAll<T>(Vector128<T> left, Vector128<T> right) => left == right;

    public static Vector128<sbyte> ShiftLeft(Vector128<sbyte> vector, int shiftCount) => vector << shiftCount;

    public static Vector128<byte> ShiftLeft(Vector128<byte> vector, int shiftCount) => vector << shiftCount;

    public static Vector128<short> ShiftLeft(Vector128<short> vector, int shiftCount) => vector << shiftCount;

    public static Vector128<ushort> ShiftLeft(Vector128<ushort> vector, int shiftCount) => vector << shiftCount;

    public static Vector128<int> ShiftLeft(Vector128<int> vector, int shiftCount) => vector << shiftCount;

    public static Vector128<uint> ShiftLeft(Vector128<uint> vector, int shiftCount) => vector << shiftCount;

    public static Vector128<long> ShiftLeft(Vector128<long> vector, int shiftCount) => vector << shiftCount;

    public static Vector128<ulong> ShiftLeft(Vector128<ulong> vector, int shiftCount) => vector << shiftCount;

    public static Vector128<sbyte> ShiftRightArithmetic(Vector128<sbyte> vector, int shiftCount) => vector >> shiftCount;

    public static Vector128<short> ShiftRightArithmetic(Vector128<short> vector, int shiftCount) => vector >> shiftCount;

    public static Vector128<int> ShiftRightArithmetic(Vector128<int> vector, int shiftCount) => vector >> shiftCount;

    public static Vector128<long> ShiftRightArithmetic(Vector128<long> vector, int shiftCount) => vector >> shiftCount;

    public static Vector128<sbyte> ShiftRightLogical(Vector128<sbyte> vector, int shiftCount) => vector >>> shiftCount;

    public static Vector128<byte> ShiftRightLogical(Vector128<byte> vector, int shiftCount) => vector >>> shiftCount;

    public static Vector128<short> ShiftRightLogical(Vector128<short> vector, int shiftCount) => vector >>> shiftCount;

    public static Vector128<ushort> ShiftRightLogical(Vector128<ushort> vector, int shiftCount) => vector >>> shiftCount;

    public static Vector128<int> ShiftRightLogical(Vector128<int> vector, int shiftCount) => vector >>> shiftCount;

    public static Vector128<uint> ShiftRightLogical(Vector128<uint> vector, int shiftCount) => vector >>> shiftCount;

    public static Vector128<long> ShiftRightLogical(Vector128<long> vector, int shiftCount) => vector >>> shiftCount;

    public static Vector128<ulong> ShiftRightLogical(Vector128<ulong> vector, int shiftCount) => vector >>> shiftCount;

    public static (Vector128<ushort> Lower, Vector128<ushort> Upper) Widen(Vector128<byte> source) => (WidenLower(source), WidenUpper(source));

    public static (Vector128<short> Lower, Vector128<short> Upper) Widen(Vector128<sbyte> source) => (WidenLower(source), WidenUpper(source));

    public static (Vector128<uint> Lower, Vector128<uint> Upper) Widen(Vector128<ushort> source) => (WidenLower(source), WidenUpper(source));

    public static (Vector128<int> Lower, Vector128<int> Upper) Widen(Vector128<short> source) => (WidenLower(source), WidenUpper(source));

    public static (Vector128<ulong> Lower, Vector128<ulong> Upper) Widen(Vector128<uint> source) => (WidenLower(source), WidenUpper(source));

    public static (Vector128<long> Lower, Vector128<long> Upper) Widen(Vector128<int> source) => (WidenLower(source), WidenUpper(source));

    public static (Vector128<double> Lower, Vector128<double> Upper) Widen(Vector128<float> source) => (WidenLower(source), WidenUpper(source));
}

public readonly unsafe partial struct Vector128<T>
{
    public T this[int index] => this.GetElement(index);
}
