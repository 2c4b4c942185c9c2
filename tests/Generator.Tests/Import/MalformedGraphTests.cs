using System;
using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Onnx.Proto;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Import;

/// <summary>Every way to break a graph ends in one diagnostic that says what is wrong and where.</summary>
public sealed class MalformedGraphTests
{
    private static readonly Dictionary<string, (string Code, string Named, Func<ModelBuilder> Model)> _cases = new(StringComparer.Ordinal)
    {
        ["a cycle of two nodes"] = (DiagnosticCodes.GraphMalformed, "cycle", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("Add", ["x", "b"], ["a"]).Node("Add", ["a", "x"], ["b"]).Output("b")),
        ["a node that reads itself"] = (DiagnosticCodes.GraphMalformed, "cycle", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("Add", ["x", "y"], ["y"]).Output("y")),
        ["an input that nothing makes"] = (DiagnosticCodes.GraphMalformed, "nowhere", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("Add", ["x", "nowhere"], ["y"]).Output("y")),
        ["an output that nothing makes"] = (DiagnosticCodes.GraphMalformed, "nowhere", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("Relu", ["x"], ["y"]).Output("nowhere")),
        ["two nodes with one output"] = (DiagnosticCodes.GraphMalformed, "\"y\"", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("Relu", ["x"], ["y"]).Node("Neg", ["x"], ["y"]).Output("y")),
        ["a node that makes an input again"] = (DiagnosticCodes.GraphMalformed, "\"x\"", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Input("z", OnnxDataType.Float, 2, 3).Node("Relu", ["z"], ["x"]).Output("x")),
        ["a node with one output twice"] = (DiagnosticCodes.GraphMalformed, "\"y\"", () => new ModelBuilder().Input("x", OnnxDataType.Float, 4).Initializer("k", [1], 1L).Node("TopK", ["x", "k"], ["y", "y"]).Output("y")),
        ["two constants of one name"] = (DiagnosticCodes.GraphMalformed, "\"c\"", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Initializer("c", [1], 1f).Initializer("c", [1], 2f).Node("Add", ["x", "c"], ["y"]).Output("y")),
        ["two inputs of one name"] = (DiagnosticCodes.GraphMalformed, "\"x\"", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Input("x", OnnxDataType.Float, 2, 3).Node("Relu", ["x"], ["y"]).Output("y")),
        ["two outputs of one name"] = (DiagnosticCodes.GraphMalformed, "\"y\"", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("Relu", ["x"], ["y"]).Output("y").Output("y")),
        ["no output"] = (DiagnosticCodes.GraphMalformed, "output", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("Relu", ["x"], ["y"])),
        ["too few inputs"] = (DiagnosticCodes.GraphMalformed, "Add", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("Add", ["x"], ["y"]).Output("y")),
        ["too many inputs"] = (DiagnosticCodes.GraphMalformed, "Relu", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("Relu", ["x", "x"], ["y"]).Output("y")),
        ["a required input left out"] = (DiagnosticCodes.GraphMalformed, "Sub", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("Sub", ["", "x"], ["y"]).Output("y")),
        ["too many outputs"] = (DiagnosticCodes.GraphMalformed, "Relu", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("Relu", ["x"], ["y", "z"]).Output("y")),
        ["no operator"] = (DiagnosticCodes.OperatorUnsupported, "", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("", ["x"], ["y"]).Output("y")),
        ["unequal types"] = (DiagnosticCodes.ShapeMismatch, "Add", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Input("z", OnnxDataType.Int64, 2, 3).Node("Add", ["x", "z"], ["y"]).Output("y")),
        ["a product of unequal types"] = (DiagnosticCodes.ShapeMismatch, "MatMul", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Input("z", OnnxDataType.Double, 3, 2).Node("MatMul", ["x", "z"], ["y"]).Output("y")),
        ["a condition of numbers"] = (DiagnosticCodes.TypeUnsupported, "Where", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("Where", ["x", "x", "x"], ["y"]).Output("y")),
        ["indices that are no integers"] = (DiagnosticCodes.TypeUnsupported, "Gather", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("Gather", ["x", "x"], ["y"]).Output("y")),
        ["a logical operator of numbers"] = (DiagnosticCodes.TypeUnsupported, "And", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("And", ["x", "x"], ["y"]).Output("y")),
        ["an input of no type"] = (DiagnosticCodes.TypeUnsupported, "\"x\"", () => new ModelBuilder().Input("x", OnnxDataType.Undefined, 2).Node("Relu", ["x"], ["y"]).Output("y")),
        ["an input of negative size"] = (DiagnosticCodes.DimensionUnbound, "x[1]", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, -3).Node("Relu", ["x"], ["y"]).Output("y")),
        ["an unknown choice"] = (DiagnosticCodes.ShapeMismatch, "SOMETIMES", () => new ModelBuilder().Input("x", OnnxDataType.Float, 1, 1, 5, 5).Input("w", OnnxDataType.Float, 1, 1, 3, 3).Node("Conv", ["x", "w"], ["y"], ("auto_pad", "SOMETIMES")).Output("y")),
        ["an attribute of another kind"] = (DiagnosticCodes.GraphMalformed, "axis", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("Softmax", ["x"], ["y"], ("axis", 1.5f)).Output("y")),
        ["an attribute twice"] = (DiagnosticCodes.GraphMalformed, "axis", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("Softmax", ["x"], ["y"], ("axis", 1), ("axis", 0)).Output("y")),
        ["an axis outside"] = (DiagnosticCodes.ShapeMismatch, "5", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("Softmax", ["x"], ["y"], ("axis", 5)).Output("y")),
        ["a required attribute left out"] = (DiagnosticCodes.GraphMalformed, "to", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("Cast", ["x"], ["y"]).Output("y")),
        ["a cast to no type"] = (DiagnosticCodes.TypeUnsupported, "99", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("Cast", ["x"], ["y"], ("to", 99)).Output("y")),
        ["a concatenation along nothing"] = (DiagnosticCodes.GraphMalformed, "axis", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("Concat", ["x", "x"], ["y"]).Output("y")),
        ["a permutation that is none"] = (DiagnosticCodes.ShapeMismatch, "Transpose", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("Transpose", ["x"], ["y"], ("perm", new[] { 0L, 0L })).Output("y")),
        ["a constant without a value"] = (DiagnosticCodes.GraphMalformed, "Constant", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("Constant", [], ["c"]).Node("Add", ["x", "c"], ["y"]).Output("y")),
        ["a constant with two values"] = (DiagnosticCodes.GraphMalformed, "Constant", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("Constant", [], ["c"], ("value_float", 1f), ("value_int", 1)).Node("Add", ["x", "c"], ["y"]).Output("y")),
        ["shapes that do not broadcast"] = (DiagnosticCodes.ShapeMismatch, "[4]", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Input("z", OnnxDataType.Float, 4).Node("Add", ["x", "z"], ["y"]).Output("y")),
        ["a product of unequal lengths"] = (DiagnosticCodes.ShapeMismatch, "MatMul", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Input("z", OnnxDataType.Float, 4, 2).Node("MatMul", ["x", "z"], ["y"]).Output("y")),
        ["a reshape to another count"] = (DiagnosticCodes.ShapeMismatch, "Reshape", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Initializer("s", [2], 4L, 2L).Node("Reshape", ["x", "s"], ["y"]).Output("y")),
        ["a reshape with two unknowns"] = (DiagnosticCodes.ShapeMismatch, "Reshape", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Initializer("s", [2], -1L, -1L).Node("Reshape", ["x", "s"], ["y"]).Output("y")),
        ["a convolution of other channels"] = (DiagnosticCodes.ShapeMismatch, "Conv", () => new ModelBuilder().Input("x", OnnxDataType.Float, 1, 3, 5, 5).Input("w", OnnxDataType.Float, 2, 4, 3, 3).Node("Conv", ["x", "w"], ["y"]).Output("y")),
        ["a kernel larger than the image"] = (DiagnosticCodes.ShapeMismatch, "Conv", () => new ModelBuilder().Input("x", OnnxDataType.Float, 1, 1, 2, 2).Input("w", OnnxDataType.Float, 1, 1, 3, 3).Node("Conv", ["x", "w"], ["y"]).Output("y")),
        ["groups that do not divide"] = (DiagnosticCodes.ShapeMismatch, "Conv", () => new ModelBuilder().Input("x", OnnxDataType.Float, 1, 3, 5, 5).Input("w", OnnxDataType.Float, 2, 1, 3, 3).Node("Conv", ["x", "w"], ["y"], ("group", 2)).Output("y")),
        ["a matrix of three dimensions"] = (DiagnosticCodes.ShapeMismatch, "Gemm", () => new ModelBuilder().Input("x", OnnxDataType.Float, 1, 2, 3).Input("z", OnnxDataType.Float, 3, 2).Node("Gemm", ["x", "z"], ["y"]).Output("y")),
        ["a squeeze of a size above one"] = (DiagnosticCodes.ShapeMismatch, "Squeeze", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Initializer("a", [1], 1L).Node("Squeeze", ["x", "a"], ["y"]).Output("y")),
        ["an expansion that does not fit"] = (DiagnosticCodes.ShapeMismatch, "Expand", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Initializer("s", [2], 2L, 5L).Node("Expand", ["x", "s"], ["y"]).Output("y")),
        ["parts that do not add up"] = (DiagnosticCodes.ShapeMismatch, "Split", () => new ModelBuilder().Input("x", OnnxDataType.Float, 6).Initializer("s", [2], 2L, 3L).Node("Split", ["x", "s"], ["y", "z"]).Output("y")),
        ["more of the largest than there are"] = (DiagnosticCodes.ShapeMismatch, "TopK", () => new ModelBuilder().Input("x", OnnxDataType.Float, 4).Initializer("k", [1], 7L).Node("TopK", ["x", "k"], ["y", "z"]).Output("y")),
        ["margins for other dimensions"] = (DiagnosticCodes.ShapeMismatch, "Pad", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Initializer("p", [3], 1L, 1L, 1L).Node("Pad", ["x", "p"], ["y"]).Output("y")),
        ["a step of zero"] = (DiagnosticCodes.ShapeMismatch, "Slice", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Initializer("a", [1], 0L).Initializer("b", [1], 2L).Initializer("c", [1], 0L).Initializer("d", [1], 0L).Node("Slice", ["x", "a", "b", "c", "d"], ["y"]).Output("y")),
        ["a negative size"] = (DiagnosticCodes.ShapeMismatch, "ConstantOfShape", () => new ModelBuilder().Initializer("s", [1], -4L).Node("ConstantOfShape", ["s"], ["y"]).Output("y")),
        ["a resize of no size"] = (DiagnosticCodes.GraphMalformed, "Resize", () => new ModelBuilder().Input("x", OnnxDataType.Float, 1, 1, 4, 4).Node("Resize", ["x"], ["y"]).Output("y")),
        ["a scale of another length"] = (DiagnosticCodes.ShapeMismatch, "DequantizeLinear", () => new ModelBuilder().Input("x", OnnxDataType.Int8, 2, 3).Input("s", OnnxDataType.Float, 5).Node("DequantizeLinear", ["x", "s"], ["y"]).Output("y")),
        ["recurrent weights of another size"] = (DiagnosticCodes.ShapeMismatch, "LSTM", () => new ModelBuilder().Input("x", OnnxDataType.Float, 4, 1, 3).Input("w", OnnxDataType.Float, 1, 16, 3).Input("r", OnnxDataType.Float, 1, 20, 4).Node("LSTM", ["x", "w", "r"], ["y"], ("hidden_size", 4)).Output("y")),
        ["a tensor that is longer than its data"] = (DiagnosticCodes.TensorMalformed, "\"c\"", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).RawInitializer("c", OnnxDataType.Float, [3], new byte[8]).Node("Add", ["x", "c"], ["y"]).Output("y")),
        ["a tensor of negative size"] = (DiagnosticCodes.TensorMalformed, "\"c\"", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).RawInitializer("c", OnnxDataType.Float, [-3], new byte[12]).Node("Add", ["x", "c"], ["y"]).Output("y")),
        ["an operator of nobody"] = (DiagnosticCodes.OperatorUnsupported, "Frobnicate", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("Frobnicate", ["x"], ["y"]).Output("y")),
        ["an unknown domain"] = (DiagnosticCodes.OperatorUnsupported, "com.example", () => new ModelBuilder().Import("com.example", 1).Input("x", OnnxDataType.Float, 2, 3).Node("com.example", "Blur", ["x"], ["y"]).Output("y")),
        ["a domain that is not imported"] = (DiagnosticCodes.GraphMalformed, "ai.onnx.ml", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("ai.onnx.ml", "Normalizer", ["x"], ["y"]).Output("y")),
        ["an operator of a later set"] = (DiagnosticCodes.GraphMalformed, "Gelu", () => new ModelBuilder(19).Input("x", OnnxDataType.Float, 2, 3).Node("Gelu", ["x"], ["y"]).Output("y")),
        ["operator set 0"] = (DiagnosticCodes.VersionUnsupported, "0", () => new ModelBuilder(0).Input("x", OnnxDataType.Float, 2, 3).Node("Relu", ["x"], ["y"]).Output("y")),
        ["a condition without its other branch"] = (DiagnosticCodes.GraphMalformed, "else_branch", () => new ModelBuilder().Input("c", OnnxDataType.Bool).Input("x", OnnxDataType.Float, 2, 3).Node("If", ["c"], ["y"], ("then_branch", Branch("Relu"))).Output("y")),
        ["branches of unequal types"] = (DiagnosticCodes.ShapeNotConstant, "If", () => new ModelBuilder().Input("c", OnnxDataType.Bool).Input("x", OnnxDataType.Float, 2, 3).Node("If", ["c"], ["y"], ("then_branch", Branch("Relu")), ("else_branch", Branch("Shape"))).Output("y")),
        ["branches with fewer outputs"] = (DiagnosticCodes.GraphMalformed, "If", () => new ModelBuilder().Input("c", OnnxDataType.Bool).Input("x", OnnxDataType.Float, 2, 3).Node("If", ["c"], ["y", "z"], ("then_branch", Branch("Relu")), ("else_branch", Branch("Neg"))).Output("y")),
        ["a branch that reads nothing"] = (DiagnosticCodes.GraphMalformed, "nowhere", () => new ModelBuilder().Input("c", OnnxDataType.Bool).Input("x", OnnxDataType.Float, 2, 3).Node("If", ["c"], ["y"], ("then_branch", new GraphBuilder().Node("Relu", ["nowhere"], ["b"]).Output("b")), ("else_branch", Branch("Neg"))).Output("y")),
        ["a condition of two elements"] = (DiagnosticCodes.ShapeMismatch, "If", () => new ModelBuilder().Input("c", OnnxDataType.Bool, 2).Input("x", OnnxDataType.Float, 2, 3).Node("If", ["c"], ["y"], ("then_branch", Branch("Relu")), ("else_branch", Branch("Neg"))).Output("y")),
        ["a loop body with other inputs"] = (DiagnosticCodes.GraphMalformed, "Loop", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Initializer("n", [], 3L).Node("Loop", ["n", "", "x"], ["y"], ("body", new GraphBuilder().Input("i", OnnxDataType.Int64).Input("c", OnnxDataType.Bool).Node("Identity", ["c"], ["d"]).Output("d"))).Output("y")),
        ["a loop whose condition is a number"] = (DiagnosticCodes.GraphMalformed, "Loop", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Initializer("n", [], 3L).Node("Loop", ["n", "", "x"], ["y"], ("body", new GraphBuilder().Input("i", OnnxDataType.Int64).Input("c", OnnxDataType.Bool).Input("s", OnnxDataType.Float, 2, 3).Node("Identity", ["s"], ["t"]).Output("i").Output("t"))).Output("y")),
        ["a scan over more than there is"] = (DiagnosticCodes.GraphMalformed, "Scan", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("Scan", ["x"], ["y"], ("num_scan_inputs", 3), ("body", new GraphBuilder().Input("s", OnnxDataType.Float, 3).Node("Relu", ["s"], ["t"]).Output("t"))).Output("y")),
        ["a sequence where a tensor is needed"] = (DiagnosticCodes.ShapeMismatch, "Relu", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("SequenceConstruct", ["x"], ["s"]).Node("Relu", ["s"], ["y"]).Output("y")),
        ["a tensor where a sequence is needed"] = (DiagnosticCodes.ShapeMismatch, "SequenceLength", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("SequenceLength", ["x"], ["y"]).Output("y")),
        ["what an empty optional holds"] = (DiagnosticCodes.GraphMalformed, "OptionalGetElement", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("Optional", [], ["o"], ("type", new TypeProto { OptionalType = new() { ElemType = new TypeProto { TensorType = new() { ElemType = (int)OnnxDataType.Float } } } })).Node("OptionalGetElement", ["o"], ["y"]).Output("y")),
        ["a declared type that is another"] = (DiagnosticCodes.ShapeMismatch, "\"y\"", () => new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("Relu", ["x"], ["y"]).Output("y", OnnxDataType.Int64, 2, 3)),
    };

    public static TheoryData<string> Names() => [.. _cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Has_one_diagnostic(string name)
    {
        (string code, string named, Func<ModelBuilder> model) = _cases[name];
        ModelDiagnostic diagnostic = OperatorCheck.Fails(model());
        diagnostic.Message.ShouldContain(named);
        diagnostic.Message.ShouldEndWith(".");
        diagnostic.Code.ShouldBe(code, diagnostic.Message);
    }

    [Fact]
    public void A_model_that_imports_no_operator_set_is_refused()
    {
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float, 2).Node("Relu", ["x"], ["y"]).Output("y");
        model.Proto.OpsetImport.Clear();
        OperatorCheck.Fails(model).Code.ShouldBe(DiagnosticCodes.VersionUnsupported);
    }

    private static GraphBuilder Branch(string op) => new GraphBuilder().Node(op, ["x"], ["b"]).Output("b");
}
