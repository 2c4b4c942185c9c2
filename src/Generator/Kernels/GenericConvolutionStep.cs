using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>Convolution by its definition, one output at a time, for any number of spatial dimensions: right, not fast.</summary>
internal sealed class GenericConvolutionStep : ConvolutionByDefinitionStep
{
    /// <summary>All views are plain.</summary>
    public GenericConvolutionStep(Node node, WindowForm window, int groups, TensorView input, TensorView weights, TensorView? bias, TensorView output)
        : base(node, window, groups, input, weights, bias, output)
    {
    }

    public override long MultiplyAdds => _output.Shape.ElementCount * _weights.Shape[1] * Taps;

    public override string Kernel => "convolution by definition, scalar";

    public override string Summary => $"Conv {KernelText}, y = W·x{(_bias is null ? string.Empty : " + b")}";

    public override void Emit(StepWriter writer)
    {
        string type = _input.Type.CSharpName();
        EmitPointers(writer);
        Extent channels = _weights.Shape.Extent(1);
        using (SharedLoop.For(writer, "n", _output.Shape.Extent(0), SharesSamples))
        using (SharedLoop.For(writer, "m", _output.Shape.Extent(1), !SharesSamples))
        {
            string group = _groups == 1 ? string.Empty : $" + {Offset(_input, 1, $"m / {Part(writer, _output.Shape.Extent(1), _groups)} * {writer.Value(channels)}")}";
            writer.Line($"{type}* xGroup = x + {Offset(_input, 0, "n")}{group};");
            writer.Line($"{type}* kernel = w + {Offset(_weights, 0, "m")};");
            writer.Line($"{type}* yCells = y + {Offset(_output, 0, "n")} + {Offset(_output, 1, "m")};");
            EmitCells(writer, _output, "o", cell =>
            {
                writer.Line($"{type} sum = {(_bias is null ? "0" : $"b[{Offset(_bias, 0, "m")}]")};");
                using (writer.For("c", channels))
                {
                    EmitTaps(
                        writer,
                        _input,
                        ($"xGroup + {Offset(_input, 1, "c")}", $"kernel + {Offset(_weights, 1, "c")}"),
                        d => $"(o{d} * {_window.Strides[d]}) - {writer.Value(_window.PadsBefore[d])} + (t{d} * {_window.Dilations[d]})",
                        (source, weight) => writer.Line($"sum += *{source} * *{weight};"));
                }

                writer.Line($"yCells[{cell}] = sum;");
            });
        }
    }
}
