using System;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>Scale and zero point of a QuantizeLinear or DequantizeLinear node.</summary>
internal static class QuantizationSettings
{
    /// <summary>True if both nodes have the same scale and zero point.</summary>
    public static bool Same(Node a, Node b) => Equal(a.Input(1), b.Input(1), 1) && Equal(a.Input(2), b.Input(2), 0);

    /// <summary>The zero point, one for the whole tensor and known now; null if it is not.</summary>
    public static double? ZeroPoint(Node node) => node.Input(2) is { } value ? ElementEvaluation.Uniform(value.Constant) : 0;

    private static bool Equal(Value? a, Value? b, double absent) => ReferenceEquals(a, b)
        || (Number(a, absent) is { } x && Number(b, absent) is { } y && x == y)
        || (a?.Constant is { } s && b?.Constant is { } t && s.Type == t.Type && s.Shape.Equals(t.Shape) && s.IsCheap && t.IsCheap && s.Bytes.SequenceEqual(t.Bytes));

    private static double? Number(Value? value, double absent) => value is null ? absent : ElementEvaluation.Uniform(value.Constant);
}
