using System;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>A window of cosines, a0 - a1 · cos(2πn/N) + a2 · cos(4πn/N): a constant where its length is one.</summary>
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
        var type = (ElementType)(int)node.Attributes.Int("output_datatype", (long)ElementType.Float32);
        if (!TypeSets.Numbers.Contains(type))
        {
            throw compose.Fail(DiagnosticCodes.TypeUnsupported, $"output_datatype {(int)type} is not supported", "Export the model with an f32 window.");
        }

        bool periodic = node.Attributes.Flag("periodic", true);
        if (node.Required(0) is { IsConstant: false, Sizes.Elements: { Count: 1 } length })
        {
            compose.Return(0, OfRun(length[0], periodic, type, compose));
            return;
        }

        long constant = compose.ConstantInt(0, "size") ?? 0;
        compose.Check(constant is >= 0 and <= MaxLength, $"the length {constant} is negative or more than {MaxLength}");
        compose.Return(0, compose.Numbers(type, new Shape((int)constant), $"{constant}{(periodic ? ", periodic" : string.Empty)}", () => Values((int)constant, periodic, type)));
    }

    private double[] Values(int length, bool periodic, ElementType type)
    {
        double period = periodic ? length : length - 1;
        (double a0, double a1, double a2) = Coefficients;
        double[] window = Enumerable.Range(0, length)
            .Select(n => period == 0 ? 1 : a0 - (a1 * Math.Cos(2 * Math.PI * n / period)) + (a2 * Math.Cos(4 * Math.PI * n / period)))
            .ToArray();

        // Rounded before fractions are cut off, so that the peak of an integer window is 1.
        return type == ElementType.Float64 ? window : Array.ConvertAll(window, static w => (double)(float)w);
    }

    /// <summary>The window of a length that only a run knows; computed like the constant one.</summary>
    private Value OfRun(Size length, bool periodic, ElementType type, Composer compose)
    {
        Value Number(double value) => compose.Scalar(value, ElementType.Float64);
        Value numbers = compose.Op("Range", compose.Scalar(0, ElementType.Int64), compose.Context.Dimension(Extent.Of(length)), compose.Scalar(1, ElementType.Int64));
        Value period = compose.LengthNumber(Extent.Of(length), ElementType.Float64, periodic ? 0 : -1);
        Value turns = compose.Div(compose.Cast(numbers, ElementType.Float64), compose.Op("Max", period, Number(1)));
        Value Wave(double factor, double frequency) => compose.Mul(compose.Op("Cos", compose.Mul(turns, Number(frequency * Math.PI))), Number(factor));
        (double a0, double a1, double a2) = Coefficients;
        Value window = compose.Sub(Number(a0), Wave(a1, 2));
        window = a2 == 0 ? window : compose.Add(window, Wave(a2, 4));
        window = compose.Where(compose.Op("Equal", period, Number(0)), Number(1), window);
        return compose.Cast(type == ElementType.Float64 ? window : compose.Cast(window, ElementType.Float32), type);
    }
}
