using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>
/// Mod: the remainder of a / b, with the sign of b (integers, as in Python), or with attribute <c>fmod</c> the sign of a
/// (as in C; exact for floats). A zero divisor gives 0 on integers, NaN on floats.
/// </summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Mod.html · Types: f32, f64, integers · Opsets: 10 introduced it; 13 added bfloat16.</remarks>
internal sealed class Mod : BinaryOperator
{
    private static readonly DelegateFunction _floored = new("Mod", 2, "{0} mod {1}")
    {
        Integer = static x => ReferenceMath.Modulo(x[0], x[1]),
        Unsigned = static x => x[1] == 0 ? 0 : x[0] % x[1],
        Other = static (type, x) => Emit(type, x, "Modulo"),
    };

    private static readonly DelegateFunction _truncated = new("FMod", 2, "fmod({0}, {1})")
    {
        Real = static x => x[0] % x[1],
        Integer = static x => ReferenceMath.Remainder(x[0], x[1]),
        Unsigned = static x => x[1] == 0 ? 0 : x[0] % x[1],
        Float = static (simd, x) => $"{(simd.IsScalar ? "ScalarMath" : "DoubleMath")}.Remainder({x[0]}, {x[1]})",
        Other = static (type, x) => type.IsFloat() ? $"ScalarMath.Remainder({x[0]}, {x[1]})" : Emit(type, x, "Remainder"),
    };

    public Mod()
        : base("Mod", _floored)
    {
    }

    public override int Since => 10;

    public override ElementFunction Function(Node node) => node.Attributes.Flag("fmod", false) ? _truncated : _floored;

    protected override void CheckInputs(InferContext context)
    {
        base.CheckInputs(context);
        if (context.Type(0).IsFloat() && !context.Attributes.Flag("fmod", false))
        {
            throw context.Fail(DiagnosticCodes.FeatureUnsupported, "floating-point inputs need attribute fmod=1", "Export the model with fmod=1.");
        }
    }

    private static string Emit(ElementType type, IReadOnlyList<string> x, string signed) => type.IsUnsigned()
        ? $"({x[1]} == 0 ? ({type.CSharpName()})0 : ({type.CSharpName()})({x[0]} % {x[1]}))"
        : $"({type.CSharpName()})ScalarMath.{signed}({x[0]}, {x[1]})";
}
