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
}
