using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>BitShift: x shifted by y bits towards attribute <c>direction</c>; 0 if y is the width of the type or more.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__BitShift.html · Types: unsigned integers · Opsets: 11 introduced it.</remarks>
internal sealed class BitShift : BinaryOperator
{
    private static readonly DelegateFunction _left = new("BitShiftLeft", 2, "{0} << {1}")
    {
        Integer = static x => x[1] >= 64 ? 0 : x[0] << (int)x[1],
        Unsigned = static x => x[1] >= 64 ? 0 : x[0] << (int)x[1],
        Other = static (type, x) => Emit(type, x, "<<"),
    };

    private static readonly DelegateFunction _right = new("BitShiftRight", 2, "{0} >> {1}")
    {
        Integer = static x => x[1] >= 64 ? 0 : x[0] >> (int)x[1],
        Unsigned = static x => x[1] >= 64 ? 0 : x[0] >> (int)x[1],
        Other = static (type, x) => Emit(type, x, ">>"),
    };

    public BitShift()
        : base("BitShift", _left)
    {
    }

    public override int Since => 11;

    protected override IReadOnlyList<ElementType> AllowedTypes => TypeSets.UnsignedIntegers;

    protected override double? RightNeutral => 0;

    public override ElementFunction Function(Node node) => Direction(node) == "LEFT" ? _left : _right;

    protected override void CheckInputs(InferContext context)
    {
        base.CheckInputs(context);
        if (Direction(context.Node) is not ("LEFT" or "RIGHT"))
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"attribute 'direction' is '{Direction(context.Node)}'; defined are 'LEFT' and 'RIGHT'");
        }
    }

    private static string Direction(Node node) => node.Attributes.String("direction", string.Empty);

    // C# takes the count modulo 32 or 64, as x64 does.
    private static string Emit(ElementType type, IReadOnlyList<string> x, string shift) =>
        $"({x[1]} >= {8 * type.Size()} ? ({type.CSharpName()})0 : ({type.CSharpName()})({x[0]} {shift} (int){x[1]}))";
}
