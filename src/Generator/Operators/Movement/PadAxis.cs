using System.Linq;

namespace AotCompiler.Operators.Movement;

/// <summary>The padding of one axis, after the elements that negative pads cut off are gone.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="Start">First element of the input that is kept.</param>
/// <param name="Count">Elements that are kept.</param>
/// <param name="Before">Elements added in front.</param>
/// <param name="After">Elements added behind.</param>
internal readonly record struct PadAxis(int Axis, int Start, int Count, int Before, int After)
{
    /// <summary>Elements of the output axis.</summary>
    public int Length => Before + Count + After;

    /// <summary>The output element, relative to the kept part, that a position outside it repeats.</summary>
    /// <param name="position">Position relative to the first kept element: below 0 or at least <see cref="Count"/>.</param>
    /// <param name="mode">reflect, edge or wrap.</param>
    public int Source(int position, string mode)
    {
        switch (mode)
        {
            case "edge":
                return position < 0 ? 0 : Count - 1;
            case "wrap":
                return Modulo(position, Count);
            default:
                int period = 2 * (Count - 1);
                int folded = period == 0 ? 0 : Modulo(position, period);
                return folded < Count ? folded : period - folded;
        }
    }

    /// <summary>For each added element in front (or behind) the kept element it repeats, relative to the first kept one.</summary>
    public int[] Border(bool before, string mode)
    {
        PadAxis axis = this;
        return before
            ? Enumerable.Range(-Before, Before).Select(p => axis.Source(p, mode)).ToArray()
            : Enumerable.Range(Count, After).Select(p => axis.Source(p, mode)).ToArray();
    }

    private static int Modulo(int value, int length) => ((value % length) + length) % length;
}
