using System.Collections.Generic;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Text;

/// <summary>StringConcat: strings joined element by element, with broadcasting.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__StringConcat.html · Types: string · Opsets: 20 introduced it.</remarks>
internal sealed class StringConcat : Operator
{
    public StringConcat()
        : base("StringConcat")
    {
    }

    public override int Since => 20;

    public override (int Min, int Max) InputCount => (2, 2);

    public override void Infer(InferContext context)
    {
        context.RequireType(0, ElementType.String);
        context.RequireType(1, ElementType.String);
        context.SetOutput(0, ElementType.String, context.Broadcast(0, 1));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        Shape shape = node.Output.Shape;
        string[] left = inputs[0]!.ToStrings();
        string[] right = inputs[1]!.ToStrings();
        var first = new BroadcastIndex(inputs[0]!.Shape, shape);
        var second = new BroadcastIndex(inputs[1]!.Shape, shape);
        var texts = new string[shape.ElementCount];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = left[first.Map(i)] + right[second.Map(i)];
        }

        return new[] { Tensor.OfStrings(shape, texts) };
    }

    public override void Lower(Node node, LoweringContext context)
    {
        TensorView output = context.Allocate(node.Output);
        context.Add(new TextStep(
            node,
            new[] { Broadcast(context.ReadPlain(node.Required(0)), output.Shape), Broadcast(context.ReadPlain(node.Required(1)), output.Shape) },
            output,
            "joined strings",
            static x => $"string.Concat({x[0]}, {x[1]})"));
    }

    private static TensorView Broadcast(TensorView view, Shape shape) => view.With(view.Layout.BroadcastTo(shape));
}
