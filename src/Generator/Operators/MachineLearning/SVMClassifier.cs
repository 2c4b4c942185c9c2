using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.MachineLearning;

/// <summary>
/// SVMClassifier: one decision for each pair of classes from the kernels of the sample and the support vectors; the class with most
/// decisions wins. With Platt's coefficients the decisions become probabilities of the classes.
/// </summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx_aionnxml_SVMClassifier.html · Types: features f32, f64, i64, i32; computed in f32; labels
/// i64 or string · Opsets: 1. Shape and meaning of the scores follow ONNX Runtime (<c>svmclassifier.cc</c>).
/// </remarks>
internal sealed class SVMClassifier : MlOperator
{
    public SVMClassifier()
        : base("SVMClassifier")
    {
    }

    public override (int Min, int Max) OutputCount => (1, 2);

    public override void Infer(InferContext context)
    {
        Machine machine = Machine.Of(context.Node, ClassLabels.Require(context, "classlabels_ints"));
        RequireFloats(context, "coefficients");
        RequireFloats(context, "rho");
        if (machine.Inconsistency() is { } reason)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, reason);
        }

        SvmKernel.Check(context);
        ScoreTransform.Check(context);
        CheckSamples(context, machine.Features);
        int rows = SamplesOf(context.Node).Rows;
        int scores = machine.IsLinear || machine.HasProbabilities ? machine.Classes : Math.Max(2, machine.Pairs);
        context.SetOutput(0, machine.Labels.Tensor.Type, new Shape(rows));
        context.SetOutput(1, ElementType.Float32, new Shape(rows, scores));
    }

    protected override void Compose(Node node, Composer compose)
    {
        Machine machine = Machine.Of(node, ClassLabels.TryOf(node, "classlabels_ints")!);
        string transform = ScoreTransform.Of(node);
        Value samples = Samples(compose, node);
        if (machine.IsLinear)
        {
            Value scores = LinearScores.Write(compose, samples, machine.Coefficients, machine.Classes, LinearScores.Same(machine.Rho[0], machine.Classes));
            compose.Return(LinearLabel(compose, machine, scores), ScoreTransform.Apply(compose, scores, transform));
            return;
        }

        Value kernels = SvmKernel.Write(compose, node, samples, machine.Vectors, machine.VectorCount);
        Value decisions = LinearScores.Write(compose, kernels, machine.DecisionMatrix(), machine.Pairs, machine.Rho.Take(machine.Pairs).ToArray());
        Value label = machine.Labels.OfLargest(compose, Votes(compose, machine, decisions));
        if (machine.HasProbabilities)
        {
            compose.Return(label, ScoreTransform.Apply(compose, Probabilities(compose, machine, decisions), transform));
            return;
        }

        compose.Return(
            label,
            machine.Pairs > 1 ? ScoreTransform.Apply(compose, decisions, transform) : ScoreTransform.Complement(compose, decisions, "NONE", isProbability: transform != "NONE"));
    }

    /// <summary>Each decision counts for the first class of its pair if it is positive, else for the second.</summary>
    private static Value Votes(Composer compose, Machine machine, Value decisions)
    {
        var votes = new float[machine.Pairs * machine.Classes];
        var second = new float[machine.Classes];
        foreach ((int pair, int i, int j) in machine.EachPair())
        {
            votes[(pair * machine.Classes) + i] = 1;
            votes[(pair * machine.Classes) + j] = -1;
            second[j]++;
        }

        Value positive = compose.Cast(compose.Op("Greater", decisions, compose.Scalar(0)), ElementType.Float32);
        return compose.Op("Gemm", positive, compose.Floats(votes, new Shape(machine.Pairs, machine.Classes), "votes"), compose.Floats(second));
    }

    private static Value Probabilities(Composer compose, Machine machine, Value decisions)
    {
        // The logistic function of a·d + b is the probability of the second class of the pair.
        Value argument = compose.Op("Add", compose.Op("Mul", decisions, compose.Floats(machine.ProbabilityA, role: "prob_a")), compose.Floats(machine.ProbabilityB, role: "prob_b"));
        Value first = compose.Op("Clip", compose.Op("Sigmoid", compose.Op("Neg", argument)), compose.Scalar(1e-7f), compose.Scalar(1 - 1e-7f));
        return compose.Op(OperatorRegistry.Get("PairwiseCoupling", Operator.InternalDomain), new Value?[] { first }, ("classes", (long)machine.Classes));
    }

    private static Value LinearLabel(Composer compose, Machine machine, Value scores)
    {
        if (machine.Classes != 2)
        {
            return machine.Labels.OfLargest(compose, scores);
        }

        // With two classes the largest score must also be positive enough for the second label to win against the first.
        Value largest = compose.Op("ReduceMax", scores, compose.Ints(1));
        Value wins = machine.Coefficients.All(static c => c >= 0) ? compose.Op("GreaterOrEqual", largest, compose.Scalar(0.5f)) : compose.Op("Greater", largest, compose.Scalar(0));
        Value second = compose.Op("Greater", compose.Op("Slice", scores, compose.Ints(1), compose.Ints(2), compose.Ints(1)), compose.Op("Slice", scores, compose.Ints(0), compose.Ints(1), compose.Ints(1)));
        return machine.Labels.OfCondition(compose, compose.Op("Or", wins, second));
    }

    /// <summary>The attributes of a node.</summary>
    private sealed class Machine
    {
        private readonly long[] _vectorsPerClass;

        private Machine(Node node, ClassLabels labels)
        {
            Labels = labels;
            _vectorsPerClass = node.Attributes.Ints("vectors_per_class") ?? Array.Empty<long>();
            Coefficients = Floats(node, "coefficients");
            Vectors = Floats(node, "support_vectors");
            Rho = Floats(node, "rho");
            ProbabilityA = Floats(node, "prob_a");
            ProbabilityB = Floats(node, "prob_b");
            VectorCount = (int)Math.Min(int.MaxValue, _vectorsPerClass.Sum());
        }

        public ClassLabels Labels { get; }

        public float[] Coefficients { get; }

        public float[] Vectors { get; }

        public float[] Rho { get; }

        public float[] ProbabilityA { get; }

        public float[] ProbabilityB { get; }

        public int VectorCount { get; }

        public int Classes => Labels.Count;

        public int Pairs => Classes * (Classes - 1) / 2;

        public int Features => IsLinear ? Coefficients.Length / Classes : Vectors.Length / VectorCount;

        public bool IsLinear => VectorCount == 0;

        public bool HasProbabilities => ProbabilityA.Length > 0 && !IsLinear;

        public static Machine Of(Node node, ClassLabels labels) => new(node, labels);

        /// <summary>What does not fit together, or null.</summary>
        public string? Inconsistency() => Classes < 1 || Classes > 4096 || Rho.Length < 1 ? $"it has {Classes} classes and {Rho.Length} numbers of rho"
            : _vectorsPerClass.Any(static n => n < 0) ? "vectors_per_class has a negative number"
            : IsLinear ? (Coefficients.Length % Classes == 0 && Coefficients.Length > 0 ? null : $"{Coefficients.Length} coefficients are not a whole number for each of {Classes} classes")
            : _vectorsPerClass.Length != Classes || Classes < 2 ? $"it has {Classes} classes, but vectors_per_class is for {_vectorsPerClass.Length}"
            : Vectors.Length % VectorCount != 0 || Vectors.Length == 0 ? $"{Vectors.Length} numbers of support vectors are not a whole number for each of {VectorCount}"
            : Coefficients.Length < (long)(Classes - 1) * VectorCount ? $"it has {Coefficients.Length} coefficients where {(Classes - 1L) * VectorCount} are needed"
            : Rho.Length < Pairs ? $"it has {Rho.Length} numbers of rho where {Pairs} are needed"
            : ProbabilityA.Length != ProbabilityB.Length || (HasProbabilities && ProbabilityA.Length != Pairs) ? $"it has {ProbabilityA.Length} and {ProbabilityB.Length} numbers of prob_a and prob_b where {Pairs} are needed"
            : null;

        /// <summary>The pairs of classes in the order of the decisions.</summary>
        public IEnumerable<(int Pair, int First, int Second)> EachPair()
        {
            int pair = 0;
            for (int i = 0; i < Classes - 1; i++)
            {
                for (int j = i + 1; j < Classes; j++)
                {
                    yield return (pair++, i, j);
                }
            }
        }

        /// <summary>
        /// The decisions as a matrix [pairs, vectors]: libsvm stores for each support vector one coefficient against every other
        /// class, in rows that leave out its own.
        /// </summary>
        public float[] DecisionMatrix()
        {
            int[] start = new int[Classes];
            for (int i = 1; i < Classes; i++)
            {
                start[i] = start[i - 1] + (int)_vectorsPerClass[i - 1];
            }

            var matrix = new float[Pairs * VectorCount];
            foreach ((int pair, int i, int j) in EachPair())
            {
                CopyRow(matrix, pair, j - 1, start[i], (int)_vectorsPerClass[i]);
                CopyRow(matrix, pair, i, start[j], (int)_vectorsPerClass[j]);
            }

            return matrix;
        }

        private void CopyRow(float[] matrix, int pair, int row, int start, int count) =>
            Array.Copy(Coefficients, (row * VectorCount) + start, matrix, (pair * VectorCount) + start, count);

        private static float[] Floats(Node node, string name) => node.Attributes.Floats(name) ?? Array.Empty<float>();
    }
}
