using System;
using System.Buffers.Binary;
using AotCompiler.Onnx;

namespace AotCompiler.Cli.Numerics;

/// <summary>How far an actual tensor is from the expected one.</summary>
/// <remarks>
/// Floating-point elements pass under |a − e| ≤ atol + rtol·|e|; NaN equals NaN, an infinity equals the same infinity only.
/// Integers, booleans and types without arithmetic here (8 bits of float, less than a byte) must be equal.
/// </remarks>
internal sealed class TensorComparison
{
    /// <summary>
    /// Tolerances that a reference may be from the exact value and still be rounding: beyond, one of the two means something else by the model.
    /// </summary>
    private const double ReferenceTolerances = 100;

    private readonly double _absoluteTolerance;
    private readonly double _relativeTolerance;
    private readonly double[]? _exact;
    private double _worstExcess = double.NegativeInfinity;

    private TensorComparison(double absoluteTolerance, double relativeTolerance, double[]? exact = null)
    {
        _absoluteTolerance = absoluteTolerance;
        _relativeTolerance = relativeTolerance;
        _exact = exact;
    }

    /// <summary>Why the elements could not be compared: another type or shape; null if they were.</summary>
    public string? Incomparable { get; private init; }

    /// <summary>Largest |a − e|; infinite where only one of the two is a number, or finite.</summary>
    public double MaxAbs { get; private set; }

    /// <summary>Largest |a − e| / |e| over the elements whose expected value is not zero.</summary>
    public double MaxRel { get; private set; }

    /// <summary>Largest number of representable values between a and e, in the tensor's own type; saturates at <see cref="long.MaxValue"/>.</summary>
    public long MaxUlp { get; private set; }

    /// <summary>Row-major index of the element that exceeds its tolerance most or comes closest to it; −1 if all are equal.</summary>
    public long WorstIndex { get; private set; } = -1;

    /// <summary>Number of elements out of tolerance.</summary>
    public long MismatchCount { get; private set; }

    /// <summary>Those of <see cref="MismatchCount"/> that are no farther from the exact value than the expected one is, which is near it itself.</summary>
    public long NoFartherCount { get; private set; }

    /// <summary>Whether type and shape agree and every element is within tolerance, or no farther from the exact value than the expected one.</summary>
    public bool Passed => Incomparable is null && MismatchCount == NoFartherCount;

    /// <summary>Compares type and shape alone.</summary>
    public static TensorComparison CompareForm(TensorData expected, TensorData actual) => new(0, 0)
    {
        Incomparable = expected.Type != actual.Type || !expected.Shape.AsSpan().SequenceEqual(actual.Shape) ? $"expected {expected}, got {actual}" : null,
    };

    /// <summary>Compares element by element; a tensor of another type or shape does not pass.</summary>
    /// <param name="expected">What a reference computed.</param>
    /// <param name="actual">What was computed.</param>
    /// <param name="atol">Absolute tolerance.</param>
    /// <param name="rtol">Relative tolerance.</param>
    /// <param name="exact">The elements in double precision, where they are known: real tensors and 8-bit to 64-bit integers only.</param>
    public static TensorComparison Compare(TensorData expected, TensorData actual, double atol, double rtol, double[]? exact = null)
    {
        if (expected.Type != actual.Type || !expected.Shape.AsSpan().SequenceEqual(actual.Shape))
        {
            return new TensorComparison(atol, rtol) { Incomparable = $"expected {expected}, got {actual}" };
        }

        var comparison = new TensorComparison(atol, rtol, exact);
        switch (expected.Type)
        {
            case OnnxDataType.Float or OnnxDataType.Double or OnnxDataType.Float16 or OnnxDataType.BFloat16:
                comparison.AddFloats(expected.Type, expected.Data, actual.Data, 1);
                break;
            case OnnxDataType.Complex64:
                comparison.AddFloats(OnnxDataType.Float, expected.Data, actual.Data, 2);
                break;
            case OnnxDataType.Complex128:
                comparison.AddFloats(OnnxDataType.Double, expected.Data, actual.Data, 2);
                break;
            default:
                comparison.AddExact(expected, actual);
                break;
        }

        return comparison;
    }

    /// <summary>Largest magnitude of a real floating-point tensor's finite elements; 0 for other types.</summary>
    public static double LargestMagnitude(TensorData tensor)
    {
        if (tensor.Type is not (OnnxDataType.Float or OnnxDataType.Double or OnnxDataType.Float16 or OnnxDataType.BFloat16))
        {
            return 0;
        }

        int size = tensor.Type.BitWidth() / 8;
        double largest = 0;
        for (int start = 0; start < tensor.Data.Length; start += size)
        {
            double magnitude = Math.Abs(LoadFloat(tensor.Type, tensor.Data.AsSpan(start)).Value);
            largest = double.IsFinite(magnitude) ? Math.Max(largest, magnitude) : largest;
        }

        return largest;
    }

    /// <summary>Root mean square of a real floating-point tensor's finite elements, its scale; 0 for other types.</summary>
    public static double RootMeanSquare(TensorData tensor)
    {
        if (tensor.Type is not (OnnxDataType.Float or OnnxDataType.Double or OnnxDataType.Float16 or OnnxDataType.BFloat16))
        {
            return 0;
        }

        int size = tensor.Type.BitWidth() / 8;
        double sum = 0;
        long count = 0;
        for (int start = 0; start < tensor.Data.Length; start += size)
        {
            double value = LoadFloat(tensor.Type, tensor.Data.AsSpan(start)).Value;
            if (double.IsFinite(value))
            {
                sum += value * value;
                count++;
            }
        }

        return count == 0 ? 0 : Math.Sqrt(sum / count);
    }

