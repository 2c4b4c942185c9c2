using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Movement;

/// <summary>
/// Reshape to sizes of which only the run knows that they have as many elements as the input, of the compiler's own: it ends with an error
/// otherwise. Inputs: x, and the shape as i64 sizes.
/// </summary>
internal sealed class ReshapeToSizes : Operator
{
    public ReshapeToSizes()
        : base(nameof(ReshapeToSizes), InternalDomain)
    {
    }

    public override (int Min, int Max) InputCount => (2, 2);

    public override bool WritesStrided(Node node) => true;

    /// <summary>Writes a Reshape whose target is data.</summary>
    /// <param name="node">The Reshape.</param>
    /// <param name="target">Its target shape as sizes, -1 and 0 as the operator means them.</param>
    /// <param name="compose">Adds the parts.</param>
    public static Value Write(Node node, IReadOnlyList<Size> target, Composer compose)
    {
        Shape source = node.Required(0).Shape;
        bool copies = !node.Attributes.Flag("allowzero", false);
        compose.Check(target.Count(static t => t.Constant == -1) <= 1, "the target shape has -1 twice");
        compose.Check(!copies || target.Skip(source.Rank).All(static t => t.Constant != 0), "the target shape copies a dimension that the input does not have");
        Size[] sizes = target.Select((t, i) => t.Constant == 0 && copies ? source.Extent(i).Expression : t).ToArray();
        int open = System.Array.FindIndex(sizes, static s => s.Constant == -1);
        Size known = sizes.Where((_, i) => i != open).Aggregate(Size.Of(1), static (product, s) => product * s);
        Value Number(Size size) => compose.Context.SizeVector(new[] { size });
        if (open >= 0)
        {
            Value quotient = compose.Div(Number(source.ElementSize), compose.Op("Max", Number(known), compose.Ints(1)));
            long most = source.ElementSize.Maximum / System.Math.Max(1, known.LowerBound);
            Value rest = compose.Context.SizesIn(quotient, new[] { new SizeRange(0, System.Math.Max(1, most)) });
            sizes[open] = rest.Sizes!.Elements![0];
        }

        return compose.Op(OperatorRegistry.Get(nameof(ReshapeToSizes), InternalDomain), new[] { node.Required(0), compose.Context.SizeVector(sizes) });
    }

    public override void Infer(InferContext context) =>
        context.SetOutput(0, context.Type(0), context.MakeShape(context.RequireInts(1, "shape")));

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs) => inputs[0]!.Shape.ElementCount == node.Output.Shape.ElementCount
        ? new[] { inputs[0]!.Reshape(node.Output.Shape) }
        : throw new ModelException(DiagnosticCodes.ShapeMismatch, NodeContext.Describe(node, $"the target shape {node.Output.Shape} has not as many elements as the input", "Check the data that decide it."));

    public override void Lower(Node node, LoweringContext context)
    {
        TensorView source = context.Packed(node, context.ReadPlain(node.Required(0)));
        context.Add(new PackStep(node, node.Name, context.Allocate(node.Output), source, packs: false)
        {
            Equal = (node.Output.Shape.ElementSize, node.Required(0).Shape.ElementSize),
        });
    }
}
