using System;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Composed;

public sealed class MelWeightMatrixTests
{
    [Fact]
    public void Is_a_constant() => OperatorCheck.Import(new ModelBuilder(17)
            .Initializer("bins", [], 8L).Initializer("dft", [], 16L).Initializer("rate", [], 8192L).Initializer("low", [], 0f).Initializer("high", [], 4096f)
            .Node("MelWeightMatrix", ["bins", "dft", "rate", "low", "high"], ["y"]).Output("y").ToBytes())
        .Outputs[0].Value.Constant!.Shape.ShouldBe(new Shape(9, 8));

    /// <summary>The same numbers as constants give the matrix.</summary>
    [Theory]
    [InlineData(8L, 16L, 8192, 0f, 4000f)]
    [InlineData(4L, 64L, 8000, 20f, 3500f)]
    [InlineData(1L, 2L, 100, 10f, 20f)]
    [InlineData(9L, 33L, 4000, 150f, 1900f)]
    public void All_numbers_may_be_data(long bins, long length, int rate, float low, float high)
    {
        CompiledModel dynamic = DataSizesCheck.Compile(
            new ModelBuilder(17).Input("bins", OnnxDataType.Int64).Input("dft", OnnxDataType.Int64, 1).Input("rate", OnnxDataType.Int32).Input("low", OnnxDataType.Float).Input("high", OnnxDataType.Float)
                .Node("MelWeightMatrix", ["bins", "dft", "rate", "low", "high"], ["y"]).Output("y"),
            "bins.value=1..9;dft.value=2..64");
        Tensor expected = OperatorCheck.Import(new ModelBuilder(17)
            .Initializer("bins", [], bins).Initializer("dft", [1], length).Initializer("rate", [], rate).Initializer("low", [], low).Initializer("high", [], high)
            .Node("MelWeightMatrix", ["bins", "dft", "rate", "low", "high"], ["y"]).Output("y").ToBytes()).Outputs[0].Value.Constant!;
        Tensor actual = dynamic.RunAt([], DataSizesCheck.Int(bins), DataSizesCheck.Ints(length), Tensor.Create(ElementType.Int32, Shape.Scalar, [rate]), Tensor.Scalar(low), Tensor.Scalar(high))[0];
        actual.Shape.ShouldBe(expected.Shape);
        OperatorCheck.AssertClose(actual, expected, 1e-6, 1e-7, "matrix");
    }

    /// <summary>Bins and points are constants, frequencies are not.</summary>
    [Fact]
    public void Filters_beyond_the_spectrum_end_the_run()
    {
        CompiledModel model = CompiledModel.Compile(new ModelBuilder(17)
            .Initializer("bins", [], 8L).Initializer("dft", [], 16L).Initializer("rate", [], 8192L).Input("low", OnnxDataType.Float).Input("high", OnnxDataType.Float)
            .Node("MelWeightMatrix", ["bins", "dft", "rate", "low", "high"], ["y"], ("output_datatype", 11)).Output("y").ToBytes());
        model.Run(Tensor.Scalar(0f), Tensor.Scalar(4000f))[0].Shape.ShouldBe(new Shape(9, 8));
        Should.Throw<ArgumentOutOfRangeException>(() => model.Run(Tensor.Scalar(0f), Tensor.Scalar(7000f)));
    }

    [Fact]
    public void Says_what_must_be_declared() => OperatorCheck.Fails(new ModelBuilder(17)
            .Input("bins", OnnxDataType.Int64).Initializer("dft", [], 16L).Initializer("rate", [], 8192L).Initializer("low", [], 0f).Initializer("high", [], 4000f)
            .Node("MelWeightMatrix", ["bins", "dft", "rate", "low", "high"], ["y"]).Output("y"))
        .Message.ShouldContain("--dim bins.value=1..64");
}
