using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>Evaluates nodes at compile time. Operators compute with 16-bit floats in f32, so these are widened before and rounded behind.</summary>
internal static class NodeEvaluation
{
    /// <summary>The type that values of a type are computed in.</summary>
    public static ElementType Widened(ElementType type) => type.IsHalf() ? ElementType.Float32 : type;

    /// <summary>The constant in the type it is computed in; a recipe stays a recipe.</summary>
    public static Tensor Widen(Tensor tensor) => Convert(tensor, Widened(tensor.Type));

    /// <summary>The operator's results for constant operands, as <see cref="Operator.Evaluate"/> gives them.</summary>
    public static IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> operands)
    {
        bool halves = node.Outputs.Any(static v => v.Type.IsHalf()) || operands.Any(static t => t is not null && t.Type.IsHalf());
        if (!halves || node.Operator.ConvertsTypes)
        {
            return node.Operator.Evaluate(node, operands);
        }

        Node wide = WidenedCopy(node);
        IReadOnlyList<Tensor> results = node.Operator.Evaluate(wide, operands.Select(static t => t is null ? null : Widen(t)).ToArray());
        return results.Select((t, i) => i < node.Outputs.Count ? Convert(t, node.Outputs[i].Type) : t).ToArray();
    }

    /// <summary>The node as it would be if the model had f32 in the place of 16-bit floats; it stands in no graph.</summary>
    private static Node WidenedCopy(Node node)
    {
        IEnumerable<Value?> inputs = node.Inputs.Take(node.OperatorInputCount).Select(static v => v is null ? null : new Value(v.Name, Widened(v.Type), v.Shape)
        {
            Constant = v.Constant is null ? null : Widen(v.Constant),
        });
        IEnumerable<Value> outputs = node.Outputs.Select(static v => new Value(v.Name, v.Type, v.Shape));
        var copy = new Node(node.Operator, node.Name, node.Attributes.Clone(), inputs, outputs) { Opset = node.Opset };
        node.Operator.Infer(new InferContext(copy));
        return copy;
    }

    private static Tensor Convert(Tensor tensor, ElementType type) => tensor.Type == type ? tensor : Tensor.Lazy(type, tensor.Shape, tensor.Recipe, () =>
    {
        int count = checked((int)tensor.Shape.ElementCount);
        var bytes = new byte[count * type.Size()];
        for (int i = 0; i < count; i++)
        {
            ElementEvaluation.Write(bytes, type, i, ElementEvaluation.Read(tensor, i));
        }

        return bytes;
    });
}
