using System;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Optimization;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Optimization;

public sealed class HalfWideningTests
{
    [Fact]
    public void CastsOnlyWhereValuesEnterAndLeave()
    {
        Graph graph = OperatorCheck.Import(Net(OnnxDataType.Float16).ToBytes());
        new HalfWidening().Run(graph, default).ShouldBeTrue();
        GraphVerifier.Verify(graph, "widening");
        PassCheck.Operators(graph).ShouldBe("Cast, Conv, Relu, Transpose, Cast");
        graph.Nodes.Skip(1).Take(3).SelectMany(static n => n.Inputs).ShouldAllBe(static v => v!.Type == ElementType.Float32 || v.Type == ElementType.Int64);
        graph.Inputs[0].Type.ShouldBe(ElementType.Float16);
        graph.Outputs[0].Value.Type.ShouldBe(ElementType.Float16);
    }

    [Theory]
    [InlineData((int)OnnxDataType.Float16, 1e-3)]
    [InlineData((int)OnnxDataType.BFloat16, 1e-2)]
    public void CompiledCodeComputesWhatTheInterpreterDoes(int type, double tolerance) => OperatorCheck.Run(Net((OnnxDataType)type), relative: tolerance, absolute: tolerance);

    [Fact]
    public void LeavesOtherModelsAlone() =>
        new HalfWidening().Run(OperatorCheck.Import(Net(OnnxDataType.Float).ToBytes()), default).ShouldBeFalse();

    /// <summary>x + 2¹¹ − 2¹¹ loses the bits below 1 where the model rounds between, and only there.</summary>
    [Fact]
    public void ACastOfTheModelRounds()
    {
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float, 33).Initializer("c", [1], [2048f])
            .Node("Add", ["x", "c"], ["a"]).Node("Cast", ["a"], ["h"], ("to", (int)OnnxDataType.Float16)).Node("Cast", ["h"], ["f"], ("to", 1)).Node("Sub", ["f", "c"], ["y"]).Output("y");
        OperatorCheck.Run(model, relative: 0, absolute: 0);
        CompiledModel.Compile(model.ToBytes()).Run(Tensor.Create(ElementType.Float32, new Shape(33), Enumerable.Repeat(0.75f, 33).ToArray()))[0].Floats()[32].ShouldBe(0);
    }

    [Fact]
    public void WidensWhatATypeAttributeMakes() => OperatorCheck.Run(new ModelBuilder(25)
        .Input("x", OnnxDataType.Int8, 5).Initializer("s", [1], [0.5f])
        .Node("Cast", ["x"], ["h"], ("to", (int)OnnxDataType.BFloat16)).Node("Mul", ["h", "h"], ["y"]).Output("y").Output("h"), relative: 1e-2);

    [Fact]
    public void FoldsConstantsOf16Bits()
    {
        Tensor half = OperatorCheck.Import(new ModelBuilder().RawInitializer("a", OnnxDataType.Float16, [2], [0x00, 0x3C, 0x00, 0x40])
            .Node("Exp", ["a"], ["y"]).Output("y").ToBytes()).Outputs[0].Value.Constant.ShouldNotBeNull();
        half.Type.ShouldBe(ElementType.Float16);
        ElementEvaluation.Read(half, 0).ShouldBe((double)(Half)MathF.E);
    }

    private static ModelBuilder Net(OnnxDataType type)
    {
        byte[] weights = ElementEvaluation.Fill((ElementType)(int)type, new Shape(4, 3, 3, 3), 0.125).Bytes.ToArray();
        return new ModelBuilder().Input("x", type, 1, 3, 6, 5).RawInitializer("w", type, [4, 3, 3, 3], weights)
            .Node("Conv", ["x", "w"], ["a"]).Node("Relu", ["a"], ["b"]).Node("Transpose", ["b"], ["y"], ("perm", new long[] { 0, 2, 3, 1 })).Output("y");
    }
}
