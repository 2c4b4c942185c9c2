using System;
using System.Linq;
using AotCompiler.Onnx;

namespace AotCompiler.Cli.Numerics;

/// <summary>What models with 16-bit floats can be held to: two correct programs round between layers at different places.</summary>
internal static class HalfPrecision
{
    /// <summary>Roundings of an ordinary element, relative to half the distance of its neighbours, that programs may differ by.</summary>
    private const double Roundings = 4;

    /// <summary>Four roundings of the coarsest 16-bit type that a graph stores numbers in; 0 for a graph without.</summary>
    public static double RelativeTolerance(OnnxGraph graph)
    {
        bool Has(OnnxDataType type) => graph.Initializers.Any(t => t.DataType == type)
            || graph.Inputs.Concat(graph.Outputs).Any(v => v.Type is OnnxTensorType tensor && tensor.ElementType == type)
            || graph.Nodes.Any(n => n.OpType == "Cast" && n.Attributes.Any(a => a is { Name: "to", Kind: OnnxAttributeKind.Int } && a.Int == (long)type));
        return Has(OnnxDataType.BFloat16) ? Roundings * Math.Pow(2, -8)
            : Has(OnnxDataType.Float16) ? Roundings * Math.Pow(2, -11)
            : 0;
    }
}
