using System.Collections.Generic;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>Distances of all pairs of rows: the differences of a pair in vectors, their squares summed at the end.</summary>
internal sealed class DistanceStep : Step
{
    private readonly TensorView _left;
    private readonly TensorView _right;
    private readonly TensorView _output;
    private readonly bool _squared;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="left">Dense [rows, features], f32 or f64.</param>
    /// <param name="right">Dense [columns, features].</param>
    /// <param name="output">Dense [rows, columns].</param>
    /// <param name="squared">True for squares of distances.</param>
    public DistanceStep(Node node, TensorView left, TensorView right, TensorView output, bool squared)
        : base(node, node.Name)
    {
        _left = left;
        _right = right;
        _output = output;
        _squared = squared;
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => new[] { _left, _right };

    public override IReadOnlyList<TensorView> Writes => new[] { _output };

    public override long MultiplyAdds => _output.Shape.ElementCount * Features;

    public override string Kernel => $"distances over {Features} features";

    public override string Summary => $"{(_squared ? "squares of " : string.Empty)}distances of {_left.Shape[0]} rows from {_right.Shape[0]}";

    private int Features => _left.Shape[1];

    private string Element => _output.Type.CSharpName();

    public override bool SharesRunTimeSizes => true;

    /// <summary>The rows, or the columns where rows are few.</summary>
    public override Extent ParallelExtent(Simd simd) => SharesRows ? _left.Shape.Extent(0) : _right.Shape.Extent(0);

    private bool SharesRows => SharedLoop.IsOuter(_left.Shape.Extent(0), _right.Shape.Extent(0));

    public override void Emit(StepWriter writer)
    {
        string a = writer.Pointer(_left, "a", _left.Describe());
        string b = writer.Pointer(_right, "b", _right.Describe());
        string y = writer.Pointer(_output, "y", _output.Describe());
        using (SharedLoop.For(writer, "row", _left.Shape.Extent(0), SharesRows))
        using (SharedLoop.For(writer, "column", _right.Shape.Extent(0), !SharesRows))
        {
            writer.Line($"{Element}* left = {a} + (row * {Features}L);");
            writer.Line($"{Element}* right = {b} + (column * {Features}L);");
            string sum = EmitSum(writer);
            string result = _squared ? sum : $"({Element})global::System.Math.Sqrt({sum})";
            writer.Line($"{y}[(row * {_right.Shape[0]}L) + column] = {result};");
        }
    }

    /// <summary>The sum of squares: whole vectors first, what is left one by one.</summary>
    private string EmitSum(StepWriter writer)
    {
        Simd simd = writer.Simd;
        bool known = !_left.Shape.IsDynamicAt(1);
        int whole = known && _output.Type == ElementType.Float32 && !simd.IsScalar ? Features / simd.Lanes * simd.Lanes : 0;
        string start = "0";
        if (whole > 0)
        {
            writer.Line($"{simd.Type} squares = {simd.Zero};");
            using (writer.For("k", whole, simd.Lanes))
            {
                writer.Line($"{simd.Type} difference = {simd.Load("left + k")} - {simd.Load("right + k")};");
                writer.Line($"squares = {simd.MultiplyAdd("difference", "difference", "squares")};");
            }

            start = $"{simd.Class}.Sum(squares)";
        }

        writer.Line($"{Element} sum = {start};");
        if (whole < Features)
        {
            using (known ? writer.For("k", Features, 1, whole) : writer.For("k", _left.Shape.Extent(1)))
            {
                writer.Line($"{Element} difference = left[k] - right[k];");
                writer.Line("sum += difference * difference;");
            }
        }

        return "sum";
    }
}
