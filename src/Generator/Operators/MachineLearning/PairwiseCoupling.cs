using System;
using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.MachineLearning;

/// <summary>
/// Probabilities of classes from those of pairs of classes, by the second method of Wu, Lin and Weng (2004), as libsvm does it.
/// An operator of the compiler's own, for SVMClassifier.
/// </summary>
/// <remarks>Types: f32. Input [rows, pairs]: the probability of the first class of each pair (0, 1), (0, 2), …; output [rows, classes].</remarks>
internal sealed class PairwiseCoupling : Operator
{
    public PairwiseCoupling()
        : base("PairwiseCoupling", InternalDomain)
    {
    }

    public override (int Min, int Max) InputCount => (1, 1);

    public override void Infer(InferContext context)
    {
        long classes = context.Attributes.Int("classes", 0);
        context.RequireType(0, ElementType.Float32);
        context.RequireRank(0, 2);
        if (classes is < 2 or > 4096 || classes * (classes - 1) / 2 != context.Shape(0)[1])
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"{context.Shape(0)[1]} pairs are not those of {classes} classes");
        }

        context.SetOutput(0, ElementType.Float32, context.MakeShape(new[] { context.Shape(0)[0], classes }));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        int classes = node.Output.Shape[1];
        int pairs = inputs[0]!.Shape[1];
        var result = new float[node.Output.Shape.ElementCount];
        for (int row = 0; row < node.Output.Shape[0]; row++)
        {
            Couple(inputs[0]!.Floats().Slice(row * pairs, pairs), classes).CopyTo(result, row * classes);
        }

        return new[] { Tensor.Create(ElementType.Float32, node.Output.Shape, result) };
    }

    public override void Lower(Node node, LoweringContext context)
    {
        int classes = node.Output.Shape[1];
        TensorView matrix = context.Scratch($"{node.Name} matrix", ElementType.Float32, new Shape(classes + 1, classes));
        context.Add(new PairwiseCouplingStep(node, context.ReadDense(node.Required(0)), matrix, context.Allocate(node.Output)));
    }

    private static float[] Couple(ReadOnlySpan<float> pairs, int n)
    {
        // q[i, i] = Σ r[j, i]² and q[i, j] = -r[j, i]·r[i, j], where r[i, j] is the probability of i against j.
        var r = new float[n, n];
        for (int i = 0, pair = 0; i < n; i++)
        {
            for (int j = i + 1; j < n; j++, pair++)
            {
                r[i, j] = pairs[pair];
                r[j, i] = 1 - pairs[pair];
            }
        }

        var q = new float[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                q[i, i] += i == j ? 0 : r[j, i] * r[j, i];
                q[i, j] = i == j ? q[i, j] : -r[j, i] * r[i, j];
            }
        }

        var p = new float[n];
        p.AsSpan().Fill(1f / n);
        for (int round = 0; round < PairwiseCouplingStep.MaxRounds && !Improve(p, q, n); round++)
        {
        }

        return p;
    }

    /// <summary>One round of coordinate descent; true if the probabilities were good already.</summary>
    private static bool Improve(float[] p, float[,] q, int n)
    {
        var qp = new float[n];
        float pqp = 0;
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                qp[i] += q[i, j] * p[j];
            }

            pqp += p[i] * qp[i];
        }

        float error = 0;
        foreach (float element in qp)
        {
            error = Math.Max(error, Math.Abs(element - pqp));
        }

        if (error < PairwiseCouplingStep.Tolerance(n))
        {
            return true;
        }

        for (int i = 0; i < n; i++)
        {
            float step = (pqp - qp[i]) / q[i, i];
            p[i] += step;
            pqp = (pqp + (step * ((step * q[i, i]) + (2 * qp[i])))) / (1 + step) / (1 + step);
            for (int j = 0; j < n; j++)
            {
                qp[j] = (qp[j] + (step * q[i, j])) / (1 + step);
                p[j] /= 1 + step;
            }
        }

        return false;
    }
}
