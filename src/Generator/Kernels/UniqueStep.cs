using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// Different slices along an axis: their numbers are sorted by merging, equal ones stand side by side in the order of the input, and each run
/// of equal ones is a group.
/// </summary>
internal sealed class UniqueStep : Step
{
    private readonly TensorView _input;
    private readonly int _axis;
    private readonly bool _sorted;
    private readonly IReadOnlyList<TensorView> _outputs;
    private readonly IReadOnlyList<TensorView> _lists;
    private readonly LoopNest _slice;

    /// <param name="node">The node it belongs to; its only count is the number of groups.</param>
    /// <param name="input">What is read; plain.</param>
    /// <param name="axis">The axis along which the slices lie.</param>
    /// <param name="sorted">True for groups in ascending order, false for the order in which they first occur.</param>
    /// <param name="outputs">The slices, plain; then, as far as wanted, i64 vectors: where each group first occurs, the group of each slice, members of each group.</param>
    /// <param name="lists">Four vectors of i32 as long as the axis, for the step's own use.</param>
    public UniqueStep(Node node, TensorView input, int axis, bool sorted, IReadOnlyList<TensorView> outputs, IReadOnlyList<TensorView> lists)
        : base(node, node.Name)
    {
        _input = input;
        _axis = axis;
        _sorted = sorted;
        _outputs = outputs;
        _lists = lists;
        _slice = LoopNest.Build(Across(input), Across(outputs[0]));
    }

    public override bool TakesRunTimeSizes => true;

    public override bool UsesStrings => _input.Type == ElementType.String;

    public override IReadOnlyList<SizeVariable> ComputedSizes => Node!.ComputedSizes;

    public override IReadOnlyList<TensorView> Reads => new[] { _input };

    public override IReadOnlyList<TensorView> Writes => _outputs;

    public override IReadOnlyList<Storage> Scratch => _lists.Select(static l => l.Storage).ToArray();

    public override string Kernel => $"unique among {_input.Shape[_axis]}, merge sort";

    public override string Summary => $"{Node!.Operator.Name}, {(_sorted ? "ascending" : "in the order of the input")}";

    private IterationDimension Axis => _input.Layout.Dimensions()[_axis];

    public override void Emit(StepWriter writer)
    {
        writer.Pointer(_input, "x", _input.Describe());
        foreach ((TensorView list, string name) in _lists.Zip(new[] { "order", "merged", "first", "ranks" }, static (l, n) => (l, n)))
        {
            writer.Pointer(list, name);
        }

        writer.Line($"int length = {writer.Value(Axis.Trip)};");
        EmitSort(writer);
        EmitGroups(writer);
        EmitRanks(writer);
        EmitOutputs(writer);
        writer.Line($"*{SizeTable.Target(ComputedSizes[0])} = count;");
    }

    private IReadOnlyList<IterationDimension> Across(TensorView view) => view.Layout.Dimensions().Where((_, i) => i != _axis).ToArray();

    /// <summary>Sorts the numbers of the slices into <c>order</c>, runs of 1, 2, 4, … at a time; equal ones keep their order.</summary>
    private void EmitSort(StepWriter writer)
    {
        using (writer.Block("for (int i = 0; i < length; i++)"))
        {
            writer.Line("order[i] = i;");
        }

        using (writer.Block("for (int run = 1; run < length; run *= 2)"))
        {
            using (writer.Block("for (int start = 0; start < length; start += 2 * run)"))
            {
                writer.Line("int left = start;");
                writer.Line("int middle = global::System.Math.Min(start + run, length);");
                writer.Line("int right = middle;");
                writer.Line("int end = global::System.Math.Min(middle + run, length);");
                using (writer.Block("for (int k = start; k < end; k++)"))
                {
                    writer.Line("bool takeLeft = right == end;");
                    using (writer.Block("if (left < middle && right < end)"))
                    {
                        EmitCompare(writer, "order[left]", "order[right]");
                        writer.Line("takeLeft = sign <= 0;");
                    }

                    using (writer.Block("if (left < middle && takeLeft)"))
                    {
                        writer.Line("merged[k] = order[left++];");
                    }

                    using (writer.Block("else"))
                    {
                        writer.Line("merged[k] = order[right++];");
                    }
                }
            }

            writer.Line("int* sorted = merged;");
            writer.Line("merged = order;");
            writer.Line("order = sorted;");
        }
    }

