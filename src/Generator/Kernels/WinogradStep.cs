using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>The part of a Winograd convolution that a step does.</summary>
internal enum WinogradStage
{
    /// <summary>All of it, strip by strip.</summary>
    Whole,

    /// <summary>Inputs to points, of a map that is a single strip.</summary>
    Inputs,

    /// <summary>Points to outputs, of a map that is a single strip: threads then share the output channels.</summary>
    Outputs,
}

/// <summary>A convolution by Winograd's minimal filtering, with bias and fused epilogue, or one of its two stages.</summary>
internal sealed class WinogradStep : Step
{
    private readonly Winograd _work;
    private readonly WinogradStage _stage;

    /// <param name="node">The node.</param>
    /// <param name="name">Name of the convolution: the node's, or of a part of it.</param>
    /// <param name="work">The convolution.</param>
    /// <param name="stage">What the step does of it.</param>
    public WinogradStep(Node node, string name, Winograd work, WinogradStage stage)
        : base(node, stage == WinogradStage.Inputs ? $"{name} points" : name)
    {
        _work = work;
        _stage = stage;
    }

    public override IReadOnlyList<TensorView> Reads => _stage == WinogradStage.Inputs ? new[] { _work.Input, _work.Constants }.OfType<TensorView>().ToArray()
        : new[] { _stage == WinogradStage.Outputs ? _work.Points : _work.Input, _work.Weights, _work.Constants, _work.Bias }.OfType<TensorView>()
        .Concat(_work.EpilogueOperands.Select(static o => o.View))
        .ToArray();

    public override IReadOnlyList<TensorView> Writes => new[] { _stage == WinogradStage.Inputs ? _work.Points : _work.Output };

    public override IReadOnlyList<Storage> Scratch => _stage switch
    {
        WinogradStage.Inputs => new[] { _work.Lines.Storage },
        WinogradStage.Outputs => OutputScratch,
        _ => OutputScratch.Prepend(_work.Points.Storage).ToArray(),
    };

    private Storage[] OutputScratch => new[] { _work.Products.Storage, _work.Lines.Storage, _work.Codes?.Panels.Storage }.OfType<Storage>().ToArray();

    public override bool TakesRunTimeSizes => _work.Sizes is not null;

    public override bool NamesInstructions => _work.Codes is not null;

    private int Taps => _work.Transform.Taps;

    /// <summary>The convolution's own work, whatever the algorithm, so that kernels compare by time: more than the machine's peak is possible.</summary>
    public override long MultiplyAdds => _stage == WinogradStage.Inputs ? 0 : (long)_work.Batch * ((_work.Blocks * Layout.BlockSize) - (_work.LastIsHalf ? Layout.BlockSize / 2 : 0)) * _work.Rows * _work.Columns * _work.Channels * Taps * Taps;

    public override IEnumerable<(TensorView Read, TensorView Write)> InPlace =>
        _stage == WinogradStage.Inputs ? Array.Empty<(TensorView, TensorView)>() : EpilogueOperand.InPlace(_work.EpilogueOperands, _work.Input, _work.Output, _work.OutputStrides);

    /// <summary>Lanes: rows of strips, input channels or output channels.</summary>
    public override Extent ParallelExtent(Simd simd) => WinogradWriter.Lanes(_work, _stage);

    public override string Kernel
    {
        get
        {
            if (_stage == WinogradStage.Inputs)
            {
                return $"winograd {_work.Transform.Name}, inputs of {_work.Tiling.Rows}×{_work.Tiling.Columns} tiles to {_work.Transform.Products} points each";
            }

            TileChoice tile = Winograd.Tile(Simd.V512, _work.Tiling, _work.Tiling.Group, _work.Channels, _work.Codes is not null, _work.LastIsHalf && _work.Groups == 1);
            return $"winograd{(_work.Codes is null ? string.Empty : " of codes")} {_work.Transform.Name}{_work.Dilation}, strips of {_work.Tiling.Rows}×{_work.Tiling.Columns} tiles, "
                + $"{_work.Transform.Products} products of {_work.Channels} terms, tile {tile.Positions}×{tile.Blocks * Layout.BlockSize} at 512 bits";
        }
    }

    public override string Summary => _stage == WinogradStage.Inputs ? $"Conv {Taps}×{Taps} by Winograd, inputs to points" : $"Conv {Taps}×{Taps} by Winograd, y = {Contraction.Formula(_work.Bias is not null, _work.Epilogue, _work.EpilogueOperands)}";

    public override IEnumerable<string> Explain(Simd simd)
    {
        int m = _work.Transform.Outputs;
        int n = _work.Transform.Points;
        yield return $"{m}×{m} outputs come from {n}×{n} inputs: both and the weights are transformed so that the sum over {Taps * Taps} taps becomes one product at each of {_work.Transform.Products} points.";
        if (_stage == WinogradStage.Inputs)
        {
            yield return "The next step makes the products and the outputs.";
            yield break;
        }

        yield return $"The weights are transformed {(_work.Codes is null ? "at compile time" : "at run time, a group of outputs at a time")}. Per strip of {_work.Tiling.Tiles} tiles: inputs to points, products of all points for {Blocks} (of 16 outputs), points to outputs.";
    }

    private string Blocks => _work.Tiling.Group switch
    {
        1 => "a block",
        int group when group == _work.Blocks => $"{group} blocks",
        int group => $"up to {group} blocks at a time",
    };

    public override void Emit(StepWriter writer) => (_work.Codes is { } codes ? new CodeWinogradWriter(_work, codes, _stage, writer) : new WinogradWriter(_work, _stage, writer)).Write();
}
