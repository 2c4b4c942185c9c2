using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators;

namespace AotCompiler.Kernels;

/// <summary>Convolution by its definition, one output at a time, for any number of spatial dimensions: right, not fast.</summary>
internal sealed class GenericConvolutionStep : ConvolutionByDefinitionStep
{
    private readonly SpatialWindow _window;

    /// <summary>All views are dense.</summary>
    public GenericConvolutionStep(Node node, SpatialWindow window, int groups, TensorView input, TensorView weights, TensorView? bias, TensorView output)
        : base(node, groups, input, weights, bias, output)
    {
        _window = window;
    }

    public override long MultiplyAdds => _output.Shape.ElementCount * _weights.Shape[1] * _window.Taps;

    public override string Kernel => "convolution by definition, scalar";

    public override string Summary => $"Conv {string.Join("×", _window.Kernel.Select(static k => $"{k}"))}, {_window.Rank} spatial dimensions, y = W·x{(_bias is null ? string.Empty : " + b")}";

    public override void Emit(StepWriter writer)
    {
        string type = _input.Type.CSharpName();
        EmitPointers(writer);
        int channels = _output.Shape[1];
        long inputCells = _input.Shape.Product(2, _input.Shape.Rank);
        long outputCells = _output.Shape.Product(2, _output.Shape.Rank);
        using (writer.For("n", _output.Shape.Extent(0)))
        using (writer.For("m", channels))
        {
            int first = _weights.Shape[1];
            writer.Line($"{type}* xGroup = x + (((n * {_input.Shape[1]}) + (m / {channels / _groups} * {first})) * {inputCells}L);");
            writer.Line($"{type}* yCells = y + (((n * {channels}) + m) * {outputCells}L);");
            EmitCells(writer, _output, "o", cell => EmitCell(writer, type, cell, inputCells));
        }
    }

    private void EmitCell(StepWriter writer, string type, string cell, long inputCells)
    {
        writer.Line($"{type} sum = {(_bias is null ? "0" : "b[m]")};");
        using (writer.For("c", _weights.Shape[1]))
        {
            EmitTaps(writer, type, 0, "0", "0", inputCells);
        }

        writer.Line($"yCells[{cell}] = sum;");
    }

    private void EmitTaps(StepWriter writer, string type, int dimension, string source, string tap, long inputCells)
    {
        if (dimension == _window.Rank)
        {
            writer.Line($"sum += xGroup[(c * {inputCells}) + {source}] * w[(((m * {_weights.Shape[1]}) + c) * {_window.Taps}) + {tap}];");
            return;
        }

        int d = dimension;
        using (writer.For($"t{d}", _window.Kernel[d]))
        {
            writer.Line($"int i{d} = (o{d} * {_window.Strides[d]}) - {_window.PadsBefore[d]} + (t{d} * {_window.Dilations[d]});");
            using (writer.Block($"if ((uint)i{d} < {Length(writer, _input, d)})"))
            {
                EmitTaps(
                    writer,
                    type,
                    d + 1,
                    source == "0" ? $"i{d}" : $"(({source} * {_window.Input[d]}) + i{d})",
                    tap == "0" ? $"t{d}" : $"(({tap} * {_window.Kernel[d]}) + t{d})",
                    inputCells);
            }
        }
    }
}
