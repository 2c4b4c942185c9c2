using System;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Randomness;

public sealed class TrainingDropoutTests
{
    [Theory]
    [InlineData(0.25f)]
    [InlineData(null)]
    public void DropsAShareAndScalesTheRest(float? ratio)
    {
        Tensor x = Tensor.Create(ElementType.Float32, new Shape(4000), Enumerable.Repeat(3f, 4000).ToArray());
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float, 4000).Initializer("train", [], true);
        if (ratio is { } r)
        {
            model.Initializer("ratio", [], r);
        }

        float share = ratio ?? 0.5f;
        CompiledModel compiled = CompiledModel.Compile(model.Node("Dropout", ["x", ratio is null ? "" : "ratio", "train"], ["y", "mask"]).Output("y").Output("mask").ToBytes());
        var results = compiled.RunAt([], x);
        float[] y = results[0].AsSpan<float>().ToArray();
        byte[] mask = results[1].Bytes.ToArray();
        y.Zip(mask).All(p => p.First == (p.Second == 0 ? 0 : 3 / (1 - share))).ShouldBeTrue();
        mask.Select(static m => (double)m).ToArray().ShouldHave(mean: 1 - share, variance: share * (1 - share));
        RandomCheck.Run(model, x);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AModeOfTheRun(bool train)
    {
        byte[] model = new ModelBuilder().Input("x", OnnxDataType.Float, 50).Input("train", OnnxDataType.Bool).Node("Dropout", ["x", "", "train"], ["y", "mask"])
            .Output("y").Output("mask").ToBytes();
        Tensor x = Tensor.Create(ElementType.Float32, new Shape(50), Enumerable.Repeat(1f, 50).ToArray());
        Tensor mode = Tensor.FromBytes(ElementType.Bool, Shape.Scalar, new[] { train ? (byte)1 : (byte)0 }, "train");
        OperatorCheck.RunOn(model, [x, mode]);
        CompiledModel.Compile(model).RunAt([], x, mode)[0].AsSpan<float>().ToArray().All(static y => y == 1).ShouldBe(!train);
    }

    /// <summary>Before opset 7 dropout trains unless is_test says otherwise; the mask has the type of the data.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public void OldOpsetsTrain(int opset)
    {
        Tensor x = Tensor.Create(ElementType.Float32, new Shape(4000), Enumerable.Repeat(2f, 4000).ToArray());
        ModelBuilder model = new ModelBuilder(opset).Input("x", OnnxDataType.Float, 4000).Node("Dropout", ["x"], ["y", "mask"], ("ratio", 0.2f)).Output("y").Output("mask");
        var results = CompiledModel.Compile(model.ToBytes()).RunAt([], x);
        results[0].AsSpan<float>().ToArray().ShouldBe(results[1].AsSpan<float>().ToArray().Select(static m => m * 2 / 0.8f), 1e-6);
        results[1].AsSpan<float>().ToArray().Select(static m => (double)m).ToArray().ShouldHave(mean: 0.8, variance: 0.16);
        RandomCheck.Run(model, x);
    }
}
