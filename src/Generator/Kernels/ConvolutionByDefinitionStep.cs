using System;
using System.Collections.Generic;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>What convolutions by their definition have in common: dense operands [N, C, spatial…], weights, an optional bias, groups.</summary>
internal abstract class ConvolutionByDefinitionStep : Step
{
    protected readonly int _groups;
    protected readonly TensorView _input;
    protected readonly TensorView _weights;
    protected readonly TensorView? _bias;
    protected readonly TensorView _output;

    /// <summary>All views are dense.</summary>
    protected ConvolutionByDefinitionStep(Node node, int groups, TensorView input, TensorView weights, TensorView? bias, TensorView output)
        : base(node, node.Name)
    {
        _groups = groups;
        _input = input;
        _weights = weights;
        _bias = bias;
        _output = output;
    }

    /// <summary>Batch and spatial dimensions: weights and channels have numbers.</summary>
    public override bool TakesRunTimeSizes => !_weights.Shape.IsDynamic && !_input.Shape.IsDynamicAt(1);

    public override IReadOnlyList<TensorView> Reads => _bias is null ? new[] { _input, _weights } : new[] { _input, _weights, _bias };

    public override IReadOnlyList<TensorView> Writes => new[] { _output };

    /// <summary>Length of a spatial dimension of a view in code.</summary>
    protected static string Length(StepWriter writer, TensorView view, int dimension) => view.Shape.IsDynamicAt(dimension + 2)
        ? $"(uint){writer.Value(view.Shape.Extent(dimension + 2))}"
        : $"{view.Shape[dimension + 2]}u";

    /// <summary>Writes loops over the spatial dimensions of a view, of which numbers are those of the greatest size.</summary>
    /// <param name="writer">Where they go.</param>
    /// <param name="view">The view.</param>
    /// <param name="variable">Start of the names of the loops' variables.</param>
    /// <param name="body">Writes what is done for a cell; gets its number.</param>
    /// <param name="dimension">The first spatial dimension.</param>
    /// <param name="cell">Number of the cell in the dimensions before it.</param>
    protected static void EmitCells(StepWriter writer, TensorView view, string variable, Action<string> body, int dimension = 0, string cell = "0")
    {
        if (dimension + 2 == view.Shape.Rank)
        {
            body(cell);
            return;
        }

        string index = $"{variable}{dimension}";
        using (writer.For(index, view.Shape.Extent(dimension + 2)))
        {
            EmitCells(writer, view, variable, body, dimension + 1, cell == "0" ? index : $"(({cell} * {view.Shape[dimension + 2]}) + {index})");
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
