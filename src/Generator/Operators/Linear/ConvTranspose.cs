using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Linear;

/// <summary>ConvTranspose: the transpose of a convolution, y[n, m, i·stride − pad + k·dilation] += w[c, m, k] · x[n, c, i].</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__ConvTranspose.html · Types: f32 (fast in one and two spatial dimensions), f64 · Opsets: 11 and 22 changed only defaults' wording and types.</remarks>
internal sealed class ConvTranspose : Operator
{
    /// <summary>Each phase is a step with code of its own; strides that make more are left to the plain kernel.</summary>
    private const int MaxPhases = 64;

    public ConvTranspose()
        : base("ConvTranspose")
    {
    }

    public override (int Min, int Max) InputCount => (2, 3);

    public override void Infer(InferContext context)
    {
        context.RequireType(0, TypeSets.Floats);
        context.RequireSameType(0, 1);
        Shape x = context.Shape(0);
        Shape w = context.Shape(1);
        long groups = context.Attributes.Int("group", 1);
        if (x.Rank < 3 || w.Rank != x.Rank || groups < 1 || w[0] != x[1] || x[1] % groups != 0)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"the weights must be [{(x.Rank > 1 ? x[1] : 0)}, outputs / {groups}, kernel…] for input {x}");
        }

        int channels = checked((int)(w[1] * groups));
        if (context.Has(2) && (context.Shape(2).Rank != 1 || context.Shape(2)[0] != channels || context.Type(2) != context.Type(0)))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"the bias must be [{channels}]");
        }

        TransposedWindow window = TransposedWindow.Of(context.Node);
        context.SetOutput(0, context.Type(0), context.MakeShape(new long[] { x[0], channels }.Concat(window.Output.Select(static o => (long)o))));
    }

    public override IEnumerable<Size> LikelySizes(Node node) =>
        node.Required(1).Shape.IsDynamic && node.Required(0).Shape.Rank > 2 ? TransposedWindow.SizesOfOutput(node) : Array.Empty<Size>();

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        TransposedWindow window = TransposedWindow.Of(node);
        Tensor x = inputs[0]!;
        Tensor w = inputs[1]!;
        Shape output = node.Output.Shape;
        int groups = Groups(node);
        int inputsPerGroup = x.Shape[1] / groups;
        int outputsPerGroup = w.Shape[1];
        int inputCells = (int)x.Shape.Product(2, x.Shape.Rank);
        int outputCells = (int)output.Product(2, output.Rank);
        var sums = new double[output.ElementCount];
        foreach ((int source, int target, int tap) in Pairs(window))
        {
            for (int n = 0; n < output[0]; n++)
            {
                for (int c = 0; c < x.Shape[1]; c++)
                {
                    double value = ElementEvaluation.Read(x, (((n * x.Shape[1]) + c) * inputCells) + source);
                    for (int m = 0; m < outputsPerGroup; m++)
                    {
                        int channel = (c / inputsPerGroup * outputsPerGroup) + m;
                        sums[(((n * output[1]) + channel) * outputCells) + target] += value * ElementEvaluation.Read(w, (((c * outputsPerGroup) + m) * window.Taps) + tap);
                    }
                }
            }
        }

        var bytes = new byte[output.ElementCount * x.Type.Size()];
        for (int i = 0; i < sums.Length; i++)
        {
            ElementEvaluation.Write(bytes, x.Type, i, sums[i] + (inputs[2] is { } bias ? ElementEvaluation.Read(bias, i / outputCells % output[1]) : 0));
        }

        return new[] { Tensor.FromBytes(x.Type, output, bytes, "ConvTranspose") };
    }

    public override double EvaluationProducts(Node node) => (double)node.Required(0).Shape.ElementCount * node.Required(1).Shape.Product(1, node.Required(1).Shape.Rank);

    public override bool AcceptsEpilogue(Node node, ElementProgram program) => IsFast(node) && program.SupportsVector;

    public override bool WritesStrided(Node node) => IsFast(node);

    public override LayoutKind ChooseLayout(Node node, LayoutQuery layouts) => IsFast(node) ? LayoutKind.Blocked : LayoutKind.Plain;

    public override Halo? WantedHalo(Node node, int input, LayoutQuery layouts) =>
        input == 0 && layouts.IsBlocked(node.Output) ? TransposedConvLowering.HaloOf(TransposedWindow.Of(node)) : null;

    public override void Lower(Node node, LoweringContext context)
    {
        TransposedWindow window = TransposedWindow.Of(node);
        if (context.Layouts.IsBlocked(node.Output))
        {
            TransposedConvLowering.Lower(node, window, Groups(node), context);
            return;
        }

        GenericConvolution.LowerTransposed(node, window, Groups(node), context);
    }

    private static int Groups(Node node) => (int)node.Attributes.Int("group", 1);

    /// <summary>
    /// True if the blocked kernels cover the node: f32, one or two spatial dimensions, constant weights, groups that fill blocks or have one
    /// channel, the same padding for all sizes of the run.
    /// </summary>
    private static bool IsFast(Node node)
    {
        int groups = Groups(node);
        return (ConvLowering.IsRegular(node, groups) || DepthwiseLowering.Applies(node, groups))
            && TransposedWindow.Of(node).Strides.Aggregate(1L, static (product, s) => Math.Min(int.MaxValue, product * s)) <= MaxPhases
            && LayoutQuery.CanBlock(node.Output)
            && LayoutQuery.CanBlock(node.Required(0))
            && node.Required(1).IsConstant
            && TransposedWindow.SizesBefore(node).All(static p => p.Constant is not null)
            && (node.Input(2) is null || node.Required(2).IsConstant);
    }

    /// <summary>All (input cell, output cell, tap) that meet.</summary>
    private static IEnumerable<(int Source, int Target, int Tap)> Pairs(TransposedWindow window)
    {
        var cell = new int[window.Rank];
        var taps = new int[window.Rank];
        int cells = window.Input.Aggregate(1, static (p, i) => p * i);
        for (int source = 0; source < cells; source++)
        {
            ConvolutionOracle.Unravel(source, window.Input, cell);
            for (int tap = 0; tap < window.Taps; tap++)
            {
                ConvolutionOracle.Unravel(tap, window.Kernel, taps);
                int target = 0;
                for (int i = 0; i < window.Rank && target >= 0; i++)
                {
                    int at = (cell[i] * window.Strides[i]) - window.PadsBefore[i] + (taps[i] * window.Dilations[i]);
                    target = at < 0 || at >= window.Output[i] ? -1 : (target * window.Output[i]) + at;
                }

                if (target >= 0)
                {
                    yield return (source, target, tap);
                }
            }
        }
    }
}
