using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Composed;

public sealed class DeformConvTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    public void Moves_its_taps(int group, int parts) => OperatorCheck.Run(
        new ModelBuilder(19).Input("x", OnnxDataType.Float, 1, 4, 6, 7).Input("w", OnnxDataType.Float, 6, 4 / group, 3, 3).Input("o", OnnxDataType.Float, 1, parts * 18, 6, 7).Input("b", OnnxDataType.Float, 6).Input("m", OnnxDataType.Float, 1, parts * 9, 6, 7)
            .Node("DeformConv", ["x", "w", "o", "b", "m"], ["y"], ("pads", new long[] { 1, 1, 1, 1 }), ("group", group), ("offset_group", parts)).Output("y"),
        relative: 1e-3, absolute: 1e-3);
}
