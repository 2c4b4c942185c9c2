using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Cli.Numerics;
using AotCompiler.Ir;

namespace AotCompiler.Cli.Reports;

/// <summary>Result of <c>aotc run</c>.</summary>
/// <param name="Model">File name of the model.</param>
/// <param name="Outputs">Outputs in the model's order.</param>
internal sealed record RunReport(string Model, IReadOnlyList<RunOutput> Outputs);

/// <summary>One output in short.</summary>
/// <param name="Name">Name in the model.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Dimensions.</param>
/// <param name="Min">Smallest finite element; null if there is none.</param>
/// <param name="Max">Largest finite element; null if there is none.</param>
/// <param name="Mean">Mean of the finite elements; null if there are none.</param>
/// <param name="NonFinite">Elements that are infinite or not a number.</param>
/// <param name="First">The first elements; null for one that is not finite.</param>
/// <param name="File">Where it was written; null if it was not.</param>
internal sealed record RunOutput(
    string Name,
    string Type,
    IReadOnlyList<long> Shape,
    double? Min,
    double? Max,
    double? Mean,
    long NonFinite,
    IReadOnlyList<double?> First,
    string? File)
{
    private const int FirstCount = 8;

    public static RunOutput Of(string name, TensorData data, string? file)
    {
        var type = (ElementType)(int)data.Type;
        Tensor tensor = Tensor.FromBytes(type, new Shape(data.Shape.Select(static d => (int)d).ToArray()), data.Data, name);
        double min = double.PositiveInfinity, max = double.NegativeInfinity, sum = 0;
        long finite = 0;
        for (int i = 0; i < data.Count; i++)
        {
            double value = ElementEvaluation.Read(tensor, i);
            if (double.IsFinite(value))
            {
                min = Math.Min(min, value);
                max = Math.Max(max, value);
                sum += value;
                finite++;
            }
        }

        double?[] first = Enumerable.Range(0, (int)Math.Min(FirstCount, data.Count)).Select(i => Finite(ElementEvaluation.Read(tensor, i))).ToArray();
        bool any = finite > 0;
        return new RunOutput(
            name, type.ShortName(), data.Shape, any ? min : null, any ? max : null, any ? sum / finite : null, data.Count - finite, first, file);
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
