using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Operators.Gradients;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Gradients;

public sealed class GradientTests
{
    private const string Domain = "ai.onnx.preview.training";

    private static readonly Dictionary<string, Case[]> Cases = new()
    {
        ["Identity"] = [new([3])],
        ["Cast"] = [new([3]) { Attributes = [("to", 11)] }],
        ["Reshape"] = [new([2, 3]) { Constant = [3, 2] }],
        ["Flatten"] = [new([2, 3, 2])],
        ["Squeeze"] = [new([2, 1, 3]) { Constant = [1] }],
        ["Unsqueeze"] = [new([2, 3]) { Constant = [1] }],
        ["Expand"] = [new([3, 1]) { Constant = [2, 3, 4] }],
        ["Transpose"] = [new([2, 3, 4]) { Attributes = [("perm", new long[] { 2, 0, 1 })] }, new([2, 3])],
        ["Concat"] = [new([2, 3], [2, 1], [2, 2]) { Attributes = [("axis", -1)] }],
        ["Slice"] = [new([4, 5]) { Constants = [[1, -3], [3, 9], [0, 1]] }],
        ["Add"] = [new([2, 3], [3]), new([1], [2, 2])],
        ["Sub"] = [new([2, 3], [2, 1])],
        ["Mul"] = [new([2, 3], [1, 3]), new([2, 3], [])],
        ["Div"] = [new([3], [2, 3])],
        ["Pow"] = [new([2, 3], [3])],
        ["Max"] = [new([5], [5])],
        ["Min"] = [new([5], [2, 5])],
        ["Sum"] = [new([3], [2, 3], [1])],
        ["Where"] = [new([4], [2, 4]) { Condition = [true, false, false, true] }],
        ["Neg"] = [new([3])],
        ["Abs"] = [new([3]) { Low = -2 }],
        ["Exp"] = [new([3])],
        ["Log"] = [new([3])],
        ["Sqrt"] = [new([3])],
        ["Reciprocal"] = [new([3])],
        ["Sin"] = [new([3])],
        ["Cos"] = [new([3])],
        ["Relu"] = [new([9]) { Low = -2 }],
        ["LeakyRelu"] = [new([9]) { Low = -2, Attributes = [("alpha", 0.25f)] }],
        ["Sigmoid"] = [new([3])],
        ["Tanh"] = [new([3])],
        ["Softplus"] = [new([3])],
        ["Erf"] = [new([3])],
        ["ReduceSum"] = [new([2, 3, 4]) { Constant = [-1], Attributes = [("keepdims", 0)] }, new([2, 3])],
        ["ReduceMean"] = [new([2, 3, 4]) { Constant = [0, 2] }],
        ["GlobalAveragePool"] = [new([1, 2, 3, 4])],
        ["Softmax"] = [new([3, 4]), new([3, 4]) { Attributes = [("axis", 0)] }],
        ["LogSoftmax"] = [new([3, 4])],
        ["MatMul"] = [new([2, 3], [3, 4]), new([3], [3, 4]), new([2, 3], [3]), new([2, 2, 3], [3, 2]), new([1, 2, 3], [4, 3, 2])],
        ["Gemm"] = [new([3, 2], [4, 3], [4]) { Attributes = [("transA", 1), ("transB", 1), ("alpha", 0.5f), ("beta", 2f)] }, new([2, 3], [3, 4])],
        ["Conv"] =
        [
            new([1, 2, 5, 6], [3, 2, 3, 3], [3]) { Attributes = [("pads", new long[] { 1, 1, 1, 1 })] },
            new([2, 2, 7, 6], [3, 2, 3, 2]) { Attributes = [("strides", new long[] { 2, 3 }), ("pads", new long[] { 0, 1, 1, 0 }), ("dilations", new long[] { 2, 1 })] },
            new([1, 2, 9], [1, 2, 3]) { Attributes = [("strides", new long[] { 2 })] },
        ],
    };

    public static IEnumerable<object[]> AllCases => Cases.SelectMany(static pair => pair.Value.Select((_, i) => new object[] { pair.Key, i }));

