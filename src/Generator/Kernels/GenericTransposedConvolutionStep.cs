using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators.Linear;

namespace AotCompiler.Kernels;

/// <summary>Transposed convolution by its definition, adding each input to the outputs it reaches: any dimensions and groups, right, not fast.</summary>
internal sealed class GenericTransposedConvolutionStep : ConvolutionByDefinitionStep
{
    private readonly TransposedWindow _window;

    /// <summary>All views are dense.</summary>
    public GenericTransposedConvolutionStep(Node node, TransposedWindow window, int groups, TensorView input, TensorView weights, TensorView? bias, TensorView output)
        : base(node, groups, input, weights, bias, output)
    {
        _window = window;
    }

    public override long MultiplyAdds => _input.Shape.ElementCount * _weights.Shape[1] * _window.Taps;

    public override string Kernel => "transposed convolution by definition, scalar";

    public override string Summary => $"ConvTranspose {string.Join("×", _window.Kernel.Select(static k => $"{k}"))}, {_window.Rank} spatial dimensions{(_groups > 1 ? $", {_groups} groups" : string.Empty)}";

    public override void Emit(StepWriter writer)
    {
        string type = _input.Type.CSharpName();
        EmitPointers(writer);
        int channels = _output.Shape[1];
        int inputs = _input.Shape[1];
        int outputsPerGroup = _weights.Shape[1];
        long inputCells = _input.Shape.Product(2, _input.Shape.Rank);
        long outputCells = _output.Shape.Product(2, _output.Shape.Rank);
        using (writer.For("n", _output.Shape.Extent(0)))
        using (writer.For("m", channels))
        {
            writer.Line($"{type}* yCells = y + (((n * {channels}) + m) * {outputCells}L);");
            EmitCells(writer, _output, "o", cell => writer.Line($"yCells[{cell}] = {(_bias is null ? "0" : "b[m]")};"));
            using (writer.For("c", inputs / _groups))
            {
                writer.Line($"int source = (m / {outputsPerGroup} * {inputs / _groups}) + c;");
                writer.Line($"{type}* xCells = x + (((n * {inputs}) + source) * {inputCells}L);");
                writer.Line($"{type}* taps = w + (((source * {outputsPerGroup}) + (m % {outputsPerGroup})) * {_window.Taps});");
                EmitCells(writer, _input, "i", cell => EmitTaps(writer, 0, cell, "0", "0"));
            }
        }
    }

    private void EmitTaps(StepWriter writer, int dimension, string cell, string target, string tap)
    {
        if (dimension == _window.Rank)
        {
            writer.Line($"yCells[{target}] += xCells[{cell}] * taps[{tap}];");
            return;
        }

        int d = dimension;
        using (writer.For($"t{d}", _window.Kernel[d]))
        {
            writer.Line($"int o{d} = (i{d} * {_window.Strides[d]}) - {_window.PadsBefore[d]} + (t{d} * {_window.Dilations[d]});");
            using (writer.Block($"if ((uint)o{d} < {Length(writer, _output, d)})"))
            {
                EmitTaps(
                    writer,
                    d + 1,
                    cell,
                    target == "0" ? $"o{d}" : $"(({target} * {_window.Output[d]}) + o{d})",
                    tap == "0" ? $"t{d}" : $"(({tap} * {_window.Kernel[d]}) + t{d})");
            }
        }
    }
}
