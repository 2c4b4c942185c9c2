using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Experimental;

/// <summary>ImageScaler: y = scale · x + bias of the channel, x [N, C, H, W].</summary>
internal sealed class ImageScaler : ExperimentalOperator
{
    public ImageScaler()
        : base("ImageScaler")
    {
    }

    protected override void Compose(Node node, Composer compose)
    {
        Value x = Real(node, compose);
        float[] bias = node.Attributes.Floats("bias") ?? new float[0];
        compose.Check(x.Shape.Rank == 4 && x.Shape[1] == bias.Length, $"attribute 'bias' has {bias.Length} values, one for each channel of [N, C, H, W] is needed");
        Value shift = compose.Numbers(x.Type, new Shape(bias.Length, 1, 1), bias.Select(static b => (double)b).ToArray());
        compose.Return(compose.Add(Scaled(compose, x, node.Attributes.Float("scale", 1)), shift));
    }
}
