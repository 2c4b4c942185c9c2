using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class ScatterElementsTests
{
    [Theory]
    [InlineData("none", 0, new long[] { 2, 3, 5 })]
    [InlineData("add", 1, new long[] { 4, 7, 3 })]
    [InlineData("mul", -1, new long[] { 2, 3, 9 })]
    [InlineData("max", 2, new long[] { 4, 3, 5 })]
    [InlineData("min", 1, new long[] { 1, 1, 1 })]
    public void WritesElements(string reduction, int axis, long[] shape)
    {
        foreach (OnnxDataType type in new[] { OnnxDataType.Float, OnnxDataType.Double, OnnxDataType.Int64, OnnxDataType.Int8, OnnxDataType.Bool })
        {
            OperatorCheck.Run(
                new ModelBuilder()
                    .Input("x", type, 4, 3, 5)
                    .Input("i", OnnxDataType.Int32, shape)
                    .Input("u", type, shape)
                    .Node("ScatterElements", ["x", "i", "u"], ["y"], ("axis", axis), ("reduction", reduction))
                    .Output("y"),
                low: -3,
                high: 3);
        }
    }

    [Fact]
    public void Evaluates() => ScheduleCheck.Evaluate(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 5)
            .Initializer("i", [1, 2], 1L, -2L)
            .Initializer("u", [1, 2], 11f, 21f)
            .Node("ScatterElements", ["x", "i", "u"], ["y"], ("axis", 1))
            .Output("y"),
        ScheduleCheck.Counting(1, 5)).Floats().ToArray().ShouldBe([0f, 11f, 2f, 21f, 4f]);

    [Fact]
    public void RunTimeIndicesOutOfRangeThrow()
    {
        CompiledModel model = CompiledModel.Compile(new ModelBuilder()
            .Input("x", OnnxDataType.Float, 4)
            .Input("i", OnnxDataType.Int64, 1)
            .Input("u", OnnxDataType.Float, 1)
            .Node("ScatterElements", ["x", "i", "u"], ["y"])
            .Output("y").ToBytes());
        Should.Throw<System.Exception>(() => model.Run(ScheduleCheck.Counting(4), Tensor.Vector(4), ScheduleCheck.Counting(1)));
    }

    [Theory]
    [InlineData("median", 2)]
    [InlineData("none", 3)]
    public void RefusesWhatDoesNotFit(string reduction, long updates) => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 4)
        .Input("i", OnnxDataType.Int64, 2)
        .Input("u", OnnxDataType.Float, updates)
        .Node("ScatterElements", ["x", "i", "u"], ["y"], ("reduction", reduction))
        .Output("y")).Code.ShouldBeOneOf(DiagnosticCodes.ShapeMismatch, DiagnosticCodes.FeatureUnsupported);

    /// <summary>What the reference implementation's +, min and max do with strings, in the order of the updates.</summary>
    [Theory]
    [InlineData("none", "q", "b", "r")]
    [InlineData("add", "apq", "b", "cr")]
    [InlineData("min", "a", "b", "c")]
    [InlineData("max", "q", "b", "r")]
    public void Strings(string reduction, params string[] expected)
    {
        byte[] model = TextModel(reduction).ToBytes();
        Tensor[] inputs = [Tensor.OfStrings(new Shape(3), ["a", "b", "c"]), Tensor.Create(ElementType.Int64, new Shape(3), [0L, 0, 2]), Tensor.OfStrings(new Shape(3), ["p", "q", "r"])];
        CompiledModel.Compile(model).Run(inputs)[0].ToStrings().ShouldBe(expected);
        GraphInterpreter.Run(OperatorCheck.Import(model), inputs)[0].ToStrings().ShouldBe(expected);
    }

    [Fact]
    public void StringsHaveNoProduct() => OperatorCheck.Fails(TextModel("mul")).Message.ShouldContain("str");

    private static ModelBuilder TextModel(string reduction) => new ModelBuilder(18)
        .Input("x", OnnxDataType.String, 3).Input("i", OnnxDataType.Int64, 3).Input("u", OnnxDataType.String, 3)
        .Node("ScatterElements", ["x", "i", "u"], ["y"], ("reduction", reduction))
        .Output("y", OnnxDataType.String);
}
