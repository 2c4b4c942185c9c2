using System;
using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Emission;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>
/// Clip: y = min(max(x, min), max); NaN stays NaN, and max wins where the bounds cross. Constant bounds are parameters of the
/// function, bounds known at run time are operands.
/// </summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__Clip.html · Types: f32, f64, integers · Opsets: 6 dropped consumed_inputs; 11 made
/// the bounds inputs; 12 added integers; 13 bfloat16.
/// </remarks>
internal sealed class Clip : ElementwiseOperator
{
    private const int Low = 1;
    private const int High = 2;

    public Clip()
        : base("Clip")
    {
    }

    public override (int Min, int Max) InputCount => (1, 3);

    protected override IReadOnlyList<ElementType> AllowedTypes => TypeSets.Numbers;

    protected override bool IsUnidirectional => true;

    public override void Upgrade(UpgradeContext context)
    {
        base.Upgrade(context);
        if (context.Opset < 11)
        {
            AttributeToBound(context, "min", Low);
            AttributeToBound(context, "max", High);
        }

        for (int i = Low; i <= High; i++)
        {
            if (context.Node.Input(i) is { Shape: { Rank: > 0, ElementCount: 1 } })
            {
                context.ReshapeInput(i, Shape.Scalar);
            }
        }
    }

    public override ElementFunction Function(Node node)
    {
        ElementType type = node.Required(0).Type;
        Bound low = BoundOf(node, Low);
        Bound high = BoundOf(node, High);
        int lowAt = low.IsOperand ? 1 : 0;
        int highAt = high.IsOperand ? lowAt + 1 : 0;
        if (low.Number is { } a && high.Number is { } b && Compare(a, b) > 0)
        {
            low = high;
        }

        return new DelegateFunction($"Clip({low},{high})", 1 + (lowAt > 0 ? 1 : 0) + (highAt > 0 ? 1 : 0), $"clip({{0}}, {low.Formula(lowAt)}, {high.Formula(highAt)})")
        {
            Real = x => Clamp(x, low.Real(x, lowAt), high.Real(x, highAt), double.NegativeInfinity, double.PositiveInfinity),
            Integer = x => Clamp(x, low.Integer(x, lowAt), high.Integer(x, highAt), long.MinValue, long.MaxValue),
            Unsigned = x => Clamp(x, low.Unsigned(x, lowAt), high.Unsigned(x, highAt), ulong.MinValue, ulong.MaxValue),
            Float = (simd, x) => EmitFloat(simd, x, low.EmitFloat(simd, x, lowAt), high.EmitFloat(simd, x, highAt), crossing: low.IsOperand || high.IsOperand),
            Native = (lanes, types, x) => types[0] == ElementType.Float32
                ? EmitFloat(lanes.Simd, x, low.EmitFloat(lanes.Simd, x, lowAt), high.EmitFloat(lanes.Simd, x, highAt), crossing: false)
                : EmitNative(lanes, x[0], low.EmitNative(lanes, type, x, lowAt), high.EmitNative(lanes, type, x, highAt)),
            NativeFor = (types, bytes) => DelegateFunction.IntegersOfAnyWidth(types, bytes) || (type == ElementType.Float32 && bytes == sizeof(float)),
            Other = (_, x) => EmitScalar(x[0], low.Emit(type, x, lowAt), high.Emit(type, x, highAt), crossing: low.IsOperand || high.IsOperand),
            Cheap = true,
        };
    }

    /// <summary>Removes a Clip without bounds.</summary>
    public override bool Simplify(Node node, GraphRewriter rewriter) =>
        node.Input(Low) is null && node.Input(High) is null && TryReplaceByInput(node, 0, rewriter);

    protected override IEnumerable<int> OperandIndexes(Node node)
    {
        yield return 0;
        for (int i = Low; i <= High; i++)
        {
            if (BoundOf(node, i).IsOperand)
            {
                yield return i;
            }
        }
    }

    protected override void CheckInputs(InferContext context)
    {
        base.CheckInputs(context);
        for (int i = Low; i <= High; i++)
        {
            if (context.Has(i) && context.Shape(i).ElementCount != 1)
            {
                throw context.Fail(DiagnosticCodes.ShapeMismatch, $"input {i} must be a single number");
            }
        }
    }

