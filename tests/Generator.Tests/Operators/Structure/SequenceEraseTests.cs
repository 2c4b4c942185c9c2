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

    private static ModelBuilder Model() => new ModelBuilder()
        .Input("a", OnnxDataType.Float, 2).Input("b", OnnxDataType.Float, 2).Node("SequenceConstruct", ["a", "b"], ["s"]);
}
