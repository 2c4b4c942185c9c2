using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// What convolutions by their definition have in common: plain operands [N, C, spatial…], weights, an optional bias, groups. All
/// dimensions may be known only at run time, those of the weights too.
/// </summary>
internal abstract class ConvolutionByDefinitionStep : Step
{
    protected readonly WindowForm _window;
    protected readonly int _groups;
    protected readonly TensorView _input;
    protected readonly TensorView _weights;
    protected readonly TensorView? _bias;
    protected readonly TensorView _output;

    /// <summary>All views are plain.</summary>
    protected ConvolutionByDefinitionStep(Node node, WindowForm window, int groups, TensorView input, TensorView weights, TensorView? bias, TensorView output)
        : base(node, node.Name)
    {
        _window = window;
        _groups = groups;
        _input = input;
        _weights = weights;
        _bias = bias;
        _output = output;
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => _bias is null ? new[] { _input, _weights } : new[] { _input, _weights, _bias };

    public override IReadOnlyList<TensorView> Writes => new[] { _output };

    public override bool SharesRunTimeSizes => true;

    /// <summary>The samples, or the output channels of all of them where samples are few.</summary>
    public override Extent ParallelExtent(Simd simd) => _output.Shape.Extent(SharesSamples ? 0 : 1);

    /// <summary>True if threads share the samples.</summary>
    protected bool SharesSamples => SharedLoop.IsOuter(_output.Shape.Extent(0), _output.Shape.Extent(1));

    /// <summary>Number of spatial dimensions.</summary>
    protected int Rank => _window.Strides.Length;

    /// <summary>Taps of the kernel, at most.</summary>
    protected long Taps => _weights.Shape.Product(2, _weights.Shape.Rank);

    /// <summary>What is computed, for people.</summary>
    protected string KernelText => $"{string.Join("×", _weights.Shape.Extents.Skip(2).Select(static k => $"{k}"))}, {Rank} spatial dimensions{(_groups > 1 ? $", {_groups} groups" : string.Empty)}";

    /// <summary>A length that is a part of a dimension's, in code.</summary>
    protected static string Part(StepWriter writer, Extent whole, int parts) => writer.Value(whole.Expression.FloorDivide(parts));

    /// <summary>How far a cell of a view lies from the first one, in code.</summary>
    protected static string Offset(TensorView view, int axis, string index) => $"(({index}) * {view.Layout.Strides[axis]}L)";

    /// <summary>Writes loops over the spatial dimensions of a view.</summary>
    /// <param name="writer">Where they go.</param>
    /// <param name="view">The view.</param>
    /// <param name="variable">Start of the names of the loops' variables.</param>
    /// <param name="body">Writes what is done for a cell; gets how far it lies from the first one.</param>
    /// <param name="dimension">The first spatial dimension.</param>
    /// <param name="cell">How far the cell lies from the first one by the dimensions before.</param>
    protected static void EmitCells(StepWriter writer, TensorView view, string variable, Action<string> body, int dimension = 0, string? cell = null)
    {
        if (dimension + 2 == view.Shape.Rank)
        {
            body(cell!);
            return;
        }

        string index = $"{variable}{dimension}";
        using (writer.For(index, view.Shape.Extent(dimension + 2)))
        {
            string offset = Offset(view, dimension + 2, index);
            EmitCells(writer, view, variable, body, dimension + 1, cell is null ? offset : $"{cell} + {offset}");
        }
    }

    /// <summary>Writes loops over the taps, each of which moves a pointer to the weights and one to the cells that it meets.</summary>
    /// <param name="writer">Where they go.</param>
    /// <param name="cells">The view that the taps meet cells of, whose pointers are named <c>met0</c> and so on.</param>
    /// <param name="first">Pointer to the first cell, and to the first weight.</param>
    /// <param name="index">The index along a dimension of the cell that a tap meets, in code.</param>
    /// <param name="body">Writes what is done; gets the cell that is met and the weight.</param>
    /// <param name="dimension">The first spatial dimension.</param>
    protected void EmitTaps(StepWriter writer, TensorView cells, (string Cell, string Weight) first, Func<int, string> index, Action<string, string> body, int dimension = 0)
    {
        if (dimension == Rank)
        {
            body(first.Cell, first.Weight);
            return;
        }

        int d = dimension;
        string type = StepWriter.PointerType(_input.Type);
        using (writer.For($"t{d}", _weights.Shape.Extent(d + 2)))
        {
            writer.Line($"int at{d} = {index(d)};");
            using (writer.Block($"if ((uint)at{d} < (uint){writer.Value(cells.Shape.Extent(d + 2))})"))
            {
                writer.Line($"{type} met{d} = {first.Cell} + {Offset(cells, d + 2, $"at{d}")};");
                writer.Line($"{type} tap{d} = {first.Weight} + {Offset(_weights, d + 2, $"t{d}")};");
                EmitTaps(writer, cells, ($"met{d}", $"tap{d}"), index, body, d + 1);
            }
        }
    }

    /// <summary>Declares x, w, b (if there is a bias) and y.</summary>
    protected void EmitPointers(StepWriter writer)
    {
        writer.Pointer(_input, "x", _input.Describe());
        writer.Pointer(_weights, "w", _weights.Describe());
        if (_bias is not null)
        {
            writer.Pointer(_bias, "b", _bias.Describe());
        }

        writer.Pointer(_output, "y", _output.Describe());
    }
}

/// <summary>How a kernel of any size lies over the cells; one entry per spatial dimension in every list.</summary>
/// <param name="Strides">Cells from one window to the next.</param>
/// <param name="Dilations">Cells from one tap to the next.</param>
/// <param name="PadsBefore">Padding before the first cell.</param>
internal sealed record WindowForm(int[] Strides, int[] Dilations, Size[] PadsBefore);
