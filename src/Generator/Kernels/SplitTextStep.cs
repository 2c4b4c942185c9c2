using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>Writes the parts of each string into a row as long as there is room, counts them, and finds the greatest count.</summary>
internal sealed class SplitTextStep : Step
{
    private readonly TensorView _input;
    private readonly TensorView _parts;
    private readonly TensorView _counts;
    private readonly string _delimiter;
    private readonly int _limit;

    /// <param name="node">The node it belongs to; its only count is the length of the longest row.</param>
    /// <param name="input">The strings; plain.</param>
    /// <param name="parts">Strings: a row for each of the input's; plain.</param>
    /// <param name="counts">i64, of the input's shape; plain.</param>
    /// <param name="delimiter">What stands between parts; empty for white space.</param>
    /// <param name="limit">Most parts of a string.</param>
    public SplitTextStep(Node node, TensorView input, TensorView parts, TensorView counts, string delimiter, int limit)
        : base(node, node.Name)
    {
        _input = input;
        _parts = parts;
        _counts = counts;
        _delimiter = delimiter;
        _limit = limit;
    }

    public override bool CanFail => true;

    public override string FailureGuard => "ThrowText";

    public override bool TakesRunTimeSizes => true;

    public override bool UsesStrings => true;

    public override IReadOnlyList<SizeVariable> ComputedSizes => Node!.ComputedSizes;

    public override IReadOnlyList<TensorView> Reads => new[] { _input };

    public override IReadOnlyList<TensorView> Writes => new[] { _parts, _counts };

    public override string Kernel => "text, one string after the other";

    public override string Summary => $"{Node!.Operator.Name}, parts of strings and their numbers";

    public override void Emit(StepWriter writer)
    {
        int rank = _input.Shape.Rank;
        var pointers = new[] { (_input, "x"), (_parts, "y"), (_counts, "n") }
            .Select(v => (writer.Pointer(v.Item1, v.Item2, v.Item1.Describe()), StepWriter.PointerType(v.Item1.Type))).ToArray();
        writer.Line("int error = 0;");
        writer.Line("int longest = 0;");
        int capacity = _parts.Shape[rank];
        LoopNest.Build(_input.Layout.Dimensions(), _parts.Layout.Dimensions().Take(rank).ToArray(), _counts.Layout.Dimensions()).EmitAll(writer, pointers, elements =>
        {
            writer.Line($"int count = {StepWriter.Strings}.Split({StepWriter.Strings}.Text(*{elements[0]}), {Literal.Of(_delimiter)}, {_limit}, {elements[1]}, {_parts.Layout.Strides[rank]}L, {capacity}, ref error);");
            writer.Line($"*{elements[2]} = count;");
            writer.Line("longest = count > longest ? count : longest;");
        });
        writer.Line($"*{SizeTable.Target(ComputedSizes[0])} = longest;");
        writer.Line("return error;");
    }
}
