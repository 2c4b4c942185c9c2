using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Composed;

public sealed class STFTTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Of_frames(int onesided) => OperatorCheck.Run(
        new ModelBuilder(17).Input("x", OnnxDataType.Float, 2, 40, 1).Initializer("s", [], 6L).Input("w", OnnxDataType.Float, 16).Node("STFT", ["x", "s", "w"], ["y"], ("onesided", onesided)).Output("y"),
        relative: 1e-4, absolute: 1e-4);

    /// <summary>A frame is the signal from its beginning on, weighted; its positions are no constant.</summary>
    [Fact]
    public void Frames_are_views()
    {
        CompiledModel model = CompiledModel.Compile(new ModelBuilder(17).Input("x", OnnxDataType.Float, 1, 4000).Initializer("s", [], 7L).Input("w", OnnxDataType.Float, 256)
            .Node("STFT", ["x", "s", "w"], ["y"]).Output("y").ToBytes());
        CompiledModel frame = CompiledModel.Compile(new ModelBuilder(17).Input("x", OnnxDataType.Float, 1, 256).Initializer("s", [], 1L).Input("w", OnnxDataType.Float, 256)
            .Node("STFT", ["x", "s", "w"], ["y"]).Output("y").ToBytes());
        model.Result.Plan!.WeightBytes.ShouldBeLessThan(20_000);
        Tensor window = Tensor.Create(ElementType.Float32, new Shape(256), Weights.Random(256, 1));
        float[] signal = Weights.Random(4000, 2);
        float[] actual = model.RunAt([], Tensor.Create(ElementType.Float32, new Shape(1, 4000), signal), window)[0].Floats().ToArray();
        for (int i = 0; i < actual.Length / 258; i += 89)
        {
            float[] expected = frame.RunAt([], Tensor.Create(ElementType.Float32, new Shape(1, 256), signal[(7 * i)..((7 * i) + 256)]), window)[0].Floats().ToArray();
            actual[(i * 258)..((i + 1) * 258)].ShouldBe(expected, 1e-4);
        }
    }
}
