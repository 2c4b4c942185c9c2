using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Composed;

/// <summary>Determinants of square matrices [batch…, n, n] by elimination: those of Det that are large, or as large as the run says. An operator of the compiler's own.</summary>
/// <remarks>Types: f32, f64. Golub, Van Loan: Matrix Computations, 3.4, with partial pivoting.</remarks>
internal sealed class Determinants : Operator
{
    public Determinants()
        : base(nameof(Determinants), InternalDomain)
    {
    }

    public override (int Min, int Max) InputCount => (1, 1);

    public override bool WritesStrided(Node node) => true;

    public override void Infer(InferContext context)
    {
        context.RequireType(0, ElementType.Float32, ElementType.Float64);
        Shape shape = context.Shape(0);
        if (shape.Rank < 2 || shape[shape.Rank - 1] != shape[shape.Rank - 2])
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "the last two dimensions must be equal");
        }

        context.SetOutput(0, context.Type(0), new Shape(shape.Dimensions.Take(shape.Rank - 2)));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        Tensor x = inputs[0]!;
        int size = x.Shape[x.Shape.Rank - 1];
        var bytes = new byte[node.Output.Shape.ElementCount * x.Type.Size()];
        for (int i = 0; i < node.Output.Shape.ElementCount; i++)
        {
            int first = i * size * size;
            double[] matrix = Enumerable.Range(first, size * size).Select(e => ElementEvaluation.Read(x, e)).ToArray();
            ElementEvaluation.Write(bytes, x.Type, i, Eliminate(matrix, size));
        }

        return new[] { Tensor.FromBytes(x.Type, node.Output.Shape, bytes, "Det") };
    }

    public override double EvaluationProducts(Node node) => (double)node.Required(0).Shape.ElementCount * node.Required(0).Shape[node.Required(0).Shape.Rank - 1] / 3;

    public override void Lower(Node node, LoweringContext context)
    {
        TensorView input = context.ReadPlain(node.Required(0));
        TensorView output = context.Allocate(node.Output);
        if (node.Output.Shape.ElementCount > 0)
        {
            int size = input.Shape[input.Shape.Rank - 1];
            context.Add(new DeterminantStep(node, input, output, context.Scratch($"{node.Name}.rows", input.Type, new Shape(Math.Max(1, size * DeterminantStep.Pitch(size))))));
        }
    }

    private static double Eliminate(double[] matrix, int size)
    {
        double product = 1;
        for (int k = 0; k < size; k++)
        {
            int pivot = k;
            for (int row = k + 1; row < size; row++)
            {
                pivot = Math.Abs(matrix[(row * size) + k]) > Math.Abs(matrix[(pivot * size) + k]) ? row : pivot;
            }

            for (int column = 0; column < size && pivot != k; column++)
            {
                (matrix[(k * size) + column], matrix[(pivot * size) + column]) = (matrix[(pivot * size) + column], matrix[(k * size) + column]);
            }

            double diagonal = matrix[(k * size) + k];
            product *= pivot == k ? diagonal : -diagonal;
            for (int row = k + 1; row < size && diagonal != 0; row++)
            {
                double factor = matrix[(row * size) + k] / diagonal;
                for (int column = k; column < size; column++)
                {
                    matrix[(row * size) + column] -= factor * matrix[(k * size) + column];
                }
            }
        }

        return product;
    }
}
