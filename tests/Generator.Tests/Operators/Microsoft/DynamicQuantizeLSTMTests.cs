using System;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class DynamicQuantizeLSTMTests
{
    [Theory]
    [InlineData("forward", false, false)]
    [InlineData("reverse", false, true)]
    [InlineData("bidirectional", false, false)]
    [InlineData("bidirectional", true, true)]
    public void Agrees_with_its_parts_in_every_form(string direction, bool lengths, bool columns) => OperatorCheck.Run(Model(direction, lengths, columns), relative: 1e-4);

    [Fact]
    public void Inputs_are_rounded_to_codes() => EquivalenceCheck.Run(
        Model("forward", lengths: false, columns: false),
        Weights("forward", columns: false)
            .Initializer("s0", [], 0.01f).Initializer("z0", [], (sbyte)2).Node("DynamicQuantizeLinear", ["x"], ["q", "qs", "qz"]).Node("DequantizeLinear", ["q", "qs", "qz"], ["dx"])
            .Node("DequantizeLinear", ["w", "s0", "z0"], ["dw"]).Node("Transpose", ["dw"], ["tw"], ("perm", new long[] { 0, 2, 1 }))
            .Node("DequantizeLinear", ["r", "s0", "z0"], ["dr"]).Node("Transpose", ["dr"], ["tr"], ("perm", new long[] { 0, 2, 1 }))
            .Node("LSTM", ["dx", "tw", "tr", "b"], ["y", "h", "c"], ("hidden_size", 2)).Output("y").Output("h").Output("c"),
        tolerance: 1e-2);

    [Fact]
    public void Steps_and_sequences_may_be_known_only_at_run_time() => RunTimeSizesCheck.Run(
        Model("forward", lengths: false, columns: false, dynamic: true), "steps=1..5;batch=1..3", ["steps=1;batch=1", "steps=3;batch=2", "steps=5;batch=3"]);

    [Fact]
    public void Scales_of_another_shape_are_refused() => OperatorCheck.Fails(
        Weights("forward", columns: false).Initializer("other", [3], 0.1f, 0.1f, 0.1f)
            .Node("com.microsoft", "DynamicQuantizeLSTM", ["x", "w", "r", "b", "", "", "", "", "other", "z", "s", "z"], ["y"], ("hidden_size", 2)).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    private static ModelBuilder Model(string direction, bool lengths, bool columns, bool dynamic = false)
    {
        ModelBuilder model = Weights(direction, columns, dynamic);
        model = lengths ? model.Initializer("n", [3], 4, 1, 2) : model;
        return model
            .Node("com.microsoft", "DynamicQuantizeLSTM", ["x", "w", "r", "b", lengths ? "n" : "", "", "", "", "s", "z", "s", "z"], ["y", "h", "c"], ("hidden_size", 2), ("direction", direction))
            .Output("y").Output("h").Output("c");
    }

    private static ModelBuilder Weights(string direction, bool columns, bool dynamic = false)
    {
        int d = direction == "bidirectional" ? 2 : 1;
        sbyte[] codes = Enumerable.Range(0, 16 * d).Select(static i => (sbyte)((i * 37 % 101) - 50)).ToArray();
        ModelBuilder model = new ModelBuilder(24);
        model = dynamic ? model.Input("x", OnnxDataType.Float, ["steps", "batch", 2]) : model.Input("x", OnnxDataType.Float, 4, 3, 2);
        model = model.Initializer("b", [d, 16], Enumerable.Range(0, 16 * d).Select(static i => (i - 8) / 20f).ToArray()).Initializer("w", [d, 2, 8], codes).Initializer("r", [d, 2, 8], codes);
        return columns
            ? model.Initializer("s", [d, 8], Enumerable.Range(1, 8 * d).Select(static i => i / 500f).ToArray()).Initializer("z", [d, 8], new sbyte[8 * d])
            : model.Initializer("s", [d], Enumerable.Repeat(0.01f, d).ToArray()).Initializer("z", [d], Enumerable.Repeat((sbyte)2, d).ToArray());
    }
}
