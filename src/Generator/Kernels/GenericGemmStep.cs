using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators.Linear;

namespace AotCompiler.Kernels;

/// <summary>Gemm of integers of 1 and 2 bytes or with fractional factors, and without terms, one element at a time; all views are dense. Integer factors are truncated to the type.</summary>
internal sealed class GenericGemmStep : Step
{
    private readonly GemmForm _form;
    private readonly TensorView _left;
    private readonly TensorView _right;
    private readonly TensorView? _addend;
    private readonly TensorView _output;

    public GenericGemmStep(Node node, GemmForm form, TensorView left, TensorView right, TensorView? addend, TensorView output)
        : base(node, node.Name)
    {
        _form = form;
        _left = left;
        _right = right;
        _addend = addend;
        _output = output;
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => _addend is null ? new[] { _left, _right } : new[] { _left, _right, _addend };

    public override IReadOnlyList<TensorView> Writes => new[] { _output };

    public override long MultiplyAdds => _output.Shape.ElementCount * _form.K;

    public override string Kernel => "matrix product by definition, scalar";

    public override string Summary => $"Gemm {_output.Type.ShortName()} [{_form.M}, {_form.K}] · [{_form.K}, {_form.N}]{(_addend is null ? string.Empty : " + C")}";

    public override bool SharesRunTimeSizes => true;

    /// <summary>The rows, or the columns where rows are few.</summary>
    public override Extent ParallelExtent(Simd simd) => _output.Shape.Extent(SharesRows ? 0 : 1);

    private bool SharesRows => SharedLoop.IsOuter(_output.Shape.Extent(0), _output.Shape.Extent(1));

    public override void Emit(StepWriter writer)
    {
        string type = _output.Type.CSharpName();
        writer.Pointer(_left, "a", _left.Describe());
        writer.Pointer(_right, "b", _right.Describe());
        if (_addend is not null)
        {
            writer.Pointer(_addend, "c", _addend.Describe());
        }

        writer.Pointer(_output, "y", _output.Describe());
        using (SharedLoop.For(writer, "row", _output.Shape.Extent(0), SharesRows))
        using (SharedLoop.For(writer, "column", _output.Shape.Extent(1), !SharesRows))
        {
            writer.Line($"{type} sum = 0;");
            using (writer.For("k", _left.Shape.Extent(_form.TransA ? 0 : 1)))
            {
                string a = _form.TransA ? $"a[(k * {_form.M}) + row]" : $"a[(row * {_form.K}) + k]";
                string b = _form.TransB ? $"b[(column * {_form.K}) + k]" : $"b[(k * {_form.N}) + column]";
                writer.Line($"sum += ({type})({a} * {b});");
            }

            writer.Line($"y[(row * {_form.N}) + column] = {Result(type)};");
        }
    }

    private string Result(string type)
    {
        string sum = _form.Alpha == 1 ? "sum" : $"{Literal.Of((double)_form.Alpha)} * sum";
        if (_addend is not null)
        {
            IReadOnlyList<IterationDimension> strides = _addend.Layout.BroadcastTo(_output.Shape).Dimensions();
            string addend = $"c[(row * {strides[0].Stride}) + (column * {strides[1].Stride})]";
            sum = $"{sum} + {(_form.Beta == 1 ? addend : $"({Literal.Of((double)_form.Beta)} * {addend})")}";
        }

        return $"({type})({sum})";
    }
}
