using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Threading;
using AotCompiler.Compiler;
using AotCompiler.InProcess;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;
using Xunit;

namespace AotCompiler.Tests.Emission;

/// <summary>What the generated class promises its users: checks before writes, exceptions for bad data, no allocations, instances side by side.</summary>
public class GeneratedApiTests
{
    private static readonly Lazy<Assembly> _assembly = new(Compile);

    private static int _count;

    /// <summary>Calls the class as a user would. Each method returns what happened.</summary>
    private const string Probe = """
        using System;

        public static class Probe
        {
            private static readonly float[] X = Ramp();

            public static string Run(int x, int i, int y, long index)
            {
                var output = new float[Safety.YLength + y];
                output.AsSpan().Fill(7f);
                var indices = new long[Safety.ILength + i];
                indices.AsSpan().Fill(index);
                string what = "ok";
                using var model = new Safety();
                try { model.Run(new float[Safety.XLength + x], indices, output); } catch (Exception e) { what = e.GetType().Name; }
                return what + (output.AsSpan().IndexOfAnyExcept(7f) < 0 ? " untouched" : "");
            }

            public static string Disposed()
            {
                var model = new Safety();
                model.Run(X, new long[Safety.ILength], new float[Safety.YLength]);
                model.Dispose();
                model.Dispose();
                try { model.Run(X, new long[Safety.ILength], new float[Safety.YLength]); return "ok"; } catch (Exception e) { return e.GetType().Name; }
            }

            public static unsafe string Arena(int missing, int shift)
            {
                var block = GC.AllocateArray<byte>(Safety.ArenaBytes + 256, pinned: true);
                fixed (byte* p = block)
                {
                    int start = (int)((64 - ((long)p & 63)) & 63) + shift;
                    try { Safety.Run(X, new long[Safety.ILength], new float[Safety.YLength], block.AsSpan(start, Safety.ArenaBytes - missing)); return "ok"; }
                    catch (Exception e) { return e.GetType().Name; }
                }
            }

            public static float[] Result(int shift)
            {
                // Spans that begin at any float, not only at a vector.
                var x = new float[Safety.XLength + shift];
                X.CopyTo(x, shift);
                var i = new long[Safety.ILength + shift];
                i.AsSpan(shift).Fill(-1);
                var y = new float[Safety.YLength + shift + 64];
                y.AsSpan().Fill(7f);
                using var model = new Safety();
                model.Run(x.AsSpan(shift), i.AsSpan(shift), y.AsSpan(shift, Safety.YLength));
                if (y.AsSpan(0, shift).IndexOfAnyExcept(7f) >= 0 || y.AsSpan(shift + Safety.YLength).IndexOfAnyExcept(7f) >= 0) throw new InvalidOperationException("wrote beside the output");
                return y.AsSpan(shift, Safety.YLength).ToArray();
            }

            public static long Allocated()
            {
                var i = new long[Safety.ILength];
                var y = new float[Safety.YLength];
                using var model = new Safety();
                model.Run(X, i, y);
                long before = GC.GetAllocatedBytesForCurrentThread();
                for (int n = 0; n < 100; n++) model.Run(X, i, y);
                return GC.GetAllocatedBytesForCurrentThread() - before;
            }

            private static float[] Ramp()
            {
                var x = new float[Safety.XLength];
                for (int n = 0; n < x.Length; n++) x[n] = n / 100f;
                return x;
            }
        }
        """;

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(-1, 0, 0)]
    [InlineData(0, 1, 0)]
    [InlineData(0, -1, 0)]
    [InlineData(0, 0, 1)]
    [InlineData(0, 0, -1)]
    public void A_wrong_length_throws_before_anything_is_written(int x, int i, int y) =>
        Call<string>("Run", x, i, y, 0L).ShouldBe("ArgumentException untouched");

    [Theory]
    [InlineData(6)]
    [InlineData(-7)]
    [InlineData(int.MaxValue)]
    [InlineData(1L << 32)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void An_index_out_of_range_throws(long index) => Call<string>("Run", 0, 0, 0, index).ShouldStartWith("ArgumentOutOfRangeException");

    [Theory]
    [InlineData(5)]
    [InlineData(-6)]
    public void The_last_indices_are_in_range(long index) => Call<string>("Run", 0, 0, 0, index).ShouldBe("ok");

    [Fact]
    public void Dispose_may_be_called_twice_and_Run_not_after_it() => Call<string>("Disposed").ShouldBe("ObjectDisposedException");

    [Theory]
    [InlineData(0, 0, "ok")]
    [InlineData(1, 0, "ArgumentException")]
    [InlineData(0, 4, "ArgumentException")]
    public void The_callers_arena_is_checked(int missing, int shift, string expected) => Call<string>("Arena", missing, shift).ShouldBe(expected);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public void Spans_need_no_alignment(int shift) => Call<float[]>("Result", shift).ShouldBe(Call<float[]>("Result", 0));

    [Fact]
    public void Run_allocates_nothing() => Call<long>("Allocated").ShouldBe(0);

    [Fact]
    public void Instances_run_side_by_side()
    {
        float[] expected = Call<float[]>("Result", 0);
        var results = new List<float[]>[2];
        Thread[] threads = Enumerable.Range(0, results.Length)
            .Select(t => new Thread(() => results[t] = Enumerable.Range(0, 50).Select(_ => Call<float[]>("Result", 0)).ToList()))
            .ToArray();
        Array.ForEach(threads, static t => t.Start());
        Array.ForEach(threads, static t => t.Join());
        results.SelectMany(static r => r).ShouldAllBe(r => r.SequenceEqual(expected));
    }

    [Fact]
    public void Models_without_nodes_run()
    {
        byte[] model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 3)
            .Input("unused", OnnxDataType.Int64, 2)
            .Initializer("c", [2], 5f, 6f)
            .Output("x")
            .Output("c")
            .ToBytes();
        OperatorCheck.RunOn(model, [Ir.Tensor.Create(Ir.ElementType.Float32, new Ir.Shape(3), [1f, 2f, 3f]), Ir.Tensor.Vector(1, 2)]);
    }

    private static T Call<T>(string method, params object[] arguments) =>
        (T)_assembly.Value.GetType("Probe")!.GetMethod(method)!.Invoke(null, arguments)!;

    private static Assembly Compile()
    {
        byte[] model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 3, 8, 8)
            .Input("i", OnnxDataType.Int64, 2)
            .Initializer("w", [17, 3, 3, 3], Weights.Random(17 * 27, 1))
            .Node("Conv", ["x", "w"], ["c"])
            .Node("Gather", ["c", "i"], ["g"], ("axis", 2))
            .Node("Sigmoid", ["g"], ["y"])
            .Output("y")
            .ToBytes();
        CompilationResult result = ModelCompiler.Compile(ModelFile.FromBytes(model), NoExternalData.Instance, new CompilerOptions { ModelName = "Safety" });
        result.Success.ShouldBeTrue(string.Join('\n', result.Diagnostics));
        return InProcessCompiler.Compile(
            $"GeneratedApi{Interlocked.Increment(ref _count)}",
            result.Sources.Select(static s => (s.HintName, s.Text)).Append(("Probe.cs", Probe)));
    }
}
