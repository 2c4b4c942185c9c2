using System;
using System.Linq;

namespace AotCompiler.Tests.Fuzzing;

/// <summary>Adds one random operator with fitting attributes to a random graph.</summary>
internal static class RandomNodes
{
    private static readonly string[] _smoothUnary =
        ["Sigmoid", "Tanh", "HardSwish", "HardSigmoid", "Elu", "Selu", "Softplus", "Erf", "Gelu", "Softsign", "Mish", "Sin", "Cos", "Atan", "Celu"];

    private static readonly string[] _exactUnary = ["Relu", "Neg", "Abs", "Identity", "Relu", "Dropout"];

    private static readonly string[] _steppedUnary = ["Floor", "Ceil", "Round", "Sign"];

    private static readonly Func<RandomGraph, (string[] Results, bool Exact)>[] _kinds =
    [
        Smooth, Exact, Exact, Stepped, Limit, Binary, Binary, Binary, WithConstant, WithConstant, Variadic, Choose, PRelu,
        RandomWindows.Convolve, RandomWindows.Convolve, RandomWindows.Convolve, RandomWindows.Transposed, RandomWindows.Pool, RandomWindows.GlobalPool,
        RandomWindows.Resize, RandomWindows.DepthSpace, BatchNorm, Normalise, Multiply, Multiply, Gemm, Softmax, Reduce, Reduce, Sorted,
        RandomMovement.Transpose, RandomMovement.Reshape, RandomMovement.Reshape, RandomMovement.Concat, RandomMovement.Concat, RandomMovement.Split,
        RandomMovement.Slice, RandomMovement.Slice, RandomMovement.Pad, RandomMovement.Tile, RandomMovement.Expand, RandomMovement.Gather, RandomMovement.Squeeze,
    ];

    /// <summary>Adds an operator; no results if the graph has nothing it could read.</summary>
    public static (string[] Results, bool Exact) Add(RandomGraph graph) => _kinds[graph.Random.Next(_kinds.Length)](graph);

    public static readonly (string[] Results, bool Exact) Nothing = ([], false);

    private static (string[] Results, bool Exact) Smooth(RandomGraph g) =>
        g.Pick(static v => v.IsFloat) is { } x ? ([g.Node(Any(g, _smoothUnary), [x.Name])], false) : Nothing;

    private static (string[] Results, bool Exact) Exact(RandomGraph g) =>
        g.Pick(static v => v.IsFloat) is { } x ? ([g.Node(Any(g, _exactUnary), [x.Name])], x.Exact) : Nothing;

    private static (string[] Results, bool Exact) Stepped(RandomGraph g) =>
        g.Pick(static v => v.IsFloat && v.Exact) is { } x ? ([g.Node(Any(g, _steppedUnary), [x.Name])], true) : Nothing;

    private static (string[] Results, bool Exact) Limit(RandomGraph g)
    {
        if (g.Pick(static v => v.IsFloat) is not { } x)
        {
            return Nothing;
        }

        return g.Random.Next(2) == 0
            ? ([g.Node("LeakyRelu", [x.Name], ("alpha", 0.125f))], x.Exact)
            : ([g.Node("Clip", [x.Name, g.Floats([], -1), g.Random.Next(2) == 0 ? g.Floats([], 6) : string.Empty])], x.Exact);
    }

    private static (string[] Results, bool Exact) Binary(RandomGraph g)
    {
        if (g.Pick(static _ => true) is not { } a || g.Pick(v => v.Type == a.Type && Ir.Shape.Broadcast(v.Shape, a.Shape) is not null) is not { } b)
        {
            return Nothing;
        }

        string op = Any(g, a.IsFloat ? ["Add", "Sub", "Mul", "Max", "Min"] : ["Add", "Sub", "Max", "Min"]);
        string[] inputs = g.Random.Next(2) == 0 ? [a.Name, b.Name] : [b.Name, a.Name];

        // Products of products grow beyond what rounding errors can be told apart in.
        return op == "Mul" ? ([g.Node("Tanh", [g.Node(op, inputs)])], false) : ([g.Node(op, inputs)], a.Exact && b.Exact && !a.IsFloat);
    }

