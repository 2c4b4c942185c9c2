using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.MachineLearning;

/// <summary>LabelEncoder: replaces each element by the value that a table has for it, or by a default.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx_aionnxml_LabelEncoder.html · Types: keys and values string, i64, f32, and any number by tensor ·
/// Opsets: 1 had one list of strings, whose positions were the numbers; 2 separate keys and values, a key that is no number equal to nothing; 4 added tensors, and
/// such a key for whatever is no number.
/// </remarks>
internal sealed class LabelEncoder : Operator
{
    public LabelEncoder()
        : base("LabelEncoder", MlOperator.MlDomain)
    {
    }

    public override (int Min, int Max) InputCount => (1, 1);

    /// <summary>Version 1 becomes two tensors: strings to positions, or positions to strings.</summary>
    public override void Upgrade(UpgradeContext context)
    {
        if (context.Opset < 4)
        {
            DropNaN(context.Attributes);
        }

        if (context.Attributes.Strings("classes_strings") is not { } strings)
        {
            return;
        }

        Tensor texts = Tensor.OfStrings(new Shape(strings.Length), strings);
        Tensor numbers = Tensor.Vector(Enumerable.Range(0, strings.Length).Select(static i => (long)i).ToArray());
        bool fromText = context.Node.Input(0)?.Type == ElementType.String;
        context.Attributes.Set("keys_tensor", fromText ? texts : numbers);
        context.Attributes.Set("values_tensor", fromText ? numbers : texts);
        context.Attributes.Set("default_tensor", fromText
            ? Tensor.Vector(context.Attributes.Int("default_int64", -1))
            : Tensor.OfStrings(new Shape(1), new[] { context.Attributes.String("default_string", "_Unused") }));
        context.Attributes.Remove("classes_strings");
    }

    /// <summary>Drops keys that equal nothing, and their values.</summary>
    private static void DropNaN(AttributeMap attributes)
    {
        float[] keys = attributes.Floats("keys_floats") ?? Array.Empty<float>();
        int[] kept = Enumerable.Range(0, keys.Length).Where(i => !float.IsNaN(keys[i])).ToArray();
        if (kept.Length == keys.Length || kept.Length == 0)
        {
            return;
        }

        T[]? Kept<T>(T[]? list) => list?.Length == keys.Length ? kept.Select(i => list[i]).ToArray() : list;
        attributes.Set("keys_floats", Kept(keys)!);
        if (Kept(attributes.Floats("values_floats")) is { } floats)
        {
            attributes.Set("values_floats", floats);
        }

        if (Kept(attributes.Ints("values_int64s")) is { } ints)
        {
            attributes.Set("values_int64s", ints);
        }

        if (Kept(attributes.Strings("values_strings")) is { } strings)
        {
            attributes.Set("values_strings", strings);
        }
    }

