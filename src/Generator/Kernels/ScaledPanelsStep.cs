using System.Collections.Generic;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>Multiplies panels of weights [block, term, 16] by one factor for each term: y[b, t, lane] = w[b, t, lane] · s[t].</summary>
internal sealed class ScaledPanelsStep : Step
{
    private readonly TensorView _panels;
    private readonly TensorView _factors;
    private readonly TensorView _output;
    private readonly int _blocks;
    private readonly int _terms;

    /// <param name="node">The node whose weights they are.</param>
    /// <param name="panels">The weights.</param>
    /// <param name="factors">The factors, side by side.</param>
    /// <param name="output">Memory for as many weights.</param>
    /// <param name="blocks">Blocks of outputs.</param>
    /// <param name="terms">Terms of a sum.</param>
    public ScaledPanelsStep(Node node, TensorView panels, TensorView factors, TensorView output, int blocks, int terms)
        : base(node, $"{node.Name} weights")
    {
        _panels = panels;
        _factors = factors;
        _output = output;
        _blocks = blocks;
        _terms = terms;
    }

    public override IReadOnlyList<TensorView> Reads => new[] { _panels, _factors };

    public override IReadOnlyList<TensorView> Writes => new[] { _output };

    public override string Kernel => $"scaled weights, {_blocks} panels of {_terms} terms";

    public override string Summary => "Weights times the factors of their input channels, y = w · s";

    public override Extent ParallelExtent(Simd simd) => _blocks;

    public override void Emit(StepWriter writer)
    {
        string weights = writer.Pointer(_panels, "w", "panels of weights");
        string factors = writer.Pointer(_factors, "s", _factors.Describe());
        string output = writer.Pointer(_output, "y", "scaled panels");
        Simd simd = writer.Simd;
        using (writer.ForUnits("block", _blocks))
        using (writer.For("term", _terms))
        {
            writer.Line($"{simd.Type} factor = {simd.Broadcast($"{factors}[term]")};");
            writer.Line($"long row = ((block * {_terms}L) + term) * {Layout.BlockSize};");
            for (int lane = 0; lane < Layout.BlockSize; lane += simd.Lanes)
            {
                string at = lane == 0 ? "row" : $"row + {lane}";
                writer.Line(simd.Store($"{output} + {at}", $"{simd.Load($"{weights} + {at}")} * factor"));
            }
        }
    }
}
