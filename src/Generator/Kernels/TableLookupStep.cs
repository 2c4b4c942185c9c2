using System.Collections.Generic;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>Finds each element among sorted keys, by halving, and writes the value that belongs to it, or the default.</summary>
internal sealed class TableLookupStep : Step
{
    /// <summary>Rows are not divided into parts of fewer elements.</summary>
    private const int LeastRow = 16;

    private readonly TensorView _input;
    private readonly TensorView _keys;
    private readonly TensorView _positions;
    private readonly TensorView _values;
    private readonly TensorView _output;
    private readonly int _count;
    private readonly int? _missing;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="input">Elements, plain; strings are compared by their numbers.</param>
    /// <param name="keys">Ascending, all different.</param>
    /// <param name="positions">For each key the place of its value.</param>
    /// <param name="values">The values, and behind them the default.</param>
    /// <param name="output">Plain, of the input's shape.</param>
    /// <param name="count">Number of keys.</param>
    /// <param name="missing">Place of the value that belongs to NaN, or null.</param>
    public TableLookupStep(
        Node node, TensorView input, TensorView keys, TensorView positions, TensorView values, TensorView output, int count, int? missing)
        : base(node, node.Name)
    {
        _input = input;
        _keys = keys;
        _positions = positions;
        _values = values;
        _output = output;
        _count = count;
        _missing = missing;
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => new[] { _input, _keys, _positions, _values };

    public override IReadOnlyList<TensorView> Writes => new[] { _output };

    public override string Kernel => $"look-up among {_count} keys";

    public override string Summary => $"{Node!.Operator.Name}, a value for each of {_count} keys, else the default";

    private LoopNest Loops => LoopNest.Build(_input.Layout.Dimensions(), _output.Layout.Dimensions());

    /// <summary>Loops for threads to share.</summary>
    private LoopNest Divided => Loops.Divided(LeastRow);

    public override bool SharesRunTimeSizes => true;

    public override Extent ParallelExtent(Simd simd) => Divided.Units;

    public override void Emit(StepWriter writer)
    {
        string element = RowCopy.ElementName(_values.Type);
        writer.Pointer(_input, "x", _input.Describe());
        writer.Pointer(_keys, "keys");
        writer.Pointer(_positions, "positions");
        writer.Pointer(_values, "values", type: $"{element}*");
        writer.Pointer(_output, "y", type: $"{element}*");
        LoopNest nest = writer.IsShared ? Divided : Loops;
        nest.EmitAllShared(writer, new[] { ("x", StepWriter.PointerType(_input.Type)), ("y", $"{element}*") }, elements =>
        {
            writer.Line($"{_input.Type.CSharpName()} wanted = *{elements[0]};");
            writer.Line("int low = 0;");
            writer.Line($"int high = {_count};");
            using (writer.Block("while (low < high)"))
            {
                writer.Line("int middle = (low + high) >> 1;");
                writer.Line("bool above = keys[middle] < wanted;");
                writer.Line("low = above ? middle + 1 : low;");
                writer.Line("high = above ? high : middle;");
            }

            writer.Line($"int place = low < {_count} && keys[low] == wanted ? positions[low] : {_values.Shape.ElementCount - 1};");
            if (_missing is { } place && _input.Type.IsFloat())
            {
                writer.Line($"place = wanted != wanted ? {place} : place;");
            }

            writer.Line($"*{elements[1]} = values[place];");
        });
    }
}
