using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>
/// QuantizeLinear and DequantizeLinear: element-wise with a scale and an optional zero point, one for the whole tensor, one for
/// each index of an axis, or one for each block of indices of an axis. On import scale and zero point get a shape that broadcasts.
/// </summary>
internal abstract class QuantizationOperator : ElementwiseOperator
{
    protected const int Scale = 1;
    protected const int ZeroPoint = 2;

    private static readonly ElementType[] _scaleTypes =
        { ElementType.Float32, ElementType.Float16, ElementType.BFloat16, ElementType.Float8E8M0 };

    protected QuantizationOperator(string name, string domain)
        : base(name, domain)
    {
    }

    /// <summary>The types of codes.</summary>
    protected static IReadOnlyList<ElementType> CodeTypes { get; } = new[]
    {
        ElementType.UInt8, ElementType.Int8, ElementType.UInt16, ElementType.Int16, ElementType.UInt4, ElementType.Int4, ElementType.UInt2, ElementType.Int2,
        ElementType.Float8E4M3FN, ElementType.Float8E4M3FNUZ, ElementType.Float8E5M2, ElementType.Float8E5M2FNUZ, ElementType.Float4E2M1,
    };

    public override (int Min, int Max) InputCount => (2, 3);

    /// <summary>Codes are kept until the passes that want them have run.</summary>
    public override bool FoldsOnImport => false;

    public override bool ConvertsTypes => true;

    protected override bool IsUnidirectional => true;

    public override void Upgrade(UpgradeContext context)
    {
        base.Upgrade(context);
        if (context.Node.Input(0) is not { } data)
        {
            return;
        }

        if (context.Node.Input(Scale) is { Type: ElementType.Int32 })
        {
            context.CastInput(Scale, ElementType.Float32);
        }

        long block = context.Attributes.Int("block_size", 0);
        for (int i = Scale; i <= ZeroPoint; i++)
        {
            if (context.Node.Input(i) is { } parameter)
            {
                Spread(context, i, data.Shape, parameter.Shape, block);
            }
        }

        context.Attributes.Remove("axis");
        context.Attributes.Remove("block_size");
    }

    /// <summary>What is known of an input that is a parameter of the function.</summary>
    protected static QuantizationParameter Parameter(Node node, int input)
    {
        if (node.Input(input) is not { } value)
        {
            return QuantizationParameter.Absent;
        }

        return ElementEvaluation.Uniform(value.Constant) is { } number
            ? new QuantizationParameter((float)number, -1)
            : new QuantizationParameter(null, input == ZeroPoint && !IsOperand(node, Scale) ? 1 : input);
    }

    protected override IEnumerable<int> OperandIndexes(Node node) => new[] { 0 }.Concat(new[] { Scale, ZeroPoint }.Where(i => IsOperand(node, i)));

    /// <summary>True for a zero point that may be left out, since codes of narrow floats have none.</summary>
    protected static bool IgnoresZeroPoint(ElementType codes) => codes.IsNarrowFloat() && codes != ElementType.Float4E2M1;

    protected void CheckParameters(InferContext context, ElementType codes)
    {
        context.RequireType(Scale, _scaleTypes);
        if (context.Has(ZeroPoint) && context.Type(ZeroPoint) != codes)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"the zero point must have the type {codes.ShortName()} of the codes");
        }

        for (int i = Scale; i <= ZeroPoint; i++)
        {
            if (context.Has(i) && !context.Shape(i).BroadcastsTo(context.Shape(0)))
            {
                throw context.Fail(DiagnosticCodes.ShapeMismatch, $"input {i} fits neither the tensor nor one of its axes");
            }
        }
    }

    /// <summary>True if an axis has as many blocks, or may have: what only the run knows is checked where a block's parameter is read.</summary>
    private static bool HasBlocks(Extent length, long block, Extent count) =>
        length.IsDynamic || count.IsDynamic || (length.Maximum + block - 1) / block == count.Maximum;

    private static bool IsOperand(Node node, int input) => node.Input(input) is { } value && ElementEvaluation.Uniform(value.Constant) is null;

    private static void Spread(UpgradeContext context, int input, Shape data, Shape parameter, long block)
    {
        if (parameter.ElementCount == 1)
        {
            context.ReshapeInput(input, Shape.Scalar);
            return;
        }

        if (!Shape.TryNormalizeAxis(context.Attributes.Int("axis", 1), data.Rank, out int axis))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"axis {context.Attributes.Int("axis", 1)} is outside [-{data.Rank}, {data.Rank - 1}]");
        }

        if (block == 0 && parameter.Rank == 1 && parameter.Extent(0) == data.Extent(axis))
        {
            context.ReshapeInput(input, new Shape(Enumerable.Repeat((Extent)1, data.Rank - axis - 1).Prepend(parameter.Extent(0))));
        }
        else if (block > 0 && block <= int.MaxValue && parameter.Rank == data.Rank && parameter.With(axis, 1).Equals(data.With(axis, 1)) && HasBlocks(data.Extent(axis), block, parameter.Extent(axis)))
        {
            context.RepeatInput(input, axis, (int)System.Math.Min(block, System.Math.Max(1, data[axis])), data.Extent(axis));
        }
        else if (block != 0 || !parameter.BroadcastsTo(data))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"input {input} {parameter} is neither one number, nor one for each index of axis {axis}{(block == 0 ? string.Empty : $", nor one for each block of {block}")}");
        }
    }
}
