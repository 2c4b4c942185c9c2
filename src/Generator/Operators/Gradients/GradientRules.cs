using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Gradients;

/// <summary>How derivatives pass through the operators: a rule per operator, from the derivative by its output to those by its inputs.</summary>
internal static class GradientRules
{
    private static readonly Dictionary<string, Func<BackwardNode, IReadOnlyList<Value?>>> Rules = new(StringComparer.Ordinal)
    {
        ["Identity"] = static n => n.To(n.D),
        ["Cast"] = static n => n.To(n.Compose.Cast(n.D, n.X.Type)),
        ["Reshape"] = static n => n.To(n.Reshape(n.D, n.X.Shape)),
        ["Flatten"] = static n => n.To(n.Reshape(n.D, n.X.Shape)),
        ["Squeeze"] = static n => n.To(n.Reshape(n.D, n.X.Shape)),
        ["Unsqueeze"] = static n => n.To(n.Reshape(n.D, n.X.Shape)),
        ["Expand"] = static n => n.To(n.SumTo(n.D, n.X.Shape)),
        ["Transpose"] = Transpose,
        ["Concat"] = Concat,
        ["Slice"] = Slice,
        ["Add"] = static n => n.To(n.SumTo(n.D, n.X.Shape), n.SumTo(n.D, n.W.Shape)),
        ["Sub"] = static n => n.To(n.SumTo(n.D, n.X.Shape), n.SumTo(n.Compose.Op("Neg", n.D), n.W.Shape)),
        ["Mul"] = static n => n.To(n.SumTo(n.Compose.Mul(n.D, n.W), n.X.Shape), n.SumTo(n.Compose.Mul(n.D, n.X), n.W.Shape)),
        ["Div"] = Div,
        ["Pow"] = Pow,
        ["Max"] = static n => Select(n, "GreaterOrEqual"),
        ["Min"] = static n => Select(n, "LessOrEqual"),
        ["Sum"] = static n => n.Inputs.Select(x => (Value?)n.SumTo(n.D, x!.Shape)).ToArray(),
        ["Where"] = Where,
        ["Neg"] = static n => n.To(n.Compose.Op("Neg", n.D)),
        ["Abs"] = static n => n.To(n.Compose.Mul(n.D, n.Compose.Op("Sign", n.X))),
        ["Exp"] = static n => n.To(n.Compose.Mul(n.D, n.Y)),
        ["Log"] = static n => n.To(n.Compose.Div(n.D, n.X)),
        ["Sqrt"] = static n => n.To(n.Compose.Div(n.D, n.Compose.Mul(n.Number(2), n.Y))),
        ["Reciprocal"] = static n => n.To(n.Compose.Op("Neg", n.Compose.Mul(n.D, n.Compose.Mul(n.Y, n.Y)))),
        ["Sin"] = static n => n.To(n.Compose.Mul(n.D, n.Compose.Op("Cos", n.X))),
        ["Cos"] = static n => n.To(n.Compose.Op("Neg", n.Compose.Mul(n.D, n.Compose.Op("Sin", n.X)))),
        ["Relu"] = static n => n.To(n.Compose.Where(n.Compose.Op("Greater", n.X, n.Number(0)), n.D, n.Number(0))),
        ["LeakyRelu"] = static n => n.To(n.Compose.Where(
            n.Compose.Op("GreaterOrEqual", n.X, n.Number(0)), n.D, n.Compose.Mul(n.D, n.Number(n.Node.Attributes.Float("alpha", 0.01f))))),
        ["Sigmoid"] = static n => n.To(n.Compose.Mul(n.D, n.Compose.Mul(n.Y, n.Compose.Sub(n.Number(1), n.Y)))),
        ["Tanh"] = static n => n.To(n.Compose.Mul(n.D, n.Compose.Sub(n.Number(1), n.Compose.Mul(n.Y, n.Y)))),
        ["Softplus"] = static n => n.To(n.Compose.Mul(n.D, n.Compose.Op("Sigmoid", n.X))),
        ["Erf"] = static n => n.To(n.Compose.Mul(n.D, n.Compose.Mul(n.Number(2 / Math.Sqrt(Math.PI)), n.Compose.Op("Exp", n.Compose.Op("Neg", n.Compose.Mul(n.X, n.X)))))),
        ["ReduceSum"] = static n => n.To(n.Spread(n.ReducedAxes())),
        ["ReduceMean"] = static n => Mean(n, n.ReducedAxes()),
        ["GlobalAveragePool"] = static n => Mean(n, Enumerable.Range(2, n.X.Shape.Rank - 2).ToArray()),
        ["Softmax"] = static n => n.To(n.Compose.Mul(n.Y, n.Compose.Sub(n.D, n.Compose.Reduce("ReduceSum", n.Compose.Mul(n.D, n.Y), keep: true, n.Axis(-1))))),
        ["LogSoftmax"] = static n => n.To(n.Compose.Sub(n.D, n.Compose.Mul(n.Compose.Op("Exp", n.Y), n.Compose.Reduce("ReduceSum", n.D, keep: true, n.Axis(-1))))),
        ["MatMul"] = LinearGradients.MatMul,
        ["Gemm"] = LinearGradients.Gemm,
        ["Conv"] = LinearGradients.Conv,
    };

