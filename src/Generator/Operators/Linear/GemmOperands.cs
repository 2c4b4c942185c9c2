using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Linear;

/// <summary>Brings Gemm's operands and factors into the form of a matrix product with bias and epilogue.</summary>
internal static class GemmOperands
{
    /// <summary>True if a Gemm is lowered as a contraction. Factors on integers are fractions whose product is truncated at the end: that is done one element at a time.</summary>
    public static bool IsContraction(Node node, GemmForm form) => form.K > 0
        && MatrixLowering.IsContraction(node.Output.Type)
        && (node.Output.Type.IsFloat() || (form.Alpha == 1 && (form.Beta == 1 || node.Input(2) is null)));

    public static void Lower(Node node, GemmForm form, TensorView output, LoweringContext context)
    {
        Value a = node.Required(0);
        Value b = node.Required(1);
        if (Gemm.TakesCodes(node) && context.Bytes.ZeroOf(a) is not null)
        {
            LowerCodes(node, form, output, context);
            return;
        }

        TensorView left = context.ReadPlain(a);
        left = form.TransA ? left.With(left.Layout.Transpose(new[] { 1, 0 })) : left;
        if (output.Zero is null && ColumnLowering.Vectors(left, b, form.TransB, context) is { } vectors)
        {
            (ElementProgram? program, IReadOnlyList<Value> operands, _) = Epilogue(node, form, scaled: false, takesBias: false, context);
            ColumnLowering.Lower(node, vectors, output, program, operands, context);
        }
        else if (Turned(left, b, context) is { } turned)
        {
            (ElementProgram? program, IReadOnlyList<Value> operands, _) = Epilogue(node, form, scaled: false, takesBias: false, context);
            TensorView row = output.With(output.Layout.Transpose(new[] { 1, 0 }));
            MatrixLowering.Lower(node, "Gemm", row, turned.Left, turned.Right, null, program, operands, context);
        }
        else
        {
            bool packed = b.IsConstant;
            RightOperand right = packed
                ? MatrixLowering.Constant(b.Constant!, node.Name, form.K, form.N, (k, n) => form.TransB ? (n * form.K) + k : (k * form.N) + n, form.TransB ? "NK" : "KN", form.Alpha, context)
                : Dynamic(b, form, context);
            bool isSingle = node.Output.Type == ElementType.Float32;
            (ElementProgram? program, IReadOnlyList<Value> operands, TensorView? bias) = Epilogue(node, form, packed && isSingle, isSingle, context);
            MatrixLowering.Lower(node, "Gemm", output, left, right, bias, program, operands, context);
        }
    }

    /// <summary>
    /// A product with one column whose rows are neighbours, as they are in a transposed A: the column's transpose as a row, and A's as the
    /// matrix it meets where it lies. Null for others.
    /// </summary>
    private static (TensorView Left, RightOperand Right)? Turned(TensorView left, Value b, LoweringContext context)
    {
        if (b.Shape.ElementCount != left.Shape[1] || left.Shape.IsDynamic)
        {
            return null;
        }

        TensorView column = context.ReadPlain(b);
        return column.Layout.TryReshape(new Shape(1, left.Shape[1])) is { } row
            && MatrixLowering.Rows(left.With(left.Layout.Transpose(new[] { 1, 0 })), 1, context) is { } right
                ? (column.With(row), right)
                : null;
    }

