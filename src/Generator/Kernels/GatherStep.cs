using System.Collections.Generic;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// Copies elements that an index selects: <c>y[i] = x[walk(i) + Σ index·stride]</c>, in rows wherever the index is the same for a whole
/// row. Indices are checked. Gather, GatherElements and GatherND differ only in how the three operands are walked.
/// </summary>
internal sealed class GatherStep : Step
{
    private readonly IndexedOperand _data;
    private readonly IndexedOperand _indices;
    private readonly TensorView _output;
    private readonly IReadOnlyList<IndexComponent> _components;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="data">What is picked from; the loops do not move it along indexed axes.</param>
    /// <param name="indices">i32 or i64 index tuples.</param>
    /// <param name="output">The result; its own dimensions are the loops.</param>
    /// <param name="components">The numbers of an index tuple.</param>
    public GatherStep(Node node, IndexedOperand data, IndexedOperand indices, TensorView output, IReadOnlyList<IndexComponent> components)
        : base(node, node.Name)
    {
        _data = data;
        _indices = indices;
        _output = output;
        _components = components;
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => new[] { _data.View, _indices.View };

    public override IReadOnlyList<TensorView> Writes => new[] { _output };

    public override bool CanFail => true;

    /// <summary>Only what the indices select is read, as much as is written.</summary>
    public override long BytesMoved => _indices.View.TouchedBytes + (2 * _output.TouchedBytes);

    public override string Kernel => $"gather, {_components.Count} checked {(_components.Count == 1 ? "index" : "indices")}";

    public override string Summary => $"{Node!.Operator.Name}, y = x[index]";

    private LoopNest Loops => LoopNest.Build(_data.Dimensions, _indices.Dimensions, _output.Layout.Dimensions());

    /// <summary>
    /// Loops for threads to share. A row whose length only the run knows stays whole, so that its index is checked where the row is empty too.
    /// </summary>
    private LoopNest Divided => Loops is var loops && loops.InnerTrip.IsDynamic && loops.InnerStride(1) == 0 ? loops : loops.Divided(LoopNest.LeastRow);

    public override bool SharesRunTimeSizes => true;

    public override Extent ParallelExtent(Simd simd) => Divided.Units;

    public override void Emit(StepWriter writer)
    {
        (string, string) x = IndexComponent.Declare(writer, _data.View, "x", asBits: true);
        (string, string) at = IndexComponent.Declare(writer, _indices.View, "index", asBits: false);
        (string, string) y = IndexComponent.Declare(writer, _output, "y", asBits: true);
        writer.Line("int error = 0;");
        LoopNest nest = writer.IsShared ? Divided : Loops;
        nest.EmitShared(writer, new[] { x, at, y }, rows =>
        {
            if (nest.InnerStride(1) == 0)
            {
                string row = writer.Name("row");
                writer.Line($"{x.Item2} {row} = {rows[0]} + {IndexComponent.Offset(writer, _components, rows[1])};");
                RowCopy.Emit(writer, _output.Type, row, nest.InnerStride(0), rows[2], nest.InnerStride(2), nest.InnerTrip);
                return;
            }

            using (writer.For("i", nest.InnerTrip))
            {
                string tuple = $"({rows[1]} + (i * {nest.InnerStride(1)}L))";
                writer.Line($"{rows[2]}[i * {nest.InnerStride(2)}L] = {rows[0]}[(i * {nest.InnerStride(0)}L) + {IndexComponent.Offset(writer, _components, tuple)}];");
            }
        });
        writer.Line("return error;");
    }
}
