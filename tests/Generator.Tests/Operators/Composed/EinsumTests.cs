using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Composed;

public sealed class EinsumTests
{
    [Theory]
    [InlineData("ij,jk->ik", new long[] { 3, 4 }, new long[] { 4, 5 }, "[3, 5]")]
    [InlineData("bij,bjk->bik", new long[] { 2, 3, 4 }, new long[] { 2, 4, 5 }, "[2, 3, 5]")]
    [InlineData("...ij,...jk", new long[] { 2, 3, 4 }, new long[] { 4, 5 }, "[2, 3, 5]")]
    [InlineData("i,j->ij", new long[] { 3 }, new long[] { 4 }, "[3, 4]")]
    [InlineData("ij,kl->", new long[] { 3, 2 }, new long[] { 2, 2 }, "[]")]
    [InlineData("bhid,bhjd->bhij", new long[] { 2, 3, 4, 5 }, new long[] { 2, 3, 6, 5 }, "[2, 3, 4, 6]")]
    [InlineData("bqhd,bkhd->bhqk", new long[] { 2, 4, 3, 5 }, new long[] { 2, 6, 3, 5 }, "[2, 3, 4, 6]")]
    public void Of_two(string equation, long[] left, long[] right, string shape)
    {
        ModelBuilder model = new ModelBuilder().Input("a", OnnxDataType.Float, left).Input("b", OnnxDataType.Float, right).Node("Einsum", ["a", "b"], ["y"], ("equation", equation)).Output("y");
        OperatorCheck.Import(model.ToBytes()).Outputs[0].Value.Shape.ToString().ShouldBe(shape);
        OperatorCheck.Run(model, relative: 1e-4, absolute: 1e-5);
    }

    [Theory]
    [InlineData("ij->ji", "[3, 3]")]
    [InlineData("ii->i", "[3]")]
    [InlineData("ii", "[]")]
    [InlineData("ij->j", "[3]")]
    public void Of_one(string equation, string shape)
    {
        ModelBuilder model = new ModelBuilder().Input("a", OnnxDataType.Float, 3, 3).Node("Einsum", ["a"], ["y"], ("equation", equation)).Output("y");
        OperatorCheck.Import(model.ToBytes()).Outputs[0].Value.Shape.ToString().ShouldBe(shape);
        OperatorCheck.Run(model);
    }

    [Fact]
    public void A_diagonal_is_what_it_says() => ScheduleCheck.Evaluate(
        new ModelBuilder().Input("a", OnnxDataType.Float, 3, 3).Node("Einsum", ["a"], ["y"], ("equation", "ii->i")).Output("y"), ScheduleCheck.Counting(3, 3)).Floats().ToArray().ShouldBe([0f, 4, 8]);

    [Fact]
    public void Of_three() => OperatorCheck.Run(
        new ModelBuilder().Input("a", OnnxDataType.Float, 2, 3).Input("b", OnnxDataType.Float, 3, 4).Input("c", OnnxDataType.Float, 4, 5).Node("Einsum", ["a", "b", "c"], ["y"], ("equation", "ij, jk, kl -> il")).Output("y"),
        relative: 1e-4, absolute: 1e-5);

    [Theory]
    [InlineData("ij->k")]
    [InlineData("i->i")]
    [InlineData("ij,jk->ik")]
    [InlineData("i1->i")]
    public void Nonsense_is_refused(string equation) => OperatorCheck.Fails(
        new ModelBuilder().Input("a", OnnxDataType.Float, 3, 3).Node("Einsum", ["a"], ["y"], ("equation", equation)).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
