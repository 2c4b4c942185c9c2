using System;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Text;

public sealed class TextToNumberTests
{
    [Fact]
    public void FloatsAreAsTheStandardSays()
    {
        byte[] model = Model(OnnxDataType.Float, 9);
        Tensor x = Tensor.OfStrings(new Shape(9), ["0.25", "-1e-5", "1E8", " 3 ", "NaN", "+inf", "-INFINITY", "1e99", "+7"]);
        GraphInterpreter.Run(OperatorCheck.Import(model), [x])[0].Floats().ToArray()
            .ShouldBe([0.25f, -1e-5f, 1e8f, 3, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.PositiveInfinity, 7]);
        OperatorCheck.RunOn(model, [x]);
    }

    [Theory]
    [InlineData((int)OnnxDataType.Double)]
    [InlineData((int)OnnxDataType.Float16)]
    [InlineData((int)OnnxDataType.BFloat16)]
    [InlineData((int)OnnxDataType.Int8)]
    [InlineData((int)OnnxDataType.Int64)]
    [InlineData((int)OnnxDataType.UInt16)]
    [InlineData((int)OnnxDataType.UInt64)]
    [InlineData((int)OnnxDataType.Bool)]
    [InlineData((int)OnnxDataType.Float8E4M3FN)]
    [InlineData((int)OnnxDataType.Int4)]
    public void AllTypesAreReached(int type)
    {
        Tensor x = Tensor.OfStrings(new Shape(4), ["1", "0", "5", "2.5"]);
        byte[] model = new ModelBuilder(21).Input("x", OnnxDataType.String, 4).Input("like", (OnnxDataType)type, 1)
            .Node("CastLike", ["x", "like"], ["n"]).Node("Cast", ["n"], ["y"], ("to", (int)OnnxDataType.Float)).Output("y").ToBytes();
        Tensor like = Tensor.FromBytes((ElementType)type, new Shape(1), new byte[((ElementType)type).Size()], "like");
        bool real = ((ElementType)type).IsFloat() || ((ElementType)type).IsNarrowFloat();
        float[] expected = type == (int)OnnxDataType.Bool ? [1, 0, 1, 1] : [1, 0, 5, real ? 2.5f : 2];
        GraphInterpreter.Run(OperatorCheck.Import(model), [x, like])[0].Floats().ToArray().ShouldBe(expected);
        OperatorCheck.RunOn(model, [x, like]);
    }

    [Fact]
    public void LargeIntegersKeepAllDigits()
    {
        byte[] model = Model(OnnxDataType.Int64, 2);
        Tensor x = Tensor.OfStrings(new Shape(2), ["9007199254740993", "-9223372036854775808"]);
        GraphInterpreter.Run(OperatorCheck.Import(model), [x])[0].ToInt64Array().ShouldBe([9007199254740993, long.MinValue]);
        OperatorCheck.RunOn(model, [x]);
    }

    [Fact]
    public void OtherTextsAreAnErrorOfTheRun()
    {
        CompiledModel compiled = CompiledModel.Compile(Model(OnnxDataType.Float, 2), OperatorCheck.Isas[0]);
        Should.Throw<FormatException>(() => compiled.Run([Tensor.OfStrings(new Shape(2), ["1", "one"])])).Message.ShouldContain("no number");
    }

    [Fact]
    public void OtherTextsAreAnErrorOfTheModelWhereConstant() => OperatorCheck.Fails(new ModelBuilder()
        .Initializer(Protos.StringTensor("x", [1], "one")).Node("Cast", ["x"], ["y"], ("to", (int)OnnxDataType.Float)).Output("y")).Code.ShouldBe(DiagnosticCodes.GraphMalformed);

    private static byte[] Model(OnnxDataType type, int count) => new ModelBuilder()
        .Input("x", OnnxDataType.String, count).Node("Cast", ["x"], ["y"], ("to", (int)type)).Output("y").ToBytes();
}
