using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Optimization;

/// <summary>
/// A node that computes y = scale[c] · x + shift[c] with constants per channel: BatchNormalization, or Mul, Div, Add, Sub
/// with a constant operand. Scales and shifts are in double precision, so that what they are folded into is rounded once.
/// </summary>
internal sealed class ChannelAffine
{
    private ChannelAffine(Value input, double[] scale, double[] shift, string source)
    {
        Input = input;
        Scale = scale;
        Shift = shift;
        Source = source;
    }

    /// <summary>The value that is scaled and shifted.</summary>
    public Value Input { get; }

    /// <summary>One factor per channel.</summary>
    public double[] Scale { get; }

    /// <summary>One summand per channel.</summary>
    public double[] Shift { get; }

    /// <summary>Name of what the constants come from, for recipes.</summary>
    public string Source { get; }

    public bool IsScaled => Scale.Any(static s => s != 1);

    public bool IsShifted => Shift.Any(static s => s != 0);

    /// <summary>Reads a node; null if it is something else, its constants are large, or one of them is not finite.</summary>
    /// <param name="node">The node.</param>
    /// <param name="axis">The axis of its output that counts as channels; one that the output does not have gives null.</param>
    public static ChannelAffine? Of(Node node, int axis)
    {
        if (node.Epilogue is not null || node.Operator.Domain.Length != 0 || node.Output.Type != ElementType.Float32 || axis < 0 || axis >= node.Output.Shape.Rank)
        {
            return null;
        }

        ChannelAffine? result = node.Operator.Name == "BatchNormalization" ? OfNormalization(node, axis) : OfArithmetic(node, axis);
        return result is not null && result.Scale.Concat(result.Shift).All(static x => !double.IsNaN(x) && !double.IsInfinity(x)) ? result : null;
    }

    /// <summary>The elements of a constant that differs along one axis of the shape only; null if it differs elsewhere or is large.</summary>
    public static double[]? PerChannel(Value? value, Shape shape, int axis)
    {
        if (value?.Constant is not { IsCheap: true } constant || !value.Shape.BroadcastsTo(shape))
        {
            return null;
        }

        int aligned = axis - (shape.Rank - value.Shape.Rank);
        for (int i = 0; i < value.Shape.Rank; i++)
        {
            if (i != aligned && value.Shape[i] != 1)
            {
                return null;
            }
        }

        bool uniform = constant.Shape.ElementCount == 1;
        return Enumerable.Range(0, shape[axis]).Select(c => ElementEvaluation.Read(constant, uniform ? 0 : c)).ToArray();
    }

    private static ChannelAffine? OfNormalization(Node node, int axis)
    {
        Shape shape = node.Output.Shape;
        if (axis != 1 || node.Attributes.Flag("training_mode", false))
        {
            return null;
        }

        var vector = new double[4][];
        for (int i = 0; i < 4; i++)
        {
            if (node.Required(i + 1).Constant is not { IsCheap: true } constant || constant.Shape.ElementCount != shape[1])
            {
                return null;
            }

            vector[i] = Enumerable.Range(0, shape[1]).Select(c => ElementEvaluation.Read(constant, c)).ToArray();
        }

        double epsilon = node.Attributes.Float("epsilon", 1e-5f);
        double[] scale = vector[0].Select((gamma, c) => gamma / Math.Sqrt(vector[3][c] + epsilon)).ToArray();
        double[] shift = vector[1].Select((beta, c) => beta - (vector[2][c] * scale[c])).ToArray();
        return new ChannelAffine(node.Required(0), scale, shift, node.Name);
    }

    private static ChannelAffine? OfArithmetic(Node node, int axis)
    {
        if (node.Operator.Name is not ("Mul" or "Div" or "Add" or "Sub"))
        {
            return null;
        }

        int side = node.Required(1).IsConstant ? 1 : 0;
        Value input = node.Required(1 - side);
        if (!input.Shape.Equals(node.Output.Shape) || input.IsConstant || PerChannel(node.Input(side), node.Output.Shape, axis) is not { } constants)
        {
            return null;
        }

        double[] Each(Func<double, double> function) => constants.Select(function).ToArray();
        double[] ones = Each(static _ => 1);
        double[] zeros = Each(static _ => 0);
        string name = node.Required(side).Name;
        return node.Operator.Name switch
        {
            "Mul" => new ChannelAffine(input, constants, zeros, name),
            "Div" => side == 1 ? new ChannelAffine(input, Each(static c => 1 / c), zeros, name) : null,
            "Add" => new ChannelAffine(input, ones, constants, name),
            _ => side == 1 ? new ChannelAffine(input, ones, Each(static c => -c), name) : new ChannelAffine(input, Each(static _ => -1), constants, name),
        };
    }
}
