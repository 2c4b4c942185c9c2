using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Selection;

/// <summary>
/// NonMaxSuppression: of boxes that overlap much only the one with the highest score, for each class of each image: rows (image, class, box),
/// by image, then class, then falling score.
/// </summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__NonMaxSuppression.html · Types: f32 · Opsets: 11 only widened attributes. How many rows there are is
/// found in the data: at most max_output_boxes_per_class of each class. Of equal scores the box of the lower number comes first.
/// </remarks>
internal sealed class NonMaxSuppression : Operator
{
    public NonMaxSuppression()
        : base("NonMaxSuppression")
    {
    }

    public override int Since => 10;

    public override (int Min, int Max) InputCount => (2, 5);

    public override bool FindsCounts => true;

    public override void Infer(InferContext context)
    {
        context.RequireType(0, ElementType.Float32);
        context.RequireType(1, ElementType.Float32);
        context.RequireRank(0, 3);
        context.RequireRank(1, 3);
        Shape boxes = context.Shape(0);
        Shape scores = context.Shape(1);
        if (boxes[2] != 4 || boxes[0] != scores[0] || boxes[1] != scores[2])
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "boxes must be [images, boxes, 4] and scores [images, classes, boxes]");
        }

        RequireOne(context, 2, "max_output_boxes_per_class", ElementType.Int64);
        RequireOne(context, 3, "iou_threshold", ElementType.Float32);
        RequireOne(context, 4, "score_threshold", ElementType.Float32);
        if (context.Attributes.Int("center_point_box", 0) is not (0 or 1))
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, "center_point_box must be 0 or 1");
        }

        long most = !context.Has(2) ? 0
            : context.Input(2).Constant is { } limit ? Math.Max(0, Math.Min(boxes[1], limit.ToInt64Array()[0]))
            : boxes[1];
        int rows = context.ComputedSize(0, scores[0] * (long)scores[1] * most);
        context.SetOutput(0, ElementType.Int64, context.MakeShape(new long[] { rows, 3 }));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        float[] boxes = inputs[0]!.AsSpan<float>().ToArray();
        float[] scores = inputs[1]!.AsSpan<float>().ToArray();
        Shape shape = inputs[1]!.Shape;
        long limit = inputs[2]?.ToInt64Array()[0] ?? 0;
        float overlap = inputs[3] is { } o ? o.AsSpan<float>()[0] : 0;
        float least = inputs[4] is { } l ? l.AsSpan<float>()[0] : float.NegativeInfinity;
        bool centred = node.Attributes.Flag("center_point_box", false);
        var rows = new List<long>();
        for (int image = 0; image < shape[0]; image++)
        {
            for (int category = 0; category < shape[1]; category++)
            {
                var kept = new List<int>();
                int first = ((image * shape[1]) + category) * shape[2];
                foreach (int box in Enumerable.Range(0, shape[2]).Where(b => scores[first + b] > least).OrderByDescending(b => scores[first + b]))
                {
                    if (kept.Count < limit && kept.All(k => Overlap(boxes, (image * shape[2]) + box, (image * shape[2]) + k, centred) <= overlap))
                    {
                        kept.Add(box);
                    }
                }

                rows.AddRange(kept.SelectMany(box => new long[] { image, category, box }));
            }
        }

        return new[] { Tensor.Create(ElementType.Int64, new Shape(rows.Count / 3, 3), rows.ToArray(), "NonMaxSuppression") };
    }

    public override void Lower(Node node, LoweringContext context)
    {
        TensorView?[] settings = new[] { 2, 3, 4 }.Select(i => node.Input(i) is { } value ? context.ReadDense(value) : null).ToArray();
        var boxes = node.Required(0).Shape;
        context.Add(new SuppressionStep(
            node,
            context.ReadPlain(node.Required(0)),
            context.ReadPlain(node.Required(1)),
            settings,
            context.Allocate(node.Output),
            context.Scratch($"{node.Name}.candidates", ElementType.Int32, new Shape(Math.Max(1, boxes[1]))),
            node.Attributes.Flag("center_point_box", false)));
    }

    public override bool WritesStrided(Node node) => true;

    private static void RequireOne(InferContext context, int index, string role, ElementType type)
    {
        if (context.Has(index) && (context.Type(index) != type || context.Shape(index).ElementCount != 1))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"input {index} ('{role}') must be one {type.ShortName()}");
        }
    }

    /// <summary>Intersection divided by union; 0 for boxes without an area.</summary>
    private static float Overlap(float[] boxes, int a, int b, bool centred)
    {
        (float top, float bottom) = Side(boxes, a, centred ? 1 : 0, centred);
        (float otherTop, float otherBottom) = Side(boxes, b, centred ? 1 : 0, centred);
        (float left, float right) = Side(boxes, a, centred ? 0 : 1, centred);
        (float otherLeft, float otherRight) = Side(boxes, b, centred ? 0 : 1, centred);
        float height = Math.Min(bottom, otherBottom) - Math.Max(top, otherTop);
        float width = Math.Min(right, otherRight) - Math.Max(left, otherLeft);
        if (!(height > 0 && width > 0))
        {
            return 0;
        }

        float shared = height * width;
        float area = (bottom - top) * (right - left);
        float otherArea = (otherBottom - otherTop) * (otherRight - otherLeft);
        return shared / (area + otherArea - shared);
    }

    private static (float Low, float High) Side(float[] boxes, int box, int axis, bool centred)
    {
        float first = boxes[(4 * box) + axis];
        float second = boxes[(4 * box) + axis + 2];
        return centred ? (first - (second / 2), first + (second / 2)) : (Math.Min(first, second), Math.Max(first, second));
    }
}
