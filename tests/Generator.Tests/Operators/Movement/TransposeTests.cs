using System.Linq;
using System.Text.RegularExpressions;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class TransposeTests
{
    [Theory]
    [InlineData(new long[] { 5, 7 }, null)]
    [InlineData(new long[] { 33, 65 }, new long[] { 1, 0 })]
    [InlineData(new long[] { 2, 3, 5, 7 }, new long[] { 0, 2, 3, 1 })]
    [InlineData(new long[] { 2, 3, 5, 7 }, new long[] { 0, 2, 1, 3 })]
    [InlineData(new long[] { 2, 3, 5, 7 }, new long[] { 3, 2, 1, 0 })]
    [InlineData(new long[] { 2, 17, 5, 19 }, new long[] { 0, 3, 2, 1 })]
    [InlineData(new long[] { 1, 16, 7, 7 }, new long[] { 0, 2, 3, 1 })]
    [InlineData(new long[] { 70, 201 }, new long[] { 1, 0 })]
    [InlineData(new long[] { 201, 70 }, new long[] { 1, 0 })]
    [InlineData(new long[] { 9 }, null)]
    [InlineData(new long[] { }, null)]
    [InlineData(new long[] { 0, 4 }, null)]
    public void PermutesF32(long[] shape, long[]? perm) => OperatorCheck.Run(Model(OnnxDataType.Float, shape, perm));

    [Theory]
    [InlineData((int)OnnxDataType.Int64)]
    [InlineData((int)OnnxDataType.UInt8)]
    [InlineData((int)OnnxDataType.Int16)]
    [InlineData((int)OnnxDataType.Bool)]
    [InlineData((int)OnnxDataType.Int32)]
    public void PermutesAnyType(int type) => OperatorCheck.Run(Model((OnnxDataType)type, [3, 5, 18], [2, 0, 1]));

    /// <summary>Tiles of each size of elements, in every width, with ends that overlap; few columns; fewer rows than a tile has.</summary>
    [Theory]
    [InlineData(new long[] { 83, 149 }, new long[] { 1, 0 })]
    [InlineData(new long[] { 2, 130, 81 }, new long[] { 0, 2, 1 })]
    [InlineData(new long[] { 2, 97, 3 }, new long[] { 0, 2, 1 })]
    [InlineData(new long[] { 101, 15 }, new long[] { 1, 0 })]
    [InlineData(new long[] { 2, 23, 2, 19 }, new long[] { 0, 2, 3, 1 })]
    [InlineData(new long[] { 15, 64 }, new long[] { 1, 0 })]
    public void TransposesTilesOfAnySize(long[] shape, long[] perm)
    {
        foreach (OnnxDataType type in new[] { OnnxDataType.Int8, OnnxDataType.UInt16, OnnxDataType.Int32, OnnxDataType.Double, OnnxDataType.Float16 })
        {
            OperatorCheck.Run(Model(type, shape, perm));
        }
    }

    [Theory]
    [InlineData((int)OnnxDataType.UInt8, 64, "Vector512Tile")]
    [InlineData((int)OnnxDataType.UInt8, 40, "Vector256Tile")]
    [InlineData((int)OnnxDataType.UInt8, 15, null)]
    [InlineData((int)OnnxDataType.Int16, 32, "Vector512Tile")]
    [InlineData((int)OnnxDataType.Int64, 2, "Vector128Tile")]
    public void TilesAreOfTheWidestRegistersThatRowsFill(int type, int rows, string? tile)
    {
        string code = string.Concat(CompiledModel.Compile(Model((OnnxDataType)type, [rows, 20], [1, 0]).ToBytes(), "x86-64-v4").Result.Sources.Select(static s => s.Text));
        Regex.Matches(code, @"\w+(?=\.Transpose\()").Select(static m => m.Value).ShouldBe(tile is null ? [] : [tile]);
    }

    [Fact]
    public void EvaluatesAMatrix() =>
        ScheduleCheck.Evaluate(Model(OnnxDataType.Float, [2, 3], null), ScheduleCheck.Counting(2, 3)).Floats().ToArray().ShouldBe([0f, 3f, 1f, 4f, 2f, 5f]);

    [Theory]
    [InlineData(new long[] { 0, 2, 3, 1 }, 40)]
    [InlineData(new long[] { 3, 1, 0, 2 }, 17)]
    public void TakesChannelBlocksApart(long[] perm, int channels)
    {
        ModelBuilder model = BlockedModels.Start(channels, 5, 6, batch: 2).Node("Transpose", ["b"], ["y"], ("perm", perm)).Output("y");
        OperatorCheck.Run(model, relative: 1e-4, absolute: 1e-5);
    }

    [Fact]
    public void IsAView() => ScheduleCheck.RunAndCountCopies(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3, 5, 16)
        .Node("Transpose", ["x"], ["t"], ("perm", new long[] { 1, 0, 2 }))
        .Node("Relu", ["t"], ["y"])
        .Output("y")).ShouldBe(0);

    [Theory]
    [InlineData(new long[] { 0, 0 })]
    [InlineData(new long[] { 0 })]
    [InlineData(new long[] { 0, 2 })]
    [InlineData(new long[] { 0, 4294967297 })]
    public void RefusesWhatIsNoPermutation(long[] perm) =>
        OperatorCheck.Fails(Model(OnnxDataType.Float, [2, 3], perm)).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    private static ModelBuilder Model(OnnxDataType type, long[] shape, long[]? perm) => new ModelBuilder()
        .Input("x", type, shape)
        .Node("Transpose", ["x"], ["y"], perm is null ? [] : [("perm", perm)])
        .Output("y");
}
