using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class QMoETests
{
    [Theory]
    [InlineData(4, 0, true)]
    [InlineData(4, 16, false)]
    [InlineData(8, 16, true)]
    [InlineData(2, 32, false)]
    public void Packed_weights_agree_with_real_ones(int bits, int block, bool zeros) => OperatorCheck.Run(Model(bits, block, zeros), relative: 1e-4);

    [Fact]
    public void Logits_may_only_choose() => OperatorCheck.Run(Model(4, 16, zeros: false, router: true), relative: 1e-4);

    [Fact]
    public void Other_formats_are_refused() => OperatorCheck.Fails(Model(4, 16, zeros: false, router: false, ("quant_type", "fp4"))).Code.ShouldBe(DiagnosticCodes.FeatureUnsupported);

    private static ModelBuilder Model(int bits, int block, bool zeros, bool router = false, params (string, object)[] attributes)
    {
        int pack = 8 / bits;
        int blocks = block == 0 ? 1 : 32 / block;
        long[] scales = block == 0 ? [3, 32] : [3, 32, blocks];
        long[] points = block == 0 ? [3, 32 / pack] : [3, 32, (blocks + pack - 1) / pack];
        static byte[] Codes(long[] dims, int seed) => Enumerable.Range(seed, (int)dims.Aggregate(1L, static (p, d) => p * d)).Select(static i => (byte)(i * 73)).ToArray();
        ModelBuilder model = new ModelBuilder(21).Input("x", OnnxDataType.Float, 5, 32).Input("r", OnnxDataType.Float, 5, 3)
            .Initializer("w1", [3, 32, 32 / pack], Codes([3, 32, 32 / pack], 1)).Initializer("w2", [3, 32, 32 / pack], Codes([3, 32, 32 / pack], 5))
            .Initializer("s", scales, Codes(scales, 3).Select(static c => (c + 1) / 2000f).ToArray());
        model = zeros ? model.Initializer("z", points, Codes(points, 9)) : model;
        model = router ? model.Input("given", OnnxDataType.Float, 5, 3) : model;
        string z = zeros ? "z" : string.Empty;
        return model
            .Node("com.microsoft", "QMoE", ["x", "r", "w1", "s", "", "w2", "s", "", "", "", "", z, z, "", router ? "given" : ""], ["y"], [("k", 2), ("expert_weight_bits", bits), ("block_size", block), .. attributes])
            .Output("y");
    }
}