    private static (string[] Results, bool Exact) WithConstant(RandomGraph g)
    {
        if (g.Pick(static v => v.IsFloat) is not { } x)
        {
            return Nothing;
        }

        int[] shape = x.Shape.Dimensions.Select(d => g.Random.Next(2) == 0 ? d : 1).ToArray();
        if (g.Random.Next(2) == 0 && x.Rank > 1)
        {
            shape = Enumerable.Range(0, x.Rank).Select(i => i == 1 ? x.Shape[1] : 1).ToArray();
        }

        string constant = g.Weight(g.Random.Next(3) == 0 ? shape.SkipWhile(static d => d == 1).ToArray() : shape);
        string op = Any(g, ["Add", "Sub", "Mul", "Max", "Min", "Div"]);
        if (op == "Div")
        {
            return ([g.Node(op, [x.Name, g.Floats([], 4)])], x.Exact);
        }

        string[] inputs = g.Random.Next(3) == 0 ? [constant, x.Name] : [x.Name, constant];
        return ([g.Node(op, inputs)], x.Exact && op is "Max" or "Min");
    }

    private static (string[] Results, bool Exact) Variadic(RandomGraph g)
    {
        if (g.Pick(static v => v.IsFloat) is not { } a || g.Pick(v => v.IsFloat && v.Shape.Equals(a.Shape)) is not { } b)
        {
            return Nothing;
        }

        return ([g.Node(Any(g, ["Sum", "Mean", "Max", "Min"]), [a.Name, b.Name, g.Random.Next(2) == 0 ? a.Name : g.Weight(1)])], false);
    }

    private static (string[] Results, bool Exact) Choose(RandomGraph g)
    {
        if (g.Pick(static v => v.IsFloat && v.Exact) is not { } a || g.Pick(v => v.IsFloat && v.Shape.BroadcastsTo(a.Shape)) is not { } b)
        {
            return Nothing;
        }

        string condition = g.Node(Any(g, ["Greater", "Less", "GreaterOrEqual", "LessOrEqual", "Equal"]), [a.Name, g.Floats([], 0)]);
        return g.Random.Next(3) switch
        {
            0 => ([g.Node("Where", [condition, a.Name, b.Name])], b.Exact),
            1 => ([g.Node("Cast", [condition], ("to", 1))], true),
            _ => ([g.Node("Not", [condition])], true),
        };
    }

    private static (string[] Results, bool Exact) PRelu(RandomGraph g) => g.Pick(static v => v.IsFloat && v.Rank >= 2) is { } x
        ? ([g.Node("PRelu", [x.Name, g.Weight(Enumerable.Range(1, x.Rank - 1).Select(i => i == 1 ? x.Shape[1] : 1).ToArray())])], false)
        : Nothing;

    private static (string[] Results, bool Exact) BatchNorm(RandomGraph g)
    {
        if (g.Pick(static v => v.IsFloat && v.Rank >= 2) is not { } x)
        {
            return Nothing;
        }

        int channels = x.Shape[1];
        string variance = g.Floats([channels], Enumerable.Range(0, channels).Select(static i => 0.5f + (i % 5)).ToArray());
        return ([g.Node("BatchNormalization", [x.Name, g.Weight(channels), g.Weight(channels), g.Weight(channels), variance])], false);
    }

    private static (string[] Results, bool Exact) Normalise(RandomGraph g)
    {
        if (g.Pick(static v => v.IsFloat && v.Rank >= 3) is not { } x)
        {
            return Nothing;
        }

        int channels = x.Shape[1];
        switch (g.Random.Next(4))
        {
            case 0:
                return ([g.Node("InstanceNormalization", [x.Name, g.Weight(channels), g.Weight(channels)], ("epsilon", 0.1f))], false);
            case 1:
                int axis = g.Random.Next(1, x.Rank);
                return ([g.Node("LayerNormalization", [x.Name, g.Weight(x.Shape.Dimensions.Skip(axis).ToArray())], ("axis", axis), ("epsilon", 0.1f))], false);
            case 2:
                return ([g.Node("LRN", [x.Name], ("size", 3))], false);
            default:
                int groups = channels % 2 == 0 ? 2 : 1;
                return ([g.Node("GroupNormalization", [x.Name, g.Weight(channels), g.Weight(channels)], ("num_groups", groups), ("epsilon", 0.1f))], false);
        }
    }

