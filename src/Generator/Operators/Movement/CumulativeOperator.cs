using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Movement;

/// <summary>Running sums or products along an axis, with or without the element itself, from either end.</summary>
internal abstract class CumulativeOperator : Operator, ITakesData
{
    private readonly CumulativeKind _kind;

    protected CumulativeOperator(string name, CumulativeKind kind)
        : base(name)
    {
        _kind = kind;
    }

    private int Neutral => _kind == CumulativeKind.Sum ? 0 : 1;

    public override (int Min, int Max) InputCount => (2, 2);

    public override void Infer(InferContext context)
    {
        context.RequireType(0, TypeSets.Numbers);
        long[] axis = context.RequireInts(1, "axis");
        if (axis.Length != 1)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "axis must be a scalar");
        }

        context.Axis(axis[0], context.Shape(0).Rank);
        context.SetOutput(0, context.Type(0), context.Shape(0));
    }

    /// <summary>An axis that only the run knows picks one of the results along all axes.</summary>
    public bool TryCompose(Node node, Composer compose)
    {
        Value x = node.Required(0);
        if (node.Required(1).Type is not (ElementType.Int64 or ElementType.Int32) || node.Required(1).Shape.ElementCount != 1)
        {
            return false;
        }

        int rank = x.Shape.Rank;
        Value Number(long value) => compose.Scalar(value, ElementType.Int64);
        Value given = compose.Reshape(compose.Cast(node.Required(1), ElementType.Int64));
        Value axis = compose.Where(compose.Op("Less", given, Number(0)), compose.Add(given, Number(rank)), given);
        compose.Context.Require(compose.Op("And", compose.Op("GreaterOrEqual", axis, Number(0)), compose.Op("Less", axis, Number(rank))), expected: true);
        Value Along(long a) => compose.Like(Name, new[] { "exclusive", "reverse" }, x, Number(a));
        Value result = Along(0);
        for (int a = 1; a < rank; a++)
        {
            result = compose.Where(compose.Op("Equal", axis, Number(a)), Along(a), result);
        }

        compose.Return(result);
        return true;
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        Tensor source = inputs[0]!;
        Shape shape = source.Shape;
        int axis = AxisOf(node);
        int length = shape[axis];
        int inner = (int)shape.Product(axis + 1, shape.Rank);
        int outer = (int)shape.Product(0, axis);
        var bytes = new byte[checked((int)(shape.ElementCount * source.Type.Size()))];
        for (int row = 0; row < outer * inner && length > 0; row++)
        {
            int start = (row / inner * length * inner) + (row % inner);
            double real = Neutral;
            long whole = Neutral;
            for (int j = 0; j < length; j++)
            {
                int at = start + ((Reverse(node) ? length - 1 - j : j) * inner);
                if (Exclusive(node))
                {
                    Store(bytes, source.Type, at, real, whole);
                }

                if (source.Type.IsInteger())
                {
                    long element = ElementEvaluation.ReadInteger(source, at);
                    whole = unchecked(_kind == CumulativeKind.Sum ? whole + element : whole * element);
                }
                else
                {
                    double element = ElementEvaluation.Read(source, at);
                    real = _kind == CumulativeKind.Sum ? real + element : real * element;
                }

                if (!Exclusive(node))
                {
                    Store(bytes, source.Type, at, real, whole);
                }
            }
        }

        return new[] { Tensor.FromBytes(source.Type, shape, bytes, Name) };
    }

    public override bool WritesStrided(Node node) => true;

    public override void Lower(Node node, LoweringContext context)
    {
        TensorView source = context.ReadPlain(node.Required(0));
        TensorView target = context.Allocate(node.Output);
        if (node.Output.Shape.ElementCount > 0)
        {
            context.Add(new CumulativeStep(node, AxisOf(node), source, target, _kind, Reverse(node), Exclusive(node)));
        }
    }

    private static void Store(byte[] bytes, ElementType type, int at, double real, long whole)
    {
        if (type.IsInteger())
        {
            ElementEvaluation.WriteInteger(bytes, type, at, whole);
        }
        else
        {
            ElementEvaluation.Write(bytes, type, at, real);
        }
    }

    private static bool Reverse(Node node) => node.Attributes.Flag("reverse", false);

    private static bool Exclusive(Node node) => node.Attributes.Flag("exclusive", false);

    private static int AxisOf(Node node)
    {
        Shape.TryNormalizeAxis(node.Required(1).Constant!.ToInt64Array()[0], node.Required(0).Shape.Rank, out int axis);
        return axis;
    }
}
