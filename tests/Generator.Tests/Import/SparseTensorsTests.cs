using System;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx.Proto;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Import;

public sealed class SparseTensorsTests
{
    [Fact]
    public void ElementsAreWhereEitherFormOfIndicesSays()
    {
        float[] expected = [0, 0, 5, 0, 0, -1];
        Dense(Protos.Sparse("w", [2, 3], Protos.Tensor("w", [2], 5f, -1f), Protos.Tensor("", [2], 2L, 5))).AsSpan<float>().ToArray().ShouldBe(expected);
        Dense(Protos.Sparse("w", [2, 3], Protos.Tensor("w", [2], 5f, -1f), Protos.Tensor("", [2, 2], 0L, 2, 1, 2))).AsSpan<float>().ToArray().ShouldBe(expected);
        Dense(Protos.Sparse("w", [2, 3], Protos.Tensor("w", [0], Array.Empty<float>()), Protos.Tensor("", [0], Array.Empty<long>()))).AsSpan<float>().ToArray().ShouldBe(new float[6]);
    }

    [Fact]
    public void AnyElementTypeMayBeSparse() => Dense(Protos.Sparse("w", [3], Protos.Tensor("w", [1], (sbyte)-7), Protos.Tensor("", [1], 1L)))
        .Bytes.ToArray().ShouldBe([0, 0xF9, 0]);

    [Theory]
    [InlineData(new long[] { 2, 1 })]
    [InlineData(new long[] { 1, 1 })]
    [InlineData(new long[] { 0, 6 })]
    [InlineData(new long[] { -1, 2 })]
    [InlineData(new[] { 0, long.MaxValue })]
    public void PositionsMustAscendAndBeInRange(long[] positions) =>
        Refusal(Protos.Sparse("w", [2, 3], Protos.Tensor("w", [2], 5f, -1f), Protos.Tensor("", [2], positions))).ShouldBe(DiagnosticCodes.TensorMalformed);

    [Theory]
    [InlineData(new long[] { 0, 3, 1, 0 })]
    [InlineData(new long[] { 1, 0, 0, 2 })]
    [InlineData(new long[] { 0, 0, 2, 0 })]
    [InlineData(new[] { 0, 0, 1, long.MinValue })]
    public void IndicesMustAscendAndBeInRange(long[] indices) =>
        Refusal(Protos.Sparse("w", [2, 3], Protos.Tensor("w", [2], 5f, -1f), Protos.Tensor("", [2, 2], indices))).ShouldBe(DiagnosticCodes.TensorMalformed);

    [Fact]
    public void ListsMustFit()
    {
        Refusal(Protos.Sparse("w", [2, 3], Protos.Tensor("w", [2], 5f, -1f), Protos.Tensor("", [1], 1L))).ShouldBe(DiagnosticCodes.TensorMalformed);
        Refusal(Protos.Sparse("w", [2, 3], Protos.Tensor("w", [1, 1], 5f), Protos.Tensor("", [1], 1L))).ShouldBe(DiagnosticCodes.TensorMalformed);
        Refusal(Protos.Sparse("w", [2, 3], Protos.Tensor("w", [1], 5f), Protos.Tensor("", [1, 3], 1L, 1, 1))).ShouldBe(DiagnosticCodes.TensorMalformed);
        Refusal(Protos.Sparse("w", [2, 3], Protos.Tensor("w", [1], 5f), Protos.Tensor("", [1], 1))).ShouldBe(DiagnosticCodes.TensorMalformed);
    }

    [Theory]
    [InlineData(1L << 30)]
    [InlineData(int.MaxValue)]
    [InlineData(1L << 40)]
    public void FewElementsMakeNoHugeTensor(long length) =>
        Refusal(Protos.Sparse("w", [length], Protos.Tensor("w", [1], 5f), Protos.Tensor("", [1], 1L))).ShouldBe(DiagnosticCodes.TooLarge);

    private static Tensor Dense(SparseTensorProto sparse) => OperatorCheck.Interpret(Model(sparse));

    private static string Refusal(SparseTensorProto sparse) => OperatorCheck.Fails(Model(sparse)).Code;

    private static ModelBuilder Model(SparseTensorProto sparse)
    {
        ModelBuilder model = new ModelBuilder().Node("Identity", ["w"], ["y"]).Output("y");
        model.Graph.SparseInitializer.Add(sparse);
        return model;
    }
}
