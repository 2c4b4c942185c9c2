using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Composed;

public sealed class DeterminantsTests
{
    [Theory]
    [InlineData((int)OnnxDataType.Float, 7)]
    [InlineData((int)OnnxDataType.Float, 0)]
    [InlineData((int)OnnxDataType.Double, 12)]
    [InlineData((int)OnnxDataType.Float16, 8)]
    public void LargeMatrices(int type, int size) => OperatorCheck.Run(
        new ModelBuilder().Input("x", (OnnxDataType)type, 2, 3, size, size).Node("Det", ["x"], ["y"]).Output("y", (OnnxDataType)type), relative: 1e-2, absolute: 1e-2, low: -1, high: 1);

    /// <summary>Rows 1 and 2 of a diagonal matrix change places, which needs a pivot and changes the sign: 2 · 3 · 4 · … · 8.</summary>
    [Fact]
    public void RowsThatChangePlaces()
    {
        var matrix = new float[64];
        for (int i = 0; i < 8; i++)
        {
            matrix[(i * 8) + (i is 1 or 2 ? 3 - i : i)] = i + 1;
        }

        byte[] model = new ModelBuilder().Input("x", OnnxDataType.Float, 8, 8).Node("Det", ["x"], ["y"]).Output("y").ToBytes();
        Tensor x = Tensor.Create(ElementType.Float32, new Shape(8, 8), matrix);
        CompiledModel.Compile(model).Run(x)[0].Floats()[0].ShouldBe(-40320f);
        OperatorCheck.RunOn(model, [x]);
    }

    [Fact]
    public void SingularMatrices() => CompiledModel.Compile(new ModelBuilder().Input("x", OnnxDataType.Float, 7, 7).Node("Det", ["x"], ["y"]).Output("y").ToBytes())
        .Run(Tensor.Create(ElementType.Float32, new Shape(7, 7), new float[49]))[0].Floats()[0].ShouldBe(0f);

    [Fact]
    public void SizesOfTheRun() => RunTimeSizesCheck.Run(
        new ModelBuilder().Input("x", OnnxDataType.Float, ["b", 2, "n", "n"]).Node("Det", ["x"], ["y"]).Output("y"),
        "b=1..3;n=1..9",
        ["b=1;n=1", "b=3;n=9", "b=2;n=4"],
        low: -1,
        high: 1,
        relative: 1e-3);
}
