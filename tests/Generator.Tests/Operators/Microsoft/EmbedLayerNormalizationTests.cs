using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class EmbedLayerNormalizationTests
{
    [Fact]
    public void Adds_words_positions_and_segments() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("w", OnnxDataType.Int32, 2, 3).Input("s", OnnxDataType.Int32, 2, 3).Input("t", OnnxDataType.Float, 9, 8).Input("p", OnnxDataType.Float, 6, 8).Input("u", OnnxDataType.Float, 3, 8).Input("g", OnnxDataType.Float, 8).Input("h", OnnxDataType.Float, 8).Input("m", OnnxDataType.Int32, 2, 3)
            .Node("com.microsoft", "EmbedLayerNormalization", ["w", "s", "t", "p", "u", "g", "h", "m"], ["y", "n", "e"], ("epsilon", 0.01f)).Output("y").Output("n").Output("e"),
        new ModelBuilder(24).Input("w", OnnxDataType.Int32, 2, 3).Input("s", OnnxDataType.Int32, 2, 3).Input("t", OnnxDataType.Float, 9, 8).Input("p", OnnxDataType.Float, 6, 8).Input("u", OnnxDataType.Float, 3, 8).Input("g", OnnxDataType.Float, 8).Input("h", OnnxDataType.Float, 8).Input("m", OnnxDataType.Int32, 2, 3)
            .Initializer("at", [3], 0, 1, 2).Initializer("one", [], 1).Initializer("axis", [1], 1L).Node("Gather", ["t", "w"], ["a"]).Node("Gather", ["p", "at"], ["b"]).Node("Gather", ["u", "s"], ["c"]).Node("Add", ["a", "b"], ["d"]).Node("Add", ["d", "c"], ["e"]).Node("LayerNormalization", ["e", "g", "h"], ["y"], ("epsilon", 0.01f)).Node("Equal", ["m", "one"], ["k"]).Node("Cast", ["k"], ["i"], ("to", (long)OnnxDataType.Int32)).Node("ReduceSum", ["i", "axis"], ["n"], ("keepdims", 0)).Output("y").Output("n").Output("e"), low: 0, high: 2.9f, tolerance: 1e-4);
}
