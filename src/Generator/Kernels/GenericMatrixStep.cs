using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators.Linear;

namespace AotCompiler.Kernels;

/// <summary>Matrix products of integers of 1 and 2 bytes and without terms, one element at a time; all views are dense.</summary>
internal sealed class GenericMatrixStep : Step
{
    private readonly string _what;
    private readonly MatrixShape _shape;
    private readonly TensorView _left;
    private readonly TensorView _right;
    private readonly TensorView _output;

    public GenericMatrixStep(Node node, string what, MatrixShape shape, TensorView left, TensorView right, TensorView output)
        : base(node, node.Name)
    {
        _what = what;
        _shape = shape;
        _left = left;
        _right = right;
        _output = output;
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => new[] { _left, _right };

    public override IReadOnlyList<TensorView> Writes => new[] { _output };

    public override long MultiplyAdds => _output.Shape.ElementCount * _shape.K;

    public override string Kernel => "matrix product by definition, scalar";

    public override string Summary => $"{_what} {_output.Type.ShortName()} [{_shape.M}, {_shape.K}] · [{_shape.K}, {_shape.N}]";

    public override bool SharesRunTimeSizes => true;

    /// <summary>The rows of all products at a time, or the columns where rows are few.</summary>
    public override Extent ParallelExtent(Simd simd) => SharesRows ? _shape.Rows : _shape.Columns;

    private bool SharesRows => SharedLoop.IsOuter(_shape.Rows, _shape.Columns);

    public override void Emit(StepWriter writer)
    {
        string type = _output.Type.CSharpName();
        writer.Pointer(_left, "a", _left.Describe());
        writer.Pointer(_right, "b", _right.Describe());
        writer.Pointer(_output, "y", _output.Describe());
        IReadOnlyList<IterationDimension> left = Layout.Dense(_shape.LeftBatch).BroadcastTo(_shape.Batch).Dimensions();
        IReadOnlyList<IterationDimension> right = Layout.Dense(_shape.RightBatch).BroadcastTo(_shape.Batch).Dimensions();
        for (int i = 0; i < _shape.Batch.Rank; i++)
        {
            writer.Line($"for (int n{i} = 0; n{i} < {writer.Value(_shape.Batch.Extent(i))}; n{i}++)");
        }

        using (writer.Block())
        {
            writer.Line($"{type}* aMatrix = a + (({Sum(left)}) * {_shape.M * _shape.K});");
            writer.Line($"{type}* bMatrix = b + (({Sum(right)}) * {_shape.K * _shape.N});");
            string target = "*y++";
            if (_output.Shape.IsDynamic || writer.IsShared)
            {
                writer.Line($"{type}* yMatrix = y + (({Sum(Layout.Dense(_shape.Batch).Dimensions())}) * {(long)_shape.M * _shape.N}L);");
                target = $"yMatrix[(row * {_shape.N}) + column]";
            }

            using (SharedLoop.For(writer, "row", _shape.Rows, SharesRows))
            using (SharedLoop.For(writer, "column", _shape.Columns, !SharesRows))
            {
                writer.Line($"{type} sum = 0;");
                using (writer.For("k", _shape.Terms))
                {
                    writer.Line($"sum += ({type})(aMatrix[(row * {_shape.K}) + k] * bMatrix[(k * {_shape.N}) + column]);");
                }

                writer.Line($"{target} = sum;");
            }
        }
    }

    private static string Sum(IReadOnlyList<IterationDimension> dimensions) =>
        dimensions.Count == 0 ? "0" : string.Join(" + ", dimensions.Select(static (d, i) => $"(n{i} * {d.Stride})"));
}
