using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.MachineLearning;

/// <summary>How the trees' answers become one.</summary>
internal enum ForestAggregate
{
    Average = 0,
    Sum = 1,
    Min = 2,
    Max = 3,
}

/// <summary>
/// The sums, averages, minima or maxima of what a forest's leaves hold for each target: what the three tree operators of
/// <c>ai.onnx.ml</c> have in common. An operator of the compiler's own; its inputs behind the samples are constants that
/// <see cref="Write"/> makes.
/// </summary>
/// <remarks>Types: f32, f64. Trees are added in the order of the file, in the type of the samples.</remarks>
internal sealed class ForestScores : Operator
{
    private const int InputsOfForest = 10;

    public ForestScores()
        : base("ForestScores", Operator.InternalDomain)
    {
    }

    public override (int Min, int Max) InputCount => (1 + InputsOfForest, 1 + InputsOfForest);

    /// <summary>The scores of all targets.</summary>
    /// <param name="f">Where the node goes.</param>
    /// <param name="samples">f32 or f64 [rows, features].</param>
    /// <param name="forest">The trees.</param>
    /// <param name="targets">Number of targets.</param>
    /// <param name="aggregate">How the trees are joined.</param>
    /// <returns>[rows, targets] in the type of the samples.</returns>
    public static Value Write(Composer compose, Value samples, Forest forest, int targets, ForestAggregate aggregate)
    {
        var starts = new List<int> { 0 };
        starts.AddRange(Running(forest.Leaves.Select(static l => l.Weights.Count)));
        var setStarts = new List<int> { 0 };
        setStarts.AddRange(Running(forest.Branches.Select(static b => b.Members.Count)));
        ElementType type = samples.Type;
        Value[] tables =
        {
            Table(compose, "roots", ElementType.Int32, forest.Roots.Select(static r => (double)r)),
            Table(compose, "modes", ElementType.UInt8, forest.Branches.Select(static b => (double)(int)b.Mode + (b.MissingIsTrue ? ForestStep.MissingBit : 0))),
            Table(compose, "features", ElementType.Int32, forest.Branches.Select(static b => (double)b.Feature)),
            Table(compose, "thresholds", type, forest.Branches.Select(static b => b.Threshold)),
            Table(compose, "children", ElementType.Int32, forest.Branches.SelectMany(static b => new double[] { b.False, b.True })),
            Table(compose, "leafStarts", ElementType.Int32, starts.Select(static s => (double)s)),
            Table(compose, "leafTargets", ElementType.Int32, forest.Leaves.SelectMany(static l => l.Weights).Select(static w => (double)w.Target)),
            Table(compose, "leafWeights", type, forest.Leaves.SelectMany(static l => l.Weights).Select(static w => w.Weight)),
            Table(compose, "setStarts", ElementType.Int32, setStarts.Select(static s => (double)s)),
            Table(compose, "sets", type, forest.Branches.SelectMany(static b => b.Members)),
        };
        return compose.Op(
            OperatorRegistry.Get("ForestScores", Operator.InternalDomain),
            tables.Prepend(samples).Cast<Value?>().ToArray(),
            ("targets", (long)targets),
            ("aggregate", (long)aggregate));
    }

    public override void Infer(InferContext context)
    {
        context.RequireType(0, TypeSets.Floats);
        context.RequireRank(0, 2);
        context.SetOutput(0, context.Type(0), context.MakeShape(new[] { context.Shape(0)[0], context.Attributes.Int("targets", 1) }));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        int targets = node.Output.Shape[1];
        int features = inputs[0]!.Shape[1];
        ForestAggregate aggregate = AggregateOf(node);
        var bytes = new byte[checked((int)(node.Output.Shape.ElementCount * node.Output.Type.Size()))];
        for (int row = 0; row < node.Output.Shape[0]; row++)
        {
            double[] x = Enumerable.Range(0, features).Select(i => ElementEvaluation.Read(inputs[0]!, (row * features) + i)).ToArray();
            var scores = new double?[targets];
            for (int tree = 0; tree < inputs[1]!.Shape[0]; tree++)
            {
                AddLeaf(inputs, Walk(inputs, (int)ElementEvaluation.ReadInteger(inputs[1]!, tree), x), scores, aggregate);
            }

            for (int t = 0; t < targets; t++)
            {
                double score = scores[t] ?? 0;
                ElementEvaluation.Write(bytes, node.Output.Type, (row * targets) + t, aggregate == ForestAggregate.Average ? score / inputs[1]!.Shape[0] : score);
            }
        }

        return new[] { Tensor.FromBytes(node.Output.Type, node.Output.Shape, bytes, "ForestScores") };
    }

