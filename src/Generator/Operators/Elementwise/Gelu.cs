using System;
using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Gelu: y = ½ x (1 + erf(x / √2)), or its approximation ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))).</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Gelu.html · Types: floating point · Opsets: 20 introduced it.</remarks>
internal sealed class Gelu : UnaryOperator
{
    private static readonly DelegateFunction _exact = new("Gelu", 1, "gelu({0})")
    {
        Real = static x => double.IsNegativeInfinity(x[0]) ? -0.0 : 0.5 * x[0] * (1 + ReferenceMath.Erf(x[0] / Math.Sqrt(2))),
        Float = static (simd, x) => simd.Math("Gelu", x[0]),
        Double = static x => $"(double.IsNegativeInfinity({x[0]}) ? -0.0 : 0.5 * {x[0]} * (1.0 + DoubleMath.Erf({x[0]} * 0.70710678118654757)))",
    };

    private static readonly DelegateFunction _tanh = new("GeluTanh", 1, "gelu_tanh({0})")
    {
        Real = static x => double.IsNegativeInfinity(x[0])
            ? -0.0
            : 0.5 * x[0] * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x[0] + (0.044715 * x[0] * x[0] * x[0])))),
        Float = static (simd, x) => simd.Math("GeluTanh", x[0]),
        Double = static x => $"(double.IsNegativeInfinity({x[0]}) ? -0.0 : 0.5 * {x[0]} * (1.0 + DoubleMath.Tanh(0.79788456080286541 * ({x[0]} + (0.044715 * {x[0]} * {x[0]} * {x[0]})))))",
    };

    public Gelu()
        : base("Gelu")
    {
    }

    public override int Since => 20;

    public override ElementFunction Function(Node node) => Approximation(node) == "tanh" ? _tanh : _exact;

    protected override void CheckInputs(InferContext context)
    {
        if (Approximation(context.Node) is not ("none" or "tanh"))
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"attribute 'approximate' is '{Approximation(context.Node)}'; defined are 'none' and 'tanh'");
        }
    }

    private static string Approximation(Node node) => node.Attributes.String("approximate", "none");
}
