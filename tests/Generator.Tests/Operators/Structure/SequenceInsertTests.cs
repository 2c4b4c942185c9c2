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

public sealed class SequenceInsertTests
{
    [Theory]
    [InlineData(0, "cab")]
    [InlineData(1, "acb")]
    [InlineData(2, "abc")]
    [InlineData(-1, "acb")]
    [InlineData(-2, "cab")]
    public void At_a_position(long position, string order) => Names(Model().Initializer("p", [], position), "p").ShouldBe(order);

    [Fact]
    public void At_the_end() => Names(Model(), null).ShouldBe("abc");

    [Theory]
    [InlineData(3)]
    [InlineData(-3)]
    public void Outside_is_refused(long position) => OperatorCheck.Fails(
        Model().Initializer("p", [], position).Node("SequenceInsert", ["s", "c", "p"], ["t"]).Output("t")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    private static ModelBuilder Model() => new ModelBuilder()
        .Input("a", OnnxDataType.Float, 2).Input("b", OnnxDataType.Float, 2).Input("c", OnnxDataType.Float, 2).Node("SequenceConstruct", ["a", "b"], ["s"]);

    private static string Names(ModelBuilder model, string? position)
    {
        model.Node("SequenceInsert", position is null ? ["s", "c"] : ["s", "c", position], ["t"]).Output("t");
        return string.Concat(OperatorCheck.Import(model.ToBytes()).Outputs.Select(static o => o.Value.Name));
    }
}
