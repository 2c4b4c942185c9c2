using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>A 3×3 convolution by Winograd's minimal filtering, with bias and fused epilogue.</summary>
internal sealed class WinogradStep : Step
{
    private readonly Winograd _work;

    public WinogradStep(Node node, Winograd work)
        : base(node, node.Name)
    {
        _work = work;
    }

    public override IReadOnlyList<TensorView> Reads => new[] { _work.Input, _work.Weights }
        .Concat(_work.Bias is { } bias ? new[] { bias } : Array.Empty<TensorView>())
        .Concat(_work.EpilogueOperands.Select(static o => o.View))
        .ToArray();

    public override IReadOnlyList<TensorView> Writes => new[] { _work.Output };

    public override IReadOnlyList<Storage> Scratch => new[] { _work.Points.Storage, _work.Products.Storage, _work.Lines.Storage };

    /// <summary>The convolution's own work, whatever the algorithm, so that kernels compare by time: more than the machine's peak is possible.</summary>
    public override long MultiplyAdds => (long)_work.Batch * _work.Blocks * Layout.BlockSize * _work.Rows * _work.Columns * _work.Channels * 9;

    public override IEnumerable<(TensorView Read, TensorView Write)> InPlace =>
        EpilogueOperand.InPlace(_work.EpilogueOperands, _work.Input, _work.Output, _work.OutputStrides);

    public override string Kernel
    {
        get
        {
            TileChoice tile = Winograd.Tile(Simd.V512, _work.Tiling, _work.Tiling.Group, _work.Channels);
            return $"winograd F({_work.Transform.Outputs}×{_work.Transform.Outputs}, 3×3), strips of {_work.Tiling.Rows}×{_work.Tiling.Columns} tiles, "
                + $"{_work.Transform.Products} products of {_work.Channels} terms, tile {tile.Positions}×{tile.Blocks * Layout.BlockSize} at 512 bits";
        }
    }

    public override string Summary => $"Conv 3×3 by Winograd, y = {Contraction.Formula(_work.Bias is not null, _work.Epilogue, _work.EpilogueOperands)}";

    public override IEnumerable<string> Explain(Simd simd)
    {
        int m = _work.Transform.Outputs;
        int n = _work.Transform.Points;
        yield return $"{m}×{m} outputs come from {n}×{n} inputs: both and the weights are transformed so that the sum over 9 taps becomes one product at each of {_work.Transform.Products} points.";
        yield return $"The weights are transformed at compile time. Per strip of {_work.Tiling.Tiles} tiles: inputs to points, products of all points for {Blocks} (of 16 outputs), points to outputs.";
    }

    private string Blocks => _work.Tiling.Group switch
    {
        1 => "a block",
        int group when group == _work.Blocks => $"{group} blocks",
        int group => $"up to {group} blocks at a time",
    };

    public override void Emit(StepWriter writer) => new WinogradWriter(_work, writer).Write();
}
