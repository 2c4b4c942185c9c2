using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Import;

/// <summary>Inputs of which the model says no shape, not even how many dimensions there are.</summary>
public sealed class UnknownRankTests
{
    [Theory]
    [InlineData("x[0]=2;x[1]=3", new[] { 2, 3 })]
    [InlineData("x.rank=0", new int[0])]
    public void The_user_says_the_shape(string dimensions, int[] expected) =>
        OperatorCheck.Import(Model().ToBytes(), new CompilerOptions { Dimensions = OptionParser.Dimensions(dimensions) })
            .Inputs.Single().Shape.Dimensions.ShouldBe(expected);

    [Theory]
    [InlineData("")]
    [InlineData("x.rank=2")]
    public void Without_it_the_message_says_how(string dimensions)
    {
        ModelDiagnostic diagnostic = OperatorCheck.Fails(Model(), new CompilerOptions { Dimensions = OptionParser.Dimensions(dimensions) });
        diagnostic.Code.ShouldBe(DiagnosticCodes.DimensionUnbound);
        diagnostic.Message.ShouldContain("x[0]=1;x[1]=16");
        diagnostic.Message.ShouldContain("x.rank=0");
    }

    private static ModelBuilder Model()
    {
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float).Node("Relu", ["x"], ["y"]).Output("y");
        model.Proto.Graph.Input[0].Type.TensorType.Shape = null;
        return model;
    }
}
