using System.Collections.Generic;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>Couples pairwise probabilities: builds the quadratic form of each row and minimises it by coordinate descent; scalar.</summary>
internal sealed class PairwiseCouplingStep : Step
{
    /// <summary>Rounds after which the iteration stops even if it has not converged, as in libsvm.</summary>
    public const int MaxRounds = 100;

    private readonly TensorView _pairs;
    private readonly TensorView _scratch;
    private readonly TensorView _output;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="pairs">Dense f32 [rows, pairs].</param>
    /// <param name="scratch">f32 [classes + 1, classes]: the matrix and one product.</param>
    /// <param name="output">Dense f32 [rows, classes].</param>
    public PairwiseCouplingStep(Node node, TensorView pairs, TensorView scratch, TensorView output)
        : base(node, node.Name)
    {
        _pairs = pairs;
        _scratch = scratch;
        _output = output;
    }

    /// <summary>Largest deviation from the optimality condition at which the iteration stops.</summary>
    public static float Tolerance(int classes) => 0.005f / classes;

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => new[] { _pairs };

    public override IReadOnlyList<TensorView> Writes => new[] { _output };

    public override IReadOnlyList<Storage> Scratch => new[] { _scratch.Storage };

    public override string Kernel => $"pairwise coupling of {Classes} classes";

    public override string Summary => $"probabilities of {Classes} classes from those of their pairs";

    private int Classes => _output.Shape[1];

    public override void Emit(StepWriter writer)
    {
        string pairs = writer.Pointer(_pairs, "pairs", _pairs.Describe());
        string result = writer.Pointer(_output, "result", _output.Describe());
        writer.Pointer(_scratch, "q");
        writer.Line($"float* qp = q + {Classes * Classes};");
        using (writer.For("row", _output.Shape.Extent(0)))
        {
            writer.Line($"float* r = {pairs} + (row * {_pairs.Shape[1]}L);");
            writer.Line($"float* p = {result} + (row * {Classes}L);");
            EmitMatrix(writer);
            EmitDescent(writer);
        }
    }

    private void EmitMatrix(StepWriter writer)
    {
        using (writer.For("i", Classes))
        {
            writer.Line($"p[i] = {Literal.Of(1f / Classes)};");
            writer.Line($"q[i * {Classes + 1}] = 0f;");
        }

        writer.Line("int pair = 0;");
        using (writer.For("i", Classes))
        using (writer.Block($"for (int j = i + 1; j < {Classes}; j++)"))
        {
            writer.Line("float first = r[pair++];");
            writer.Line("float second = 1f - first;");
            writer.Line($"q[i * {Classes + 1}] += second * second;");
            writer.Line($"q[j * {Classes + 1}] += first * first;");
            writer.Line($"q[(i * {Classes}) + j] = -second * first;");
            writer.Line($"q[(j * {Classes}) + i] = -second * first;");
        }
    }

    private void EmitDescent(StepWriter writer)
    {
        using (writer.For("round", MaxRounds))
        {
            writer.Line("float pqp = 0f;");
            using (writer.For("i", Classes))
            {
                writer.Line("float sum = 0f;");
                using (writer.For("j", Classes))
                {
                    writer.Line($"sum += q[(i * {Classes}) + j] * p[j];");
                }

                writer.Line("qp[i] = sum;");
                writer.Line("pqp += p[i] * sum;");
            }

            writer.Line("float error = 0f;");
            using (writer.For("i", Classes))
            {
                writer.Line("float deviation = qp[i] - pqp;");
                writer.Line("deviation = deviation < 0f ? -deviation : deviation;");
                writer.Line("error = deviation > error ? deviation : error;");
            }

            using (writer.Block($"if (error < {Literal.Of(Tolerance(Classes))})"))
            {
                writer.Line("break;");
            }

            using (writer.For("i", Classes))
            {
                writer.Line($"float diagonal = q[i * {Classes + 1}];");
                writer.Line("float step = (pqp - qp[i]) / diagonal;");
                writer.Line("float scale = 1f + step;");
                writer.Line("p[i] += step;");
                writer.Line("pqp = (pqp + (step * ((step * diagonal) + (2f * qp[i])))) / scale / scale;");
                using (writer.For("j", Classes))
                {
                    writer.Line($"qp[j] = (qp[j] + (step * q[(i * {Classes}) + j])) / scale;");
                    writer.Line("p[j] /= scale;");
                }
            }
        }
    }
}
