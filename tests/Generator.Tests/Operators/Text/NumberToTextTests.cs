using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Text;

public sealed class NumberToTextTests
{
    /// <summary>The strings are those of ONNX Runtime 1.30, the last three those of the standard.</summary>
    [Fact]
    public void FloatsHaveEightDigits()
    {
        byte[] model = Model(OnnxDataType.Float, 12);
        Tensor x = Tensor.Create(ElementType.Float32, new Shape(12), [0.1f, 1e-5f, 123456789f, 1e10f, -0f, 3, 1 / 3f, 16777216, 1e-4f, float.NaN, float.PositiveInfinity, float.NegativeInfinity]);
        GraphInterpreter.Run(OperatorCheck.Import(model), [x])[0].ToStrings()
            .ShouldBe(["0.1", "9.9999997e-06", "1.2345679e+08", "1e+10", "-0", "3", "0.33333334", "16777216", "9.9999997e-05", "NaN", "INF", "-INF"]);
        OperatorCheck.RunOn(model, [x]);
        Tensor y = Tensor.Create(ElementType.Float64, new Shape(3), [0.1, 1e300, 1 / 3.0]);
        GraphInterpreter.Run(OperatorCheck.Import(Model(OnnxDataType.Double, 3)), [y])[0].ToStrings().ShouldBe(["0.1", "1e+300", "0.33333333"]);
    }

    [Fact]
    public void IntegersAreDecimal()
    {
        byte[] model = Model(OnnxDataType.Int64, 3);
        Tensor x = Tensor.Vector(-5, 0, 1L << 60);
        GraphInterpreter.Run(OperatorCheck.Import(model), [x])[0].ToStrings().ShouldBe(["-5", "0", "1152921504606846976"]);
        OperatorCheck.RunOn(model, [x]);
    }

    [Theory]
    [InlineData((int)OnnxDataType.Double)]
    [InlineData((int)OnnxDataType.Float16)]
    [InlineData((int)OnnxDataType.UInt8)]
    [InlineData((int)OnnxDataType.UInt64)]
    [InlineData((int)OnnxDataType.Bool)]
    public void AllNumbersHaveTexts(int type) => OperatorCheck.Run(new ModelBuilder()
        .Input("x", (OnnxDataType)type, 3, 5).Initializer(Protos.StringTensor("like", [1], "a")).Node("CastLike", ["x", "like"], ["y"]).Output("y"), low: 0, high: 100);

    private static byte[] Model(OnnxDataType type, int count) => new ModelBuilder()
        .Input("x", type, count).Node("Cast", ["x"], ["y"], ("to", (int)OnnxDataType.String)).Output("y").ToBytes();
}
