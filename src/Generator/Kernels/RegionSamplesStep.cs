using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators.Composed;

namespace AotCompiler.Kernels;

/// <summary>
/// Pools each bin of a region from samples between pixels, as many as the bin is large unless their number is given: for every sample the
/// cells around it and their weights once, then all channels, in f32 as vectors.
/// </summary>
internal sealed class RegionSamplesStep : Step
{
    private readonly TensorView _image;
    private readonly TensorView _regions;
    private readonly TensorView _batches;
    private readonly TensorView _output;
    private readonly RegionForm _form;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="image">Dense f32 or f64 [batch, height, width, channels].</param>
    /// <param name="regions">Dense, of the image's type, [regions, 4]: x1, y1, x2, y2.</param>
    /// <param name="batches">Dense i64 [regions], checked.</param>
    /// <param name="output">Dense [regions, rows, columns, channels].</param>
    /// <param name="form">How regions become samples.</param>
    public RegionSamplesStep(Node node, TensorView image, TensorView regions, TensorView batches, TensorView output, RegionForm form)
        : base(node, node.Name)
    {
        _image = image;
        _regions = regions;
        _batches = batches;
        _output = output;
        _form = form;
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => new[] { _image, _regions, _batches };

    public override IReadOnlyList<TensorView> Writes => new[] { _output };

    public override bool CanFail => true;

    /// <summary>Of a number of samples that the regions decide, one is counted.</summary>
    public override long MultiplyAdds => 4L * Math.Max(1, _form.Samples) * Math.Max(1, _form.Samples) * _output.Shape.ElementCount;

    public override bool SharesRunTimeSizes => true;

    /// <summary>The rows of bins of all regions.</summary>
    public override Extent ParallelExtent(Simd simd) => _output.Shape.Extent(0) * _output.Shape[1];

    public override string Kernel => $"samples of regions, {Channels} channels";

    public override string Summary => $"{_output.Shape[1]}×{_output.Shape[2]} bins of {_output.Shape.Extent(0)} regions, {(_form.Samples > 0 ? $"{_form.Samples}×{_form.Samples} samples" : "as many samples as a bin is large")}";

    private int Channels => _image.Shape[3];

    private string Type => _image.Type.CSharpName();

    public override void Emit(StepWriter writer)
    {
        string x = writer.Pointer(_image, "x", _image.Describe());
        string regions = writer.Pointer(_regions, "regions", _regions.Describe());
        string batches = writer.Pointer(_batches, "batches", _batches.Describe());
        string y = writer.Pointer(_output, "y", _output.Describe());
        writer.Line("int error = 0;");
        using (writer.ForUnits("unit", ParallelExtent(writer.Simd)))
        {
            writer.Line($"int r = unit / {_output.Shape[1]};");
            writer.Line($"int row = unit - (r * {_output.Shape[1]});");
            writer.Line($"{Type}* region = {regions} + (r * 4L);");
            writer.Line($"{Type}* image = {x} + (IndexGuard.Check({batches}[r], {writer.Value(_image.Shape.Extent(0))}, ref error) * {_image.Shape.Product(1, 4)}L);");
            EmitAxis(writer, "Y", 1, _output.Shape[1]);
            EmitAxis(writer, "X", 0, _output.Shape[2]);
            using (writer.For("column", _output.Shape[2]))
            {
                writer.Line($"{Type}* bin = {y} + ((((long)unit * {_output.Shape[2]}) + column) * {Channels}L);");
                EmitBin(writer);
            }
        }

        writer.Line("return error;");
    }

    /// <summary>Declares where the region begins along an axis, the size of a bin and its number of samples.</summary>
    private void EmitAxis(StepWriter writer, string axis, int column, int bins)
    {
        string Edge(int at) => $"(region[{at}] * {Literal.Of(_form.Scale)}){(_form.IsHalfPixel ? " - 0.5f" : string.Empty)}";
        writer.Line($"{Type} start{axis} = {Edge(column)};");
        writer.Line($"{Type} extent{axis} = {Edge(column + 2)} - start{axis};");
        if (!_form.IsHalfPixel)
        {
            writer.Line($"extent{axis} = extent{axis} < 1 ? 1 : extent{axis};");
        }

        writer.Line($"{Type} bin{axis} = extent{axis} / {bins};");
        if (_form.Samples > 0)
        {
            writer.Line($"const int samples{axis} = {_form.Samples};");
            return;
        }

        // Rounded up; a region that is empty, turned round or NaN has none.
        const long beyond = RegionForm.MostSamples + 1;
        writer.Line($"{Type} bounded{axis} = bin{axis} > 0 ? (bin{axis} < {beyond} ? bin{axis} : {beyond}) : 0;");
        writer.Line($"int samples{axis} = (int)IndexGuard.Check((long)bounded{axis} + ((long)bounded{axis} < bounded{axis} ? 1 : 0), {beyond}, ref error);");
    }

    private void EmitBin(StepWriter writer)
    {
        string count = "samplesY * samplesX";
        if (_form.IsMax)
        {
            writer.Line($"{Type} lowest = {count} > 0 ? {Type}.NegativeInfinity : 0;");
        }

        Each(writer, (lanes, i) => writer.Line(lanes.Store("bin", i, _form.IsMax ? lanes.Broadcast("lowest") : lanes.Zero)));
        using (writer.Block("for (int a = 0; a < samplesY; a++)"))
        {
            EmitPosition(writer, "Y", "row", "a", _image.Shape.Extent(1));
            using (writer.Block("for (int b = 0; b < samplesX; b++)"))
            {
                EmitPosition(writer, "X", "column", "b", _image.Shape.Extent(2));
                EmitSample(writer);
            }
        }

        if (!_form.IsMax)
        {
            writer.Line($"{Type} part = 1f / ({Type})({count} > 0 ? {count} : 1);");
            Each(writer, (lanes, i) => writer.Line(lanes.Store("bin", i, $"{lanes.Load("bin", i)} * {lanes.Broadcast("part")}")));
        }
    }

    /// <summary>Declares the two cells around a sample along an axis, and their weights: 0 beyond a pixel outside the image.</summary>
    private void EmitPosition(StepWriter writer, string axis, string bin, string sample, Extent cells)
    {
        string extent = writer.Value(cells);
        string last = cells.IsDynamic ? $"({extent} - 1)" : $"{cells.Maximum - 1}";
        writer.Line($"{Type} at{axis} = start{axis} + ({bin} * bin{axis}) + (({sample} + 0.5f) * bin{axis} / samples{axis});");
        writer.Line($"bool inside{axis} = at{axis} >= -1 && at{axis} <= {extent};");
        writer.Line($"{Type} clipped{axis} = inside{axis} && at{axis} > 0 ? (at{axis} < {last} ? at{axis} : {last}) : 0;");
        writer.Line($"int low{axis} = (int)clipped{axis};");
        writer.Line($"int high{axis} = low{axis} < {last} ? low{axis} + 1 : low{axis};");
        writer.Line($"{Type} highWeight{axis} = inside{axis} ? clipped{axis} - low{axis} : 0;");
        writer.Line($"{Type} lowWeight{axis} = inside{axis} ? 1 - (clipped{axis} - low{axis}) : 0;");
    }

    private void EmitSample(StepWriter writer)
    {
        for (int corner = 0; corner < 4; corner++)
        {
            (string row, string column) = (corner < 2 ? "low" : "high", corner % 2 == 0 ? "low" : "high");
            writer.Line($"{Type} weight{corner} = {row}WeightY * {column}WeightX;");
            writer.Line($"{Type}* corner{corner} = image + ((((long){row}Y * {_image.Shape[2]}) + {column}X) * {Channels}L);");
        }

        Each(writer, (lanes, i) =>
        {
            string result = lanes.Load("bin", i);
            for (int corner = 0; corner < 4; corner++)
            {
                string product = $"{lanes.Broadcast($"weight{corner}")} * {lanes.Load($"corner{corner}", i)}";
                result = _form.IsMax ? lanes.Max(product, result) : $"{result} + ({product})";
            }

            writer.Line(lanes.Store("bin", i, result));
        });
    }

    /// <summary>Writes a loop over the channels.</summary>
    private void Each(StepWriter writer, Action<Lanes, string> body)
    {
        if (_image.Type == ElementType.Float32)
        {
            VectorLoop.Emit(writer, Channels, (simd, i) => body(new Lanes(simd), i));
            return;
        }

        using (writer.For("c", Channels))
        {
            body(new Lanes(null), "c");
        }
    }

    /// <summary>How channels are read and written: f32 vectors, or one f64.</summary>
    private readonly record struct Lanes(Simd? Simd)
    {
        public string Zero => Simd?.Zero ?? "0";

        public string Broadcast(string scalar) => Simd?.Broadcast(scalar) ?? scalar;

        public string Load(string pointer, string index) => Simd?.Load(VectorLoop.At(pointer, index)) ?? $"{pointer}[{index}]";

        public string Store(string pointer, string index, string value) => Simd?.Store(VectorLoop.At(pointer, index), value) ?? $"{pointer}[{index}] = {value};";

        public string Max(string a, string b) => Simd?.Max(a, b) ?? $"global::System.Math.Max({a}, {b})";
    }
}