    /// <summary>What follows the sums: the factors, C and the node's own epilogue, or a bias that begins them.</summary>
    /// <param name="node">The Gemm.</param>
    /// <param name="form">Its factors and sizes.</param>
    /// <param name="scaled">True if the weights already have the factor alpha.</param>
    /// <param name="takesBias">True if sums may begin with a constant row C.</param>
    /// <param name="context">The schedule.</param>
    private static (ElementProgram? Program, IReadOnlyList<Value> Operands, TensorView? Bias) Epilogue(Node node, GemmForm form, bool scaled, bool takesBias, LoweringContext context)
    {
        ElementType type = node.Output.Type;
        ElementProgram program = ElementProgram.Identity(type);
        var operands = new List<Value>();
        TensorView? bias = null;
        if (!scaled && form.Alpha != 1)
        {
            program = program.Append(Scale(form.Alpha), new int?[] { null }, System.Array.Empty<ElementType>());
        }

        if (node.Input(2) is { } c && form.Beta != 0)
        {
            bool columns = takesBias && c.Constant is not null && c.Shape.ElementCount == form.N && (c.Shape.Rank == 0 || c.Shape[c.Shape.Rank - 1] == form.N);
            if (columns && program.Instructions.Count == 0)
            {
                bias = context.Weight(PanelPacker.PadBias(c.Constant!.Reshape(new Shape(form.N)), 1, form.N, form.Beta), $"{node.Name}.bias");
            }
            else
            {
                operands.Add(c);
                program = program.Append(AddScaled(form.Beta), new int?[] { null, 0 }, new[] { type });
            }
        }

        if (node.Epilogue is { } epilogue)
        {
            program = program.Then(epilogue);
            operands.AddRange(node.EpilogueOperands);
        }

        return (program.Instructions.Count == 0 ? null : program, operands, bias);
    }

    /// <summary>The product of bytes, whose sums begin with the bias.</summary>
    private static void LowerCodes(Node node, GemmForm form, TensorView output, LoweringContext context)
    {
        TensorView left = context.ReadPlain(node.Required(0), bytes: true);
        left = left.Layout.IsContiguousInside ? left : context.ReadDense(node.Required(0), bytes: true);
        RightOperand right = MatrixLowering.Codes(
            node.Required(1).Constant!,
            node.Input(2)?.Constant,
            node.Name,
            left.Zero!.Value,
            form.K,
            form.N,
            (k, n) => form.TransB ? (n * form.K) + k : (k * form.N) + n,
            form.TransB ? "NK" : "KN",
            context);
        MatrixLowering.Lower(node, "Gemm", output, left, right, null, node.Epilogue, node.EpilogueOperands, context);
    }

    private static RightOperand Dynamic(Value b, GemmForm form, LoweringContext context)
    {
        TensorView view = context.ReadPlain(b);
        if (!form.TransB && MatrixLowering.Rows(view, form.M, context) is { } rows)
        {
            return rows;
        }

        TensorView columns = form.TransB ? view : view.With(view.Layout.Transpose(new[] { 1, 0 }));
        Layout flat = columns.Layout.TryReshape(new Shape(new[] { 1, columns.Shape.Extent(0), columns.Shape.Extent(1) }))!;
        return new RightOperand(context.CopyToPanels(b, columns.With(flat)), null);
    }

    /// <summary>A factor on every element.</summary>
    public static ElementFunction Scale(float factor) => new DelegateFunction($"Scale({Literal.Of(factor)})", 1, $"{factor:R} * {{0}}")
    {
        Real = x => factor * x[0],
        Float = (simd, x) => $"{x[0]} * {simd.Constant(factor)}",
        Double = x => $"{x[0]} * {Literal.Of((double)factor)}",
        Doubles = (simd, x) => $"{x[0]} * {simd.DoubleConstant(factor)}",
        Cheap = true,
    };

    /// <summary>A second operand, times a factor, is added.</summary>
    public static ElementFunction AddScaled(float factor) => new DelegateFunction($"AddScaled({Literal.Of(factor)})", 2, factor == 1 ? "{0} + {1}" : $"{{0}} + {factor:R} * {{1}}")
    {
        Real = x => x[0] + (factor * x[1]),
        Float = (simd, x) => factor == 1 ? $"{x[0]} + {x[1]}" : simd.MultiplyAdd(x[1], simd.Constant(factor), x[0]),
        Double = x => factor == 1 ? $"{x[0]} + {x[1]}" : $"{x[0]} + ({x[1]} * {Literal.Of((double)factor)})",
        Doubles = (simd, x) => factor == 1 ? $"{x[0]} + {x[1]}" : $"{x[0]} + ({x[1]} * {simd.DoubleConstant(factor)})",
        Other = (_, x) => factor == 1 ? $"{x[0]} + {x[1]}" : throw new System.NotSupportedException("a factor on integers"),
        Cheap = true,
    };
}
