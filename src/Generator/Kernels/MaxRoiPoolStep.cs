using System.Collections.Generic;
using System.Globalization;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>The largest elements of the cells of a grid over each region of an image; scalar, plain layout.</summary>
internal sealed class MaxRoiPoolStep : Step
{
    /// <summary>Corners beyond are taken as if they were here, so that integers hold their sums; NaN is the negative one.</summary>
    public const double FurthestCorner = 1e9;

    private readonly TensorView _input;
    private readonly TensorView _regions;
    private readonly TensorView _output;
    private readonly float _scale;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="input">Images [N, C, H, W], plain, f32 or f64.</param>
    /// <param name="regions">[regions, 5], dense: the number of the image, which is checked, and x1, y1, x2, y2.</param>
    /// <param name="output">[regions, C, rows, columns], plain.</param>
    /// <param name="scale">Factor of the corners.</param>
    public MaxRoiPoolStep(Node node, TensorView input, TensorView regions, TensorView output, float scale)
        : base(node, node.Name)
    {
        _input = input;
        _regions = regions;
        _output = output;
        _scale = scale;
    }

    public override IReadOnlyList<TensorView> Reads => new[] { _input, _regions };

    public override IReadOnlyList<TensorView> Writes => new[] { _output };

    public override bool CanFail => true;

    public override string Kernel => "pool regions, scalar";

    public override string Summary => $"{Node!.Operator.Name} {_output.Shape[2]}×{_output.Shape[3]} of {_output.Shape[0]} regions";

    public override void Emit(StepWriter writer)
    {
        string x = writer.Pointer(_input, "x", _input.Describe());
        string regions = writer.Pointer(_regions, "regions", _regions.Describe());
        string y = writer.Pointer(_output, "y", _output.Describe());
        writer.Line("int error = 0;");
        using (writer.For("r", _output.Shape[0]))
        {
            writer.Line($"{_regions.Type.CSharpName()}* region = {regions} + (r * 5L);");
            writer.Line($"long image = IndexGuard.Check(region[0] > -1 && region[0] < {_input.Shape[0]} ? (long)region[0] : -1L, {_input.Shape[0]}, ref error);");
            EmitRegion(writer, "top", "high", 2, _output.Shape[2]);
            EmitRegion(writer, "left", "wide", 1, _output.Shape[3]);
            using (writer.For("i", _output.Shape[2]))
            {
                EmitRange(writer, "Row", "i", "top", "high", _input.Shape[2]);
                using (writer.For("j", _output.Shape[3]))
                {
                    EmitRange(writer, "Column", "j", "left", "wide", _input.Shape[3]);
                    using (writer.For("c", _output.Shape[1]))
                    {
                        EmitCell(writer, x, y);
                    }
                }
            }
        }

        writer.Line("return error;");
    }

    /// <summary>Declares the first corner along an axis, a rounded number, and the size of a cell.</summary>
    private void EmitRegion(StepWriter writer, string start, string size, int column, int cells)
    {
        string limit = FurthestCorner.ToString("R", CultureInfo.InvariantCulture) + "d";
        foreach ((string name, int at) in new[] { (start, column), ($"{start}End", column + 2) })
        {
            writer.Line($"double {name}Scaled = region[{at}] * {Literal.Of(_scale)};");
            writer.Line($"{name}Scaled = {name}Scaled > -{limit} ? ({name}Scaled < {limit} ? {name}Scaled : {limit}) : -{limit};");
            writer.Line($"long {name} = (long)({name}Scaled < 0 ? {name}Scaled - 0.5 : {name}Scaled + 0.5);");
        }

        writer.Line($"float {size} = (float)({start}End < {start} ? 1L : {start}End - {start} + 1) / {cells};");
    }

    /// <summary>Declares the range of the image that cell <paramref name="cell"/> covers, clipped to the image.</summary>
    private static void EmitRange(StepWriter writer, string name, string cell, string start, string size, int extent)
    {
        writer.Line($"float behind{name} = ({cell} + 1) * {size};");
        writer.Line($"long first{name} = {start} + (long)({cell} * {size});");
        writer.Line($"long end{name} = {start} + (long)behind{name} + ((long)behind{name} < behind{name} ? 1 : 0);");
        foreach (string bound in new[] { $"first{name}", $"end{name}" })
        {
            writer.Line($"{bound} = {bound} < 0 ? 0 : {bound} > {extent} ? {extent} : {bound};");
        }
    }

    private void EmitCell(StepWriter writer, string x, string y)
    {
        string type = _input.Type.CSharpName();
        (Layout from, Layout to) = (_input.Layout, _output.Layout);
        writer.Line($"{type} best = firstRow < endRow && firstColumn < endColumn ? {type}.NegativeInfinity : 0;");
        writer.Line($"{type}* plane = {x} + (image * {from.Strides[0]}L) + (c * {from.Strides[1]}L);");
        using (writer.Block("for (long h = firstRow; h < endRow; h++)"))
        using (writer.Block("for (long w = firstColumn; w < endColumn; w++)"))
        {
            writer.Line($"{type} element = plane[(h * {from.Strides[2]}L) + (w * {from.Strides[3]}L)];");
            writer.Line("best = element > best ? element : best;");
        }

        writer.Line($"{y}[(r * {to.Strides[0]}L) + (c * {to.Strides[1]}L) + (i * {to.Strides[2]}L) + (j * {to.Strides[3]}L)] = best;");
    }
}
