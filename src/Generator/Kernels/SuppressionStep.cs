using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// Non-maximum suppression: for each class of each image the boxes above the least score become a heap, from which the best is taken again and
/// again and kept if it overlaps no box that was kept before. Nothing is sorted that is not asked for.
/// </summary>
internal sealed class SuppressionStep : Step
{
    private readonly TensorView _boxes;
    private readonly TensorView _scores;
    private readonly IReadOnlyList<TensorView?> _settings;
    private readonly TensorView _output;
    private readonly TensorView _heap;
    private readonly bool _centred;

    /// <param name="node">The node it belongs to; its only count is the number of rows.</param>
    /// <param name="boxes">f32 [images, boxes, 4], plain.</param>
    /// <param name="scores">f32 [images, classes, boxes], plain.</param>
    /// <param name="settings">Most boxes per class (i64), greatest overlap and least score (f32): one element each, or null.</param>
    /// <param name="output">i64 rows (image, class, box), plain.</param>
    /// <param name="heap">Scratch memory for a number of each box.</param>
    /// <param name="centred">True for boxes (x, y, width, height) around their centre, false for two corners (y, x, y, x).</param>
    public SuppressionStep(
        Node node, TensorView boxes, TensorView scores, IReadOnlyList<TensorView?> settings, TensorView output, TensorView heap, bool centred)
        : base(node, node.Name)
    {
        _boxes = boxes;
        _scores = scores;
        _settings = settings;
        _output = output;
        _heap = heap;
        _centred = centred;
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<SizeVariable> ComputedSizes => Node!.ComputedSizes;

    public override IReadOnlyList<TensorView> Reads => new[] { _boxes, _scores }.Concat(_settings.OfType<TensorView>()).ToArray();

    public override IReadOnlyList<TensorView> Writes => new[] { _output };

    public override IReadOnlyList<Storage> Scratch => new[] { _heap.Storage };

    public override string Kernel => $"suppression of {_scores.Shape[0] * (long)_scores.Shape[1]} × {_scores.Shape[2]} boxes, heap";

    public override string Summary => $"{Node!.Operator.Name}, boxes (image, class, box) by falling score that overlap none before";

    public override void Emit(StepWriter writer)
    {
        writer.Pointer(_boxes, "boxes", _boxes.Describe());
        writer.Pointer(_scores, "scores", _scores.Describe());
        writer.Pointer(_heap, "heap");
        writer.Pointer(_output, "y", _output.Describe());
        writer.Line($"long most = {Setting(writer, 0, "limit", "0")};");
        writer.Line($"float overlap = {Setting(writer, 1, "threshold", "0f")};");
        writer.Line($"float least = {Setting(writer, 2, "lowest", "float.NegativeInfinity")};");
        writer.Line("int count = 0;");
        using (writer.For("image", _scores.Shape.Extent(0)))
        using (writer.For("category", _scores.Shape.Extent(1)))
        {
            writer.Line($"float* score = scores + (image * {_scores.Layout.Strides[0]}L) + (category * {_scores.Layout.Strides[1]}L);");
            writer.Line($"float* box = boxes + (image * {_boxes.Layout.Strides[0]}L);");
            EmitHeap(writer);
            writer.Line("int first = count;");
            using (writer.Block("while (candidates > 0 && count - first < most)"))
            {
                EmitTake(writer);
                EmitTest(writer);
            }
        }

        writer.Line($"*{SizeTable.Target(ComputedSizes[0])} = count;");
    }

    private string Setting(StepWriter writer, int index, string name, string absent) => _settings[index] is { } view ? $"*{writer.Pointer(view, name, view.Describe())}" : absent;

    private string Score(string box) => $"score[{box} * {_scores.Layout.Strides[2]}L]";

    /// <summary>True if box a comes before box b. NaN comes last: it is above no score.</summary>
    private string Better(string a, string b) => $"({Score(a)} > {Score(b)} || ({Score(a)} == {Score(b)} && {a} < {b}))";

    /// <summary>Declares <c>candidates</c>: the boxes above the least score, made a heap from its last parent up.</summary>
    private void EmitHeap(StepWriter writer)
    {
        writer.Line("int candidates = 0;");
        using (writer.For("b", _scores.Shape.Extent(2)))
        using (writer.Block($"if ({Score("b")} > least)"))
        {
            writer.Line("heap[candidates] = b;");
            writer.Line("candidates++;");
        }

        using (writer.Block("for (int parent = (candidates / 2) - 1; parent >= 0; parent--)"))
        {
            writer.Line("int moved = heap[parent];");
            EmitSift(writer, "parent");
        }
    }

    /// <summary>Declares <c>best</c> and takes it from the heap.</summary>
    private void EmitTake(StepWriter writer)
    {
        writer.Line("int best = heap[0];");
        writer.Line("candidates--;");
        writer.Line("int moved = heap[candidates];");
        EmitSift(writer, "0");
    }

    /// <summary>Puts <c>moved</c> at or below a hole in the heap.</summary>
    private void EmitSift(StepWriter writer, string start)
    {
        writer.Line($"int hole = {start};");
        using (writer.Block("while (true)"))
        {
            writer.Line("int child = (2 * hole) + 1;");
            using (writer.Block("if (child >= candidates)"))
            {
                writer.Line("break;");
            }

            using (writer.Block($"if (child + 1 < candidates && {Better("heap[child + 1]", "heap[child]")})"))
            {
                writer.Line("child++;");
            }

            using (writer.Block($"if (!{Better("heap[child]", "moved")})"))
            {
                writer.Line("break;");
            }

            writer.Line("heap[hole] = heap[child];");
            writer.Line("hole = child;");
        }

        using (writer.Block("if (hole < candidates)"))
        {
            writer.Line("heap[hole] = moved;");
        }
    }

    /// <summary>Keeps <c>best</c> unless it overlaps a box of this class that was kept.</summary>
    private void EmitTest(StepWriter writer)
    {
        EmitSides(writer, "best", string.Empty);
        writer.Line("bool keep = true;");
        using (writer.Block("for (int k = first; keep && k < count; k++)"))
        {
            writer.Line($"long other = y[(k * {_output.Layout.Strides[0]}L) + {2 * _output.Layout.Strides[1]}];");
            EmitSides(writer, "other", "Other");
            writer.Line($"float height = {Math("Min")}(bottom, bottomOther) - {Math("Max")}(top, topOther);");
            writer.Line($"float width = {Math("Min")}(right, rightOther) - {Math("Max")}(left, leftOther);");
            writer.Line("float shared = height * width;");
            writer.Line("float all = ((bottom - top) * (right - left)) + ((bottomOther - topOther) * (rightOther - leftOther)) - shared;");
            writer.Line("keep = !(height > 0f && width > 0f && shared / all > overlap);");
        }

        using (writer.Block("if (keep)"))
        {
            for (int i = 0; i < 3; i++)
            {
                writer.Line($"y[(count * {_output.Layout.Strides[0]}L) + {i * _output.Layout.Strides[1]}] = {new[] { "image", "category", "best" }[i]};");
            }

            writer.Line("count++;");
        }
    }

    private void EmitSides(StepWriter writer, string box, string suffix)
    {
        string[] names = _centred ? new[] { "left", "right", "top", "bottom" } : new[] { "top", "bottom", "left", "right" };
        for (int axis = 0; axis < 2; axis++)
        {
            string low = names[2 * axis] + suffix;
            string high = names[(2 * axis) + 1] + suffix;
            writer.Line($"float {low} = {Corner(box, axis)};");
            writer.Line($"float {high} = {Corner(box, axis + 2)};");
            string pair = $"pair{names[2 * axis]}{suffix}";
            if (_centred)
            {
                writer.Line($"float {pair} = {high} / 2f;");
                writer.Line($"{high} = {low} + {pair};");
                writer.Line($"{low} = {low} - {pair};");
            }
            else
            {
                writer.Line($"float {pair} = {low};");
                writer.Line($"{low} = {Math("Min")}({pair}, {high});");
                writer.Line($"{high} = {Math("Max")}({pair}, {high});");
            }
        }
    }

    private string Corner(string box, int index) => $"box[({box} * {_boxes.Layout.Strides[1]}L) + {index * _boxes.Layout.Strides[2]}]";

    private static string Math(string function) => $"global::System.MathF.{function}";
}
