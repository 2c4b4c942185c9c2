using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class TriluTests
{
    [Theory]
    [InlineData(1, 0L)]
    [InlineData(0, 0L)]
    [InlineData(1, 2L)]
    [InlineData(0, -1L)]
    [InlineData(0, 3L)]
    [InlineData(1, long.MinValue)]
    [InlineData(0, long.MaxValue)]
    public void KeepsATriangle(int upper, long k)
    {
        foreach (OnnxDataType type in new[] { OnnxDataType.Float, OnnxDataType.Int64, OnnxDataType.Bool })
        {
            OperatorCheck.Run(new ModelBuilder()
                .Input("x", type, 2, 3, 4, 5)
                .Initializer("k", [], k)
                .Node("Trilu", ["x", "k"], ["y"], ("upper", upper))
                .Output("y"));
        }
    }

    /// <summary>Rows are two parts, each of vectors and single elements.</summary>
    [Theory]
    [InlineData(1, -9L)]
    [InlineData(0, 30L)]
    public void KeepsATriangleOfWideMatrices(int upper, long k)
    {
        foreach (OnnxDataType type in new[] { OnnxDataType.Float, OnnxDataType.Double, OnnxDataType.Int16, OnnxDataType.UInt8 })
        {
            OperatorCheck.Run(new ModelBuilder()
                .Input("x", type, 2, 37, 149)
                .Initializer("k", [], k)
                .Node("Trilu", ["x", "k"], ["y"], ("upper", upper))
                .Output("y"));
        }
    }

    [Fact]
    public void Evaluates() => ScheduleCheck.Evaluate(
        new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("Trilu", ["x"], ["y"]).Output("y"),
        ScheduleCheck.Counting(2, 3)).Floats().ToArray().ShouldBe([0f, 1f, 2f, 0f, 4f, 5f]);

    /// <summary>Of a list whose length a run finds.</summary>
    [Fact]
    public void RefusesVectorsOfTheRun() => OperatorCheck.Fails(new ModelBuilder(14).Input("x", OnnxDataType.Int64, 2, 3, 3)
        .Node("Unique", ["x"], ["u"]).Node("Trilu", ["u"], ["y"], ("upper", 0)).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    /// <summary>The mask of a decoder: as many columns more as there are keys of the past.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void TheDiagonalMayBeASizeOfTheRun(int upper) => RunTimeSizesCheck.Run(
        new ModelBuilder(14)
            .Input("x", OnnxDataType.Float, 5, 9)
            .Input("past", OnnxDataType.Float, ["keys", 2])
            .Initializer("first", [], 0L)
            .Node("Shape", ["past"], ["shape"])
            .Node("Gather", ["shape", "first"], ["k"])
            .Node("Trilu", ["x", "k"], ["y"], ("upper", upper))
            .Output("y"),
        "keys=1..7",
        ["keys=1", "keys=3", "keys=7"]);

    [Theory]
    [InlineData(0, -1)]
    [InlineData(0, 2)]
    [InlineData(1, 0)]
    [InlineData(1, 9)]
    public void TheDiagonalMayBeData(int upper, long k)
    {
        byte[] model = new ModelBuilder().Input("x", OnnxDataType.Float, 2, 4, 5).Input("k", OnnxDataType.Int64).Node("Trilu", ["x", "k"], ["y"], ("upper", upper)).Output("y").ToBytes();
        byte[] constant = new ModelBuilder().Input("x", OnnxDataType.Float, 2, 4, 5).Initializer("k", [], k).Node("Trilu", ["x", "k"], ["y"], ("upper", upper)).Output("y").ToBytes();
        Tensor x = ScheduleCheck.Counting(2, 4, 5);
        Tensor position = Tensor.Create(ElementType.Int64, Shape.Scalar, [k]);
        OperatorCheck.RunOn(model, [x, position]);
        CompiledModel.Compile(model).Run([x, position])[0].Floats().ToArray().ShouldBe(CompiledModel.Compile(constant).Run([x])[0].Floats().ToArray());
    }

    /// <summary>With a diagonal of the run too, whatever the rank.</summary>
    [Theory]
    [InlineData()]
    [InlineData(3L)]
    public void RefusesVectorsAndScalarsWithADiagonalOfTheRun(params long[] shape) => OperatorCheck.Fails(new ModelBuilder(14)
        .Input("x", OnnxDataType.Float, shape)
        .Input("k", OnnxDataType.Int64)
        .Node("Trilu", ["x", "k"], ["y"])
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    [Fact]
    public void RefusesVectors() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3)
        .Node("Trilu", ["x"], ["y"])
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    [Fact]
    public void StringsAreReplacedByTheEmptyOne()
    {
        byte[] model = new ModelBuilder(opset: 14).Input("x", OnnxDataType.String, 2, 2).Node("Trilu", ["x"], ["y"]).Output("y").ToBytes();
        Tensor x = Tensor.OfStrings(new Shape(2, 2), ["p", "q", "r", "s"]);
        GraphInterpreter.Run(OperatorCheck.Import(model), [x])[0].ToStrings().ShouldBe(["p", "q", "", "s"]);
        OperatorCheck.RunOn(model, [x]);
    }
}
