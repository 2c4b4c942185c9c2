using System;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Compiler;

/// <summary>Sizes as expressions: their arithmetic, how they are found behind numbers, and what is folded to them.</summary>
public sealed class SizeExpressionTests
{
    private readonly SizeVariable _a = Variable("a", 1, 300, 0);
    private readonly SizeVariable _b = Variable("b", 0, 77, 1);

    [Fact]
    public void EqualExpressionsAreEqual()
    {
        (Size a, Size b) = (Size.Of(_a), Size.Of(_b));
        ((a + b) * (a - b)).ShouldBe((a * a) - (b * b));
        ((a * Size.Of(6)) + Size.Of(9)).FloorDivide(3).ShouldBe((a * Size.Of(2)) + Size.Of(3));
        (a - a).Constant.ShouldBe(0);
        Size.Min(a, b).ShouldBe(Size.Min(b, a));
        Size.Min(a + b, a + b + Size.Of(2)).ShouldBe(a + b);
        (Size.Min(a, b) + Size.Max(a, b)).ShouldBe(a + b);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(7, 77)]
    [InlineData(300, 3)]
    public void ValuesAreThoseOfArithmetic(int a, int b)
    {
        long At(Size size) => size.Evaluate(v => ReferenceEquals(v, _a) ? a : b);
        (Size x, Size y) = (Size.Of(_a), Size.Of(_b));
        At((x * y) - Size.Of(5)).ShouldBe((a * b) - 5);
        At((x - Size.Of(9)).FloorDivide(4)).ShouldBe((long)Math.Floor((a - 9) / 4.0));
        At(Size.Min(x - Size.Of(20), y)).ShouldBe(Math.Min(a - 20, b));
        At(Size.Max(x - Size.Of(20), Size.Of(0))).ShouldBe(Math.Max(a - 20, 0));
    }

    [Fact]
    public void ExpressionsAreFoundBehindNumbers()
    {
        (Size a, Size b) = (Size.Of(_a), Size.Of(_b));
        Size[] wanted =
        [
            Size.Of(4), a, (a * Size.Of(3)) + Size.Of(2), (a + Size.Of(1)).FloorDivide(2), a * b, a + b, a - b, (a * b).FloorDivide(7),
            Size.Min(a, Size.Of(40)), Size.Max(a - Size.Of(30), Size.Of(0)), Size.Min(a, b), Size.Max(a, b),
        ];
        foreach (Size size in wanted)
        {
            Size? found = SizeFitting.Find(size.Samples, [a, b]);
            found.ShouldNotBeNull($"{size}");
            found.Samples.ShouldBe(size.Samples, $"{size} was taken for {found}");
        }
    }

    /// <summary>Floor of 64 elements by 63 is as much in all samples of few elements, but another expression.</summary>
    [Fact]
    public void ExactDivisionIsPreferred()
    {
        SizeVariable few = Variable("n", 2, 60, 0);
        SizeFitting.Find(Size.Of(few).Samples.Select(static v => v + 1).ToArray(), [Size.Of(few) * Size.Of(64)]).ShouldBe(Size.Of(few) + Size.Of(1));
    }

    [Fact]
    public void NothingIsFoundBehindWhatIsNoExpression() =>
        SizeFitting.Find(Size.Of(_a).Samples.Select(static v => v * v * v % 17).ToArray(), [Size.Of(_a), Size.Of(_b)]).ShouldBeNull();

    [Fact]
    public void ShapesAreFoldedToExpressions()
    {
        Graph graph = OperatorCheck.Import(
            new ModelBuilder()
                .Input("x", OnnxDataType.Float, ["n", 6])
                .Initializer("two", [1], 2L).Initializer("limit", [1], 40L)
                .Node("Shape", ["x"], ["shape"], ("end", 1))
                .Node("Mul", ["shape", "two"], ["twice"])
                .Node("Min", ["twice", "limit"], ["least"])
                .Output("least").ToBytes(),
            new CompilerOptions { Dimensions = OptionParser.Dimensions("n=1..100") });
        graph.Nodes.ShouldBeEmpty();
        graph.Outputs[0].Value.Sizes!.Elements!.Single().ShouldBe(Size.Min(Size.Of(graph.Sizes[0]) * Size.Of(2), Size.Of(40)));
    }

    private static SizeVariable Variable(string name, int minimum, int maximum, int ordinal) =>
        new(name, minimum, maximum, ordinal, SizeSamples.Values(minimum, maximum, ordinal, 2), isComputed: false);
}
