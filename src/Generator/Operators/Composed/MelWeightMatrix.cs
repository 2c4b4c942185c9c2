using System;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>MelWeightMatrix: triangular filters that turn a spectrum into mel bins; a constant where all its inputs are.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__MelWeightMatrix.html. The numbers of bins and of points may be sizes, and rate and frequencies
/// data; a run whose filters reach beyond the spectrum ends with an error.
/// </remarks>
internal sealed class MelWeightMatrix : ComposedOperator
{
    private const long MaxElements = 1 << 26;

    private const ElementType Real = ElementType.Float64;

    public MelWeightMatrix()
        : base("MelWeightMatrix")
    {
    }

    public override int Since => 17;

    public override (int Min, int Max) InputCount => (5, 5);

    protected override void Compose(Node node, Composer compose)
    {
        var type = (ElementType)(int)node.Attributes.Int("output_datatype", (long)ElementType.Float32);
        if (!TypeSets.Numbers.Contains(type))
        {
            throw compose.Fail(DiagnosticCodes.TypeUnsupported, $"output_datatype {(int)type} is not supported", "Export the model with an f32 matrix.");
        }

        for (int i = 0; i < 5; i++)
        {
            compose.Check(node.Required(i).Shape is { IsDynamic: false } shape && shape.ElementCount == 1, $"input {i} must be one number");
        }

        bool isConstant = node.Inputs.All(static v => v!.IsConstant);
        compose.Return(0, isConstant ? Constant(node, compose, type) : compose.Cast(OfRun(node, compose), type));
    }

    private static Value Constant(Node node, Composer compose, ElementType type)
    {
        long bins = compose.ConstantInt(0, "num_mel_bins") ?? 0;
        long length = compose.ConstantInt(1, "dft_length") ?? 0;
        long rate = compose.ConstantInt(2, "sample_rate") ?? 0;
        long spectrum = (length / 2) + 1;
        compose.Check(bins > 0 && length > 0 && rate > 0 && bins * (double)spectrum <= MaxElements, "bins, length and rate must be positive and the matrix not too large");
        double[] edges = Edges(bins, ElementEvaluation.Read(node.Required(3).Constant!, 0), ElementEvaluation.Read(node.Required(4).Constant!, 0));
        long[] points = edges.Select(hz => (long)Math.Floor((length + 1) * hz / rate)).ToArray();
        compose.Check(points.All(p => p >= 0 && p < spectrum), "the edges lie outside the spectrum");
        return compose.Numbers(type, new Shape((int)spectrum, (int)bins), $"{spectrum}, {string.Join(", ", points)}", () => Weights(points, (int)bins, (int)spectrum));
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

    /// <summary>The matrix as an expression: each filter rises from the point before its own and falls to the one behind.</summary>
    private static Value OfRun(Node node, Composer compose)
    {
        Value Number(double value) => compose.Scalar(value, Real);
        Value bins = Length(compose, 0, "num_mel_bins");
        Value length = Length(compose, 1, "dft_length");
        Value spectrum = compose.Add(compose.Div(length, compose.Scalar(2, ElementType.Int64)), compose.Scalar(1, ElementType.Int64));
        Value points = Points(node, compose, bins, length);
        RequireInside(compose, points, spectrum);
        Value Behind(int by) => compose.Op("Gather", points, compose.Op("Range", compose.Scalar(by, ElementType.Int64), compose.Add(bins, compose.Scalar(by, ElementType.Int64)), compose.Scalar(1, ElementType.Int64)));
        (Value left, Value center, Value right) = (Behind(0), Behind(1), Behind(2));
        Value cells = compose.Unsqueeze(compose.Cast(Count(compose, spectrum), Real), 1);
        Value rise = compose.Div(compose.Sub(cells, left), compose.Op("Max", compose.Sub(center, left), Number(1)));
        Value fall = compose.Div(compose.Sub(right, cells), compose.Op("Max", compose.Sub(right, center), Number(1)));
        Value sides = compose.Op("Max", compose.Where(compose.Op("Less", cells, center), rise, fall), Number(0));
        return compose.Where(compose.Op("Equal", cells, center), Number(1), sides);
    }

    /// <summary>The cells of the spectrum, as whole f64 numbers, at which filters begin, are 1, and end.</summary>
    private static Value Points(Node node, Composer compose, Value bins, Value length)
    {
        Value Number(double value) => compose.Scalar(value, Real);
        Value Given(int index) => compose.Cast(compose.Reshape(node.Required(index), Shape.Scalar), Real);
        Value Mel(Value hertz) => compose.Mul(compose.Op("Log", compose.Add(compose.Div(hertz, Number(700)), Number(1))), Number(2595 / Math.Log(10)));
        Value low = Mel(Given(3));
        Value number = compose.Add(bins, compose.Scalar(2, ElementType.Int64));
        Value step = compose.Div(compose.Sub(Mel(Given(4)), low), compose.Cast(number, Real));
        Value mels = compose.Add(compose.Mul(compose.Cast(Count(compose, number), Real), step), low);
        Value hertz = compose.Mul(compose.Sub(compose.Op("Pow", Number(10), compose.Div(mels, Number(2595))), Number(1)), Number(700));
        return compose.Op("Floor", compose.Div(compose.Mul(hertz, compose.Add(compose.Cast(length, Real), Number(1))), Given(2)));
    }

    private static Value Count(Composer compose, Value count) => compose.Op("Range", compose.Scalar(0, ElementType.Int64), count, compose.Scalar(1, ElementType.Int64));

    private static void RequireInside(Composer compose, Value points, Value spectrum)
    {
        Value first = compose.Reduce("ReduceMin", points, keep: false);
        Value last = compose.Reduce("ReduceMax", points, keep: false);
        Value inside = compose.Op("And", compose.Op("GreaterOrEqual", first, compose.Scalar(0, Real)), compose.Op("Less", last, compose.Cast(spectrum, Real)));
        if (!inside.IsConstant)
        {
            compose.Context.Require(inside, true);
        }
    }

    /// <summary>A number that a dimension of the matrix follows from, as an i64 scalar: a constant or a size.</summary>
    private static Value Length(Composer compose, int index, string role)
    {
        Size[] length = compose.Sizes(index, role);
        compose.Check(length.Length == 1 && length[0].Maximum <= int.MaxValue, $"'{role}' must be one number below 2³¹");
        return compose.Context.Dimension(Extent.Of(length[0]));
    }
}
