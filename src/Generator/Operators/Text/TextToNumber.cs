using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;
using AotCompiler.Runtime;

namespace AotCompiler.Operators.Text;

/// <summary>Cast of strings to numbers. An operator of the compiler's own; attribute <c>to</c> is f32, f64, i64 or u64.</summary>
/// <remarks>
/// What a string may look like says <see cref="TextNumber"/>. A string that is no number is an error of the run, and of the model where
/// it is a constant. Other types than the four follow by a Cast of numbers.
/// </remarks>
internal sealed class TextToNumber : Operator
{
    private static readonly ElementType[] _types = { ElementType.Float32, ElementType.Float64, ElementType.Int64, ElementType.UInt64 };

    public TextToNumber()
        : base("TextToNumber", InternalDomain)
    {
    }

    public override (int Min, int Max) InputCount => (1, 1);

    /// <summary>True if a Cast from a type to another is one of strings to numbers.</summary>
    public static bool Applies(IReadOnlyList<ModelValue?> inputs, ElementType to) =>
        TypeSets.Stored.Contains(to) && inputs.Count > 0 && inputs[0] is TensorValue { Value.Type: ElementType.String };

    /// <summary>The numbers for input 0.</summary>
    public static void Import(StructureContext context, ElementType to)
    {
        ElementType parsed = _types.Contains(to) ? to : to == ElementType.Bool ? ElementType.Float64 : to.IsInteger() || to.IsNarrowInteger() ? ElementType.Int64 : ElementType.Float32;
        Operator op = OperatorRegistry.Get("TextToNumber", InternalDomain);
        var attributes = new AttributeMap($"'{op.Name}' node \"{context.Name}\"");
        attributes.Set("to", (long)parsed);
        Value numbers = context.Insert(op, attributes, new Value?[] { context.Tensor(0) }, 1)[0];
        (string, object)[] cast = context.Attributes.Names.Where(static n => n is "saturate" or "round_mode")
            .Select(name => (name, context.Attributes.Raw(name)!)).Append(("to", (long)to)).ToArray();
        context.SetOutput(0, new TensorValue(parsed == to ? numbers : context.Insert("Cast", new[] { numbers }, cast)));
    }

    public override void Infer(InferContext context)
    {
        context.RequireType(0, ElementType.String);
        if (context.Input(0).Constant is { } constant && FirstBad(constant, Target(context.Node)) is { } text)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"the string '{text}' is no number");
        }

        context.SetOutput(0, Target(context.Node), context.Shape(0));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        string[] texts = inputs[0]!.ToStrings().ToArray();
        int error = 0;
        Shape shape = inputs[0]!.Shape;
        return new[]
        {
            Target(node) switch
            {
                ElementType.Float32 => Tensor.Create(ElementType.Float32, shape, Array.ConvertAll(texts, t => TextNumber.ToSingle(t, ref error))),
                ElementType.Float64 => Tensor.Create(ElementType.Float64, shape, Array.ConvertAll(texts, t => TextNumber.ToDouble(t, ref error))),
                ElementType.Int64 => Tensor.Create(ElementType.Int64, shape, Array.ConvertAll(texts, t => TextNumber.ToInt64(t, ref error))),
                _ => Tensor.Create(ElementType.UInt64, shape, Array.ConvertAll(texts, t => TextNumber.ToUInt64(t, ref error))),
            },
        };
    }

    public override void Lower(Node node, LoweringContext context) => context.Add(new TextStep(
        node,
        new[] { context.ReadPlain(node.Required(0)) },
        context.Allocate(node.Output),
        "numbers that strings spell",
        x => $"StringTable.{Method(Target(node))}({x[0]}, ref error)") { Checks = true });

    private static string? FirstBad(Tensor strings, ElementType type)
    {
        foreach (string text in strings.ToStrings())
        {
            int error = 0;
            _ = type switch
            {
                ElementType.Int64 => TextNumber.ToInt64(text, ref error),
                ElementType.UInt64 => TextNumber.ToUInt64(text, ref error),
                _ => TextNumber.ToDouble(text, ref error),
            };
            if (error != 0)
            {
                return text;
            }
        }

        return null;
    }

    private static string Method(ElementType type) => type switch
    {
        ElementType.Float32 => "ToSingle",
        ElementType.Float64 => "ToDouble",
        ElementType.Int64 => "ToInt64",
        _ => "ToUInt64",
    };

    private static ElementType Target(Node node) => (ElementType)(int)node.Attributes.Int("to", (long)ElementType.Float64);
}
