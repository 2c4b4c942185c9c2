using System;
using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Normalization;

/// <summary>LRN: x / (bias + alpha/size · Σ x²)^beta, the sum over the size neighbouring channels of [N, C, spatial…].</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__LRN.html · Types: f32, f64 · Opsets: 13 added bfloat16.</remarks>
internal sealed class LRN : Operator
{
    public LRN()
        : base("LRN")
    {
    }

    public override (int Min, int Max) InputCount => (1, 1);

    public override void Infer(InferContext context)
    {
        context.RequireType(0, TypeSets.Floats);
        if (context.Shape(0).Rank < 2)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "input 0 must have 2 or more dimensions");
        }

        long size = context.Attributes.Int("size", 0);
        if (size is < 1 or > int.MaxValue)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"the attribute 'size' is {size}; a positive number is required");
        }

        context.SetOutput(0, context.Type(0), context.Shape(0));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        Tensor input = inputs[0]!;
        Shape shape = input.Shape;
        ResponseWindow window = ResponseWindow.Of(node);
        int pixels = (int)shape.Product(2, shape.Rank);
        var bytes = new byte[input.ByteCount];
        for (int i = 0; i < shape.ElementCount; i++)
        {
            int channel = i / pixels % shape[1];
            double sum = 0;
            for (int c = Math.Max(0, channel - window.Before); c <= Math.Min(shape[1] - 1, channel + (long)window.After); c++)
            {
                double x = ElementEvaluation.Read(input, i + ((c - channel) * pixels));
                sum += x * x;
            }

            double scale = Math.Pow(window.Bias + (window.Alpha / window.Size * sum), window.Beta);
            ElementEvaluation.Write(bytes, input.Type, i, ElementEvaluation.Read(input, i) / scale);
        }

        return new[] { Tensor.FromBytes(input.Type, shape, bytes, $"LRN({input.Recipe})") };
    }

    public override void Lower(Node node, LoweringContext context)
    {
        TensorView output = context.Allocate(node.Output);
        if (node.Output.Shape.ElementCount > 0)
        {
            context.Add(new LrnStep(node, ResponseWindow.Of(node), context.ReadDense(node.Required(0)), output));
        }
    }
}

/// <summary>The neighbourhood of LRN: the channels from <paramref name="Before"/> below to <paramref name="After"/> above.</summary>
internal sealed record ResponseWindow(int Size, int Before, int After, double Alpha, double Beta, double Bias)
{
    /// <summary>From the attributes of a node that is checked already; a window beyond all channels is cut to them.</summary>
    public static ResponseWindow Of(Node node)
    {
        int size = (int)node.Attributes.Int("size", 1);
        int channels = node.Required(0).Shape[1];
        return new ResponseWindow(
            size,
            Math.Min((size - 1) / 2, channels),
            Math.Min(size / 2, channels),
            node.Attributes.Float("alpha", 1e-4f),
            node.Attributes.Float("beta", 0.75f),
            node.Attributes.Float("bias", 1));
    }
}
