using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.ControlFlow;

public sealed class ScanTests
{
    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(1, 0, 0, 1)]
    [InlineData(-1, 1, 1, -1)]
    public void Walks_and_collects(int inputAxis, int reversedInput, int reversedOutput, int outputAxis) => OperatorCheck.Run(new ModelBuilder()
        .Input("h", OnnxDataType.Float, 5)
        .Input("x", OnnxDataType.Float, 5, 5)
        .Node("Scan", ["h", "x"], ["y", "all"],
            ("num_scan_inputs", 1), ("scan_input_axes", new long[] { inputAxis }), ("scan_input_directions", new long[] { reversedInput }),
            ("scan_output_directions", new long[] { reversedOutput }), ("scan_output_axes", new long[] { outputAxis }), ("body", Body()))
        .Output("y").Output("all"));

    [Fact]
    public void Reads_weights_from_around()
    {
        var random = new Random(5);
        float[] weights = Enumerable.Range(0, 24 * 24).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray();
        OperatorCheck.Run(new ModelBuilder()
            .Input("h", OnnxDataType.Float, 2, 24)
            .Input("x", OnnxDataType.Float, 33, 2, 24)
            .Initializer("w", [24, 24], weights)
            .Node("Scan", ["h", "x"], ["y", "all"], ("num_scan_inputs", 1), ("body", new GraphBuilder()
                .Input("s", OnnxDataType.Float).Input("part", OnnxDataType.Float)
                .Node("MatMul", ["s", "w"], ["a"]).Node("Add", ["a", "part"], ["b"]).Node("Tanh", ["b"], ["t"]).Node("Identity", ["t"], ["u"])
                .Output("t").Output("u")))
            .Output("y").Output("all"));
    }

    [Fact]
    public void Needs_no_state() => OperatorCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3, 4)
        .Input("z", OnnxDataType.Float, 3, 4)
        .Node("Scan", ["x", "z"], ["y"], ("num_scan_inputs", 2), ("body", new GraphBuilder()
            .Input("a", OnnxDataType.Float).Input("b", OnnxDataType.Float).Node("Mul", ["a", "b"], ["t"]).Output("t")))
        .Output("y"));

    [Fact]
    public void Opset8HasABatchOfTheRun() => RunTimeSizesCheck.Run(
        new ModelBuilder(8).Input("h", OnnxDataType.Float, ["n", 2]).Input("x", OnnxDataType.Float, ["n", 3, 2])
            .Node("Scan", ["", "h", "x"], ["y", "all"], ("num_scan_inputs", 1), ("body", Body())).Output("y").Output("all"),
        "n=1..4",
        ["n=1", "n=3", "n=4"]);

    [Fact]
    public void Opset8HasABatch() => OperatorCheck.Run(new ModelBuilder(8)
        .Input("h", OnnxDataType.Float, 3, 5)
        .Input("x", OnnxDataType.Float, 3, 4, 5)
        .Node("Scan", ["", "h", "x"], ["y", "all"], ("num_scan_inputs", 1), ("directions", new long[] { 1 }), ("body", Body()))
        .Output("y").Output("all"));

    /// <summary>Each element of the batch ends at a length of its own, or begins there where it is walked backwards; behind it zeros are collected.</summary>
    [Theory]
    [InlineData(true, 0, "")]
    [InlineData(true, 1, "")]
    [InlineData(false, 0, "")]
    [InlineData(false, 1, "")]
    [InlineData(false, 0, "t=1..4")]
    [InlineData(false, 1, "n=1..3")]
    public void Opset8HasLengths(bool areConstant, int reversed, string range)
    {
        long[] lengths = [4, 0, 2];
        ModelBuilder model = new ModelBuilder(8);
        _ = areConstant ? model.Initializer("lengths", [3], lengths) : model.Input("lengths", OnnxDataType.Int64, [range.StartsWith('n') ? "n" : 3]);
        model.Input("h", OnnxDataType.Float, [range.StartsWith('n') ? "n" : 3, 2]).Input("x", OnnxDataType.Float, [range.StartsWith('n') ? "n" : 3, range.StartsWith('t') ? "t" : 4, 2])
            .Node("Scan", ["lengths", "h", "x"], ["y", "all"], ("num_scan_inputs", 1), ("directions", new long[] { reversed }), ("body", Body())).Output("y").Output("all");
        Tensor h = ScheduleCheck.Counting(3, 2);
        Tensor x = ScheduleCheck.Counting(3, 4, 2);
        CompiledModel compiled = DataSizesCheck.Compile(model, range);
        int[] sizes = range.Length == 0 ? [] : range.StartsWith('n') ? [3] : [4];
        IReadOnlyList<Tensor> actual = areConstant ? compiled.RunAt(sizes, h, x) : compiled.RunAt(sizes, Tensor.Vector(lengths), h, x);
        for (int b = 0; b < 3; b++)
        {
            for (int k = 0; k < 2; k++)
            {
                float state = h.Floats()[(b * 2) + k];
                float[] collected = new float[4];
                for (int t = 0; t < lengths[b]; t++)
                {
                    float part = x.Floats()[(((b * 4) + (reversed == 1 ? (int)lengths[b] - 1 - t : t)) * 2) + k];
                    state += part;
                    collected[t] = state * part;
                }

                actual[0].Floats()[(b * 2) + k].ShouldBe(state);
                Enumerable.Range(0, 4).Select(t => actual[1].Floats()[(((b * 4) + t) * 2) + k]).ShouldBe(collected);
            }
        }

        if (!areConstant)
        {
            Should.Throw<ArgumentOutOfRangeException>(() => compiled.RunAt(sizes, Tensor.Vector(4, 5, 0), h, x));
        }
    }

    [Fact]
    public void Different_lengths_are_refused() => OperatorCheck.Fails(new ModelBuilder()
            .Input("x", OnnxDataType.Float, 3, 4).Input("z", OnnxDataType.Float, 4, 4)
            .Node("Scan", ["x", "z"], ["y"], ("num_scan_inputs", 2), ("body", new GraphBuilder()
                .Input("a", OnnxDataType.Float).Input("b", OnnxDataType.Float).Node("Mul", ["a", "b"], ["t"]).Output("t")))
            .Output("y"))
        .Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    private static GraphBuilder Body() => new GraphBuilder()
        .Input("s", OnnxDataType.Float).Input("part", OnnxDataType.Float)
        .Node("Add", ["s", "part"], ["t"]).Node("Mul", ["t", "part"], ["u"])
        .Output("t").Output("u");
}