    [Fact]
    public void EveryRuleHasACase() => GradientRules.Operators.Order().ShouldBe(Cases.Keys.Order());

    [Theory]
    [MemberData(nameof(AllCases))]
    public void IsTheLimitOfDifferences(string op, int index)
    {
        Case test = Cases[op][index];
        Graph graph = OperatorCheck.Import(Model(op, test).ToBytes());
        var random = new Random(7);
        double[][] inputs = test.Shapes.Select(s => Enumerable.Range(0, (int)Count(s)).Select(_ => test.Low + (random.NextDouble() * (2 - test.Low))).ToArray()).ToArray();
        IReadOnlyList<Tensor> Run() => GraphInterpreter.Run(graph, inputs.Select((x, i) => Tensor.Create(ElementType.Float64, ShapeOf(test.Shapes[i]), x.ToArray())).ToArray());
        double[][] gradients = Run().Skip(1).Select(static t => t.AsSpan<double>().ToArray()).ToArray();
        const double Step = 1e-5;
        for (int input = 0; input < inputs.Length; input++)
        {
            for (int i = 0; i < inputs[input].Length; i++)
            {
                double x = inputs[input][i];
                inputs[input][i] = x + Step;
                double above = Run()[0].AsSpan<double>()[0];
                inputs[input][i] = x - Step;
                double below = Run()[0].AsSpan<double>()[0];
                inputs[input][i] = x;
                double expected = (above - below) / (2 * Step);
                gradients[input][i].ShouldBe(expected, 1e-6 * (1 + Math.Abs(expected)), $"input {input}, element {i}");
            }
        }
    }

