using System;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>A window of cosines, a0 - a1 · cos(2πn/N) + a2 · cos(4πn/N): a constant, since its length must be.</summary>
internal abstract class WindowFunction : ComposedOperator
{
    private const int MaxLength = 1 << 24;

    protected WindowFunction(string name)
        : base(name)
    {
    }

    public sealed override int Since => 17;

    public sealed override (int Min, int Max) InputCount => (1, 1);

    /// <summary>The coefficients a0, a1, a2.</summary>
    protected abstract (double A0, double A1, double A2) Coefficients { get; }

    protected sealed override void Compose(Node node, Composer compose)
    {
        long length = compose.ConstantInt(0, "size") ?? 0;
        compose.Check(length is >= 0 and <= MaxLength, $"the length {length} is negative or more than {MaxLength}");
        var type = (ElementType)(int)node.Attributes.Int("output_datatype", (long)ElementType.Float32);
        if (!TypeSets.Numbers.Contains(type))
        {
            throw compose.Fail(DiagnosticCodes.TypeUnsupported, $"output_datatype {(int)type} is not supported", "Export the model with an f32 window.");
        }

        double period = node.Attributes.Flag("periodic", true) ? length : length - 1;
        (double a0, double a1, double a2) = Coefficients;
        double[] window = Enumerable.Range(0, (int)length)
            .Select(n => period == 0 ? 1 : a0 - (a1 * Math.Cos(2 * Math.PI * n / period)) + (a2 * Math.Cos(4 * Math.PI * n / period)))
            .ToArray();
        if (type != ElementType.Float64)
        {
            // Rounded before fractions are cut off, so that the peak of an integer window is 1.
            window = Array.ConvertAll(window, static w => (double)(float)w);
        }

        compose.Return(0, compose.Numbers(type, new Shape((int)length), window));
    }
}
