using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Movement;

/// <summary>Checks and reads inputs that hold indices.</summary>
internal static class IndexInputs
{
    /// <summary>Fails unless an input holds i32 or i64 indices that, where they are constant, lie in [-length, length).</summary>
    public static void Check(InferContext context, int input, int length)
    {
        context.RequireType(input, ElementType.Int64, ElementType.Int32);
        if (length == 0 && context.Shape(input).ElementCount > 0)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "the indexed axis is empty, so that no index is valid");
        }

        if (context.Input(input).Constant is not { } constant)
        {
            return;
        }

        foreach (long index in constant.ToInt64Array())
        {
            if (index < -length || index >= length)
            {
                throw context.Fail(DiagnosticCodes.ShapeMismatch, $"index {index} is outside [-{length}, {length - 1}]");
            }
        }
    }

    /// <summary>Constant indices with negative ones counted from the end.</summary>
    /// <exception cref="ModelException">An index is out of range: only possible for operands of a constant node, which were not checked before.</exception>
    public static int[] Table(Tensor indices, int length) => indices.ToInt64Array().Select(i => Normalize(i, length)).ToArray();

    /// <summary>An index with negative ones counted from the end.</summary>
    public static int Normalize(long index, int length) => index >= -length && index < length
        ? (int)(index < 0 ? index + length : index)
        : throw new ModelException(DiagnosticCodes.ShapeMismatch, $"Index {index} is outside [-{length}, {length - 1}]. Check the model with its exporter.");
}
