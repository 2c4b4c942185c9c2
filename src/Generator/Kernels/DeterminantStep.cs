using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>Determinants of square matrices by elimination with partial pivoting, in a copy of one matrix at a time, of which rows are subtracted with vectors.</summary>
internal sealed class DeterminantStep : Step
{
    private readonly TensorView _input;
    private readonly TensorView _output;
    private readonly TensorView _rows;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="input">[batch…, n, n], plain.</param>
    /// <param name="output">[batch…], plain, not empty.</param>
    /// <param name="rows">Scratch memory for the largest matrix, n · <see cref="Pitch"/>.</param>
    public DeterminantStep(Node node, TensorView input, TensorView output, TensorView rows)
        : base(node, node.Name)
    {
        _input = input;
        _output = output;
        _rows = rows;
    }

    /// <summary>Elements from row to row of a copy of n columns: behind each there is room for the rest of a vector, whose lanes nobody reads.</summary>
    public static int Pitch(int n) => n + Layout.BlockSize;

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => new[] { _input };

    public override IReadOnlyList<TensorView> Writes => new[] { _output };

    public override IReadOnlyList<Storage> Scratch => new[] { _rows.Storage };

    public override string Kernel => "determinants by elimination, rows";

    public override string Summary => $"{Node!.Operator.Name} of matrices {_input.Shape.Extent(_input.Shape.Rank - 2)}×{_input.Shape.Extent(_input.Shape.Rank - 1)}";

    private int Batch => _input.Shape.Rank - 2;

    public override void Emit(StepWriter writer)
    {
        string type = StepWriter.PointerType(_input.Type);
        string x = writer.Pointer(_input, "x", _input.Describe());
        string y = writer.Pointer(_output, "y", _output.Describe());
        string rows = writer.Pointer(_rows, "rows", "the rows that are left");
        writer.Line($"int n = {writer.Value(_input.Shape.Extent(Batch))};");
        writer.Line($"const int pitch = {Pitch(_input.Shape[Batch])};");
        LoopNest.Build(_input.Layout.Dimensions().Take(Batch).ToArray(), _output.Layout.Dimensions()).EmitAll(writer, new[] { (x, type), (y, type) }, at =>
        {
            EmitCopy(writer, rows, at[0]);
            EmitElimination(writer, rows, type);
            writer.Line($"*({at[1]}) = product;");
        });
    }

    private void EmitCopy(StepWriter writer, string rows, string matrix)
    {
        using (writer.Block("for (int i = 0; i < n; i++)"))
        using (writer.Block("for (int j = 0; j < n; j++)"))
        {
            writer.Line($"{rows}[(i * pitch) + j] = ({matrix})[(i * {_input.Layout.Strides[Batch]}L) + (j * {_input.Layout.Strides[Batch + 1]}L)];");
        }
    }

    private void EmitElimination(StepWriter writer, string rows, string type)
    {
        string element = _input.Type.CSharpName();
        writer.Line($"{element} product = 1;");
        using (writer.Block("for (int d = 0; d < n; d++)"))
        {
            writer.Line($"{type} head = {rows} + (d * pitch);");
            writer.Line($"{type} pivot = head;");
            using (writer.Block("for (int i = d + 1; i < n; i++)"))
            {
                writer.Line($"pivot = global::System.Math.Abs({rows}[(i * pitch) + d]) > global::System.Math.Abs(pivot[d]) ? {rows} + (i * pitch) : pivot;");
            }

            using (writer.Block("for (int j = d; j < n && pivot != head; j++)"))
            {
                writer.Line($"{element} moved = head[j];");
                writer.Line("head[j] = pivot[j];");
                writer.Line("pivot[j] = moved;");
            }

            writer.Line("product *= pivot == head ? head[d] : -head[d];");
            using (writer.Block("for (int i = d + 1; i < n && head[d] != 0; i++)"))
            {
                writer.Line($"{type} row = {rows} + (i * pitch);");
                writer.Line($"{element} factor = row[d] / head[d];");
                Simd simd = writer.Simd.Of(_input.Type);
                using (writer.Block($"for (int j = d; j < n; j += {simd.Lanes})"))
                {
                    writer.Line(simd.Store("row + j", $"{simd.Load("row + j")} - ({simd.Broadcast("factor")} * {simd.Load("head + j")})"));
                }
            }
        }
    }
}
