using System;
using System.Collections.Generic;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>How the table of an axis is made where it depends on sizes that are known only at run time; words are those of Resize's attributes.</summary>
/// <param name="Mode">nearest, linear or cubic.</param>
/// <param name="Coordinates">coordinate_transformation_mode, all but cropping.</param>
/// <param name="NearestMode">nearest_mode; <c>simple</c> is floor, but ceil where the axis shrinks.</param>
/// <param name="CubicA">cubic_coeff_a.</param>
/// <param name="ExcludeOutside">True to give positions outside the input no weight.</param>
/// <param name="Scale">The scale; null for the ratio of the axis' lengths.</param>
internal sealed record ResampleRule(string Mode, string Coordinates, string NearestMode, double CubicA, bool ExcludeOutside, float? Scale)
{
    /// <summary>Summands of each output element.</summary>
    public int Taps => Mode switch
    {
        "nearest" => 1,
        "linear" => 2,
        _ => 4,
    };
}

/// <summary>Makes the tables of a <see cref="ResampleStep"/> whose factors depend on sizes that are known only at run time.</summary>
/// <remarks>The same arithmetic as that of Resize's tables made at compile time.</remarks>
internal sealed class ResampleTableStep : Step
{
    private readonly ResampleRule _rule;
    private readonly Extent _input;
    private readonly Extent _output;
    private readonly long _stride;
    private readonly TensorView _offsets;
    private readonly TensorView? _weights;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="name">Name of the step.</param>
    /// <param name="rule">How positions and factors are found.</param>
    /// <param name="input">Length of the axis in the input.</param>
    /// <param name="output">Its length in the output.</param>
    /// <param name="stride">Elements between neighbours on the axis of the input.</param>
    /// <param name="offsets">i32 [greatest output length, taps]: positions in elements.</param>
    /// <param name="weights">f32 or f64 of the same shape: factors; null for copies.</param>
    public ResampleTableStep(
        Node node, string name, ResampleRule rule, Extent input, Extent output, long stride, TensorView offsets, TensorView? weights)
        : base(node, name)
    {
        _rule = rule;
        _input = input;
        _output = output;
        _stride = stride;
        _offsets = offsets;
        _weights = weights;
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => Array.Empty<TensorView>();

    public override IReadOnlyList<TensorView> Writes => _weights is null ? new[] { _offsets } : new[] { _offsets, _weights };

    public override string Kernel => "positions and factors of resampling";

    public override string Summary => $"{Node!.Operator.Name}, table of {_output} from {_input}";

    public override void Emit(StepWriter writer)
    {
        writer.Pointer(_offsets, "offsets", type: "int*");
        if (_weights is not null)
        {
            writer.Pointer(_weights, "factors");
        }

        writer.Line($"int input = {writer.Value(_input.Expression)};");
        writer.Line($"int output = {writer.Value(_output.Expression)};");
        writer.Line($"float scale = {(_rule.Scale is { } scale ? Literal.Of(scale) : "(float)((double)output / global::System.Math.Max(1, input))")};");
        writer.Line("float width = scale * input;");
        using (writer.Block("for (int j = 0; j < output; j++)"))
        {
            writer.Line($"double position = {Position()};");
            if (_weights is null)
            {
                writer.Line($"offsets[j] = global::System.Math.Max(0, global::System.Math.Min(input - 1, (int){Nearest()})) * {_stride};");
            }
            else
            {
                EmitSum(writer);
            }
        }
    }

    /// <summary>Single precision where the tables made at compile time have it.</summary>
    private string Position() => _rule.Coordinates switch
    {
        "align_corners" => "width == 1 ? 0 : (float)((float)((float)j * (input - 1)) / (float)(width - 1))",
        "asymmetric" => "(float)(j / scale)",
        "tf_half_pixel_for_nn" => "(float)((j + 0.5f) / scale)",
        "pytorch_half_pixel" => "width == 1 ? -0.5 : (float)((float)((j + 0.5f) / scale) - 0.5f)",
        "half_pixel_symmetric" => "(float)((float)((float)(input / 2f * (float)(1 - (float)(output / width))) + (float)((j + 0.5f) / scale)) - 0.5f)",
        _ => "(float)((float)((j + 0.5f) / scale) - 0.5f)",
    };

    private string Nearest() => _rule.NearestMode switch
    {
        "floor" => "global::System.Math.Floor(position)",
        "ceil" => "global::System.Math.Ceiling(position)",
        "round_prefer_ceil" => "global::System.Math.Floor(position + 0.5)",
        "simple" => "(scale < 1 ? global::System.Math.Ceiling(position) : global::System.Math.Floor(position))",
        _ => "global::System.Math.Ceiling(position - 0.5)",
    };

    private void EmitSum(StepWriter writer)
    {
        int taps = _rule.Taps;
        string element = _weights!.Type.CSharpName();
        writer.Line($"int first = (int)global::System.Math.Ceiling(position) - {taps / 2};");
        writer.Line("double total = 0;");
        using (writer.For("t", taps))
        {
            writer.Line("int at = first + t;");
            writer.Line("double distance = global::System.Math.Abs(at - position);");
            writer.Line($"double weight = {Weight()};");
            if (_rule.ExcludeOutside)
            {
                writer.Line("weight = at < 0 || at >= input ? 0 : weight;");
            }

            writer.Line("total += weight;");
            writer.Line($"offsets[(j * {taps}) + t] = global::System.Math.Max(0, global::System.Math.Min(input - 1, at)) * {_stride};");
            writer.Line($"factors[(j * {taps}) + t] = ({element})weight;");
        }

        if (_rule.ExcludeOutside)
        {
            using (writer.For("t", taps))
            {
                writer.Line($"factors[(j * {taps}) + t] = ({element})(factors[(j * {taps}) + t] / total);");
            }
        }
    }

    /// <summary>The triangle, or Keys' cubic convolution kernel.</summary>
    private string Weight()
    {
        if (_rule.Mode != "cubic")
        {
            return "global::System.Math.Max(0, 1 - distance)";
        }

        double a = _rule.CubicA;
        string near = $"(((({Literal.Of(a + 2)} * distance) - ({Literal.Of(a + 3)})) * distance * distance) + 1)";
        string far = $"(((((({Literal.Of(a)} * distance) - ({Literal.Of(5 * a)})) * distance) + ({Literal.Of(8 * a)})) * distance) - ({Literal.Of(4 * a)}))";
        return $"distance <= 1 ? {near} : distance < 2 ? {far} : 0";
    }
}
