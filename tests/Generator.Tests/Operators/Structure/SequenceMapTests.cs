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

public sealed class SequenceMapTests
{
    [Fact]
    public void Maps_elements_of_different_shapes() => OperatorCheck.Run(new ModelBuilder()
        .Input("a", OnnxDataType.Float, 3).Input("b", OnnxDataType.Float, 2, 3).Input("k", OnnxDataType.Float, 1)
        .Node("SequenceConstruct", ["a", "b"], ["s"])
        .Node("SequenceMap", ["s", "k", "s"], ["t", "u"], ("body", new GraphBuilder()
            .Input("e", OnnxDataType.Float).Input("f", OnnxDataType.Float).Input("g", OnnxDataType.Float)
            .Node("Mul", ["e", "f"], ["p"]).Node("Add", ["p", "k"], ["q"]).Node("Shape", ["g"], ["r"]).Output("q").Output("r")))
        .Output("t").Output("u"));

    [Fact]
    public void Different_lengths_are_refused() => OperatorCheck.Fails(new ModelBuilder()
        .Input("a", OnnxDataType.Float, 3).Node("SequenceConstruct", ["a"], ["s"]).Node("SequenceEmpty", [], ["e"])
        .Node("SequenceMap", ["s", "e"], ["t"], ("body", new GraphBuilder().Input("x", OnnxDataType.Float).Input("y", OnnxDataType.Float).Output("x")))
        .Output("t")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
