using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Experimental;

public sealed class CropTests
{
    [Fact]
    public void Cuts_the_border() => EquivalenceCheck.Run(
        new ModelBuilder(7).Input("x", OnnxDataType.Float, 2, 3, 7, 9).Node("Crop", ["x"], ["y"], ("border", new[] { 1L, 2L, 3L, 0L })).Output("y"),
        new ModelBuilder(7).Input("x", OnnxDataType.Float, 2, 3, 7, 9)
            .Node("Slice", ["x"], ["y"], ("starts", new[] { 2L, 1L }), ("ends", new[] { 7L, 6L }), ("axes", new[] { 2L, 3L })).Output("y"));

    [Fact]
    public void Keeps_a_size() => EquivalenceCheck.Run(
        new ModelBuilder(7).Input("x", OnnxDataType.Float, 2, 3, 7, 9).Node("Crop", ["x"], ["y"], ("border", new[] { 1L, 2L, 0L, 0L }), ("scale", new[] { 4L, 3L })).Output("y"),
        new ModelBuilder(7).Input("x", OnnxDataType.Float, 2, 3, 7, 9)
            .Node("Slice", ["x"], ["y"], ("starts", new[] { 2L, 1L }), ("ends", new[] { 6L, 4L }), ("axes", new[] { 2L, 3L })).Output("y"));

    [Fact]
    public void Leaves_something() => OperatorCheck.Fails(
        new ModelBuilder(7).Input("x", OnnxDataType.Float, 2, 3, 7, 9).Node("Crop", ["x"], ["y"], ("border", new[] { 1L, 4L, 0L, 3L })).Output("y"))
        .Message.ShouldContain("what is left of axis 2");
}
