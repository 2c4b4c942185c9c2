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

    /// <summary>Rows of an axis of the run, each with a tensor from around and one that is given.</summary>
    [Fact]
    public void Maps_as_many_elements_as_a_run_has() => RunTimeSizesCheck.Run(
        new ModelBuilder().Input("x", OnnxDataType.Float, ["n", 3]).Input("z", OnnxDataType.Float, ["n", 3]).Input("k", OnnxDataType.Float, 3)
            .Node("SplitToSequence", ["x"], ["e"]).Node("SplitToSequence", ["z"], ["s"], ("keepdims", 0L))
            .Node("SequenceMap", ["e", "s", "k"], ["t", "u"], ("body", new GraphBuilder()
                .Input("e", OnnxDataType.Float).Input("s", OnnxDataType.Float).Input("f", OnnxDataType.Float)
                .Node("Mul", ["e", "s"], ["p"]).Node("Add", ["p", "k"], ["q"]).Node("Mul", ["s", "f"], ["r"]).Output("q").Output("r")))
            .Node("ConcatFromSequence", ["t"], ["y"], ("axis", 0L)).Node("ConcatFromSequence", ["u"], ["w"], ("axis", 0L), ("new_axis", 1L)).Output("y").Output("w"),
        "n=1..5",
        ["n=1", "n=5", "n=3"]);

    /// <summary>Parts of different lengths.</summary>
    [Fact]
    public void Maps_elements_of_different_lengths_of_the_run()
    {
        CompiledModel model = CompiledModel.Compile(
            new ModelBuilder().Input("x", OnnxDataType.Float, 6).Input("l", OnnxDataType.Int64, ["k"]).Node("SplitToSequence", ["x", "l"], ["s"])
                .Node("SequenceMap", ["s"], ["t"], ("body", new GraphBuilder().Input("e", OnnxDataType.Float).Initializer("axis", [1], 0L)
                    .Node("ReduceSum", ["e", "axis"], ["sum"]).Node("Div", ["e", "sum"], ["part"]).Output("part")))
                .Node("ConcatFromSequence", ["t"], ["y"], ("axis", 0L)).Output("y").ToBytes(),
            "auto",
            new CompilerOptions { Dimensions = OptionParser.Dimensions("k=1..4") });
        model.RunAt([3], DataSizesCheck.Floats(1, 3, 4, 2, 2, 4), Tensor.Vector(2, 1, 3))[0].Floats().ToArray().ShouldBe([0.25f, 0.75f, 1, 0.25f, 0.25f, 0.5f]);
    }

    [Fact]
    public void Different_lengths_are_refused() => OperatorCheck.Fails(new ModelBuilder()
        .Input("a", OnnxDataType.Float, 3).Node("SequenceConstruct", ["a"], ["s"]).Node("SequenceEmpty", [], ["e"])
        .Node("SequenceMap", ["s", "e"], ["t"], ("body", new GraphBuilder().Input("x", OnnxDataType.Float).Input("y", OnnxDataType.Float).Output("x")))
        .Output("t")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
