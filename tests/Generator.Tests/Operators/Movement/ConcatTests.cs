using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class ConcatTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    public void JoinsAnyType(int axis)
    {
        foreach (OnnxDataType type in new[] { OnnxDataType.Float, OnnxDataType.Int64, OnnxDataType.UInt8, OnnxDataType.Bool, OnnxDataType.Int16 })
        {
            OperatorCheck.Run(Model(type, axis, [3, 4, 5], [3, 4, 5], [3, 4, 5]));
        }
    }

    [Fact]
    public void LengthsMayDiffer()
    {
        OperatorCheck.Run(Model(OnnxDataType.Float, 1, [2, 3, 7], [2, 1, 7], [2, 40, 7]));
        OperatorCheck.Run(Model(OnnxDataType.Float, 0, [0], [5]));
        OperatorCheck.Run(Model(OnnxDataType.Float, 0, [4]));
        OperatorCheck.Run(Model(OnnxDataType.Float, 0, [0, 3], [0, 3]));
    }

    [Fact]
    public void Evaluates() => ScheduleCheck.Evaluate(Model(OnnxDataType.Float, 1, [2, 1], [2, 2]), ScheduleCheck.Counting(2, 1), ScheduleCheck.Counting(2, 2))
        .Floats().ToArray().ShouldBe([0f, 0f, 1f, 1f, 2f, 3f]);

    [Fact]
    public void ConstantsBecomePartOfTheResult() => OperatorCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2, 3)
        .Initializer("c", [2, 1], 7f, 8f)
        .Node("Concat", ["c", "x"], ["y"], ("axis", 1))
        .Output("y"));

    [Fact]
    public void TheAxisOfOpset1Is1() => OperatorCheck.Import(new ModelBuilder(3, irVersion: 3)
        .Input("x", OnnxDataType.Float, 2, 3)
        .Node("Concat", ["x", "x"], ["y"])
        .Output("y").ToBytes()).Outputs[0].Value.Shape.ShouldBe(new Shape(2, 6));

    [Fact]
    public void RefusesWhatDoesNotFit()
    {
        OperatorCheck.Fails(Model(OnnxDataType.Float, 0, [2, 3], [2, 4])).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
        OperatorCheck.Fails(Model(OnnxDataType.Float, 0, [2, 3], [2])).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
        OperatorCheck.Fails(Model(OnnxDataType.Float, 2, [2, 3], [2, 3])).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
        OperatorCheck.Fails(new ModelBuilder()
            .Input("a", OnnxDataType.Float, 2)
            .Input("b", OnnxDataType.Int64, 2)
            .Node("Concat", ["a", "b"], ["y"], ("axis", 0))
            .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
    }

    private static ModelBuilder Model(OnnxDataType type, int axis, params long[][] shapes)
    {
        var model = new ModelBuilder();
        var names = new string[shapes.Length];
        for (int i = 0; i < shapes.Length; i++)
        {
            names[i] = $"x{i}";
            model.Input(names[i], type, shapes[i]);
        }

        return model.Node("Concat", names, ["y"], ("axis", axis)).Output("y");
    }
}