    /// <summary>Operators that have a rule.</summary>
    public static IReadOnlyCollection<string> Operators => Rules.Keys;

    /// <summary>The derivatives by a node's inputs; null, or missing at the end, for inputs without one.</summary>
    /// <exception cref="Diagnostics.ModelException">The operator has no rule.</exception>
    public static IReadOnlyList<Value?> Apply(BackwardNode node) => node.Node.Operator.Domain.Length == 0 && Rules.TryGetValue(node.Node.Operator.Name, out var rule)
        ? rule(node)
        : throw node.Fail("the operator has no rule for it");

    private static IReadOnlyList<Value?> Mean(BackwardNode n, int[] axes)
    {
        double count = axes.Aggregate(1.0, (product, a) => product * n.X.Shape[a]);
        return n.To(n.Compose.Mul(n.Spread(axes), n.Number(1 / count)));
    }

    private static IReadOnlyList<Value?> Div(BackwardNode n)
    {
        Value byX = n.Compose.Div(n.D, n.W);
        return n.To(n.SumTo(byX, n.X.Shape), n.SumTo(n.Compose.Op("Neg", n.Compose.Mul(byX, n.Y)), n.W.Shape));
    }

    private static IReadOnlyList<Value?> Pow(BackwardNode n)
    {
        Value exponent = n.Compose.Cast(n.W, n.X.Type);
        Value byX = n.Compose.Mul(n.D, n.Compose.Mul(exponent, n.Compose.Op("Pow", n.X, n.Compose.Sub(exponent, n.Number(1)))));
        Value? byExponent = n.W.IsConstant || !n.W.Type.IsFloat() ? null : n.SumTo(n.Compose.Mul(n.D, n.Compose.Mul(n.Y, n.Compose.Op("Log", n.X))), n.W.Shape);
        return n.To(n.SumTo(byX, n.X.Shape), byExponent);
    }

    /// <summary>Max and Min of two: the derivative goes to the one that was chosen, to the first if both are equal.</summary>
    private static IReadOnlyList<Value?> Select(BackwardNode n, string comparison)
    {
        if (n.Inputs.Count != 2)
        {
            throw n.Fail("it has more than two inputs");
        }

        Value first = n.Compose.Op(comparison, n.X, n.W);
        return n.To(n.SumTo(n.Compose.Where(first, n.D, n.Number(0)), n.X.Shape), n.SumTo(n.Compose.Where(first, n.Number(0), n.D), n.W.Shape));
    }

    private static IReadOnlyList<Value?> Where(BackwardNode n) => n.To(
        null,
        n.SumTo(n.Compose.Where(n.X, n.D, n.Number(0)), n.W.Shape),
        n.SumTo(n.Compose.Where(n.X, n.Number(0), n.D), n.Inputs[2]!.Shape));

    private static IReadOnlyList<Value?> Transpose(BackwardNode n)
    {
        int rank = n.X.Shape.Rank;
        int[] permutation = n.Node.Attributes.Ints("perm")?.Select(static p => (int)p).ToArray() ?? Enumerable.Range(0, rank).Reverse().ToArray();
        return n.To(n.Compose.Transpose(n.D, Enumerable.Range(0, rank).Select(a => Array.IndexOf(permutation, a)).ToArray()));
    }

    private static IReadOnlyList<Value?> Concat(BackwardNode n)
    {
        int axis = n.Axis(0);
        long start = 0;
        var parts = new List<Value?>();
        foreach (Value? input in n.Inputs)
        {
            parts.Add(n.Compose.Slice(n.D, axis, start, start + input!.Shape[axis]));
            start += input.Shape[axis];
        }

        return parts;
    }

    private static IReadOnlyList<Value?> Slice(BackwardNode n)
    {
        int rank = n.X.Shape.Rank;
        long[] Of(int index, Func<int, long> fallback, int count) => n.Node.Input(index) is not { } value
            ? Enumerable.Range(0, count).Select(fallback).ToArray()
            : (value.Constant ?? throw n.Fail("its bounds are known only at run time")).ToInt64Array();
        long[] starts = Of(1, static _ => 0, 0);
        long[] axes = Of(3, static i => i, starts.Length);
        if (Of(4, static _ => 1, starts.Length).Any(static s => s != 1))
        {
            throw n.Fail("it has steps other than 1");
        }

        var before = new long[rank];
        for (int i = 0; i < axes.Length; i++)
        {
            int axis = (int)(axes[i] < 0 ? axes[i] + rank : axes[i]);
            long start = starts[i] < 0 ? starts[i] + n.X.Shape[axis] : starts[i];
            before[axis] = Math.Max(0, Math.Min(start, n.X.Shape[axis]));
        }

        return n.To(n.Compose.Pad(n.D, before, before.Select((b, a) => n.X.Shape[a] - n.D.Shape[a] - b).ToArray()));
    }
}
