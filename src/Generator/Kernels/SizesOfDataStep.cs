using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>Reads numbers that sizes depend on, and checks that they are what memory was planned for.</summary>
internal sealed class SizesOfDataStep : Step
{
    private readonly TensorView _input;
    private readonly IReadOnlyList<SizeRange> _ranges;

    /// <param name="node">The node it belongs to; its counts are the elements that have ranges.</param>
    /// <param name="input">What is read; dense.</param>
    /// <param name="ranges">What each element can be, row-major.</param>
    public SizesOfDataStep(Node node, TensorView input, IReadOnlyList<SizeRange> ranges)
        : base(node, $"sizes {node.Name}")
    {
        _input = input;
        _ranges = ranges;
    }

    public override bool TakesRunTimeSizes => true;

    public override bool CanFail => true;

    public override IReadOnlyList<SizeVariable> ComputedSizes => Node!.ComputedSizes;

    public override IReadOnlyList<TensorView> Reads => new[] { _input };

    public override IReadOnlyList<TensorView> Writes => System.Array.Empty<TensorView>();

    public override string Kernel => $"{_ranges.Count} sizes of data";

    public override string Summary => $"Sizes that \"{_input.Storage.Name}\" holds: {string.Join(", ", _ranges.Select(static r => r.IsFixed ? $"{r.First}" : $"{r.First}..{r.Last}"))}";

    public override void Emit(StepWriter writer)
    {
        string x = writer.Pointer(_input, "x", _input.Describe());
        foreach (SizeVariable count in ComputedSizes)
        {
            writer.Line($"*{SizeTable.Target(count)} = {count.Minimum};");
        }

        int next = 0;
        for (int i = 0; i < _ranges.Count; i++)
        {
            SizeRange range = _ranges[i];
            string value = $"size{i}";
            writer.Line($"{(_input.Type.IsInteger() ? "long" : "double")} {value} = {x}[{i}];");
            string wrong = range.IsFixed ? $"{value} != {range.First}"
                : $"!({value} >= {range.First} && {value} <= {range.Last}){(_input.Type.IsInteger() && range.Step == 1 ? string.Empty : $" || {value} % {range.Step} != 0")}";
            using (writer.Block($"if ({wrong})"))
            {
                writer.Line("return 1;");
            }

            if (!range.IsFixed)
            {
                writer.Line($"*{SizeTable.Target(ComputedSizes[next++])} = (int){(range.Step == 1 ? value : $"({value} / {range.Step})")};");
            }
        }

        writer.Line("return 0;");
    }
}