    [Fact]
    public void NetworkRunsBackwardsOnCompiledCode() => OperatorCheck.Run(
        new ModelBuilder().Import(Domain, 1)
            .Input("x", OnnxDataType.Float, 2, 3, 9, 9).Input("w", OnnxDataType.Float, 5, 3, 3, 3).Input("v", OnnxDataType.Float, 5, 4).Input("t", OnnxDataType.Float, 2, 4)
            .Node("Conv", ["x", "w"], ["c"], ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 }))
            .Node("Relu", ["c"], ["r"])
            .Node("GlobalAveragePool", ["r"], ["p"])
            .Node("Flatten", ["p"], ["f"])
            .Node("MatMul", ["f", "v"], ["s"])
            .Node("LogSoftmax", ["s"], ["l"])
            .Node("Mul", ["l", "t"], ["m"])
            .Node("ReduceMean", ["m"], ["loss"], ("keepdims", 0))
            .Node(Domain, "Gradient", ["w", "v", "x", "t"], ["dw", "dv"], ("xs", new[] { "w", "v" }), ("zs", new[] { "x", "t" }), ("y", "loss"))
            .Output("loss").Output("dw").Output("dv"),
        relative: 1e-4,
        absolute: 1e-5);

    [Fact]
    public void OtherInputsAreOtherPoints()
    {
        // d(x²·z)/dx at x = u, z = v is 2·u·v; what stands behind z does not count.
        ModelBuilder model = new ModelBuilder().Import(Domain, 1);
        foreach (string name in new[] { "x", "a", "u", "v" })
        {
            model.Input(name, OnnxDataType.Float, 1);
        }

        model.Node("Mul", ["a", "x"], ["z"]).Node("Mul", ["x", "x"], ["square"]).Node("Mul", ["square", "z"], ["y"])
            .Node(Domain, "Gradient", ["u", "v"], ["d"], ("xs", new[] { "x" }), ("zs", new[] { "z" }), ("y", "y")).Output("d");
        Tensor[] inputs = new[] { 2f, 3f, 5f, 7f }.Select(static v => Tensor.Create(ElementType.Float32, new Shape(1), new[] { v })).ToArray();
        ScheduleCheck.Evaluate(model, inputs).Floats()[0].ShouldBe(70f);
    }

    [Fact]
    public void WhatTheResultDoesNotDependOnHasZeros()
    {
        ModelBuilder model = new ModelBuilder().Import(Domain, 1).Input("x", OnnxDataType.Float, 2).Input("z", OnnxDataType.Float, 3)
            .Node("Exp", ["x"], ["y"]).Node(Domain, "Gradient", ["x", "z"], ["dx", "dz"], ("xs", new[] { "x", "z" }), ("y", "y")).Output("dz");
        ScheduleCheck.Evaluate(model, ScheduleCheck.Counting(2), ScheduleCheck.Counting(3)).Floats().ToArray().ShouldBe([0f, 0f, 0f]);
    }

    [Fact]
    public void FileMayNameTheResultBeforeItIsMade() => OperatorCheck.Run(new ModelBuilder().Import(Domain, 1).Input("x", OnnxDataType.Float, 2)
        .Node(Domain, "Gradient", ["x"], ["d"], ("xs", new[] { "x" }), ("y", "y")).Node("Tanh", ["x"], ["y"]).Output("d"));

    [Theory]
    [InlineData("x", "missing", DiagnosticCodes.GraphMalformed)]
    [InlineData("missing", "y", DiagnosticCodes.GraphMalformed)]
    [InlineData("w", "y", DiagnosticCodes.FeatureUnsupported)]
    [InlineData("x", "rounded", DiagnosticCodes.FeatureUnsupported)]
    public void RefusesWhatHasNoDerivative(string x, string y, string code) => OperatorCheck.Fails(new ModelBuilder().Import(Domain, 1).Input("x", OnnxDataType.Float, 2)
        .Initializer("w", [2], 1f, 2f).Node("Mul", ["x", "w"], ["y"]).Node("Round", ["y"], ["rounded"])
        .Node(Domain, "Gradient", ["x"], ["d"], ("xs", new[] { x }), ("y", y)).Output("d")).Code.ShouldBe(code);

    private static ModelBuilder Model(string op, Case test)
    {
        ModelBuilder model = new ModelBuilder().Import(Domain, 1);
        string[] inputs = test.Shapes.Select((s, i) =>
        {
            model.Input($"x{i}", OnnxDataType.Double, s);
            return $"x{i}";
        }).ToArray();
        string[] constants = test.Constants.Select((c, i) =>
        {
            model.Initializer($"c{i}", [c.Length], c);
            return $"c{i}";
        }).ToArray();
        if (test.Condition is { } condition)
        {
            model.RawInitializer("condition", OnnxDataType.Bool, [condition.Length], condition.Select(static b => b ? (byte)1 : (byte)0).ToArray());
            constants = ["condition"];
        }

        // The result's elements have different shares, so that a derivative in the wrong place is another number.
        string[] operands = test.Condition is null ? [.. inputs, .. constants] : [.. constants, .. inputs];
        model.Node(op, operands, ["result"], test.Attributes)
            .Initializer("minus", [1], -1L).Node("Reshape", ["result", "minus"], ["row"])
            .Node("Size", ["result"], ["size"]).Initializer("zero", [], 0L).Initializer("one", [], 1L).Node("Range", ["zero", "size", "one"], ["count"])
            .Node("Cast", ["count"], ["shares"], ("to", (long)OnnxDataType.Double)).Node("Mul", ["row", "shares"], ["parts"])
            .Node("ReduceSum", ["parts"], ["y"], ("keepdims", 0))
            .Node(Domain, "Gradient", inputs, inputs.Select(static i => $"d{i}").ToArray(), ("xs", inputs), ("y", "y"))
            .Output("y");
        return inputs.Aggregate(model, static (m, i) => m.Output($"d{i}"));
    }

    private static long Count(long[] shape) => shape.Aggregate(1L, static (a, b) => a * b);

    private static Shape ShapeOf(long[] shape) => new(shape.Select(static d => (int)d));

    private sealed record Case(params long[][] Shapes)
    {
        public (string Name, object Value)[] Attributes { get; init; } = [];

        public long[][] Constants { get; init; } = [];

        public long[] Constant
        {
            init => Constants = [value];
        }

        public bool[]? Condition { get; init; }

        /// <summary>Smallest input; the greatest is 2.</summary>
        public double Low { get; init; } = 0.5;
    }
}
