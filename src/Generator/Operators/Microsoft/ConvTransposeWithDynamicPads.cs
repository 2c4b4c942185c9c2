using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>ConvTransposeWithDynamicPads: ConvTranspose whose pads are an input, which must be constant. Inputs: x, the weights, the pads, the bias.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.ConvTransposeWithDynamicPads · Types: f32.</remarks>
internal sealed class ConvTransposeWithDynamicPads : MicrosoftOperator
{
    public ConvTransposeWithDynamicPads()
        : base("ConvTransposeWithDynamicPads", 2, 4)
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        string[] names = { "auto_pad", "dilations", "group", "kernel_shape", "output_padding", "strides" };
        var attributes = names.Where(node.Attributes.Has).Select(a => (a, node.Attributes.Raw(a)!)).ToList();
        if (compose.ConstantInts(2, "Pads") is { } pads)
        {
            attributes.Add(("pads", pads));
        }

        compose.Return(compose.Op("ConvTranspose", new[] { node.Required(0), node.Required(1), node.Input(3) }, attributes.ToArray()));
    }
}
