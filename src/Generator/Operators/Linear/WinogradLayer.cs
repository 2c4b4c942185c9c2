using System;
using System.Collections.Generic;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Linear;

/// <summary>A convolution that minimal filtering may compute: a node or a part of one.</summary>
/// <param name="Name">For the names of steps and buffers.</param>
/// <param name="Grid">Geometry.</param>
/// <param name="Weights">[outputs, inputs, rows, columns], the first tap at the grid's origin.</param>
/// <param name="Output">From the first output on.</param>
/// <param name="OutputStrides">Where the other outputs are.</param>
internal sealed record WinogradLayer(string Name, ConvGrid Grid, Tensor Weights, TensorView Output, OutputStrides OutputStrides)
{
    /// <summary>Input cells from one tap to the next.</summary>
    public WinogradDilation Dilation { get; init; } = WinogradDilation.None;

    /// <summary>Rows of the input buffer from the first tap on.</summary>
    public required int InputRows { get; init; }

    /// <summary>Columns of the input buffer from the first tap on.</summary>
    public required int InputColumns { get; init; }

    /// <summary>The sizes that each run chooses; null if all are fixed.</summary>
    public WinogradSizes? Sizes { get; init; }

    /// <summary>One value per output channel, padded to whole blocks; null for none.</summary>
    public TensorView? Bias { get; init; }

    /// <summary>
    /// The weights of convolutions side by side, each of its own channels, if there are several: the first are <see cref="WinogradLayer.Weights"/>.
    /// There is one image then, and what takes its place in the output's and the operands' strides are these parts.
    /// </summary>
    public IReadOnlyList<Tensor>? Parts { get; init; }

    /// <summary>The epilogue's operands.</summary>
    public IReadOnlyList<EpilogueOperand> Operands { get; init; } = Array.Empty<EpilogueOperand>();
}
