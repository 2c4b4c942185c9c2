using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators;

/// <summary>Brings the operands of element-wise work into the output's layout.</summary>
internal static class ElementwiseOperands
{
    private const int MinElementsToCopy = 256;

    /// <summary>Adds the step that applies a program to values that broadcast to the node's output 0.</summary>
    public static void Lower(Node node, ElementProgram program, IReadOnlyList<Value> operands, LoweringContext context)
    {
        bool blocked = context.Layouts.IsBlocked(node.Output);
        bool bytes = program.SupportsLanes;
        if (operands.Select(context.RepeatsOf).FirstOrDefault(static r => r is not null) is { } repeated)
        {
            LowerRepeated(node, program, operands, repeated, context);
            return;
        }

        var inputs = operands.Select(v => Operand(v, node.Output.Shape, blocked, context, bytes)).ToArray();
        TensorView output = context.Allocate(node.Output);
        (Tensor Table, int Operand)? function = ByteFunction.Of(program, inputs.Select(static i => i.View).ToArray(), operands.Select(static v => v.Constant).ToArray(), output, !context.IsNarrow);
        context.Add(function is { } lookUp
            ? new ElementwiseStep(node, node.Name, program, new[] { inputs[lookUp.Operand] }, output, table: context.Weight(lookUp.Table, $"{node.Name}.table"))
            : new ElementwiseStep(node, node.Name, program, inputs, output));
    }

    /// <summary>True if a node can read the pixels of a value where they are repeated from: it is one blocked operand among others that are not.</summary>
    public static bool CanRepeat(Node node, Value value, LayoutQuery layouts) => node.Operator is ElementwiseOperator elementwise
        && layouts.IsBlocked(node.Output)
        && !node.Output.Shape.IsDynamic
        && node.Output.Shape.Equals(value.Shape)
        && elementwise.AllOperands(node).Count(v => v.Producer?.Operator is Movement.ResizingOperator) == 1;

    private static void LowerRepeated(Node node, ElementProgram program, IReadOnlyList<Value> operands, RepeatedPixels repeated, LoweringContext context)
    {
        TensorView output = context.Allocate(node.Output);
        (TensorView View, IReadOnlyList<IterationDimension> Dimensions)[] inputs = operands.Select(value =>
        {
            if (context.RepeatsOf(value) is { } pixels)
            {
                return (pixels.Source, pixels.Dimensions);
            }

            (TensorView view, IReadOnlyList<IterationDimension> dimensions) = Operand(value, node.Output.Shape, blocked: true, context, program.SupportsLanes);
            return (view, repeated.Split(dimensions));
        }).ToArray();
        context.Add(new ElementwiseStep(node, node.Name, program, inputs, output, repeated.Split(output.Layout.Dimensions())));
    }

    /// <summary>True if a value can be an operand of blocked work on that shape: it has all channels, or is the same for all.</summary>
    public static bool CanBlock(Value value, Shape output) => value.Type == ElementType.Float32
        && (Channels(value.Shape, output) == 1 || Channels(value.Shape, output) == output[1]);

    /// <summary>
    /// An operand with the extents of the output's iteration dimensions; stride 0 where it broadcasts. It may be stored as bytes if
    /// the reader says so.
    /// </summary>
    public static (TensorView View, IReadOnlyList<IterationDimension> Dimensions) Operand(Value value, Shape output, bool blocked, LoweringContext context, bool bytes = false)
    {
        if (!blocked)
        {
            TensorView plain = context.ReadPlain(value, bytes);
            if (!AllowsVectors(plain, output))
            {
                plain = context.ReadDense(value, bytes);
            }

            return (plain, plain.Layout.BroadcastTo(output).Dimensions());
        }

        Shape aligned = Align(value.Shape, output.Rank);
        if (aligned[1] == 1 && output[1] != 1)
        {
            // One value for all channels of a pixel: the block loop and the lane loop stand still.
            TensorView plain = context.ReadPlain(value, bytes);
            return (plain, Extend(plain.Layout.BroadcastTo(aligned).Strides, aligned, output, laneStride: 0, channelStride: 0, context));
        }

        return ChannelOperand(BlockedOperand(value, aligned, context, bytes), aligned, output, context);
    }

    /// <summary>A value of one number per channel as an operand of blocked work.</summary>
    public static (TensorView View, IReadOnlyList<IterationDimension> Dimensions) ChannelOperand(Value value, Shape output, LoweringContext context)
    {
        var aligned = new Shape(Enumerable.Range(0, output.Rank).Select(i => i == 1 ? output.Extent(1) : 1));
        return ChannelOperand(BlockedOperand(value, aligned, context, bytes: false), aligned, output, context);
    }

