using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

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
    private readonly TensorView? _count;
    private readonly bool _byTap;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="name">Name of the step.</param>
    /// <param name="rule">How positions and factors are found.</param>
    /// <param name="input">Length of the axis in the input.</param>
    /// <param name="output">Its length in the output.</param>
    /// <param name="stride">Elements between neighbours on the axis of the input.</param>
    /// <param name="offsets">i32 [greatest output length · taps]: positions in elements; the first of an element that is extrapolated is -1.</param>
    /// <param name="weights">f32 or f64 of the same shape: factors; null for copies.</param>
    /// <param name="count">i32 [1]: how many summands each element has, if the rule says that the run finds it.</param>
    /// <param name="byTap">True if factors of one tap lie side by side, false if those of one output element do.</param>
    public ResampleTableStep(
        Node node, string name, ResampleRule rule, Extent input, Extent output, long stride, TensorView offsets, TensorView? weights, TensorView? count, bool byTap)
        : base(node, name)
    {
        _rule = rule;
        _input = input;
        _output = output;
        _stride = stride;
        _offsets = offsets;
        _weights = weights;
        _count = count;
        _byTap = byTap;
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => new[] { _rule.Scale.Data?.View, _rule.Crop?.Data?.View }.OfType<TensorView>().ToArray();

    public override IReadOnlyList<TensorView> Writes => new[] { _offsets, _weights, _count }.OfType<TensorView>().ToArray();

    public override string Kernel => "positions and factors of resampling";

    public override string Summary => $"{Node!.Operator.Name}, table of {_output} from {_input}";

    public override bool SharesRunTimeSizes => true;

    /// <summary>The elements of the output's axis.</summary>
    public override Extent ParallelExtent(Simd simd) => _output;

    public override void Emit(StepWriter writer)
    {
        writer.Pointer(_offsets, "offsets", type: "int*");
        if (_weights is not null)
        {
            writer.Pointer(_weights, "factors");
        }

        writer.Line($"int input = {writer.Value(_input.Expression)};");
        writer.Line($"int output = {writer.Value(_output.Expression)};");
        writer.Line($"float scale = {Scale(writer)};");
        if (_rule.Crop?.Data is { } crop)
        {
            string region = writer.Pointer(crop.View, "region");
            writer.Line($"double cropStart = {region}[{crop.Start}];");
            writer.Line($"double cropLength = {region}[{crop.End}] - cropStart;");
        }

        writer.Line("float width = scale * input;");
        if (_count is not null)
        {
            writer.Pointer(_count, "count", type: "int*");
            writer.Line("double shrink = global::System.Math.Min((double)scale, 1);");
            writer.Line($"int taps = -2 * (int)global::System.Math.Floor(-{_rule.Radius} / shrink);");
            writer.Line(writer.IsShared ? $"if ({StepWriter.Begin} == 0) *count = taps;" : "*count = taps;");
        }

        using (writer.IsShared ? writer.ForUnits("j", _output) : writer.Block("for (int j = 0; j < output; j++)"))
        {
            writer.Line($"double position = {Position()};");
            if (_rule.Crop is not null)
            {
                using (writer.Block("if (!(position >= 0 && position <= input - 1))"))
                {
                    writer.Line($"offsets[j * {Taps}] = -1;");
                    writer.Line("continue;");
                }
            }

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

    private string Taps => _count is null ? $"{_rule.Taps}" : "taps";

    private string Scale(StepWriter writer)
    {
        if (_rule.Scale.Fixed is { } scale)
        {
            return Literal.Of(scale);
        }

        if (_rule.Scale.Data is { } data)
        {
            return $"{writer.Pointer(data.View, "scales")}[{data.Index}]";
        }

        string[] ratios = _rule.Scale.Ratios.Select(r => $"(double){writer.Value(r.Output.Expression)} / global::System.Math.Max(1, {writer.Value(r.Input.Expression)})").ToArray();
        return $"(float)({ratios.Aggregate((all, next) => $"global::System.Math.{(_rule.Scale.Smallest ? "Min" : "Max")}({all}, {next})")})";
    }

    /// <summary>Single precision where the tables made at compile time have it.</summary>
    private string Position() => _rule.Coordinates switch
    {
        "align_corners" => "width == 1 ? 0 : (float)((float)((float)j * (input - 1)) / (float)(width - 1))",
        "asymmetric" => "(float)(j / scale)",
        "tf_crop_and_resize" => Cropped(_rule.Crop!),
        "tf_half_pixel_for_nn" => "(float)((j + 0.5f) / scale)",
        "pytorch_half_pixel" => "width == 1 ? -0.5 : (float)((float)((j + 0.5f) / scale) - 0.5f)",
        "half_pixel_symmetric" => "(float)((float)((float)(input / 2f * (float)(1 - (float)(output / width))) + (float)((j + 0.5f) / scale)) - 0.5f)",
        _ => "(float)((float)((j + 0.5f) / scale) - 0.5f)",
    };

    private static string Cropped(ResampleCrop crop)
    {
        string start = crop.Data is null ? Literal.Of(crop.Start) : "cropStart";
        string length = crop.Data is null ? $"({Literal.Of(crop.End - crop.Start)})" : "cropLength";
        return $"({start} * (input - 1)) + (width == 1 ? {length} * (input - 1) / 2 : j * {length} * (input - 1) / (width - 1))";
    }

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
        string element = _weights!.Type.CSharpName();
        string factor = _byTap ? "factors[(t * output) + j]" : $"factors[(j * {Taps}) + t]";
        writer.Line($"int first = (int)global::System.Math.Ceiling(position) - ({Taps} / 2);");
        writer.Line("double total = 0;");
        using (writer.Block($"for (int t = 0; t < {Taps}; t++)"))
        {
            writer.Line("int at = first + t;");
            writer.Line($"double distance = global::System.Math.Abs(at - position){(_count is null ? string.Empty : " * shrink")};");
            writer.Line($"double weight = {Weight()};");
            if (_rule.ExcludeOutside)
            {
                writer.Line("weight = at < 0 || at >= input ? 0 : weight;");
            }

            writer.Line("total += weight;");
            writer.Line($"offsets[(j * {Taps}) + t] = global::System.Math.Max(0, global::System.Math.Min(input - 1, at)) * {_stride};");
            writer.Line($"{factor} = ({element})weight;");
        }

        if (_rule.ExcludeOutside || _count is not null)
        {
            using (writer.Block($"for (int t = 0; t < {Taps}; t++)"))
            {
                writer.Line($"{factor} = ({element})({factor} / total);");
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
