using AotCompiler.Onnx;
using Shouldly;
using Xunit;

namespace AotCompiler.Tests.Onnx;

public class OnnxReaderTests
{
    [Fact]
    public void A_model_is_mirrored()
    {
        OnnxModel model = new ModelBuilder(opset: 17)
            .Input("x", OnnxDataType.Float, ["batch", 3, 8, null])
            .Initializer("w", [2, 3, 1, 1], 1f, 2f, 3f, 4f, 5f, 6f)
            .Node("Conv", ["x", "w"], ["y"], ("strides", new long[] { 1, 1 }), ("auto_pad", "SAME_UPPER"))
            .Output("y", OnnxDataType.Float, 1, 2, 8, 8)
            .ToModel();

        model.IrVersion.ShouldBe(10);
        model.OnnxOpset.ShouldBe(17);
        model.ProducerName.ShouldBe("tests");
        ((OnnxTensorType)model.Graph.Inputs[0].Type!).Shape!.ToString().ShouldBe("[batch, 3, 8, ?]");
        model.Graph.Initializers[0].Dims.ShouldBe([2, 3, 1, 1]);
        model.Graph.Initializers[0].Data.Length.ShouldBe(24);
        OnnxNode node = model.Graph.Nodes[0];
        node.OpType.ShouldBe("Conv");
        node.Inputs.ShouldBe(["x", "w"]);
        node.FindAttribute("strides")!.Ints.ShouldBe([1, 1]);
        node.FindAttribute("auto_pad")!.String.ShouldBe("SAME_UPPER");
        node.FindAttribute("pads").ShouldBeNull();
    }
}
