using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>Transposed convolution by its definition, adding each input to the outputs it reaches: any dimensions and groups, right, not fast.</summary>
internal sealed class GenericTransposedConvolutionStep : ConvolutionByDefinitionStep
{
    /// <summary>All views are plain.</summary>
    public GenericTransposedConvolutionStep(Node node, WindowForm window, int groups, TensorView input, TensorView weights, TensorView? bias, TensorView output)
        : base(node, window, groups, input, weights, bias, output)
    {
    }

    public override long MultiplyAdds => _input.Shape.ElementCount * _weights.Shape[1] * Taps;

    public override string Kernel => "transposed convolution by definition, scalar";

    public override string Summary => $"ConvTranspose {KernelText}";

    public override void Emit(StepWriter writer)
    {
        string type = _input.Type.CSharpName();
        EmitPointers(writer);
        string outputsPerGroup = writer.Value(_weights.Shape.Extent(1));
        string inputsPerGroup = Part(writer, _input.Shape.Extent(1), _groups);
        using (SharedLoop.For(writer, "n", _output.Shape.Extent(0), SharesSamples))
        using (SharedLoop.For(writer, "m", _output.Shape.Extent(1), !SharesSamples))
        {
            writer.Line($"{type}* yCells = y + {Offset(_output, 0, "n")} + {Offset(_output, 1, "m")};");
            EmitCells(writer, _output, "o", cell => writer.Line($"yCells[{cell}] = {(_bias is null ? "0" : $"b[{Offset(_bias, 0, "m")}]")};"));
            using (writer.Block($"for (int c = 0; c < {inputsPerGroup}; c++)"))
            {
                writer.Line(_groups == 1 ? "int source = c;" : $"int source = (m / {outputsPerGroup} * {inputsPerGroup}) + c;");
                writer.Line($"{type}* xCells = x + {Offset(_input, 0, "n")} + {Offset(_input, 1, "source")};");
                writer.Line($"{type}* kernel = w + {Offset(_weights, 0, "source")} + {Offset(_weights, 1, _groups == 1 ? "m" : $"m % {outputsPerGroup}")};");
                EmitCells(writer, _input, "i", cell => EmitTaps(
                    writer,
                    _output,
                    ("yCells", "kernel"),
                    d => $"(i{d} * {_window.Strides[d]}) - {writer.Value(_window.PadsBefore[d])} + (t{d} * {_window.Dilations[d]})",
                    (target, weight) => writer.Line($"*{target} += xCells[{cell}] * *{weight};")));
            }
        }
    }
}
