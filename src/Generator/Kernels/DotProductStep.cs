using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators.Reduction;

namespace AotCompiler.Kernels;

/// <summary>
/// Products of matrices and single columns: dot products of several rows at a time, whose vectors hold terms. As the one lane of 16 outputs a
/// column would leave 15 of 16 multiply-adds unused.
/// </summary>
internal sealed class DotProductStep : Step
{
    /// <summary>Rows at a time: their sums, the column and a row fit 16 registers, and hide the latency of a multiply-add.</summary>
    private const int Rows = 8;

    private readonly TensorView _left;
    private readonly TensorView _right;
    private readonly TensorView _output;
    private readonly ElementProgram? _epilogue;
    private readonly IReadOnlyList<TensorView> _operands;
    private readonly int _terms;
    private readonly LoopNest _nest;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="left">[batch…, M, K], of a type that <see cref="Simd.Of"/> has, whose terms are neighbours; other strides are any.</param>
    /// <param name="right">[batch…, M, K], likewise: the column, which as a rule is the same for all M.</param>
    /// <param name="output">[batch…, M].</param>
    /// <param name="epilogue">Applied to each sum, or null.</param>
    /// <param name="operands">Its other operands, [batch…, M], of the same type.</param>
    public DotProductStep(Node node, TensorView left, TensorView right, TensorView output, ElementProgram? epilogue, IReadOnlyList<TensorView> operands)
        : base(node, node.Name)
    {
        _left = left;
        _right = right;
        _output = output;
        _epilogue = epilogue;
        _operands = operands;
        _terms = left.Shape[left.Shape.Rank - 1];
        int rank = output.Shape.Rank;
        _nest = LoopNest.Build(new[] { left, right, output }.Concat(operands).Select(v => (IReadOnlyList<IterationDimension>)v.Layout.Dimensions().Take(rank).ToArray()).ToArray());
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => new[] { _left, _right }.Concat(_operands).ToArray();

    public override IReadOnlyList<TensorView> Writes => new[] { _output };

    public override long MultiplyAdds => _output.Shape.ElementCount * _terms;

    public override string Kernel => $"dot products of {_terms} terms";

    public override string Summary => $"{Node!.Operator.Name}, each row times one column of {_terms} elements{(_epilogue is null ? string.Empty : ", then the epilogue")}";

    public override IEnumerable<string> Explain(Simd simd)
    {
        yield return $"{Rows} rows at a time; the lanes of a register are terms of one sum and are added up in the end.";
    }

    private string Pointer => StepWriter.PointerType(_output.Type);

    /// <summary>Loops for threads to share.</summary>
    private LoopNest Divided => _nest.Divided(least: Rows);

    public override bool SharesRunTimeSizes => true;

    public override Extent ParallelExtent(Simd simd) => Divided.Units;

    public override void Emit(StepWriter writer)
    {
        string[] names = new[] { "a", "b", "y" }.Concat(_operands.Select(static (_, i) => $"r{i + 1}")).ToArray();
        (string Name, string Type)[] pointers = new[] { _left, _right, _output }.Concat(_operands)
            .Select((v, i) => (writer.Pointer(v, names[i], v.Describe()), Pointer))
            .ToArray();
        LoopNest nest = writer.IsShared ? Divided : _nest;
        nest.EmitShared(writer, pointers, rows => EmitRows(writer, nest, rows));
    }

    private void EmitRows(StepWriter writer, LoopNest nest, IReadOnlyList<string> pointers)
    {
        int tile = writer.IsCompact ? 1 : Rows;
        if (nest.InnerTrip.IsDynamic)
        {
            string length = writer.Value(nest.InnerTrip);
            writer.Line("int m = 0;");
            foreach (int count in new[] { tile, 1 }.Distinct())
            {
                using (writer.Block($"for (; m <= {length} - {count}; m += {count})"))
                {
                    EmitTile(writer, nest, pointers, "m", count);
                }
            }

            return;
        }

        int whole = nest.InnerExtent / tile * tile;
        if (whole > 0)
        {
            using (writer.For("m", whole, tile))
            {
                EmitTile(writer, nest, pointers, "m", tile);
            }
        }

        if (whole < nest.InnerExtent)
        {
            using (writer.Block())
            {
                EmitTile(writer, nest, pointers, $"{whole}", nest.InnerExtent - whole);
            }
        }
    }

    /// <summary>Writes the sums of some rows: the widest registers in a loop, what is left of the terms in narrower ones.</summary>
    private void EmitTile(StepWriter writer, LoopNest nest, IReadOnlyList<string> pointers, string first, int count)
    {
        Simd wide = writer.Simd.Of(_output.Type);
        while (wide.Lanes > _terms)
        {
            wide = wide.Narrower;
        }

        string At(int operand, int row) => nest.InnerStride(operand) == 0 ? pointers[operand] : $"{pointers[operand]} + (({first} + {row}) * {nest.InnerStride(operand)}L)";
        string[] lefts = Enumerable.Range(0, count).Select(r => writer.Declare(Pointer, "row", At(0, r))).ToArray();
        string[] rights = nest.InnerStride(1) == 0 ? Enumerable.Repeat(pointers[1], count).ToArray()
            : Enumerable.Range(0, count).Select(r => writer.Declare(Pointer, "column", At(1, r))).ToArray();
        string[] sums = lefts.Select(_ => writer.Declare(wide.Type, "sum", wide.Zero)).ToArray();
        int done = _terms / wide.Lanes * wide.Lanes;
        using (writer.For("k", done, wide.Lanes))
        {
            string Column(int r) => nest.InnerStride(1) == 0 ? "v" : wide.Load($"{rights[r]} + k");
            if (nest.InnerStride(1) == 0)
            {
                writer.Line($"{wide.Type} v = {wide.Load($"{rights[0]} + k")};");
            }

            for (int r = 0; r < count; r++)
            {
                writer.Line($"{sums[r]} = {wide.Accumulate(wide.Load($"{lefts[r]} + k"), Column(r), sums[r])};");
            }
        }

        Simd scalar = writer.Scalar.Of(_output.Type);
        for (int r = 0; r < count; r++)
        {
            string total = Accumulation.EmitAcrossLanes(writer, ReductionFunction.Sum, wide, sums[r], Tails(writer, wide, done, lefts[r], rights[r]));
            string[] operands = _operands.Select((_, i) => writer.Declare(scalar.Type, "operand", $"*({At(3 + i, r)})")).Prepend(total).ToArray();
            string value = _epilogue?.Emit(writer.Code, scalar, operands, $"t{r}_") ?? total;
            writer.Line($"*({At(2, r)}) = {value};");
        }
    }

    /// <summary>Products of the last terms in registers that are narrower each, by their width.</summary>
    private Dictionary<int, string> Tails(StepWriter writer, Simd wide, int done, string left, string right)
    {
        var tails = new Dictionary<int, string>();
        for (Simd simd = wide; done < _terms;)
        {
            simd = simd.Narrower;
            int count = simd.IsScalar ? _terms - done : (_terms - done) / simd.Lanes;
            if (count > 0)
            {
                string[] products = Enumerable.Range(0, count)
                    .Select(i => done + (i * simd.Lanes))
                    .Select(k => $"({simd.Load(VectorLoop.At(left, $"{k}"))} * {simd.Load(VectorLoop.At(right, $"{k}"))})")
                    .ToArray();
                tails.Add(simd.Bits, writer.Declare(simd.Type, "rest", string.Join(" + ", products)));
                done += count * simd.Lanes;
            }
        }

        return tails;
    }
}
