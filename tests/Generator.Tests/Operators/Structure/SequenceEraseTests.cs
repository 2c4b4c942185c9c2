using System;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Structure;

public sealed class SequenceEraseTests
{
    [Theory]
    [InlineData(0L, "b")]
    [InlineData(-2L, "b")]
    [InlineData(1L, "a")]
    [InlineData(null, "a")]
    public void Drops_one(long? position, string left)
    {
        ModelBuilder model = Model();
        if (position is { } p)
        {
            model.Initializer("p", [], p);
        }

        model.Node("SequenceErase", position is null ? ["s"] : ["s", "p"], ["t"]).Output("t");
        string.Concat(OperatorCheck.Import(model.ToBytes()).Outputs.Select(static o => o.Value.Name)).ShouldBe(left);
    }

    [Fact]
    public void Outside_is_refused() => OperatorCheck.Fails(Model().Initializer("p", [], 2L).Node("SequenceErase", ["s", "p"], ["t"]).Output("t")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    /// <summary>Rows of a length that only the run knows: the first, the last, and one that data name.</summary>
    [Theory]
    [InlineData(0L, new[] { 1f, 2f, 3f })]
    [InlineData(null, new[] { 0f, 1f, 2f })]
    [InlineData(-1L, new[] { 0f, 1f, 2f })]
    [InlineData(2L, new[] { 0f, 1f, 3f })]
    [InlineData(-3L, new[] { 0f, 2f, 3f })]
    public void Drops_one_of_as_many_as_the_run_makes(long? position, float[] left)
    {
        Tensor[] inputs = [DataSizesCheck.Int(4), Tensor.Create(ElementType.Float32, new Shape(6), [0f, 1, 2, 3, 4, 5]), DataSizesCheck.Int(position ?? 0)];
        CompiledModel atRunTime = Compiled(position is null ? null : "p", model => model.Input("p", OnnxDataType.Int64));
        atRunTime.RunAt([], inputs)[0].Floats().ToArray().ShouldBe(left);
        if (position is { } p)
        {
            Compiled("q", model => model.Input("p", OnnxDataType.Int64).Initializer("q", [], p)).RunAt([], inputs)[0].Floats().ToArray().ShouldBe(left);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(4, 4)]
    [InlineData(4, -5)]
    public void A_run_without_the_element_fails(long count, long position) => Should.Throw<System.Exception>(() => Compiled("p", model => model.Input("p", OnnxDataType.Int64))
        .RunAt([], DataSizesCheck.Int(count), Tensor.Create(ElementType.Float32, new Shape(6), new float[6]), DataSizesCheck.Int(position)));

    private static CompiledModel Compiled(string? position, Func<ModelBuilder, ModelBuilder> declare) => DataSizesCheck.Compile(
        declare(new ModelBuilder().Input("m", OnnxDataType.Int64).Input("x", OnnxDataType.Float, 6))
            .Node("SequenceEmpty", [], ["none"])
            .Node("Loop", ["m", "", "none"], ["list"], ("body", new GraphBuilder().Input("i", OnnxDataType.Int64).Input("go", OnnxDataType.Bool).Input("s", OnnxDataType.Float)
                .Node("Gather", ["x", "i"], ["row"]).Node("SequenceInsert", ["s", "row"], ["s2"]).Output("go").Output("s2")))
            .Node("SequenceErase", position is null ? ["list"] : ["list", position], ["rest"]).Node("ConcatFromSequence", ["rest"], ["y"], ("axis", 0L), ("new_axis", 1L)).Output("y"),
        "Loop_1.trips=6");

    private static ModelBuilder Model() => new ModelBuilder()
        .Input("a", OnnxDataType.Float, 2).Input("b", OnnxDataType.Float, 2).Node("SequenceConstruct", ["a", "b"], ["s"]);
}
