using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>A convolution along one dimension by minimal filtering (<see cref="LineWinograd"/>).</summary>
internal sealed class LineWinogradStep : Step
{
    private readonly LineWinograd _work;

    /// <param name="node">The node.</param>
    /// <param name="work">Operands and how the work is cut.</param>
    public LineWinogradStep(Node node, LineWinograd work)
        : base(node, node.Name)
    {
        _work = work;
    }

    public override IReadOnlyList<TensorView> Reads => new[] { _work.Input, _work.Weights }
        .Concat(new[] { _work.Constants, _work.Bias }.OfType<TensorView>())
        .Concat(_work.EpilogueOperands.Select(static o => o.View))
        .ToArray();

    public override IReadOnlyList<TensorView> Writes => new[] { _work.Output };

    public override IReadOnlyList<Storage> Scratch => new[] { _work.Points.Storage, _work.Products.Storage };

    public override long MultiplyAdds => _work.MultiplyAdds;

    public override IEnumerable<(TensorView Read, TensorView Write)> InPlace =>
        EpilogueOperand.InPlace(_work.EpilogueOperands, _work.Input, _work.Output, _work.OutputStrides);

    /// <summary>Lanes, which share the strips of an image, or tiles of output channels of the only strip.</summary>
    public override Extent ParallelExtent(Simd simd) => _work.SharesBlocks ? LineWinogradWriter.TilesOfBlocks(_work, simd).Sum(static t => t.Count) : _work.Lanes;

    public override string Kernel =>
        $"winograd F({_work.Transform.Outputs}, 3) along {(_work.Vertical ? "columns" : "rows")}, strips of {_work.StripTiles} tiles";

    public override string Summary =>
        $"{Node!.Operator.Name} {(_work.Vertical ? "3×1" : "1×3")} by minimal filtering, y = {Contraction.Formula(_work.Bias is not null, _work.Epilogue, _work.EpilogueOperands)}";

    public override IEnumerable<string> Explain(Simd simd)
    {
        int m = _work.Transform.Outputs;
        yield return $"{m} neighbouring outputs take {m + 2} products per channel instead of {3 * m}: {m + 2} inputs become as many points, each point is";
        yield return "multiplied with its own weights over all channels, and the points of the products become outputs.";
    }

    public override void Emit(StepWriter writer) => new LineWinogradWriter(_work, writer).Write();
}
