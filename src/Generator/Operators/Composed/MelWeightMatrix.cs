using System;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>MelWeightMatrix: triangular filters that turn a spectrum into mel bins; a constant, since all its inputs must be.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__MelWeightMatrix.html.</remarks>
internal sealed class MelWeightMatrix : ComposedOperator
{
    private const long MaxElements = 1 << 26;

    public MelWeightMatrix()
        : base("MelWeightMatrix")
    {
    }

    public override int Since => 17;

    public override (int Min, int Max) InputCount => (5, 5);

    protected override void Compose(Node node, Composer compose)
    {
        long bins = compose.ConstantInt(0, "num_mel_bins") ?? 0;
        long length = compose.ConstantInt(1, "dft_length") ?? 0;
        long rate = compose.ConstantInt(2, "sample_rate") ?? 0;
        long spectrum = (length / 2) + 1;
        compose.Check(bins > 0 && length > 0 && rate > 0 && bins * (double)spectrum <= MaxElements, "bins, length and rate must be positive and the matrix not too large");
        var type = (ElementType)(int)node.Attributes.Int("output_datatype", (long)ElementType.Float32);
        if (!TypeSets.Numbers.Contains(type))
        {
            throw compose.Fail(DiagnosticCodes.TypeUnsupported, $"output_datatype {(int)type} is not supported", "Export the model with an f32 matrix.");
        }

        double[] edges = Edges(bins, Hertz(node, compose, 3), Hertz(node, compose, 4));
        long[] points = edges.Select(hz => (long)Math.Floor((length + 1) * hz / rate)).ToArray();
        compose.Check(points.All(p => p >= 0 && p < spectrum), "the edges lie outside the spectrum");
        compose.Return(0, compose.Numbers(type, new Shape((int)spectrum, (int)bins), Weights(points, (int)bins, (int)spectrum)));
    }

    private static double Hertz(Node node, Composer compose, int index)
    {
        Value value = node.Required(index);
        compose.Check(value.Shape.ElementCount == 1, $"input {index} must be one number");
        return ElementEvaluation.Read(value.Constant ?? throw compose.FailNotConstant($"input {index} is only known at run time"), 0);
    }

    /// <summary>Frequencies at even distances on the mel scale, as the specification's reference has them: bins + 2 of them.</summary>
    private static double[] Edges(long bins, double low, double high)
    {
        double lowMel = 2595 * Math.Log10(1 + (low / 700));
        double highMel = 2595 * Math.Log10(1 + (high / 700));
        double step = (highMel - lowMel) / (bins + 2);
        return Enumerable.Range(0, (int)bins + 2).Select(i => 700 * (Math.Pow(10, (lowMel + (i * step)) / 2595) - 1)).ToArray();
    }

    private static double[] Weights(long[] points, int bins, int spectrum)
    {
        var weights = new double[spectrum * bins];
        for (int i = 0; i < bins; i++)
        {
            (long left, long center, long right) = (points[i], points[i + 1], points[i + 2]);
            if (center == left)
            {
                weights[(center * bins) + i] = 1;
            }

            for (long j = left; j <= center && center > left; j++)
            {
                weights[(j * bins) + i] = (j - left) / (double)(center - left);
            }

            for (long j = center; j < right; j++)
            {
                weights[(j * bins) + i] = (right - j) / (double)(right - center);
            }
        }

        return weights;
    }
}
