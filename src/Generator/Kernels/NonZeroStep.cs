using System.Collections.Generic;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>Walks over all elements in row-major order and writes the coordinates of those that are not 0.</summary>
internal sealed class NonZeroStep : Step
{
    private readonly TensorView _input;
    private readonly TensorView _output;

    /// <param name="node">The node it belongs to; its only count is the number of columns.</param>
    /// <param name="input">What is read; plain.</param>
    /// <param name="output">i64: one row per dimension of the input, one column per position; plain.</param>
    public NonZeroStep(Node node, TensorView input, TensorView output)
        : base(node, node.Name)
    {
        _input = input;
        _output = output;
    }

    public override bool TakesRunTimeSizes => true;

    public override bool UsesStrings => _input.Type == ElementType.String;

    public override IReadOnlyList<SizeVariable> ComputedSizes => Node!.ComputedSizes;

    public override IReadOnlyList<TensorView> Reads => new[] { _input };

    public override IReadOnlyList<TensorView> Writes => new[] { _output };

    public override string Kernel => "non-zero, one pass";

    public override string Summary => $"{Node!.Operator.Name}, positions of the elements that are not 0";

    public override void Emit(StepWriter writer)
    {
        string x = writer.Pointer(_input, "x", _input.Describe());
        string y = writer.Pointer(_output, "y", _output.Describe());
        writer.Line("int count = 0;");
        EmitFrom(writer, 0, x, y);
        writer.Line($"*{SizeTable.Target(ComputedSizes[0])} = count;");
    }

    /// <summary>The loops of the axes from one on, over the elements that a pointer begins.</summary>
    private void EmitFrom(StepWriter writer, int axis, string element, string y)
    {
        if (axis == _input.Shape.Rank)
        {
            EmitElement(writer, element, y);
            return;
        }

        string i = $"i{axis}";
        using (writer.For(i, _input.Shape.Extent(axis)))
        {
            string inner = $"{element} + ({i} * {_input.Layout.Strides[axis]}L)";
            if (axis < _input.Shape.Rank - 1)
            {
                string row = writer.Name("row");
                writer.Line($"{StepWriter.PointerType(_input.Type)} {row} = {inner};");
                inner = row;
            }

            EmitFrom(writer, axis + 1, inner, y);
        }
    }

    private void EmitElement(StepWriter writer, string element, string y)
    {
        using (writer.Block(UsesStrings ? $"if ({StepWriter.Strings}.Text(*({element})).Length > 0)" : $"if (*({element}) != 0)"))
        {
            for (int a = 0; a < _input.Shape.Rank; a++)
            {
                writer.Line($"{y}[(count * {_output.Layout.Strides[1]}L) + {a * _output.Layout.Strides[0]}L] = i{a};");
            }

            writer.Line("count++;");
        }
    }
}
