using System;
using AotCompiler.Compiler;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Composed;

/// <summary>RoiAlign whose regions, or their number, are known at run time only.</summary>
public sealed class RegionSamplesTests
{
    [Theory]
    [InlineData("avg", "half_pixel", (int)OnnxDataType.Float)]
    [InlineData("max", "output_half_pixel", (int)OnnxDataType.Float)]
    [InlineData("max", "half_pixel", (int)OnnxDataType.Double)]
    [InlineData("avg", "output_half_pixel", (int)OnnxDataType.Double)]
    [InlineData("avg", "half_pixel", (int)OnnxDataType.Float16)]
    public void Regions_of_the_run_are_sampled_as_constant_ones(string mode, string coordinates, int type)
    {
        // Regions inside the image, outside it on each side, empty and turned round.
        float[] regions = [0, 1, 2, 6, 3, 2, 4, 5, 1, 0, 3, 5, 4, 4, 4, 4, -5, -5, 30, 30, 6, 6, 2, 2, -9, -9, -4, -5];
        ModelBuilder Start() => new ModelBuilder(16).Input("x", (OnnxDataType)type, 2, 19, 8, 9).Initializer("b", [7], 0L, 1, 1, 0, 1, 0, 1);
        ModelBuilder Finish(ModelBuilder model) => model.Node("Cast", ["r"], ["typed"], ("to", (long)type)).Node(
            "RoiAlign", ["x", "typed", "b"], ["y"], ("mode", mode), ("coordinate_transformation_mode", coordinates), ("output_height", 2), ("output_width", 3), ("spatial_scale", 0.9f)).Output("y");
        Tensor x = OperatorCheck.RandomTensor(new Value("x", (ElementType)type, new Shape(2, 19, 8, 9)), new Random(1));
        Tensor r = Tensor.Create(ElementType.Float32, new Shape(7, 4), regions);
        byte[] atRunTime = Finish(Start().Input("r", OnnxDataType.Float, 7, 4)).ToBytes();
        double tolerance = type == (int)OnnxDataType.Float16 ? 1e-2 : 1e-4;
        Tensor expected = GraphInterpreter.Run(OperatorCheck.Import(Finish(Start().Initializer("r", [7, 4], regions)).ToBytes()), [x])[0];
        OperatorCheck.AssertClose(GraphInterpreter.Run(OperatorCheck.Import(atRunTime), [x, r])[0], expected, tolerance, tolerance, "interpreted");
        OperatorCheck.RunOn(atRunTime, [x, r], tolerance, tolerance);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Their_number_may_be_that_of_the_run(int ratio) => RunTimeSizesCheck.Run(
        new ModelBuilder(16).Input("x", OnnxDataType.Float, 1, 5, 8, 9).Input("r", OnnxDataType.Float, ["regions", 4]).Input("zero", OnnxDataType.Int64, 1)
            .Node("Shape", ["r"], ["s"], ("end", 1)).Node("Sub", ["zero", "zero"], ["none"]).Node("Expand", ["none", "s"], ["b"])
            .Node("RoiAlign", ["x", "r", "b"], ["y"], ("output_height", 3), ("output_width", 2), ("sampling_ratio", ratio)).Output("y"),
        "regions=1..6",
        ["regions=1", "regions=4", "regions=6"],
        low: -1,
        high: 9);

    [Fact]
    public void Images_that_are_not_there_stop_the_run()
    {
        byte[] model = new ModelBuilder(16).Input("x", OnnxDataType.Float, 1, 1, 8, 9).Input("r", OnnxDataType.Float, 1, 4).Input("b", OnnxDataType.Int64, 1)
            .Node("RoiAlign", ["x", "r", "b"], ["y"], ("output_height", 4)).Output("y").ToBytes();
        Tensor x = ScheduleCheck.Counting(1, 1, 8, 9);
        CompiledModel compiled = CompiledModel.Compile(model, options: new CompilerOptions { ShareEverything = true });
        void Run(float right, long image)
        {
            Tensor[] inputs = [x, Tensor.Create(ElementType.Float32, new Shape(1, 4), [0f, 0, right, 3]), Tensor.Vector(image)];
            Should.Throw<ArgumentOutOfRangeException>(() => compiled.RunThreaded(2, runs: 1, inputs));
            compiled.Run(inputs);
        }

        compiled.Run(x, Tensor.Create(ElementType.Float32, new Shape(1, 4), [0f, 0, 2, 3]), Tensor.Vector(0L));
        Should.Throw<ArgumentOutOfRangeException>(() => Run(2, 1));
        Should.Throw<ArgumentOutOfRangeException>(() => Run(1e9f, 0));
    }
}
