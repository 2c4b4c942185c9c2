using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>Both directions of a recurrent node, which need nothing of each other, so that two threads take one each.</summary>
internal sealed class BidirectionalStep : Step
{
    private readonly RecurrentStep[] _directions;

    /// <param name="node">The node.</param>
    /// <param name="forward">The direction from the first step to the last; it cannot fail.</param>
    /// <param name="backward">The other one, with as many groups of sequences.</param>
    public BidirectionalStep(Node node, RecurrentStep forward, RecurrentStep backward)
        : base(node, node.Name)
    {
        _directions = new[] { forward, backward };
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => _directions.SelectMany(static d => d.Reads).Distinct().ToArray();

    public override IReadOnlyList<TensorView> Writes => _directions.SelectMany(static d => d.Writes).Distinct().ToArray();

    public override IReadOnlyList<Storage> Scratch => _directions.SelectMany(static d => d.Scratch).ToArray();

    public override long MultiplyAdds => _directions.Sum(static d => d.MultiplyAdds);

    public override string Kernel => $"{_directions[0].Kernel}, both directions";

    public override string Summary => $"{_directions[0].Summary}, in both directions";

    public override bool SharesRunTimeSizes => true;

    /// <summary>The groups of the one direction, then those of the other.</summary>
    public override Extent ParallelExtent(Simd simd) => Groups(simd) * _directions.Length;

    private Extent Groups(Simd simd) => _directions[0].ParallelExtent(simd);

    public override IEnumerable<StepPart> Parts(Simd simd) => _directions.Select(static (direction, i) => new StepPart(
        i == 0 ? "Forward" : "Backward",
        Array.Empty<string>(),
        $"groups {StepWriter.Begin} to {StepWriter.End} - 1 of {direction.Summary}",
        direction.Emit) { IsRange = true });

    public override void Emit(StepWriter writer)
    {
        StepPart[] parts = Parts(writer.Simd).ToArray();
        IEnumerable<string>[] operands = parts.Select(p => (IEnumerable<string>)writer.OperandsOf(p).Select(o => writer.Pointer(o.View, o.Name, o.Comment, o.Type)).ToArray()).ToArray();
        string groups = writer.Value(Groups(writer.Simd));
        string begin = writer.IsShared ? StepWriter.Begin : "0";
        string end = writer.IsShared ? StepWriter.End : $"2 * {groups}";
        Call(0, begin, $"global::System.Math.Min({end}, {groups})");
        Call(1, $"global::System.Math.Max({begin} - {groups}, 0)", $"{end} - {groups}");

        void Call(int part, string first, string beyond)
        {
            using (writer.Block($"if ({first} < {beyond})"))
            {
                writer.Line($"{StepWriter.PartName(parts[part])}({string.Join(", ", operands[part].Concat(writer.SizeNames).Append(first).Append(beyond))});");
            }
        }
    }
}
