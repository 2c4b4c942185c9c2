using System;
using System.Linq;

namespace AotCompiler.Ir;

/// <summary>The length of a dimension or loop: a number, or an expression that is known at run time and its greatest value.</summary>
/// <param name="Maximum">The number; for an expression the value that memory and strides are made for.</param>
/// <param name="Size">The expression; null for a fixed number.</param>
internal readonly record struct Extent(int Maximum, Size? Size)
{
    /// <summary>True if the length is known only at run time.</summary>
    public bool IsDynamic => Size is not null;

    /// <summary>The length as an expression.</summary>
    public Size Expression => Size ?? Ir.Size.Of(Maximum);

    public static implicit operator Extent(int value) => new(value, null);

    /// <summary>The length that an expression gives.</summary>
    public static Extent Of(Size size) => size.Constant is { } constant ? new Extent(checked((int)constant), null) : new Extent(checked((int)size.Maximum), size);

    /// <summary>The length of a loop that an expression gives which need not be greatest where the sizes are: no memory may be made for it.</summary>
    public static Extent OfLoop(Size size) => size.Constant is not null ? Of(size) : new Extent(checked((int)size.Samples.Max()), size);

    public static Extent operator *(Extent a, Extent b) => a.IsDynamic || b.IsDynamic
        ? Of(a.Expression * b.Expression)
        : checked(a.Maximum * b.Maximum);

    /// <summary>The length divided by another one that divides it without remainder whatever the sizes are; null if that is not known to be so.</summary>
    public Extent? TryDivide(Extent divisor)
    {
        if (this == divisor)
        {
            return 1;
        }

        if (divisor.IsDynamic || divisor.Maximum == 0)
        {
            return null;
        }

        if (!IsDynamic)
        {
            return Maximum % divisor.Maximum == 0 ? Maximum / divisor.Maximum : null;
        }

        Size quotient = Size!.FloorDivide(divisor.Maximum);
        return (quotient * Ir.Size.Of(divisor.Maximum)).Equals(Size) ? Of(quotient) : null;
    }

    /// <summary>The number, or the expression with its maximum: <c>seq≤512</c>.</summary>
    public override string ToString() => Size is null ? $"{Maximum}" : $"{Size}≤{Maximum}";
}