    public override void Infer(InferContext context)
    {
        Tensor keys = Keys(context.Node) ?? throw context.Fail(DiagnosticCodes.GraphMalformed, "it has no keys");
        Tensor values = Values(context.Node) ?? throw context.Fail(DiagnosticCodes.GraphMalformed, "it has no values");
        context.RequireType(0, keys.Type);
        if (keys.Shape.ElementCount != values.Shape.ElementCount || keys.Shape.ElementCount == 0 || Default(context.Node, values.Type) is not { Shape.ElementCount: 1 } fallback || fallback.Type != values.Type)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"it has {keys.Shape.ElementCount} keys and {values.Shape.ElementCount} values, or a default of another type");
        }

        context.SetOutput(0, values.Type, context.Shape(0));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        Tensor keys = Keys(node)!;
        Tensor values = Values(node)!;
        Tensor table = WithDefault(node, values);
        int count = (int)keys.Shape.ElementCount;
        return new[]
        {
            ElementMovement.Pick(table, node.Output.Shape, i =>
            {
                double element = ElementEvaluation.Read(inputs[0]!, i);
                int at = 0;
                while (at < count && !(ElementEvaluation.Read(keys, at).Equals(element) || ElementEvaluation.Read(keys, at) == element))
                {
                    at++;
                }

                return at;
            }),
        };
    }

    public override void Lower(Node node, LoweringContext context)
    {
        Tensor keys = Keys(node)!;
        TensorView table = context.Weight(WithDefault(node, Values(node)!), $"{node.Name}.values");
        double[] numbers = keys.Type == ElementType.String
            ? keys.ToStrings().Select(text => (double)context.PositionOf(text)).ToArray()
            : Enumerable.Range(0, (int)keys.Shape.ElementCount).Select(i => ElementEvaluation.Read(keys, i)).ToArray();

        // The first of equal keys wins; a NaN is found apart, since it has no place in an order.
        (double Key, int Position)[] sorted = numbers.Select(static (key, i) => (Key: key, Position: i))
            .Where(static k => !double.IsNaN(k.Key))
            .GroupBy(static k => k.Key)
            .Select(static g => g.First())
            .OrderBy(static k => k.Key)
            .ToArray();
        ElementType type = keys.Type == ElementType.String ? ElementType.Int32 : keys.Type;
        var bytes = new byte[Math.Max(1, sorted.Length) * type.Size()];
        for (int i = 0; i < sorted.Length; i++)
        {
            WriteKey(bytes, type, i, keys, sorted[i]);
        }

        TensorView order = context.Weight(Tensor.FromBytes(type, new Shape(Math.Max(1, sorted.Length)), bytes, "keys"), $"{node.Name}.keys");
        int[] places = sorted.Select(static k => k.Position).DefaultIfEmpty(0).ToArray();
        TensorView positions = context.Weight(Tensor.Create(ElementType.Int32, new Shape(places.Length), places), $"{node.Name}.positions");
        int missing = Array.FindIndex(numbers, double.IsNaN);
        context.Add(new TableLookupStep(
            node, context.ReadDense(node.Required(0)), order, positions, table, context.Allocate(node.Output), sorted.Length, missing < 0 ? null : missing));
    }

    /// <summary>Integers of 64 bits are not all doubles, so they are written as they are.</summary>
    private static void WriteKey(byte[] bytes, ElementType type, int index, Tensor keys, (double Key, int Position) key)
    {
        if (keys.Type.IsInteger())
        {
            ElementEvaluation.WriteInteger(bytes, type, index, ElementEvaluation.ReadInteger(keys, key.Position));
        }
        else
        {
            ElementEvaluation.Write(bytes, type, index, key.Key);
        }
    }

    /// <summary>The values, and behind them the default.</summary>
    private static Tensor WithDefault(Node node, Tensor values)
    {
        byte[] bytes = values.Bytes.ToArray().Concat(Default(node, values.Type)!.Bytes.ToArray()).ToArray();
        return Tensor.FromBytes(values.Type, new Shape((int)values.Shape.ElementCount + 1), bytes, "values");
    }

    private static Tensor? Keys(Node node) => node.Attributes.Tensor("keys_tensor") ?? ListOf(node, "keys");

    private static Tensor? Values(Node node) => node.Attributes.Tensor("values_tensor") ?? ListOf(node, "values");

    private static Tensor? ListOf(Node node, string name) =>
        node.Attributes.Strings($"{name}_strings") is { Length: > 0 } strings ? Tensor.OfStrings(new Shape(strings.Length), strings)
        : node.Attributes.Ints($"{name}_int64s") is { Length: > 0 } ints ? Tensor.Vector(ints)
        : node.Attributes.Floats($"{name}_floats") is { Length: > 0 } floats ? Tensor.Create(ElementType.Float32, new Shape(floats.Length), floats)
        : null;

    private static Tensor? Default(Node node, ElementType type) => node.Attributes.Tensor("default_tensor") ?? type switch
    {
        ElementType.String => Tensor.OfStrings(new Shape(1), new[] { node.Attributes.String("default_string", "_Unused") }),
        ElementType.Int64 => Tensor.Vector(node.Attributes.Int("default_int64", -1)),
        ElementType.Float32 => Tensor.Create(ElementType.Float32, new Shape(1), new[] { node.Attributes.Float("default_float", -0f) }),
        _ => ElementEvaluation.Fill(type, new Shape(1), type.IsFloat() ? -0.0 : -1),
    };
}
