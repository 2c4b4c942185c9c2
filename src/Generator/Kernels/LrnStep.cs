using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators.Normalization;
using AotCompiler.Operators.Reduction;

namespace AotCompiler.Kernels;

/// <summary>Local response normalisation across channels of a dense [N, C, pixels]; vectors hold neighbouring pixels.</summary>
internal sealed class LrnStep : Step
{
    private readonly ResponseWindow _window;
    private readonly TensorView _input;
    private readonly TensorView _output;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="window">The neighbourhood and its parameters.</param>
    /// <param name="input">Dense, not empty.</param>
    /// <param name="output">Dense, of the same shape.</param>
    public LrnStep(Node node, ResponseWindow window, TensorView input, TensorView output)
        : base(node, node.Name)
    {
        _window = window;
        _input = input;
        _output = output;
    }

    public override bool TakesRunTimeSizes => true;

    /// <summary>Planes of fixed size are walked as one run.</summary>
    private bool HasFixedPlanes => _input.Shape.Extents.Skip(2).All(static e => !e.IsDynamic);

    public override IReadOnlyList<TensorView> Reads => new[] { _input };

    public override IReadOnlyList<TensorView> Writes => new[] { _output };

    public override string Kernel => $"lrn of {_window.Size} channels{(Type == ElementType.Float32 ? string.Empty : ", scalar")}";

    public override string Summary => $"{Node!.Operator.Name}, y = x / (bias + alpha/{_window.Size} · Σ x²)^beta over {_window.Size} neighbouring channels";

    private ElementType Type => _input.Type;

    public override Extent ParallelExtent(Simd simd) => _input.Shape.IsDynamicAt(1) ? 1 : _input.Shape[1];

    public override void Emit(StepWriter writer)
    {
        string x = writer.Pointer(_input, "x", _input.Describe());
        string y = writer.Pointer(_output, "y", _output.Describe());
        string pointer = StepWriter.PointerType(Type);
        int channels = _input.Shape[1];
        int pixels = (int)_input.Shape.Product(2, _input.Shape.Rank);
        using (writer.For("n", _input.Shape.Extent(0)))
        using (writer.ForUnits("c", _input.Shape.Extent(1)))
        {
            writer.Line($"int first = global::System.Math.Max(0, c - {_window.Before});");
            writer.Line($"int last = global::System.Math.Min({(_input.Shape.IsDynamicAt(1) ? $"{writer.Value(_input.Shape.Extent(1))} - 1" : $"{channels - 1}")}, c + {_window.After});");
            writer.Line($"{pointer} sample = {x} + (n * {(long)channels * pixels}L);");
            writer.Line($"{pointer} target = {y} + (n * {(long)channels * pixels}L) + (c * {pixels}L);");
            if (HasFixedPlanes)
            {
                EmitRun(writer, pixels, pixels);
            }
            else
            {
                EmitRows(writer, pixels, 2, "sample", "target");
            }
        }
    }

    /// <summary>The rows of a plane whose size only the run knows; strides are those of the greatest.</summary>
    private void EmitRows(StepWriter writer, int pixels, int axis, string sample, string target)
    {
        if (axis == _input.Shape.Rank - 1)
        {
            EmitRun(writer, pixels, _input.Shape.Extent(axis), sample, target);
            return;
        }

        using (writer.For($"p{axis}", _input.Shape.Extent(axis)))
        {
            long stride = _input.Shape.Product(axis + 1, _input.Shape.Rank);
            string pointer = StepWriter.PointerType(Type);
            writer.Line($"{pointer} sample{axis} = {sample} + (p{axis} * {stride}L);");
            writer.Line($"{pointer} target{axis} = {target} + (p{axis} * {stride}L);");
            EmitRows(writer, pixels, axis + 1, $"sample{axis}", $"target{axis}");
        }
    }

    private void EmitRun(StepWriter writer, int pixels, Extent count, string sample = "sample", string target = "target")
    {
        if (Type == ElementType.Float32)
        {
            VectorLoop.Emit(writer, count, (simd, index) => EmitPixels(writer, simd, pixels, index, sample, target));
            return;
        }

        using (writer.For("i", count))
        {
            EmitPixels(writer, Simd.Scalar, pixels, "i", sample, target);
        }
    }

    private void EmitPixels(StepWriter writer, Simd simd, int pixels, string index, string sample, string target)
    {
        string type = simd.IsScalar ? Type.CSharpName() : simd.Type;
        writer.Line($"{type} sum = {ReductionFunction.SumSquare.StartLiteral(simd, Type, Type)};");
        using (writer.Block("for (int k = first; k <= last; k++)"))
        {
            writer.Line($"{type} neighbour = {simd.Load($"{sample} + (k * {pixels}L) + {index}")};");
            writer.Line($"sum = {ReductionFunction.SumSquare.Step(simd, Type, "sum", "neighbour")};");
        }

        writer.Line($"{type} scale = {simd.MultiplyAdd("sum", Constant(simd, _window.Alpha / _window.Size), Constant(simd, _window.Bias))};");
        string element = simd.Load($"{sample} + (c * {pixels}L) + {index}");
        writer.Line(simd.Store(VectorLoop.At(target, index), $"{element} / {Power(writer, simd)}"));
    }

    private string Constant(Simd simd, double value) => Type == ElementType.Float32 ? simd.Constant((float)value) : Literal.Of(value);

    /// <summary>scale^beta; the exponent nearly all models have is two square roots.</summary>
    private string Power(StepWriter writer, Simd simd)
    {
        if (_window.Beta == 1)
        {
            return "scale";
        }

        if (Type != ElementType.Float32)
        {
            return $"DoubleMath.Pow(scale, {Literal.Of(_window.Beta)})";
        }

        if (_window.Beta is not (0.5 or 0.75))
        {
            return simd.Math("Pow", "scale", simd.Constant((float)_window.Beta));
        }

        string root = simd.IsScalar ? "global::System.MathF.Sqrt" : $"{simd.Class}.Sqrt";
        writer.Line($"{simd.Type} root = {root}(scale);");
        return _window.Beta == 0.5 ? "root" : $"(root * {root}(root))";
    }
}