    /// <summary>A view in blocks of channels, whose shape broadcasts to the output's, as an operand of blocked work.</summary>
    public static (TensorView View, IReadOnlyList<IterationDimension> Dimensions) ChannelOperand(TensorView view, Shape shape, Shape output, LoweringContext context) =>
        (view, Extend(view.Layout.Strides, shape, output, laneStride: 1, channelStride: view.Layout.Strides[1], context));

    /// <summary>Adds the step that applies the node's epilogue to its plain output where it lies.</summary>
    public static void LowerEpilogue(Node node, ElementProgram epilogue, TensorView output, LoweringContext context)
    {
        Shape shape = node.Output.Shape;
        var operands = node.EpilogueOperands.Select(v => Operand(v, shape, blocked: false, context)).Prepend((output, output.Layout.Dimensions()));
        context.Add(new ElementwiseStep(node, node.Name, epilogue, operands.ToArray(), output));
    }

    /// <summary>A constant [N, C, spatial…] as [N, ⌈C/16⌉, spatial…, lanes], zeros in the lanes behind the last channel.</summary>
    public static Tensor BlockChannels(Tensor tensor, bool isNarrow = false)
    {
        Shape shape = tensor.Shape;
        int channels = shape[1];
        int blocks = Layout.BlockCount(channels);
        int pixels = (int)shape.Product(2, shape.Rank);
        int lanes = Layout.LanesOf(channels, isNarrow);
        var packed = new Shape(new[] { shape[0], blocks }.Concat(shape.Dimensions.Skip(2)).Append(lanes));
        return Tensor.LazyFloats(packed, $"Block{lanes}({tensor.Recipe})", () =>
        {
            ReadOnlySpan<float> source = tensor.Floats();
            var target = new float[packed.ElementCount];
            for (int n = 0; n < shape[0]; n++)
            {
                for (int c = 0; c < channels; c++)
                {
                    for (int p = 0; p < pixels; p++)
                    {
                        target[((((n * blocks) + (c / lanes)) * pixels) + p) * lanes + (c % lanes)] = source[(((n * channels) + c) * pixels) + p];
                    }
                }
            }

            return target;
        });
    }

    /// <summary>
    /// False if the innermost loop would pick single elements (of a transposed view, say) although a copy would make them vectors:
    /// the copy is tiled and costs less than that. Not worth it for a handful.
    /// </summary>
    private static bool AllowsVectors(TensorView view, Shape output)
    {
        if ((view.Type != ElementType.Float32 && view.Zero is null) || view.Shape.ElementCount < MinElementsToCopy)
        {
            return true;
        }

        IterationDimension inner = view.Layout.BroadcastTo(output).Dimensions().LastOrDefault(static d => d.Trip != 1);
        return inner.Stride is 0 or 1;
    }

    /// <summary>The shape with leading ones up to the rank.</summary>
    private static Shape Align(Shape shape, int rank) => new(Enumerable.Repeat((Extent)1, rank - shape.Rank).Concat(shape.Extents));

    private static int Channels(Shape operand, Shape output) => Align(operand, output.Rank)[1];

    private static TensorView BlockedOperand(Value value, Shape aligned, LoweringContext context, bool bytes)
    {
        if (value.Constant is { } constant)
        {
            TensorView weight = context.Weight(BlockChannels(constant.Reshape(aligned), context.IsNarrow), value.Name);
            return weight.With(context.Blocked(aligned, Halo.None(aligned.Rank - 2)));
        }

        if (aligned.Rank == value.Shape.Rank)
        {
            return context.ReadBlocked(value, Halo.None(aligned.Rank - 2), bytes);
        }

        // A lower-rank run-time operand with channels, such as [C, 1, 1]: as many elements, so its dense form is viewed with leading ones.
        TensorView dense = context.ReadDense(value, bytes);
        return context.CopyToBlocked(value, dense.With(Layout.Dense(aligned)));
    }

    private static IReadOnlyList<IterationDimension> Extend(
        long[] strides, Shape aligned, Shape output, long laneStride, long channelStride, LoweringContext context)
    {
        var result = new List<IterationDimension>();
        for (int i = 0; i < output.Rank; i++)
        {
            Extent extent = i == 1 ? Layout.BlockCount(output[1]) : output.Extent(i);
            long stride = i == 1 ? channelStride : aligned[i] == 1 && output[i] != 1 ? 0 : strides[i];
            result.Add(new IterationDimension(extent, stride));
        }

        result.Add(new IterationDimension(Layout.LanesOf(output[1], context.IsNarrow), laneStride));
        return result;
    }
}
