using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// Reads pixels between cells: for every position the cells around it and their weights once, then all channels as vectors. Positions are
/// brought into the image before they become indices, so that none can read elsewhere, NaN included.
/// </summary>
internal sealed class SampledPixelsStep : Step
{
    private readonly TensorView _cells;
    private readonly IReadOnlyList<TensorView> _positions;
    private readonly IReadOnlyList<int> _extents;
    private readonly bool _zeros;
    private readonly TensorView _output;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="cells">Dense f32 [batch, cells, channels].</param>
    /// <param name="positions">Per axis dense f32 [batch, positions].</param>
    /// <param name="extents">Cells along each axis.</param>
    /// <param name="zeros">True if what lies outside counts as zero.</param>
    /// <param name="output">Dense f32 [batch, positions, channels].</param>
    public SampledPixelsStep(Node node, TensorView cells, IReadOnlyList<TensorView> positions, IReadOnlyList<int> extents, bool zeros, TensorView output)
        : base(node, node.Name)
    {
        _cells = cells;
        _positions = positions;
        _extents = extents;
        _zeros = zeros;
        _output = output;
    }

    public override IReadOnlyList<TensorView> Reads => _positions.Prepend(_cells).ToArray();

    public override IReadOnlyList<TensorView> Writes => new[] { _output };

    public override long MultiplyAdds => _output.Shape.ElementCount * Corners;

    public override string Kernel => $"pixels between {Corners} cells, {Channels} channels";

    public override string Summary => $"pixels at computed positions, {(_zeros ? "zeros" : "the border's")} outside";

    private int Axes => _extents.Count;

    private int Corners => 1 << Axes;

    private int Channels => _cells.Shape[2];

    public override void Emit(StepWriter writer)
    {
        string x = writer.Pointer(_cells, "x", _cells.Describe());
        string[] at = _positions.Select((p, a) => writer.Pointer(p, $"at{a}", p.Describe())).ToArray();
        string y = writer.Pointer(_output, "y", _output.Describe());
        using (writer.For("n", _output.Shape[0]))
        using (writer.For("p", _output.Shape[1]))
        {
            long positions = _output.Shape[1];
            writer.Line($"float* image = {x} + (n * {_cells.Shape[1] * (long)Channels}L);");
            for (int a = 0; a < Axes; a++)
            {
                EmitAxis(writer, a, $"{at[a]}[(n * {positions}L) + p]");
            }

            writer.Line($"float* pixel = {y} + (((n * {positions}L) + p) * {Channels}L);");
            EmitCorners(writer);
        }
    }

    /// <summary>The two cells along an axis, as indices inside the image, and their weights.</summary>
    private void EmitAxis(StepWriter writer, int axis, string position)
    {
        string last = Literal.Of((float)(_extents[axis] - 1));
        string Inside(string whole) => $"(int)({whole} > 0f ? ({whole} < {last} ? {whole} : {last}) : 0f)";
        string Weight(string whole, string weight) => _zeros ? $"{whole} >= 0f && {whole} <= {last} ? {weight} : 0f" : weight;
        writer.Line($"float position{axis} = {position};");
        writer.Line($"float low{axis} = global::System.MathF.Floor(position{axis});");
        writer.Line($"float high{axis} = low{axis} + 1f;");
        writer.Line($"float part{axis} = position{axis} - low{axis};");
        writer.Line($"float lowWeight{axis} = {Weight($"low{axis}", $"1f - part{axis}")};");
        writer.Line($"float highWeight{axis} = {Weight($"high{axis}", $"part{axis}")};");
        writer.Line($"int lowIndex{axis} = {Inside($"low{axis}")};");
        writer.Line($"int highIndex{axis} = {Inside($"high{axis}")};");
    }

    private void EmitCorners(StepWriter writer)
    {
        for (int corner = 0; corner < Corners; corner++)
        {
            string[] ends = Enumerable.Range(0, Axes).Select(a => ((corner >> (Axes - 1 - a)) & 1) == 0 ? "low" : "high").ToArray();
            string index = Enumerable.Range(0, Axes).Aggregate(string.Empty, (sum, a) => a == 0 ? $"{ends[0]}Index0" : $"(({sum} * {_extents[a]}) + {ends[a]}Index{a})");
            writer.Line($"float weight{corner} = {string.Join(" * ", ends.Select(static (e, a) => $"{e}Weight{a}"))};");
            writer.Line($"float* corner{corner} = image + ({index} * {Channels}L);");
        }

        VectorLoop.Emit(writer, Channels, (simd, i) =>
        {
            string sum = $"{simd.Broadcast("weight0")} * {simd.Load(VectorLoop.At("corner0", i))}";
            for (int corner = 1; corner < Corners; corner++)
            {
                sum = simd.MultiplyAdd(simd.Broadcast($"weight{corner}"), simd.Load(VectorLoop.At($"corner{corner}", i)), sum);
            }

            writer.Line(simd.Store(VectorLoop.At("pixel", i), sum));
        });
    }
}
