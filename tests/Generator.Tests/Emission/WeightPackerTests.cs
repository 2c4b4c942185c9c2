using System;
using System.IO;
using System.Linq;
using System.Threading;
using AotCompiler.Compiler;
using AotCompiler.Emission;
using AotCompiler.Onnx;
using AotCompiler.Planning;
using AotCompiler.Runtime;
using AotCompiler.Tests.Onnx;
using Shouldly;

namespace AotCompiler.Tests.Emission;

/// <summary>The generator and the packer compile the same model in two processes: what they agree on must not depend on either.</summary>
public sealed class WeightPackerTests
{
    private static readonly byte[] _model = new ModelBuilder()
        .Input("x", OnnxDataType.Float, 1, 3, 8, 8)
        .Initializer("w", [20, 3, 3, 3], Enumerable.Range(0, 540).Select(static i => i * 0.25f).ToArray())
        .Node("Conv", ["x", "w"], ["c"])
        .Node("Relu", ["c"], ["y"])
        .Output("y")
        .ToBytes();

    [Theory]
    [InlineData("x86-64-v4")]
    [InlineData("x86-64-v3")]
    [InlineData("baseline")]
    public void PlanIsTheSameForEveryFrontEndAndWidth(string isa)
    {
        CompilationResult generator = Compile(new CompilerOptions { InlineWeightLimit = 0 });
        CompilationResult packer = Compile(new CompilerOptions { InlineWeightLimit = 0, Isa = TargetIsa.TryParse(isa)!, NullableContext = false, CheckOverflow = true });
        packer.Code!.Hash.ShouldBe(generator.Code!.Hash);
        packer.Code.WeightTypeName.ShouldBe(generator.Code.WeightTypeName);
        Blob(packer).ShouldBe(Blob(generator));
    }

    [Fact]
    public void HeaderNamesThePlanInTheCode()
    {
        CompilationResult result = Compile(new CompilerOptions { InlineWeightLimit = 0 });
        WeightBlobHeader.TryRead(Blob(result), out WeightBlobHeader header).ShouldBeTrue();
        header.PayloadLength.ShouldBe(result.Plan!.WeightBytes);
        result.Sources[0].Text.ShouldContain($"Data, 0x{header.PlanHashHigh:x16}UL, 0x{header.PlanHashLow:x16}UL, WeightBytes");
    }

    [Fact]
    public void AssemblyHoldsTheBlob()
    {
        CompilationResult result = Compile(new CompilerOptions { InlineWeightLimit = 0 });
        using var stream = new MemoryStream();
        WeightPacker.Write(result.Plan!, result.Code!, "Weights", stream, null, CancellationToken.None);
        stream.ToArray().AsSpan().IndexOf(Blob(result)).ShouldBeGreaterThan(0);
    }

    private static CompilationResult Compile(CompilerOptions options)
    {
        CompilationResult result = ModelCompiler.Compile(ModelFile.FromBytes(_model), NoExternalData.Instance, options);
        result.Success.ShouldBeTrue(string.Join('\n', result.Diagnostics));
        return result;
    }

    private static byte[] Blob(CompilationResult result)
    {
        using var stream = new MemoryStream();
        ExecutionPlan plan = result.Plan!;
        WeightBlobWriter.Write(plan, result.Code!.Hash, stream, null, CancellationToken.None);
        return stream.ToArray();
    }
}
