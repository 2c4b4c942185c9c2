using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Sign: 1 for positive, -1 for negative x; zeros and NaN stay.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Sign.html · Types: f32, f64, integers · Opsets: 9 introduced it; 13 added bfloat16.</remarks>
internal sealed class Sign : UnaryFunctionOperator
{
    public Sign()
        : base("Sign", new DelegateFunction("Sign", 1, "sign({0})")
        {
            Real = static x => x[0] > 0 ? 1 : x[0] < 0 ? -1 : x[0],
            Integer = static x => Math.Sign(x[0]),
            Unsigned = static x => x[0] == 0 ? 0UL : 1UL,
            Float = static (simd, x) => simd.Select(simd.Less(simd.Zero, x[0]), simd.Constant(1), simd.Select(simd.Less(x[0], simd.Zero), simd.Constant(-1), x[0])),
            Double = static x => $"({x[0]} > 0 ? 1d : {x[0]} < 0 ? -1d : {x[0]})",
            Native = EmitNative,
            Other = static (type, x) => type.IsUnsigned() ? $"({type.CSharpName()})({x[0]} == 0 ? 0 : 1)" : $"({type.CSharpName()})({x[0]} > 0 ? 1 : {x[0]} < 0 ? -1 : 0)",
            Cheap = true,
        })
    {
    }

    public override int Since => 9;

    protected override IReadOnlyList<ElementType> AllowedTypes => TypeSets.Numbers;

    private static string EmitNative(NativeLanes lanes, IReadOnlyList<ElementType> types, IReadOnlyList<string> x)
    {
        ElementType type = types[0];
        string positive = $"{lanes.Class}.ConditionalSelect({lanes.Class}.GreaterThan({x[0]}, {lanes.Zero(type)}), {lanes.Constant(type, "1")}, ";
        return type.IsUnsigned()
            ? $"{positive}{x[0]})"
            : $"{positive}{lanes.Class}.ConditionalSelect({lanes.Class}.LessThan({x[0]}, {lanes.Zero(type)}), {lanes.Constant(type, "-1")}, {x[0]}))";
    }
}