    /// <summary>Declares <c>sign</c>: below 0, 0 or above as the first slice is below, equal to or above the second.</summary>
    private void EmitCompare(StepWriter writer, string a, string b)
    {
        string type = StepWriter.PointerType(_input.Type);
        writer.Line($"{type} a = x + ({a} * {Axis.Stride}L);");
        writer.Line($"{type} b = x + ({b} * {Axis.Stride}L);");
        writer.Line("int sign = 0;");
        LoopNest nest = _slice.Select(0, 0);
        nest.EmitOuter(writer, new[] { ("a", type), ("b", type) }, rows =>
        {
            using (writer.Block($"for (int e = 0; sign == 0 && e < {writer.Value(nest.InnerTrip)}; e++)"))
            {
                string left = $"{rows[0]}[e * {nest.InnerStride(0)}L]";
                string right = $"{rows[1]}[e * {nest.InnerStride(1)}L]";
                if (_input.Type == ElementType.String)
                {
                    writer.Line($"sign = string.CompareOrdinal({StepWriter.Strings}.Text({left}), {StepWriter.Strings}.Text({right}));");
                    return;
                }

                writer.Line($"sign = {left} < {right} ? -1 : {left} > {right} ? 1 : 0;");
                if (_input.Type.IsFloat())
                {
                    // NaN is no number's equal: it counts as above all.
                    writer.Line($"sign += sign != 0 ? 0 : ({left} != {left} ? 1 : 0) - ({right} != {right} ? 1 : 0);");
                }
            }
        });
    }

    /// <summary>Declares <c>count</c>, the number of groups; <c>merged</c> becomes the group of each slice, <c>first</c> each group's first slice.</summary>
    private void EmitGroups(StepWriter writer)
    {
        writer.Line("int count = 0;");
        using (writer.Block("for (int i = 0; i < length; i++)"))
        {
            writer.Line("bool begins = i == 0;");
            using (writer.Block("if (i > 0)"))
            {
                EmitCompare(writer, "order[i - 1]", "order[i]");
                writer.Line("begins = sign != 0;");
            }

            using (writer.Block("if (begins)"))
            {
                writer.Line("first[count++] = order[i];");
            }

            writer.Line("merged[order[i]] = count - 1;");
        }
    }

    /// <summary>Writes into <c>ranks</c> the place of each group among the results.</summary>
    private void EmitRanks(StepWriter writer)
    {
        if (_sorted)
        {
            using (writer.Block("for (int g = 0; g < count; g++)"))
            {
                writer.Line("ranks[g] = g;");
            }

            return;
        }

        writer.Line("int next = 0;");
        using (writer.Block("for (int i = 0; i < length; i++)"))
        using (writer.Block("if (first[merged[i]] == i)"))
        {
            writer.Line("ranks[merged[i]] = next++;");
        }
    }

    private void EmitOutputs(StepWriter writer)
    {
        string bits = RowCopy.PointerName(_input.Type);
        IterationDimension along = _outputs[0].Layout.Dimensions()[_axis];
        writer.Pointer(_outputs[0], "y", type: bits);
        using (writer.Block("for (int g = 0; g < count; g++)"))
        {
            writer.Line($"{bits} from = ({bits})x + (first[g] * {Axis.Stride}L);");
            writer.Line($"{bits} to = y + (ranks[g] * {along.Stride}L);");
            _slice.EmitOuter(writer, new[] { ("from", bits), ("to", bits) }, rows =>
                RowCopy.Emit(writer, _input.Type, rows[0], _slice.InnerStride(0), rows[1], _slice.InnerStride(1), _slice.InnerTrip));
        }

        string[] names = { "y", "indices", "inverse", "counts" };
        for (int i = 1; i < _outputs.Count; i++)
        {
            string name = writer.Pointer(_outputs[i], names[i], _outputs[i].Describe());
            string at = $"* {_outputs[i].Layout.Strides[0]}L";
            if (i == 3)
            {
                Line(writer, "g", "count", $"{name}[g {at}] = 0;");
            }

            Line(writer, i == 1 ? "g" : "i", i == 1 ? "count" : "length", i switch
            {
                1 => $"{name}[ranks[g] {at}] = first[g];",
                2 => $"{name}[i {at}] = ranks[merged[i]];",
                _ => $"{name}[ranks[merged[i]] {at}]++;",
            });
        }
    }

    private static void Line(StepWriter writer, string variable, string count, string text)
    {
        using (writer.Block($"for (int {variable} = 0; {variable} < {count}; {variable}++)"))
        {
            writer.Line(text);
        }
    }
}