    private static (string[] Results, bool Exact) Multiply(RandomGraph g)
    {
        if (g.Pick(static v => v.IsFloat && v.Rank >= 1) is not { } a)
        {
            return Nothing;
        }

        int k = a.Shape[a.Rank - 1];
        if (g.Random.Next(2) == 0)
        {
            int[] weight = g.Random.Next(4) == 0 ? [k] : g.Random.Next(4) == 0 && a.Rank > 2 ? [a.Shape[a.Rank - 3], k, RandomShapes.Length(g.Random)] : [k, RandomShapes.Length(g.Random)];
            return ([g.Node("MatMul", [a.Name, g.Weight(weight)])], false);
        }

        if (g.Pick(v => v.IsFloat && v.Rank >= 1 && v.Shape[Math.Max(0, v.Rank - 2)] == k) is { } b)
        {
            return ([g.Node("Tanh", [g.Node("MatMul", [a.Name, b.Name])])], false);
        }

        int[] order = Enumerable.Range(0, a.Rank).ToArray();
        if (a.Rank < 2)
        {
            return Nothing;
        }

        (order[^1], order[^2]) = (order[^2], order[^1]);
        return ([g.Node("Softsign", [g.Node("MatMul", [a.Name, g.Node("Transpose", [a.Name], ("perm", order))])])], false);
    }

    private static (string[] Results, bool Exact) Gemm(RandomGraph g)
    {
        if (g.Pick(static v => v.IsFloat && v.Rank == 2) is not { } a)
        {
            return Nothing;
        }

        bool transA = g.Random.Next(4) == 0;
        bool transB = g.Random.Next(2) == 0;
        int m = a.Shape[transA ? 1 : 0];
        int k = a.Shape[transA ? 0 : 1];
        int n = RandomShapes.Length(g.Random);
        string c = g.Random.Next(4) switch { 0 => string.Empty, 1 => g.Weight(n), 2 => g.Weight(m, 1), _ => g.Weight(m, n) };
        string b = transB ? g.Weight(n, k) : g.Weight(k, n);
        return ([g.Node("Gemm", [a.Name, b, c], ("transA", transA), ("transB", transB), ("alpha", 0.5f), ("beta", g.Random.Next(2) == 0 ? 1f : 0.25f))], false);
    }

    private static (string[] Results, bool Exact) Softmax(RandomGraph g) => g.Pick(static v => v.IsFloat && v.Rank >= 1) is { } x
        ? ([g.Node(Any(g, ["Softmax", "LogSoftmax"]), [x.Name], ("axis", g.Random.Next(-x.Rank, x.Rank)))], false)
        : Nothing;

    private static (string[] Results, bool Exact) Reduce(RandomGraph g)
    {
        if (g.Pick(static v => v.IsFloat && v.Rank >= 1) is not { } x)
        {
            return Nothing;
        }

        long[] axes = Enumerable.Range(0, x.Rank).Where(_ => g.Random.Next(2) == 0).Select(static i => (long)i).ToArray();
        string op = Any(g, ["ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceSumSquare"]);
        string result = g.Node(op, [x.Name, g.Ints(axes)], ("keepdims", g.Random.Next(2)));
        return op == "ReduceSumSquare" ? ([g.Node("Softsign", [result])], false) : ([result], x.Exact && op is "ReduceMax" or "ReduceMin");
    }

    private static (string[] Results, bool Exact) Sorted(RandomGraph g)
    {
        if (g.Pick(static v => v.IsFloat && v.Exact && v.Rank >= 1) is not { } x)
        {
            return Nothing;
        }

        int axis = g.Random.Next(x.Rank);
        return g.Random.Next(3) switch
        {
            0 => (g.Node("TopK", [x.Name, g.Ints(Math.Max(1, x.Shape[axis] / 2))], 2, ("axis", axis)), true),
            1 => ([g.Node("ArgMax", [x.Name], ("axis", axis), ("keepdims", g.Random.Next(2)))], true),
            _ => ([g.Node("CumSum", [x.Name, g.Ints(axis)])], false),
        };
    }

    private static string Any(RandomGraph g, string[] names) => names[g.Random.Next(names.Length)];
}
