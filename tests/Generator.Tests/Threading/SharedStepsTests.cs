using System;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;
using AotCompiler.Onnx;
using AotCompiler.Planning;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Operators.Recurrent;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Threading;

/// <summary>
/// Kinds of steps that threads share: how many units they have, uneven for two or three threads, and that results have the same bits on any
/// number of threads, which <see cref="OperatorCheck"/> compares.
/// </summary>
public sealed class SharedStepsTests
{
    /// <summary>Neighbouring columns in parts of a joined loop, single columns apart, and rows.</summary>
    [Theory]
    [InlineData("ArgMax", new long[] { 1, 21, 45, 43 }, 1, 15)]
    [InlineData("ArgMin", new long[] { 1, 5, 24, 48 }, 1, 18)]
    [InlineData("ArgMax", new long[] { 19, 70 }, 1, 19)]
    [InlineData("ArgMin", new long[] { 3, 7, 5 }, 2, 21)]
    public void PositionsOfExtremes(string op, long[] shape, long axis, int units)
    {
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float, shape).Node("Floor", ["x"], ["f"])
            .Node(op, ["f"], ["y"], ("axis", axis)).Output("y");
        Divides<ArgStep>(model, units, low: 0, high: 9);
    }

    [Theory]
    [InlineData(new long[] { 1, 21, 45, 43 }, 1, 15)]
    [InlineData(new long[] { 19, 70 }, 1, 19)]
    [InlineData(new long[] { 17, 3 }, 1, 17)]
    public void LargestOfSlices(long[] shape, long axis, int units)
    {
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float, shape).Node("Floor", ["x"], ["f"])
            .Node("Hardmax", ["f"], ["y"], ("axis", axis)).Output("y");
        Divides<HardmaxStep>(model, units, low: 0, high: 9);
    }

    /// <summary>Rows of a table, parts of few long rows, and single elements.</summary>
    [Theory]
    [InlineData(new long[] { 40, 24 }, new long[] { 19 }, 0, 19)]
    [InlineData(new long[] { 5, 330 }, new long[] { 3 }, 0, 15)]
    [InlineData(new long[] { 17, 9 }, new long[] { 7 }, 1, 17)]
    public void SelectedRows(long[] shape, long[] count, long axis, int units) => Divides<GatherStep>(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, shape)
            .Input("i", OnnxDataType.Int64, count)
            .Node("Gather", ["x", "i"], ["y"], ("axis", axis))
            .Output("y"),
        units,
        low: -5,
        high: 5);

    [Fact]
    public void SelectedElements() => Divides<GatherStep>(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 5, 7, 33)
            .Input("i", OnnxDataType.Int64, 5, 7, 33)
            .Node("GatherElements", ["x", "i"], ["y"], ("axis", 1))
            .Output("y"),
        35,
        low: -7,
        high: 7);

    /// <summary>Of two steps of which some units fail, the first one is named, whichever thread finds it and however many there are.</summary>
    [Theory]
    [InlineData(0, 36)]
    [InlineData(36, 0)]
    [InlineData(18, 18)]
    [InlineData(36, -1)]
    [InlineData(-1, 0)]
    public void TheFirstStepThatFailsIsNamed(int first, int second)
    {
        byte[] model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 40, 16)
            .Input("i", OnnxDataType.Int64, 37)
            .Input("j", OnnxDataType.Int64, 37)
            .Node("Gather", ["x", "i"], ["a"])
            .Node("Gather", ["x", "j"], ["b"])
            .Node("Add", ["a", "b"], ["y"])
            .Output("y")
            .ToBytes();
        CompiledModel compiled = CompiledModel.CompileAll(model, ["x86-64-v3"], new CompilerOptions { ShareEverything = true })[0];
        compiled.Result.Plan!.Schedule.Steps.OfType<GatherStep>().ShouldAllBe(s => compiled.Result.Plan!.IsShared(s));
        Tensor x = OperatorCheck.RandomTensor(compiled.Graph.Inputs[0], new Random(1));
        string Message(int threads) => Should.Throw<ArgumentOutOfRangeException>(() => compiled.RunThreaded(threads, 1, x, Indices(first), Indices(second))).Message;
        string expected = Message(1);
        foreach (int threads in new[] { 2, 3, 7 })
        {
            Message(threads).ShouldBe(expected);
        }

        static Tensor Indices(int wrong) =>
            Tensor.Create(ElementType.Int64, new Shape(37), Enumerable.Range(0, 37).Select(i => i == wrong ? 40L : i).ToArray());
    }

    [Fact]
    public void ValuesOfKeys() => Divides<TableLookupStep>(
        new ModelBuilder()
            .Import("ai.onnx.ml", 2)
            .Input("x", OnnxDataType.Int64, 3, 100)
            .Node("ai.onnx.ml", "LabelEncoder", ["x"], ["y"], ("keys_int64s", new long[] { 1, -2, 0 }), ("values_floats", new[] { 0.5f, 7, -3 }))
            .Output("y"),
        15,
        low: -4,
        high: 4);

    /// <summary>Blocks of rows with and without NaN, few rows, and trees whose branches differ.</summary>
    [Theory]
    [InlineData(75, "BRANCH_LEQ", 10)]
    [InlineData(5, "BRANCH_LEQ", 5)]
    [InlineData(75, "BRANCH_LT", 75)]
    public void RowsOfForests(int rows, string second, int units)
    {
        ModelBuilder model = new ModelBuilder().Import("ai.onnx.ml", 1).Input("x", OnnxDataType.Float, rows, 2).Node(
            "ai.onnx.ml",
            "TreeEnsembleRegressor",
            ["x"],
            ["y"],
            ("n_targets", 2),
            ("nodes_treeids", new long[] { 0, 0, 0, 0, 0, 1, 1, 1 }),
            ("nodes_nodeids", new long[] { 0, 1, 2, 3, 4, 0, 1, 2 }),
            ("nodes_featureids", new long[] { 0, 0, 1, 0, 0, 0, 0, 0 }),
            ("nodes_modes", new[] { "BRANCH_LEQ", "LEAF", second, "LEAF", "LEAF", "BRANCH_LEQ", "LEAF", "LEAF" }),
            ("nodes_values", new[] { 0.5f, 0, -0.5f, 0, 0, -0.2f, 0, 0 }),
            ("nodes_truenodeids", new long[] { 1, 0, 3, 0, 0, 1, 0, 0 }),
            ("nodes_falsenodeids", new long[] { 2, 0, 4, 0, 0, 2, 0, 0 }),
            ("target_treeids", new long[] { 0, 0, 0, 0, 1, 1 }),
            ("target_nodeids", new long[] { 1, 3, 4, 4, 1, 2 }),
            ("target_ids", new long[] { 0, 1, 0, 1, 0, 1 }),
            ("target_weights", new[] { 10f, 20, 30.3f, 30, 1.7f, 2 })).Output("y");
        if (second == "BRANCH_LEQ")
        {
            Divides<PackedForestStep>(model, units);
        }
        else
        {
            Divides<ForestStep>(model, units);
        }
    }

    /// <summary>Sorted keys, a heap of keys and a heap of values, of slices in rows and apart.</summary>
    [Theory]
    [InlineData(new long[] { 19, 40 }, 1, 40, 19)]
    [InlineData(new long[] { 40, 23 }, 0, 40, 23)]
    [InlineData(new long[] { 5, 700, 3 }, 1, 20, 15)]
    public void RankedSlices(long[] shape, long axis, int k, int units) => Divides<RankStep>(Best(shape, axis, k), units, low: 0, high: 99);

    /// <summary>Keys that have no room on a thread's stack are those of one thread.</summary>
    [Fact]
    public void LongListsOfKeysAreOnePiece()
    {
        Step step = ScheduleCheck.Steps(Best([3, 20_000], 1, 20_000)).OfType<RankStep>().ShouldHaveSingleItem();
        step.ParallelExtent(Simd.V512).ShouldBe((Extent)1);
    }

    [Theory]
    [InlineData(new long[] { 19, 40 }, 1, 3, 19)]
    [InlineData(new long[] { 40, 23 }, 0, 2, 23)]
    public void BestOfSlices(long[] shape, long axis, int k, int units) => Divides<TopKStep>(Best(shape, axis, k), units, low: 0, high: 99);

    private static ModelBuilder Best(long[] shape, long axis, int k) => new ModelBuilder()
        .Input("x", OnnxDataType.Float, shape)
        .Initializer("k", [1], (long)k)
        .Node("Floor", ["x"], ["f"])
        .Node("TopK", ["f", "k"], ["y", "at"], ("axis", axis))
        .Output("y").Output("at");

    /// <summary>Rows of all matrices at a time, and small matrices.</summary>
    [Theory]
    [InlineData(new long[] { 3, 19, 40 }, 19)]
    [InlineData(new long[] { 23, 5, 7 }, 23)]
    [InlineData(new long[] { 5, 1 }, 5)]
    public void Triangles(long[] shape, int units) => Divides<TriangleStep>(
        new ModelBuilder().Input("x", OnnxDataType.Float, shape).Input("k", OnnxDataType.Float, shape).Node("Add", ["x", "k"], ["s"])
            .Node("Trilu", ["s"], ["y"], ("upper", 0)).Output("y"),
        units);

    [Theory]
    [InlineData(-1, 21)]
    [InlineData(0, 21)]
    public void MarkedIndices(int axis, int units) => Divides<OneHotStep>(
        new ModelBuilder()
            .Input("i", OnnxDataType.Int64, 3, 7)
            .Initializer("d", [], 5L)
            .Input("v", OnnxDataType.Float, 2)
            .Node("OneHot", ["i", "d", "v"], ["y"], ("axis", axis))
            .Output("y"),
        units,
        low: -6,
        high: 6);

    /// <summary>Steps of few sequences, and many sequences.</summary>
    [Theory]
    [InlineData(0, 1, new long[] { 19, 3, 7 }, 19)]
    [InlineData(1, 0, new long[] { 17, 3, 5 }, 17)]
    public void ReversedSequences(int time, int batch, long[] shape, int units) => Divides<ReverseSequenceStep>(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, shape)
            .Input("l", OnnxDataType.Int64, shape[batch])
            .Node("ReverseSequence", ["x", "l"], ["y"], ("time_axis", time), ("batch_axis", batch))
            .Output("y"),
        units,
        low: 0,
        high: 3);

    [Fact]
    public void MaximaWithPositions() => Divides<MaxPoolIndicesStep>(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 2, 3, 9, 11)
            .Node("Floor", ["x"], ["f"])
            .Node("MaxPool", ["f"], ["y", "at"], ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 0, 1, 2 }))
            .Output("y").Output("at"),
        30);

    [Theory]
    [InlineData(19, 3, 19)]
    [InlineData(3, 23, 23)]
    public void DistancesOfPairs(int rows, int columns, int units) => Divides<DistanceStep>(
        new ModelBuilder()
            .Import("com.microsoft", 1)
            .Input("a", OnnxDataType.Float, rows, 37)
            .Input("b", OnnxDataType.Float, columns, 37)
            .Node("com.microsoft", "CDist", ["a", "b"], ["y"], ("metric", "euclidean"))
            .Output("y"),
        units);

    /// <summary>Products of small integers: rows, and the columns of few rows.</summary>
    [Theory]
    [InlineData(19, 5, 19)]
    [InlineData(3, 23, 23)]
    public void ProductsByDefinition(int rows, int columns, int units)
    {
        Divides<GenericMatrixStep>(
            new ModelBuilder().Input("a", OnnxDataType.Int16, 2, rows, 7).Input("b", OnnxDataType.Int16, 7, columns).Node("MatMul", ["a", "b"], ["y"]).Output("y"), units, low: -9, high: 9);
        Divides<GenericGemmStep>(
            new ModelBuilder().Input("a", OnnxDataType.Int32, rows, 7).Input("b", OnnxDataType.Int32, 7, columns).Input("c", OnnxDataType.Int32, columns)
                .Node("Gemm", ["a", "b", "c"], ["y"], ("alpha", 0.5f)).Output("y"),
            units,
            low: -9,
            high: 9);
    }

    /// <summary>Output channels, and samples where these are more.</summary>
    [Theory]
    [InlineData(1, 6, 3, 6)]
    [InlineData(17, 4, 2, 17)]
    public void ConvolutionsByDefinition(int samples, int channels, int groups, int units) => Divides<GenericConvolutionStep>(
        new ModelBuilder()
            .Input("x", OnnxDataType.Double, samples, 6, 5, 4)
            .Input("w", OnnxDataType.Double, channels, 6 / groups, 3, 2)
            .Input("b", OnnxDataType.Double, channels)
            .Node("Conv", ["x", "w", "b"], ["y"], ("group", groups))
            .Output("y"),
        units);

    [Fact]
    public void TransposedConvolutionsByDefinition() => Divides<GenericTransposedConvolutionStep>(
        new ModelBuilder()
            .Input("x", OnnxDataType.Double, 1, 4, 3, 2, 3)
            .Input("w", OnnxDataType.Double, 4, 5, 2, 2, 2)
            .Node("ConvTranspose", ["x", "w"], ["y"], ("strides", new long[] { 2, 1, 2 }))
            .Output("y"),
        5);

    /// <summary>Memory without gaps is walked from where a share begins.</summary>
    [Fact]
    public void PackedSizesOfTheRun() => DividesSizes<PackStep>(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, ["a", 7, "b"])
            .Node("Exp", ["x"], ["y"])
            .Output("y"),
        "a=1..9;b=1..40",
        ["a=1;b=1", "a=3;b=40", "a=9;b=17"]);

    [Fact]
    public void TablesOfResampling() => DividesSizes<ResampleTableStep>(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, [1, 2, "a", 5])
            .Initializer("scales", [4], 1f, 1, 2.5f, 2)
            .Node("Resize", ["x", "", "scales"], ["y"], ("mode", "linear"), ("coordinate_transformation_mode", "align_corners"))
            .Output("y"),
        "a=1..40",
        ["a=1", "a=7", "a=40"]);

    /// <summary>Groups of sequences, of which the last one has fewer.</summary>
    [Theory]
    [InlineData(7, 1)]
    [InlineData(17, 2)]
    [InlineData(37, 4)]
    public void SequencesOfARecurrence(int batch, int units)
    {
        ModelBuilder lstm = new RecurrentModels("LSTM", 4, "y", "yh", "yc") { Batch = batch }.Plain();
        ModelBuilder gru = new RecurrentModels("GRU", 3, "y", "yh") { Batch = batch }.Plain("reverse");
        if (units == 1)
        {
            ScheduleCheck.Steps(lstm).OfType<LstmStep>().ShouldHaveSingleItem().ParallelExtent(Simd.V512).ShouldBe((Extent)1);
            return;
        }

        Divides<LstmStep>(lstm, units);
        Divides<GruStep>(gru, units);
    }

    /// <summary>Sequences with lengths, each by itself; a wrong length is found by any thread.</summary>
    [Fact]
    public void SequencesOfLengths()
    {
        Divides<RnnStep>(new RecurrentModels("RNN", 1, "y", "yh") { Batch = 5 }.WithLengths("forward", 3, 5, 1, 0, 4), 5);
        byte[] model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 4, 5, 3)
            .Input("l", OnnxDataType.Int32, 5)
            .Initializer("w", [1, 6, 3], Weights.Random(18, 1))
            .Initializer("r", [1, 6, 6], Weights.Random(36, 2))
            .Node("RNN", ["x", "w", "r", "", "l"], ["y"], ("hidden_size", 6))
            .Output("y")
            .ToBytes();
        CompiledModel compiled = CompiledModel.CompileAll(model, ["x86-64-v3"], new CompilerOptions { ShareEverything = true })[0];
        Tensor x = OperatorCheck.RandomTensor(compiled.Graph.Inputs[0], new Random(1));
        foreach (int threads in new[] { 1, 2, 3 })
        {
            Should.Throw<ArgumentOutOfRangeException>(() => compiled.RunThreaded(threads, 1, x, Tensor.Create(ElementType.Int32, new Shape(5), [4, 3, 2, 1, 5])));
        }
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(19, 4)]
    public void BothDirections(int batch, int units)
    {
        ModelBuilder model = new RecurrentModels("LSTM", 4, "y", "yh", "yc") { Batch = batch }.Full();
        Divides<BidirectionalStep>(model, units);
        ScheduleCheck.Steps(model, new CompilerOptions { SingleThreaded = true }).OfType<LstmStep>().Count().ShouldBe(2);
        ScheduleCheck.Steps(model, new CompilerOptions { Optimize = OptimizationGoal.Size }).OfType<LstmStep>().Count().ShouldBe(2);
    }

    /// <summary>States that have no room on a thread's stack are those of one thread.</summary>
    [Fact]
    public void LongStatesAreOnePiece() => ScheduleCheck.Steps(new RecurrentModels("RNN", 1, "y") { Batch = 32, Hidden = 1400, Steps = 1 }.Plain())
        .OfType<RnnStep>().ShouldHaveSingleItem().ParallelExtent(Simd.V512).ShouldBe((Extent)1);

    [Theory]
    [InlineData("forward")]
    [InlineData("bidirectional")]
    public void SequencesOfTheRun(string direction)
    {
        int directions = direction == "forward" ? 1 : 2;
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, ["t", "b", 3])
            .Initializer("w", [directions, 20, 3], Weights.Random(directions * 60, 1))
            .Initializer("r", [directions, 20, 5], Weights.Random(directions * 100, 2))
            .Node("LSTM", ["x", "w", "r"], ["y", "yh"], ("hidden_size", 5), ("direction", direction))
            .Output("y").Output("yh");
        string[] sizes = ["t=1;b=1", "t=6;b=40", "t=4;b=11", "t=3;b=37"];
        if (directions == 1)
        {
            DividesSizes<LstmStep>(model, "t=1..6;b=1..40", sizes);
        }
        else
        {
            DividesSizes<BidirectionalStep>(model, "t=1..6;b=1..40", sizes);
        }
    }

    private static void Divides<T>(ModelBuilder model, int units, float low = -2, float high = 2)
        where T : Step
    {
        CompilationResult result = ModelCompiler.Compile(
            ModelFile.FromBytes(model.ToBytes()), NoExternalData.Instance, new CompilerOptions { AcceptsInternalOperators = true, ShareEverything = true });
        result.Success.ShouldBeTrue(string.Join("\n", result.Diagnostics));
        ExecutionPlan plan = result.Plan!;
        T step = plan.Schedule.Steps.OfType<T>().ShouldHaveSingleItem();
        step.ParallelExtent(Simd.V512).Maximum.ShouldBe(units);
        plan.IsShared(step).ShouldBeTrue();
        OperatorCheck.Run(model, low: low, high: high);
    }

    private static void DividesSizes<T>(ModelBuilder model, string ranges, string[] sizes)
        where T : Step
    {
        CompilerOptions options = new() { ShareEverything = true, Dimensions = OptionParser.Dimensions(ranges) };
        ExecutionPlan plan = CompiledModel.Compile(model.ToBytes(), OperatorCheck.SharedIsa, options).Result.Plan!;
        T[] steps = plan.Schedule.Steps.OfType<T>().ToArray();
        steps.ShouldNotBeEmpty();
        steps.ShouldAllBe(s => s.ParallelExtent(Simd.V512).IsDynamic && plan.IsShared(s));
        RunTimeSizesCheck.Run(model, ranges, sizes);
    }
}
