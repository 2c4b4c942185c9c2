using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Cli.Fuzzing;
using AotCompiler.Compiler;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using Shouldly;
using Xunit;

namespace AotCompiler.Tests.Fuzzing;

/// <summary>Small files that ask for much: time, memory or code. They end soon, in code or in an explained refusal.</summary>
public class BombTests
{
    private static readonly Dictionary<string, ModelBuilder> _bombs = new(StringComparer.Ordinal)
    {
        ["ConstantOfShape"] = Constant([1 << 20, 1 << 20], "ConstantOfShape"),
        ["Expand"] = OnInput([1], [1 << 16, 1 << 16], "Expand"),
        ["Expand below the limit"] = OnInput([1], [1 << 14, 1 << 14], "Expand"),
        ["Tile"] = OnInput([4], [1 << 30], "Tile"),
        ["Tile of a constant"] = new ModelBuilder().Initializer("x", [2], 1f, 2f).Initializer("s", [1], 1L << 27).Node("Tile", ["x", "s"], ["y"]).Output("y"),
        ["Pad"] = OnInput([4], [1L << 40, 1], "Pad"),
        ["Pad below the limit"] = OnInput([4], [1 << 28, 1], "Pad"),
        ["Range"] = new ModelBuilder().Initializer("a", [], 0L).Initializer("b", [], long.MaxValue).Initializer("c", [], 1L).Node("Range", ["a", "b", "c"], ["y"]).Output("y"),
        ["Resize"] = new ModelBuilder().Input("x", OnnxDataType.Float, 1, 1, 4, 4).Initializer("s", [4], 1f, 1f, 3e4f, 3e4f).Node("Resize", ["x", "", "s"], ["y"]).Output("y"),
        ["OneHot"] = new ModelBuilder().Input("x", OnnxDataType.Int64, 4).Initializer("d", [], 1L << 40).Initializer("v", [2], 0f, 1f).Node("OneHot", ["x", "d", "v"], ["y"]).Output("y"),
        ["Split"] = new ModelBuilder().Input("x", OnnxDataType.Float, 4).Node("Split", ["x"], ["y"], ("num_outputs", 1L << 40)).Output("y"),
        ["Broadcast"] = new ModelBuilder().Input("x", OnnxDataType.Float, 1 << 20, 1).Input("z", OnnxDataType.Float, 1, 1 << 20).Node("Add", ["x", "z"], ["y"]).Output("y"),
        ["Broadcast beyond 64 bits"] = new ModelBuilder().Input("x", OnnxDataType.Float, 1 << 30, 1, 1).Input("z", OnnxDataType.Float, 1, 1 << 30, 1).Input("w", OnnxDataType.Float, 1, 1, 1 << 30).Node("Sum", ["x", "z", "w"], ["y"]).Output("y"),
        ["Input beyond 64 bits"] = new ModelBuilder().Input("x", OnnxDataType.Float, int.MaxValue, int.MaxValue, int.MaxValue).Output("x"),
        ["Empty input beyond 64 bits"] = new ModelBuilder().Input("x", OnnxDataType.Float, int.MaxValue, int.MaxValue, int.MaxValue, 0).Node("Neg", ["x"], ["y"]).Output("y"),
        ["Kernel"] = new ModelBuilder().Input("x", OnnxDataType.Float, 1, 1, 8).Node("MaxPool", ["x"], ["y"], ("kernel_shape", new[] { 1L << 29 }), ("pads", new[] { 1L << 28, 1L << 28 })).Output("y"),
        ["Dilation"] = new ModelBuilder().Input("x", OnnxDataType.Float, 1, 1, 64).Initializer("w", [1, 1, 3], 1f, 2f, 3f).Node("Conv", ["x", "w"], ["y"], ("dilations", new[] { 1L << 28 }), ("pads", new[] { 1L << 28, 1L << 28 })).Output("y"),
        ["Stride"] = new ModelBuilder().Input("x", OnnxDataType.Float, 1, 1, 2).Initializer("w", [1, 1, 3], 1f, 2f, 3f).Node("ConvTranspose", ["x", "w"], ["y"], ("strides", new[] { 20_000L })).Output("y"),
        ["Reduction"] = new ModelBuilder().Input("x", OnnxDataType.Float, 1).Initializer("s", [2], 1L << 15, 1L << 15).Node("Expand", ["x", "s"], ["e"]).Node("ReduceSum", ["e"], ["y"]).Output("y"),
        ["Folded product"] = new ModelBuilder().Input("x", OnnxDataType.Float, 1).Initializer("c", [1], 1f).Initializer("s", [2], 1L << 14, 1L << 14).Node("Expand", ["c", "s"], ["e"]).Node("MatMul", ["e", "e"], ["m"]).Node("ReduceSum", ["m"], ["r"]).Node("Add", ["x", "r"], ["y"]).Output("y"),
        ["Long chain"] = Chain(1000),
        ["Wide Concat"] = new ModelBuilder().Input("x", OnnxDataType.Float, 3).Node("Concat", Enumerable.Repeat("x", 500).ToArray(), ["y"], ("axis", 0)).Output("y"),
    };

    public static TheoryData<string> Names() => [.. _bombs.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Bombs_do_not_go_off(string name)
    {
        MutantOutcome outcome = MutantCheck.Compile(_bombs[name].ToBytes(), new CompilerOptions { ModelName = "Bomb" }, MutatedModelTests.Limits);
        outcome.Problem.ShouldBeNull();
        (outcome.Result!.Success ? MutantCheck.CodeProblem([outcome.Result]) : null).ShouldBeNull();
        outcome.Result.Diagnostics.Select(static d => d.Message).ShouldAllBe(static m => m.EndsWith('.'));
    }

    private static ModelBuilder Constant(long[] shape, string op) =>
        new ModelBuilder().Initializer("s", [shape.Length], shape).Node(op, ["s"], ["y"]).Output("y");

    private static ModelBuilder OnInput(long[] dims, long[] argument, string op) =>
        new ModelBuilder().Input("x", OnnxDataType.Float, dims).Initializer("s", [argument.Length], argument).Node(op, ["x", "s"], ["y"]).Output("y");

    private static ModelBuilder Chain(int length)
    {
        ModelBuilder model = new ModelBuilder().Input("v0", OnnxDataType.Float, 8);
        for (int i = 0; i < length; i++)
        {
            model.Node(i % 2 == 0 ? "Sin" : "Softmax", [$"v{i}"], [$"v{i + 1}"]);
        }

        return model.Output($"v{length}");
    }
}
