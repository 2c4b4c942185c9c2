using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Text;

/// <summary>Cast of numbers to strings. An operator of the compiler's own.</summary>
/// <remarks>
/// Integers in decimal, bools as 1 and 0; floats with 8 significant digits, in C's form <c>%.8g</c>, as ONNX Runtime writes them; NaN, INF and -INF as
/// https://onnx.ai/onnx/operators/onnx__Cast.html says. Types: numbers and bool; floats of 16 bits and less are widened before.
/// </remarks>
internal sealed class NumberToText : Operator
{
    private const string Float = "g8";

    public NumberToText()
        : base("NumberToText", InternalDomain)
    {
    }

    public override (int Min, int Max) InputCount => (1, 1);

    /// <summary>True if a Cast from a type to another is one of numbers to strings.</summary>
    public static bool Applies(IReadOnlyList<ModelValue?> inputs, ElementType to) =>
        to == ElementType.String && inputs.Count > 0 && inputs[0] is TensorValue { Value: var value } && TypeSets.Stored.Contains(value.Type);

    /// <summary>The strings for input 0; floats of 16 bits and less by way of f32.</summary>
    public static void Import(StructureContext context)
    {
        Value x = context.Tensor(0);
        x = x.Type.IsHalf() || x.Type.IsNarrowFloat() ? context.Insert("Cast", new[] { x }, ("to", (long)ElementType.Float32)) : x;
        Operator text = OperatorRegistry.Get("NumberToText", InternalDomain);
        context.SetOutput(0, new TensorValue(context.Insert(text, new AttributeMap($"'{text.Name}' node \"{context.Name}\""), new Value?[] { x }, 1)[0]));
    }

    public override void Infer(InferContext context)
    {
        context.RequireType(0, TypeSets.Stored.Where(static t => !t.IsHalf() && !t.IsNarrowFloat()).ToArray());
        context.SetOutput(0, ElementType.String, context.Shape(0));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        Tensor x = inputs[0]!;
        string[] texts = Enumerable.Range(0, (int)x.Shape.ElementCount).Select(i => Text(x, i)).ToArray();
        return new[] { Tensor.OfStrings(x.Shape, texts) };
    }

    public override void Lower(Node node, LoweringContext context) => context.Add(new TextStep(
        node,
        new[] { context.ReadPlain(node.Required(0)) },
        context.Allocate(node.Output),
        "numbers in decimal",
        x => Expression(node.Required(0).Type, x[0])));

    private static string Expression(ElementType type, string x)
    {
        const string culture = "global::System.Globalization.CultureInfo.InvariantCulture";
        string name = type.CSharpName();
        return type == ElementType.Bool ? $"({x} != 0 ? \"1\" : \"0\")"
            : type.IsFloat() ? $"({name}.IsNaN({x}) ? \"NaN\" : {name}.IsInfinity({x}) ? ({x} > 0 ? \"INF\" : \"-INF\") : ({x}).ToString(\"{Float}\", {culture}))"
            : $"({x}).ToString({culture})";
    }

    private static string Text(Tensor x, int index)
    {
        if (!x.Type.IsFloat())
        {
            long integer = ElementEvaluation.ReadInteger(x, index);
            return x.Type == ElementType.UInt64 ? unchecked((ulong)integer).ToString(CultureInfo.InvariantCulture) : integer.ToString(CultureInfo.InvariantCulture);
        }

        double value = ElementEvaluation.Read(x, index);
        return double.IsNaN(value) ? "NaN"
            : double.IsInfinity(value) ? value > 0 ? "INF" : "-INF"
            : x.Type == ElementType.Float32 ? ((float)value).ToString(Float, CultureInfo.InvariantCulture) : value.ToString(Float, CultureInfo.InvariantCulture);
    }
}
