using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Movement;

/// <summary>ScatterElements, ScatterND and Scatter: a copy of the data into which updates are written, added, … at checked indices, in order.</summary>
/// <remarks>Strings are added by joining them, and ordered by their characters, as in the reference implementation; they have no product.</remarks>
internal abstract class ScatteringOperator : Operator
{
    protected ScatteringOperator(string name)
        : base(name)
    {
    }

    public override (int Min, int Max) InputCount => (3, 3);

    public override bool WritesStrided(Node node) => true;

    public override void Infer(InferContext context)
    {
        context.RequireSameType(0, 2);
        string reduction = context.Attributes.String("reduction", "none");
        if (!ScatterStep.Reductions.Contains(reduction))
        {
            throw context.Fail(DiagnosticCodes.FeatureUnsupported, $"attribute 'reduction' is \"{reduction}\"; supported: {string.Join(", ", ScatterStep.Reductions)}");
        }

        if (reduction != "none")
        {
            context.RequireType(0, reduction == "mul" ? TypeSets.All : TypeSets.AllAndText);
        }

        CheckIndices(context);
        context.SetOutput(0, context.Type(0), context.Shape(0));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        Tensor updates = inputs[2]!;
        Tensor result = Tensor.FromBytes(node.Output.Type, node.Output.Shape, inputs[0]!.Bytes.ToArray(), "Scatter");
        byte[] bytes = inputs[0]!.Bytes.ToArray();
        Func<int, long> target = Target(node, inputs[0]!.Shape, inputs[1]!);
        string reduction = node.Attributes.String("reduction", "none");
        int size = result.Type.Size();
        for (int i = 0; i < updates.Shape.ElementCount; i++)
        {
            int at = checked((int)target(i));
            if (reduction == "none")
            {
                updates.Bytes.Slice(i * size, size).CopyTo(bytes.AsSpan(at * size));
            }
            else
            {
                Combine(bytes, Tensor.FromBytes(result.Type, result.Shape, bytes, "Scatter"), at, updates, i, reduction);
            }
        }

        return new[] { Tensor.FromBytes(result.Type, result.Shape, bytes, "Scatter") };
    }

    public override void Lower(Node node, LoweringContext context)
    {
        TensorView data = context.ReadPlain(node.Required(0));
        TensorView output = context.Allocate(node.Output);
        context.Add(new CopyStep(node, $"{node.Name} data", data, output));
        if (node.Required(2).Shape.ElementCount > 0)
        {
            context.Add(MakeStep(node, context.ReadPlain(node.Required(2)), output, context));
        }
    }

    /// <summary>Checks inputs 1 and 2.</summary>
    protected abstract void CheckIndices(InferContext context);

    /// <summary>The map from positions of the updates to positions of the output.</summary>
    protected abstract Func<int, long> Target(Node node, Shape data, Tensor indices);

    /// <summary>Makes the step that writes the updates.</summary>
    protected abstract Step MakeStep(Node node, TensorView updates, TensorView output, LoweringContext context);

    private static void Combine(byte[] bytes, Tensor result, int at, Tensor updates, int i, string reduction)
    {
        if (result.Type == ElementType.String)
        {
            string joined = JoinedText(result.ToStrings()[at], updates.ToStrings()[i], reduction);
            Tensor.OfStrings(Shape.Scalar, new[] { joined }).Bytes.CopyTo(bytes.AsSpan(at * result.Type.Size()));
            return;
        }

        if (result.Type.IsInteger() && result.Type != ElementType.UInt64)
        {
            long a = ElementEvaluation.ReadInteger(result, at);
            long b = ElementEvaluation.ReadInteger(updates, i);
            ElementEvaluation.WriteInteger(bytes, result.Type, at, reduction switch
            {
                "add" => unchecked(a + b),
                "mul" => unchecked(a * b),
                "min" => Math.Min(a, b),
                _ => Math.Max(a, b),
            });
            return;
        }

        double x = ElementEvaluation.Read(result, at);
        double y = ElementEvaluation.Read(updates, i);
        ElementEvaluation.Write(bytes, result.Type, at, reduction switch
        {
            "add" => x + y,
            "mul" => x * y,
            "min" => Math.Min(x, y),
            _ => Math.Max(x, y),
        });
    }

    private static string JoinedText(string old, string update, string reduction) => reduction switch
    {
        "add" => old + update,
        "min" => string.CompareOrdinal(update, old) < 0 ? update : old,
        _ => string.CompareOrdinal(update, old) > 0 ? update : old,
    };
}
