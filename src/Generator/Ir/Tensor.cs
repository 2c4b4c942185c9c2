using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;

namespace AotCompiler.Ir;

/// <summary>
/// A compile-time constant: type, shape and row-major little-endian data. Large constants are recipes: their bytes are
/// computed when somebody asks, so that the generator never touches the weights that only the packer needs.
/// </summary>
internal sealed class Tensor
{
    /// <summary>Results above this size are computed on demand and not kept.</summary>
    public const int EagerLimitBytes = 64 * 1024;

    private const int KeepLimitBytes = 1 << 20;

    private readonly Func<ReadOnlyMemory<byte>>? _compute;
    private readonly WeakReference<byte[]>? _weak;
    private ReadOnlyMemory<byte> _bytes;
    private bool _available;

    private Tensor(ElementType type, Shape shape, string recipe, ReadOnlyMemory<byte> bytes)
    {
        Type = type;
        Shape = shape;
        Recipe = recipe;
        _bytes = bytes;
        _available = true;
    }

    private Tensor(ElementType type, Shape shape, string recipe, Func<ReadOnlyMemory<byte>> compute)
    {
        Type = type;
        Shape = shape;
        Recipe = recipe;
        _compute = compute;
        _weak = new WeakReference<byte[]>(null!);
    }

    public ElementType Type { get; }

    public Shape Shape { get; }

    /// <summary>How the data come about, for the plan's printer: <c>fc1.weight</c>, <c>PackPanels16(fc1.weight)</c>.</summary>
    public string Recipe { get; }

    /// <summary>Bytes of the data.</summary>
    public long ByteCount => Shape.ElementCount * Type.Size();

    /// <summary>True if the data are at hand without computing anything large.</summary>
    public bool IsCheap => _available;

    /// <summary>The data, computed now if they are a recipe.</summary>
    public ReadOnlySpan<byte> Bytes => Memory.Span;

    /// <summary>The data, computed now if they are a recipe.</summary>
    public ReadOnlyMemory<byte> Memory => _available ? _bytes : Compute();

    /// <summary>Wraps bytes that are already in memory.</summary>
    public static Tensor FromBytes(ElementType type, Shape shape, ReadOnlyMemory<byte> bytes, string recipe)
    {
        if (bytes.Length != shape.ElementCount * type.Size())
        {
            throw new ArgumentException("the data do not fit the shape", nameof(bytes));
        }

        return new Tensor(type, shape, recipe, bytes);
    }

    /// <summary>Makes a constant from an array of its elements, row-major.</summary>
    public static Tensor Create<T>(ElementType type, Shape shape, T[] elements, string recipe = "constant")
        where T : unmanaged
    {
        if (elements.Length != shape.ElementCount)
        {
            throw new ArgumentException("the elements do not fit the shape", nameof(elements));
        }

        return FromBytes(type, shape, MemoryMarshal.AsBytes(elements.AsSpan()).ToArray(), recipe);
    }

    /// <summary>Makes a string constant, row-major.</summary>
    public static Tensor OfStrings(Shape shape, IReadOnlyList<string> elements, string recipe = "constant") =>
        Create(ElementType.String, shape, elements.Select(StringPool.HandleOf).ToArray(), recipe);

    /// <summary>The elements of a string constant.</summary>
    public string[] ToStrings() => AsSpan<int>().ToArray().Select(StringPool.TextOf).ToArray();

    /// <summary>Makes an i64 vector, the form shapes and axes have.</summary>
    public static Tensor Vector(params long[] elements) => Create(ElementType.Int64, new Shape(elements.Length), elements);

    /// <summary>Makes an f32 scalar.</summary>
    public static Tensor Scalar(float value) => Create(ElementType.Float32, Shape.Scalar, new[] { value });

    /// <summary>Makes a constant whose bytes are computed when asked for; small ones are computed at once.</summary>
    public static Tensor Lazy(ElementType type, Shape shape, string recipe, Func<ReadOnlyMemory<byte>> compute)
    {
        return shape.ElementCount * type.Size() <= EagerLimitBytes
            ? FromBytes(type, shape, compute(), recipe)
            : new Tensor(type, shape, recipe, compute);
    }

    /// <summary>Makes an f32 constant whose elements are computed when asked for.</summary>
    public static Tensor LazyFloats(Shape shape, string recipe, Func<float[]> compute) =>
        Lazy(ElementType.Float32, shape, recipe, () => MemoryMarshal.AsBytes(compute().AsSpan()).ToArray());

    /// <summary>The same data under another shape of as many elements.</summary>
    public Tensor Reshape(Shape shape)
    {
        if (shape.ElementCount != Shape.ElementCount)
        {
            throw new ArgumentException("the shapes have different sizes", nameof(shape));
        }

        return _available ? new Tensor(Type, shape, Recipe, _bytes) : new Tensor(Type, shape, Recipe, () => Memory);
    }

    /// <summary>The elements, row-major. <typeparamref name="T"/> must have the size of the element type; bool is read as byte.</summary>
    public ReadOnlySpan<T> AsSpan<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Bytes);

    /// <summary>The elements as f32 for an f32 constant.</summary>
    public ReadOnlySpan<float> Floats() => AsSpan<float>();

    /// <summary>The elements of an i64 or i32 constant as i64.</summary>
    public long[] ToInt64Array()
    {
        if (Type == ElementType.Int64)
        {
            return AsSpan<long>().ToArray();
        }

        if (Type != ElementType.Int32)
        {
            throw new InvalidOperationException($"expected an integer constant, got {Type.ShortName()}");
        }

        ReadOnlySpan<int> source = AsSpan<int>();
        var result = new long[source.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = source[i];
        }

        return result;
    }

    public override string ToString() => $"{Type.ShortName()} {Shape} {Recipe}";

    private ReadOnlyMemory<byte> Compute()
    {
        if (_weak!.TryGetTarget(out byte[]? kept))
        {
            return kept;
        }

        ReadOnlyMemory<byte> bytes = _compute!();
        if (bytes.Length != ByteCount)
        {
            throw new InvalidOperationException($"recipe {Recipe} made {bytes.Length} bytes for {this}");
        }

        if (bytes.Length <= KeepLimitBytes)
        {
            _bytes = bytes;
            _available = true;
        }
        else if (MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> segment) && segment.Count == segment.Array!.Length)
        {
            _weak.SetTarget(segment.Array);
        }

        return bytes;
    }
}