    public override void Lower(Node node, LoweringContext context)
    {
        TensorView samples = context.ReadDense(node.Required(0));
        byte[] modes = node.Required(2).Constant!.Bytes.ToArray().Distinct().ToArray();
        PackedForest? packed = PackedForest.Of(Enumerable.Range(1, 5).Select(i => node.Required(i).Constant!).ToArray(), samples.Shape[1]);
        bool isSingle = node.Required(6).Constant!.AsSpan<int>().ToArray().Select(static (start, leaf) => start == leaf).All(static s => s);
        bool isOneNumber = isSingle && node.Output.Shape[1] == 1;
        TensorView? TableIf(bool isRead, int input) => isRead ? context.ReadDense(node.Required(input)) : null;
        var leaves = new ForestLeaves(
            TableIf(!isSingle, 6),
            TableIf(node.Output.Shape[1] > 1, 7),
            TableIf(packed is null || !isOneNumber, 8),
            context.Allocate(node.Output),
            AggregateOf(node),
            node.Required(1).Shape[0]);
        if (packed is not null)
        {
            context.Add(Packed(node, packed, samples, leaves, context));
            return;
        }

        bool hasSets = modes.Any(static m => ForestStep.BranchOf(m) == BranchMode.Member);
        (string, TensorView)[] tables = new[]
        {
            ("roots", TableIf(true, 1)), ("modes", TableIf(modes.Length > 1, 2)), ("features", TableIf(true, 3)), ("thresholds", TableIf(true, 4)),
            ("children", TableIf(true, 5)), ("setStarts", TableIf(hasSets, 9)), ("sets", TableIf(hasSets, 10)),
        }.Where(static t => t.Item2 is not null).Select(static t => (t.Item1, t.Item2!)).ToArray();
        context.Add(new ForestStep(node, samples, tables, leaves, modes));
    }

    private static PackedForestStep Packed(Node node, PackedForest forest, TensorView samples, ForestLeaves leaves, LoweringContext context)
    {
        int size = forest.Type.Size();
        Tensor weights = node.Required(8).Constant!;
        Tensor nodes = forest.Pack(leaf => leaves.Weights is null
            ? weights.Bytes.Slice(leaf * size, size).ToArray()
            : BitConverter.GetBytes((long)leaf).Take(size).ToArray());
        TensorView Integers(int[] values, string role) => context.Weight(Tensor.Create(ElementType.Int32, new Shape(values.Length), values, role), $"{node.Name}.{role}");
        int rows = PackedForestStep.BlockRows(forest, samples.Shape[0]);
        TensorView? Table(int[] depths, string role, bool isRead) => isRead && depths.Distinct().Skip(1).Any() ? Integers(depths, role) : null;
        int[] groups = forest.GroupDepths(PackedForestStep.Together);
        return new PackedForestStep(
            node,
            samples,
            forest,
            Integers(forest.Roots, "roots"),
            forest.IsEven(groups, PackedForestStep.Together) ? new ForestLevels(forest.Depths, Table(forest.Depths, "depths", rows > 1), groups, Table(groups, "levels", true)) : null,
            context.Weight(nodes, $"{node.Name}.nodes"),
            context.Scratch($"{node.Name}.block", forest.Type, new Shape(rows, forest.Features + 1)),
            leaves);
    }

    private static ForestAggregate AggregateOf(Node node) => (ForestAggregate)(int)node.Attributes.Int("aggregate", 1);

    private static int Walk(IReadOnlyList<Tensor?> inputs, int at, double[] x)
    {
        while (at >= 0)
        {
            int mode = (int)ElementEvaluation.ReadInteger(inputs[2]!, at);
            double value = x[(int)ElementEvaluation.ReadInteger(inputs[3]!, at)];
            double threshold = ElementEvaluation.Read(inputs[4]!, at);
            bool holds = ForestStep.BranchOf((byte)mode) switch
            {
                BranchMode.LessOrEqual => value <= threshold,
                BranchMode.Less => value < threshold,
                BranchMode.GreaterOrEqual => value >= threshold,
                BranchMode.Greater => value > threshold,
                BranchMode.Equal => value == threshold,
                BranchMode.NotEqual => value != threshold,
                _ => Enumerable.Range((int)ElementEvaluation.ReadInteger(inputs[9]!, at), (int)(ElementEvaluation.ReadInteger(inputs[9]!, at + 1) - ElementEvaluation.ReadInteger(inputs[9]!, at)))
                    .Any(i => ElementEvaluation.Read(inputs[10]!, i) == value),
            };
            holds |= double.IsNaN(value) && (mode & ForestStep.MissingBit) != 0;
            at = (int)ElementEvaluation.ReadInteger(inputs[5]!, (2 * at) + (holds ? 1 : 0));
        }

        return ~at;
    }

    private static void AddLeaf(IReadOnlyList<Tensor?> inputs, int leaf, double?[] scores, ForestAggregate aggregate)
    {
        int end = (int)ElementEvaluation.ReadInteger(inputs[6]!, leaf + 1);
        for (int i = (int)ElementEvaluation.ReadInteger(inputs[6]!, leaf); i < end; i++)
        {
            int target = (int)ElementEvaluation.ReadInteger(inputs[7]!, i);
            double weight = ElementEvaluation.Read(inputs[8]!, i);
            scores[target] = scores[target] is not { } score ? weight
                : aggregate == ForestAggregate.Min ? Math.Min(score, weight)
                : aggregate == ForestAggregate.Max ? Math.Max(score, weight)
                : score + weight;
        }
    }

    private static IEnumerable<int> Running(IEnumerable<int> counts)
    {
        int sum = 0;
        foreach (int count in counts)
        {
            yield return sum += count;
        }
    }

    private static Value Table(Composer compose, string role, ElementType type, IEnumerable<double> numbers)
    {
        double[] values = numbers.DefaultIfEmpty(0).ToArray();
        var bytes = new byte[values.Length * type.Size()];
        for (int i = 0; i < values.Length; i++)
        {
            ElementEvaluation.Write(bytes, type, i, values[i]);
        }

        return compose.Constant(Tensor.FromBytes(type, new Shape(values.Length), bytes, role), role);
    }
}