    private static void AttributeToBound(UpgradeContext context, string name, int index)
    {
        if (context.Attributes.Has(name) && context.Node.Input(0) is { Type: ElementType.Float32 or ElementType.Float64 } x)
        {
            context.SetInput(index, ElementEvaluation.Scalar(x.Type, context.Attributes.Float(name, 0)), name);
            context.Attributes.Remove(name);
        }
    }

    private static Bound BoundOf(Node node, int index) => node.Input(index) is not { } value ? default
        : value.Constant is { } constant && ElementEvaluation.Uniform(constant) is not null ? new Bound(constant, false)
        : new Bound(null, true);

    private static int Compare(Tensor a, Tensor b) => a.Type == ElementType.UInt64
        ? a.AsSpan<ulong>()[0].CompareTo(b.AsSpan<ulong>()[0])
        : a.Type.IsInteger() ? ElementEvaluation.ReadInteger(a, 0).CompareTo(ElementEvaluation.ReadInteger(b, 0))
        : ElementEvaluation.Read(a, 0).CompareTo(ElementEvaluation.Read(b, 0));

    private static T Clamp<T>(ReadOnlySpan<T> x, T? low, T? high, T lowest, T highest)
        where T : struct, IComparable<T>
    {
        T from = low ?? lowest;
        T to = high ?? highest;
        bool isNaN = x[0] is double.NaN;
        return isNaN ? x[0] : x[0].CompareTo(to) > 0 || from.CompareTo(to) > 0 ? to : x[0].CompareTo(from) < 0 ? from : x[0];
    }

    private static string EmitFloat(Simd simd, IReadOnlyList<string> x, string? low, string? high, bool crossing)
    {
        if (simd.IsScalar)
        {
            return EmitScalar(x[0], low, high, crossing);
        }

        string raised = low is null ? x[0] : simd.AtLeast(low, x[0]);
        return high is null ? raised : simd.AtMost(high, raised);
    }

    private static string EmitNative(NativeLanes lanes, string x, string? low, string? high)
    {
        string raised = low is null ? x : $"{lanes.Class}.Max({x}, {low})";
        return high is null ? raised : $"{lanes.Class}.Min({raised}, {high})";
    }

    private static string EmitScalar(string x, string? low, string? high, bool crossing) => (low, high) switch
    {
        (null, null) => x,
        (null, _) => $"({x} > {high} ? {high} : {x})",
        (_, null) => $"({x} < {low} ? {low} : {x})",
        _ => $"({x} > {high}{(crossing ? $" || {low} > {high}" : string.Empty)} ? {high} : {x} < {low} ? {low} : {x})",
    };

    /// <summary>One bound: absent, a constant, or an operand.</summary>
    private readonly struct Bound
    {
        public Bound(Tensor? number, bool isOperand)
        {
            Number = number;
            IsOperand = isOperand;
        }

        public Tensor? Number { get; }

        public bool IsOperand { get; }

        public double? Real(ReadOnlySpan<double> arguments, int at) => IsOperand ? arguments[at] : Number is null ? null : ElementEvaluation.Read(Number, 0);

        public long? Integer(ReadOnlySpan<long> arguments, int at) => IsOperand ? arguments[at] : Number is null ? null : ElementEvaluation.ReadInteger(Number, 0);

        public ulong? Unsigned(ReadOnlySpan<ulong> arguments, int at) => IsOperand ? arguments[at] : Number is null ? null : unchecked((ulong)ElementEvaluation.ReadInteger(Number, 0));

        public string? EmitFloat(Simd simd, IReadOnlyList<string> arguments, int at) =>
            IsOperand ? arguments[at] : Number is null ? null : simd.Constant(Number.Floats()[0]);

        public string? Emit(ElementType type, IReadOnlyList<string> arguments, int at) =>
            IsOperand ? arguments[at] : Number is null ? null : Literal.Of(Number, 0);

        public string? EmitNative(NativeLanes lanes, ElementType type, IReadOnlyList<string> arguments, int at) =>
            IsOperand ? arguments[at] : Number is null ? null : lanes.Constant(type, Literal.Of(Number, 0));

        public string Formula(int at) => IsOperand ? $"{{{at}}}" : ToString();

        public override string ToString() => IsOperand ? "·" : Number is null ? "–" : Literal.Of(Number, 0);
    }
}
