using System;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.MachineLearning;

/// <summary>What the tree operators read besides their trees.</summary>
internal static class TreeSamples
{
    /// <summary>The samples as a matrix: f64 stays, everything else becomes f32.</summary>
    public static Value Of(Composer compose, Node node)
    {
        Value x = node.Required(0);
        Value real = x.Type == ElementType.Float64 ? x : compose.Cast(x, ElementType.Float32);
        return x.Shape.Rank == 1 ? compose.Reshape(real, 1, x.Shape[0]) : real;
    }

    /// <summary>What is added to the scores before they are transformed.</summary>
    public static float[] BaseValues(Node node) => node.Attributes.Tensor("base_values_as_tensor") is { } tensor
        ? Enumerable.Range(0, (int)tensor.Shape.ElementCount).Select(i => (float)ElementEvaluation.Read(tensor, i)).ToArray()
        : node.Attributes.Floats("base_values") ?? Array.Empty<float>();
}
