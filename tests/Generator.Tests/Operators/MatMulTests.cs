using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class MatMulTests
{
    [Theory]
    [InlineData(new long[] { 7, 20 }, new long[] { 20, 33 })]
    [InlineData(new long[] { 20 }, new long[] { 20, 33 })]
    [InlineData(new long[] { 7, 20 }, new long[] { 20 })]
    [InlineData(new long[] { 20 }, new long[] { 20 })]
    [InlineData(new long[] { 2, 3, 7, 20 }, new long[] { 20, 32 })]
    [InlineData(new long[] { 2, 3, 7, 20 }, new long[] { 2, 3, 20, 9 })]
    [InlineData(new long[] { 2, 1, 7, 20 }, new long[] { 3, 20, 9 })]
    [InlineData(new long[] { 7, 20 }, new long[] { 4, 20, 16 })]
    public void RunTimeOperands(long[] a, long[] b) => OperatorCheck.Run(
        new ModelBuilder()
            .Input("a", OnnxDataType.Float, a)
            .Input("b", OnnxDataType.Float, b)
            .Node("MatMul", ["a", "b"], ["y"])
            .Output("y"),
        absolute: 1e-4);

    [Theory]
    [InlineData(new long[] { 7, 20 }, new long[] { 20, 33 })]
    [InlineData(new long[] { 4, 3, 20 }, new long[] { 20, 48 })]
    [InlineData(new long[] { 3, 20 }, new long[] { 2, 20, 5 })]
    [InlineData(new long[] { 3, 20 }, new long[] { 20 })]
    public void ConstantRightOperand(long[] a, long[] b)
    {
        long count = 1;
        foreach (long d in b)
        {
            count *= d;
        }

        OperatorCheck.Run(
            new ModelBuilder()
                .Input("a", OnnxDataType.Float, a)
                .Initializer("b", b, Weights.Random(count, 3))
                .Node("MatMul", ["a", "b"], ["y"])
                .Output("y"),
            absolute: 1e-4);
    }

    /// <summary>Few outputs have several sums each: terms that do not divide by their number, blocks that are not whole.</summary>
    [Theory]
    [InlineData(1, 1, 16)]
    [InlineData(1, 7, 5)]
    [InlineData(1, 19, 16)]
    [InlineData(1, 35, 33)]
    [InlineData(1, 64, 80)]
    [InlineData(2, 21, 16)]
    [InlineData(3, 18, 10)]
    public void FewOutputs(int m, int k, int n) => OperatorCheck.Run(
        new ModelBuilder()
            .Input("a", OnnxDataType.Float, m, k)
            .Initializer("b", [k, n], Weights.Random(k * n, 5))
            .Node("MatMul", ["a", "b"], ["p"])
            .Initializer("bias", [n], Weights.Random(n, 6))
            .Node("Add", ["p", "bias"], ["y"])
            .Output("y"),
        absolute: 1e-4);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 2)]
    public void CostlyFunctionsRunInASingleRowsProductOnly(int m, int steps)
    {
        ModelBuilder model = new ModelBuilder()
            .Input("a", OnnxDataType.Float, m, 20)
            .Initializer("b", [20, 33], Weights.Random(20 * 33, 3))
            .Node("MatMul", ["a", "b"], ["p"])
            .Node("Tanh", ["p"], ["y"])
            .Output("y");
        OperatorCheck.Run(model, absolute: 1e-4);
        ScheduleCheck.Steps(model).Count.ShouldBe(steps);
    }

    [Fact]
    public void Integers() => OperatorCheck.Run(
        new ModelBuilder()
            .Input("a", OnnxDataType.Int32, 2, 3, 4)
            .Input("b", OnnxDataType.Int32, 4, 5)
            .Node("MatMul", ["a", "b"], ["y"])
            .Output("y"),
        low: -50,
        high: 50);

    /// <summary>Vectors of the elements' own type: whole blocks of 16 columns, parts of them, several tiles of rows, batches that broadcast.</summary>
    [Theory]
    [InlineData(new long[] { 33, 20 }, new long[] { 20, 64 })]
    [InlineData(new long[] { 2, 7, 20 }, new long[] { 20, 37 })]
    [InlineData(new long[] { 3, 1, 5, 9 }, new long[] { 2, 9, 19 })]
    [InlineData(new long[] { 1, 70 }, new long[] { 70, 45 })]
    [InlineData(new long[] { 20 }, new long[] { 20, 33 })]
    [InlineData(new long[] { 9, 70 }, new long[] { 70 })]
    [InlineData(new long[] { 2, 13, 39 }, new long[] { 2, 39, 1 })]
    [InlineData(new long[] { 12, 1 }, new long[] { 1, 24 })]
    public void OtherElements(long[] a, long[] b)
    {
        foreach (OnnxDataType type in new[] { OnnxDataType.Double, OnnxDataType.Int32, OnnxDataType.UInt32, OnnxDataType.Int64, OnnxDataType.UInt64 })
        {
            OperatorCheck.Run(
                new ModelBuilder().Input("a", type, a).Input("b", type, b).Node("MatMul", ["a", "b"], ["y"]).Output("y"),
                absolute: 1e-10,
                relative: 1e-12,
                low: 0,
                high: 50);
            byte[] weights = Elements(type, b.Aggregate(1L, static (product, d) => product * d));
            OperatorCheck.Run(
                new ModelBuilder().Input("a", type, a).RawInitializer("b", type, b, weights).Node("MatMul", ["a", "b"], ["y"]).Output("y"),
                absolute: 1e-10,
                relative: 1e-12,
                low: 0,
                high: 50);
        }
    }

    /// <summary>Few rows meet a matrix of run time where it lies, whose last block begins earlier; with more it is copied into panels.</summary>
    [Theory]
    [InlineData(new long[] { 1, 70 }, new long[] { 70, 64 }, 1)]
    [InlineData(new long[] { 70 }, new long[] { 70, 645 }, 1)]
    [InlineData(new long[] { 3, 2, 20 }, new long[] { 3, 20, 37 }, 1)]
    [InlineData(new long[] { 2, 1, 5, 20 }, new long[] { 3, 20, 49 }, 2)]
    [InlineData(new long[] { 8, 20 }, new long[] { 20, 33 }, 1)]
    [InlineData(new long[] { 40, 20 }, new long[] { 20, 33 }, 2)]
    [InlineData(new long[] { 1, 20 }, new long[] { 20, 15 }, 2)]
    public void FewRowsReadTheMatrixInPlace(long[] a, long[] b, int steps)
    {
        foreach (OnnxDataType type in new[] { OnnxDataType.Float, OnnxDataType.Double, OnnxDataType.Int32 })
        {
            ModelBuilder model = new ModelBuilder().Input("a", type, a).Input("b", type, b).Node("MatMul", ["a", "b"], ["y"]).Output("y");
            ScheduleCheck.Steps(model).Count.ShouldBe(steps);
            OperatorCheck.Run(model, absolute: 1e-4);
        }
    }

    /// <summary>Repeated outputs take the residual's elements that belong to them, also costly functions behind a single row.</summary>
    [Theory]
    [InlineData(3, 45, "Relu")]
    [InlineData(1, 333, "Tanh")]
    public void RepeatedOutputsTakeTheirEpilogue(long rows, long columns, string function) => OperatorCheck.Run(
        new ModelBuilder()
            .Input("a", OnnxDataType.Float, rows, 20)
            .Input("b", OnnxDataType.Float, 20, columns)
            .Input("r", OnnxDataType.Float, rows, columns)
            .Input("s", OnnxDataType.Float, rows, 1)
            .Node("Neg", ["r"], ["residual"])
            .Node("MatMul", ["a", "b"], ["p"])
            .Node("Add", ["p", "residual"], ["q"])
            .Node("Mul", ["q", "s"], ["t"])
            .Node(function, ["t"], ["y"])
            .Output("y"),
        absolute: 1e-4);

    /// <summary>A single term needs no sum.</summary>
    [Fact]
    public void OuterProductsAreElementWise()
    {
        ModelBuilder model = new ModelBuilder().Input("a", OnnxDataType.Float, 3, 12, 1).Input("b", OnnxDataType.Float, 1, 24).Node("MatMul", ["a", "b"], ["y"]).Output("y");
        ScheduleCheck.Steps(model).Single().ShouldBeOfType<ElementwiseStep>();
        OperatorCheck.Run(model);
    }

    /// <summary>Rows, terms and columns of the run: tiles of each size, and parts of a block.</summary>
    [Fact]
    public void OtherElementsAtSizesOfTheRun()
    {
        foreach (OnnxDataType type in new[] { OnnxDataType.Double, OnnxDataType.Int64 })
        {
            ModelBuilder model = new ModelBuilder().Input("a", type, ["m", "k"]).Input("b", type, ["k", "n"]).Node("MatMul", ["a", "b"], ["y"]).Output("y");
            RunTimeSizesCheck.Run(model, "m=1..40,k=1..30,n=1..40", ["m=1,k=30,n=40", "m=40,k=7,n=17", "m=13,k=1,n=3"], relative: 1e-12);
        }
    }

    /// <summary>Products and sums of integers wrap around, as those of C# do.</summary>
    [Fact]
    public void IntegersWrapAround()
    {
        long[] a = Enumerable.Range(1, 6 * 5).Select(static i => i * 0x1234_5678_9ABC_DEFL).ToArray();
        long[] b = Enumerable.Range(1, 5 * 18).Select(static i => i * -0x0FED_CBA9_8765_4321L).ToArray();
        var expected = new long[6 * 18];
        for (int i = 0; i < expected.Length * 5; i++)
        {
            int at = i / 5;
            expected[at] += unchecked(a[(at / 18 * 5) + (i % 5)] * b[(i % 5 * 18) + (at % 18)]);
        }

        byte[] model = new ModelBuilder().Input("a", OnnxDataType.Int64, 6, 5).Input("b", OnnxDataType.Int64, 5, 18).Node("MatMul", ["a", "b"], ["y"]).Output("y").ToBytes();
        foreach (string isa in OperatorCheck.Isas)
        {
            Tensor y = CompiledModel.Compile(model, isa).Run([Long(a, 6, 5), Long(b, 5, 18)])[0];
            MemoryMarshal.Cast<byte, long>(y.Bytes).ToArray().ShouldBe(expected, isa);
        }

        static Tensor Long(long[] values, params int[] shape) => Tensor.Create(ElementType.Int64, new Shape(shape), values, "Long");
    }

    /// <summary>Seeded whole numbers from 0 to 49, of f64 with a fraction.</summary>
    private static byte[] Elements(OnnxDataType type, long count)
    {
        IEnumerable<float> values = Weights.Random(count, 5).Select(static w => (w + 0.5f) * 50);
        return type switch
        {
            OnnxDataType.Double => MemoryMarshal.AsBytes(values.Select(static v => (double)v).ToArray().AsSpan()).ToArray(),
            OnnxDataType.Int32 or OnnxDataType.UInt32 => MemoryMarshal.AsBytes(values.Select(static v => (int)v).ToArray().AsSpan()).ToArray(),
            _ => MemoryMarshal.AsBytes(values.Select(static v => (long)v).ToArray().AsSpan()).ToArray(),
        };
    }

    [Fact]
    public void InnerDimensionsMustAgree() => OperatorCheck.Fails(new ModelBuilder()
        .Input("a", OnnxDataType.Float, 2, 5)
        .Input("b", OnnxDataType.Float, 4, 4)
        .Node("MatMul", ["a", "b"], ["y"])
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    /// <summary>
    /// Behind every register of a tile, long chains are more locals than the just-in-time compiler keeps track of: they are a loop over the
    /// tile's sums, also of a last block whose lanes are not all real.
    /// </summary>
    [Theory]
    [InlineData(2, 64, false)]
    [InlineData(4, 64, true)]
    [InlineData(4, 72, true)]
    [InlineData(4, 69, true)]
    public void LongChainsRunOnStagedSums(int functions, int columns, bool staged)
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 29, 24)
            .Initializer("w", [24, columns], Weights.Random(24 * columns, 1))
            .Node("MatMul", ["x", "w"], ["v0"]);
        for (int i = 0; i < functions; i++)
        {
            model.Input($"r{i}", OnnxDataType.Float, i % 2 == 0 ? new long[] { 29, columns } : new long[] { columns }).Node(i % 2 == 0 ? "Add" : "Mul", [$"v{i}", $"r{i}"], [$"v{i + 1}"]);
        }

        model.Node("Identity", [$"v{functions}"], ["y"]).Output("y");
        CompiledModel.Compile(model.ToBytes(), "x86-64-v4").Result.Sources.Any(static s => s.Text.Contains("sums of a tile", System.StringComparison.Ordinal)).ShouldBe(staged);
        OperatorCheck.Run(model, absolute: 1e-4);
    }
}
