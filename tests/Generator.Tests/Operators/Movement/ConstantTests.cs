using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class ConstantTests
{
    [Fact]
    public void TakesEveryForm() => OperatorCheck.Run(new ModelBuilder()
        .Node("Constant", [], ["a"], ("value", Protos.Tensor("", [2, 2], 1f, 2f, 3f, 4f)))
        .Node("Constant", [], ["b"], ("value_int", 7L))
        .Node("Constant", [], ["c"], ("value_ints", new long[] { 1, -2 }))
        .Node("Constant", [], ["d"], ("value_float", 0.5f))
        .Node("Constant", [], ["e"], ("value_floats", new[] { 0.25f, 8f }))
        .Output("a").Output("b").Output("c").Output("d").Output("e"));

    [Fact]
    public void TakesStrings()
    {
        OperatorCheck.Interpret(new ModelBuilder().Node("Constant", [], ["a"], ("value_string", "text")).Output("a")).ToStrings().ShouldBe(["text"]);
        OperatorCheck.Interpret(new ModelBuilder().Node("Constant", [], ["a"], ("value_strings", new[] { "a", "" })).Output("a")).ToStrings().ShouldBe(["a", ""]);
    }

    [Fact]
    public void TakesSparseValues() => OperatorCheck.Interpret(new ModelBuilder()
        .Node("Constant", [], ["a"], ("sparse_value", Protos.Sparse("", [2, 3], Protos.Tensor("", [2], 1f, 2f), Protos.Tensor("", [2, 2], 0L, 1, 1, 2))))
        .Output("a")).AsSpan<float>().ToArray().ShouldBe([0f, 1f, 0f, 0f, 0f, 2f]);

    [Fact]
    public void NeedsAValue() => OperatorCheck.Fails(new ModelBuilder().Node("Constant", [], ["a"]).Output("a")).Code.ShouldBe(DiagnosticCodes.GraphMalformed);
}