    private void AddFloats(OnnxDataType type, byte[] expected, byte[] actual, int partsPerElement)
    {
        var size = type.BitWidth() / 8;
        for (var start = 0; start < expected.Length; start += size)
        {
            var (e, expectedOrder) = LoadFloat(type, expected.AsSpan(start));
            var (a, actualOrder) = LoadFloat(type, actual.AsSpan(start));
            if (a.Equals(e) || a == e)
            {
                continue;
            }

            AddFloat(e, a, Saturate((Int128)actualOrder - expectedOrder), start / size / partsPerElement);
        }
    }

    private void AddFloat(double expected, double actual, long ulp, long index)
    {
        if (!double.IsFinite(expected) || !double.IsFinite(actual))
        {
            var isNumber = !double.IsNaN(expected) && !double.IsNaN(actual);
            Add(double.PositiveInfinity, double.PositiveInfinity, isNumber ? ulp : long.MaxValue, double.PositiveInfinity, index, noFarther: false);
            return;
        }

        var absolute = Math.Abs(actual - expected);
        var relative = expected == 0 ? 0 : absolute / Math.Abs(expected);
        Add(absolute, relative, ulp, absolute - (_absoluteTolerance + (_relativeTolerance * Math.Abs(expected))), index, IsNoFarther(actual, expected, index, ReferenceTolerances * (_absoluteTolerance + (_relativeTolerance * Math.Abs(expected)))));
    }

    private void AddExact(TensorData expected, TensorData actual)
    {
        var count = expected.Count;
        for (long i = 0; i < count; i++)
        {
            var e = LoadInteger(expected.Type, expected.Data, i);
            var a = LoadInteger(actual.Type, actual.Data, i);
            if (a != e)
            {
                var difference = (double)Int128.Abs(a - e);
                Add(difference, e == 0 ? 0 : difference / (double)Int128.Abs(e), Saturate(a - e), difference, i, IsNoFarther((double)a, (double)e, i, 1));
            }
        }
    }

    private bool IsNoFarther(double actual, double expected, long index, double referenceTolerance) => _exact is { } exact
        && Math.Abs(expected - exact[index]) <= referenceTolerance
        && Math.Abs(actual - exact[index]) <= Math.Abs(expected - exact[index]);

    private void Add(double absolute, double relative, long ulp, double excess, long index, bool noFarther)
    {
        MaxAbs = Math.Max(MaxAbs, absolute);
        MaxRel = Math.Max(MaxRel, relative);
        MaxUlp = Math.Max(MaxUlp, ulp);
        if (excess > 0)
        {
            MismatchCount++;
            NoFartherCount += noFarther ? 1 : 0;
        }

        if (excess > _worstExcess)
        {
            _worstExcess = excess;
            WorstIndex = index;
        }
    }

    /// <summary>The value, exactly, and its rank among the values of its type, where both zeros have rank 0.</summary>
    private static (double Value, long Rank) LoadFloat(OnnxDataType type, ReadOnlySpan<byte> data)
    {
        switch (type)
        {
            case OnnxDataType.Double:
                var wide = BinaryPrimitives.ReadInt64LittleEndian(data);
                return (BitConverter.Int64BitsToDouble(wide), Rank(wide & long.MaxValue, wide < 0));
            case OnnxDataType.Float:
                var single = BinaryPrimitives.ReadInt32LittleEndian(data);
                return (BitConverter.Int32BitsToSingle(single), Rank(single & int.MaxValue, single < 0));
            case OnnxDataType.BFloat16:
                var brain = BinaryPrimitives.ReadInt16LittleEndian(data);
                return (BitConverter.Int32BitsToSingle(brain << 16), Rank(brain & short.MaxValue, brain < 0));
            default:
                var half = BinaryPrimitives.ReadInt16LittleEndian(data);
                return ((double)BitConverter.Int16BitsToHalf(half), Rank(half & short.MaxValue, half < 0));
        }
    }

    private static long Rank(long magnitude, bool negative) => negative ? -magnitude : magnitude;

    private static Int128 LoadInteger(OnnxDataType type, byte[] data, long index) => type.BitWidth() >= 8
        ? LoadWholeBytes(type, data.AsSpan((int)(index * (type.BitWidth() / 8))))
        : LoadPacked(type, data[index * type.BitWidth() / 8], (int)(index * type.BitWidth() % 8));

    private static Int128 LoadWholeBytes(OnnxDataType type, ReadOnlySpan<byte> data) => type switch
    {
        OnnxDataType.Int8 => (sbyte)data[0],
        OnnxDataType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(data),
        OnnxDataType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(data),
        OnnxDataType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(data),
        OnnxDataType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(data),
        OnnxDataType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(data),
        OnnxDataType.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(data),
        _ => data[0],
    };

    private static Int128 LoadPacked(OnnxDataType type, byte data, int firstBit) => type switch
    {
        OnnxDataType.Int4 => (sbyte)(data << (4 - firstBit)) >> 4,
        OnnxDataType.Int2 => (sbyte)(data << (6 - firstBit)) >> 6,
        OnnxDataType.UInt2 => (data >> firstBit) & 3,
        _ => (data >> firstBit) & 15,
    };

    private static long Saturate(Int128 distance) => (long)Int128.Min(Int128.Abs(distance), long.MaxValue);
}
