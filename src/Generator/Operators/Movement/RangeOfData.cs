using System;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Operators.Selection;

namespace AotCompiler.Operators.Movement;

/// <summary>
/// Range whose numbers only a run knows: its length is computed in the graph and becomes a size, and the numbers from 0 on below it are
/// multiplied by the step and added to the start.
/// </summary>
internal static class RangeOfData
{
    /// <summary>Writes the node as an expression; null where its length is one of whole numbers that only declarations can bound.</summary>
    /// <param name="compose">Adds the parts.</param>
    /// <param name="start">The first number; one element.</param>
    /// <param name="limit">What all numbers stay on one side of; one element.</param>
    /// <param name="delta">From one number to the next; one element.</param>
    public static Value? TryWrite(Composer compose, Value start, Value limit, Value delta)
    {
        ElementType type = start.Type;
        Value[] given = { start, limit, delta };
        compose.Check(given.All(v => v.Type == type && v.Shape is { IsDynamic: false } shape && shape.ElementCount == 1), "start, limit and delta must be one number each, all of one type");
        compose.Check(delta.Constant is not { } step || ElementEvaluation.Read(step, 0) is not (0 or double.NaN), "delta is 0 or not a number");
        Value[] numbers = given.Select(v => compose.Reshape(v, Shape.Scalar)).ToArray();
        if (Sized(compose, numbers, type.IsInteger() ? OfIntegers(compose, numbers) : OfReals(compose, numbers)) is not { } length)
        {
            return null;
        }

        // In double precision, as the constant range is computed: a narrow type could not count.
        ElementType wide = type.IsInteger() ? ElementType.Int64 : ElementType.Float64;
        Value positions = compose.Op("Range", compose.Scalar(0, ElementType.Int64), length, compose.Scalar(1, ElementType.Int64));
        Value steps = compose.Mul(compose.Cast(positions, wide), compose.Cast(numbers[2], wide));
        return compose.Cast(compose.Add(steps, compose.Cast(numbers[0], wide)), type);
    }

    /// <summary>⌈(limit - start) / delta⌉ of integers, at least 0.</summary>
    private static Value OfIntegers(Composer compose, Value[] numbers)
    {
        Value[] wide = numbers.Select(v => compose.Cast(v, ElementType.Int64)).ToArray();
        Value Number(long value) => compose.Scalar(value, ElementType.Int64);
        Value Ceiling(Value distance, Value step) => compose.Op("Max", compose.Div(compose.Add(distance, compose.Sub(step, Number(1))), step), Number(0));
        Value Up() => Ceiling(compose.Sub(wide[1], wide[0]), wide[2]);
        Value Down(Value step) => Ceiling(compose.Sub(wide[0], wide[1]), step);
        return Direction(wide[2]) switch
        {
            > 0 => Up(),
            < 0 => Down(compose.Op("Neg", wide[2])),
            _ => EitherWay(),
        };

        Value EitherWay()
        {
            // Of a step of 0 no number comes out that is inside any range, so that the run ends with an error.
            Value isUp = compose.Op("Greater", wide[2], Number(0));
            Value size = compose.Op("Max", compose.Op("Abs", wide[2]), Number(1));
            Value distance = compose.Where(isUp, compose.Sub(wide[1], wide[0]), compose.Sub(wide[0], wide[1]));
            return compose.Where(compose.Op("Equal", wide[2], Number(0)), Number(-1), Ceiling(distance, size));
        }
    }

    /// <summary>⌈(limit - start) / delta⌉ of real numbers, at least 0, as a number that need not be one.</summary>
    private static Value OfReals(Composer compose, Value[] numbers)
    {
        Value[] wide = numbers.Select(v => compose.Cast(v, ElementType.Float64)).ToArray();
        Value count = compose.Op("Ceil", compose.Div(compose.Sub(wide[1], wide[0]), wide[2]));

        // Not Max(0, …) of all: what is no number must stay none, so that the run ends with an error.
        return compose.Where(compose.Op("Less", count, compose.Scalar(0, ElementType.Float64)), compose.Scalar(0, ElementType.Float64), count);
    }

    /// <summary>The length as a count that the run finds; null if nothing bounds it.</summary>
    private static Value? Sized(Composer compose, Value[] numbers, Value length)
    {
        // An expression of sizes is counted too: its greatest value need not be at the greatest sizes.
        if (length.IsConstant)
        {
            return compose.Cast(length, ElementType.Int64);
        }

        return Bound(compose, numbers, length) is { } range ? compose.Cast(compose.Context.SizesIn(length, new[] { range }), ElementType.Int64) : null;
    }

    /// <summary>What the length can be: as declared, or as the bounds of the numbers have it.</summary>
    private static SizeRange? Bound(Composer compose, Value[] numbers, Value length)
    {
        string name = $"{compose.Context.OutputName(0)}.shape";
        if (compose.Context.DeclaredRange(name, 0) is { } declared)
        {
            return declared;
        }

        if (Most(numbers) is { } most && most <= SizesOfData.MaxBound)
        {
            return new SizeRange(0, Math.Max(1, (long)most));
        }

        return length.Type.IsInteger()
            ? null
            : throw compose.Fail(
                DiagnosticCodes.ShapeNotConstant,
                "how many numbers it makes depends on data that nothing bounds",
                $"Declare how many there can be: Dimensions=\"{name}.value=0..512\" on the project item, or --dim {name}.value=0..512.");
    }

    /// <summary>The greatest length that the bounds of start, limit and delta allow; null if there is none.</summary>
    private static double? Most(Value[] numbers)
    {
        if (Range(numbers[0]) is not { } start || Range(numbers[1]) is not { } limit || Range(numbers[2]) is not { } delta || (delta.Low <= 0 && delta.High >= 0))
        {
            return null;
        }

        double most = delta.Low > 0 ? (limit.High - start.Low) / delta.Low : (start.High - limit.Low) / -delta.High;
        return double.IsNaN(most) ? null : Math.Max(0, Math.Ceiling(most));
    }

    private static (double Low, double High)? Range(Value value) => value.Constant is { } known
        ? (ElementEvaluation.Read(known, 0), ElementEvaluation.Read(known, 0))
        : ValueBounds.Of(value) is { } bounds ? (bounds.Low, bounds.High) : null;

    private static int Direction(Value delta) => Range(delta) switch
    {
        { Low: > 0 } => 1,
        { High: < 0 } => -1,
        _ => 0,
    };
}
