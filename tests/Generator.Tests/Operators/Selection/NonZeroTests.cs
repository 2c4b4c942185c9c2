using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Selection;

public sealed class NonZeroTests
{
    [Theory]
    [InlineData(0f)]
    [InlineData(0.3f)]
    [InlineData(1f)]
    public void FindsPositions(float share)
    {
        (OnnxDataType Type, long[] Shape)[] cases =
        [
            (OnnxDataType.Float, [37]), (OnnxDataType.Bool, [1]), (OnnxDataType.Int64, [3, 1, 17]), (OnnxDataType.Double, [2, 3, 2, 5]), (OnnxDataType.UInt8, [5, 7]),
        ];
        var model = new ModelBuilder();
        for (int i = 0; i < cases.Length; i++)
        {
            model.Input($"x{i}", cases[i].Type, cases[i].Shape).Node("NonZero", [$"x{i}"], [$"y{i}"]).Output($"y{i}");
        }

        RunOnShare(model, share);
    }

    [Fact]
    public void ConstantsAreFolded() => OperatorCheck.Interpret(new ModelBuilder()
        .Initializer("x", [2, 2], 1f, 0f, 1f, 1f)
        .Node("NonZero", ["x"], ["y"])
        .Output("y")).ToInt64Array().ShouldBe([0, 1, 1, 0, 0, 1]);

    [Fact]
    public void StringsCountUnlessEmpty()
    {
        byte[] model = new ModelBuilder().Input("x", OnnxDataType.String, 2, 3).Node("NonZero", ["x"], ["y"]).Output("y").ToBytes();
        Tensor x = Tensor.OfStrings(new Shape(2, 3), ["", "a", "0", "", "", " "]);
        GraphInterpreter.Run(OperatorCheck.Import(model), [x])[0].ToInt64Array().ShouldBe([0, 0, 1, 1, 2, 2]);
        OperatorCheck.RunOn(model, [x]);
    }

    [Fact]
    public void ScalarsHaveNoCoordinates() => OperatorCheck.Interpret(new ModelBuilder()
        .Initializer("x", [], 3f)
        .Node("NonZero", ["x"], ["y"])
        .Output("y")).Shape.ShouldBe(new Shape(0, 1));

    [Theory]
    [InlineData(0f, 0)]
    [InlineData(2f, 1)]
    public void AScalarCountsInTheRun(float value, int count)
    {
        byte[] model = new ModelBuilder().Input("x", OnnxDataType.Float).Node("NonZero", ["x"], ["y"]).Node("Shape", ["y"], ["s"]).Output("s").ToBytes();
        Tensor x = Tensor.Scalar(value);
        GraphInterpreter.Run(OperatorCheck.Import(model), [x])[0].ToInt64Array().ShouldBe([0, count]);
        OperatorCheck.RunOn(model, [x]);
    }

    /// <summary>What detectors do with the positions: rows, coordinates, look-ups, arithmetic, scattering, and shapes of it all.</summary>
    [Theory]
    [InlineData(0f)]
    [InlineData(0.25f)]
    [InlineData(1f)]
    public void LaterOperatorsTakeTheCount(float share) => RunOnShare(
        new ModelBuilder()
            .Input("mask", OnnxDataType.Bool, 6, 9)
            .Input("boxes", OnnxDataType.Float, 6, 9, 4)
            .Input("table", OnnxDataType.Float, 6, 5)
            .Initializer("axis0", [1], 0L)
            .Initializer("axis1", [1], 1L)
            .Initializer("zero", [], 0L)
            .Initializer("one", [], 1L)
            .Initializer("two", [1], 2f)
            .Initializer("ends", [1], 7L)
            .Initializer("minus", [1], -1L)
            .Initializer("w", [5, 3], Enumerable.Range(0, 15).Select(static i => i * 0.1f).ToArray())
            .Node("NonZero", ["mask"], ["at"])
            .Node("Transpose", ["at"], ["rows"], ("perm", new long[] { 1, 0 }))
            .Node("GatherND", ["boxes", "rows"], ["kept"])
            .Node("Mul", ["kept", "two"], ["scaled"])
            .Node("Gather", ["at", "zero"], ["image"], ("axis", 0))
            .Node("Gather", ["table", "image"], ["features"])
            .Node("MatMul", ["features", "w"], ["product"])
            .Node("Softmax", ["product"], ["p"], ("axis", -1))
            .Node("Cast", ["image"], ["imageF"], ("to", (int)OnnxDataType.Float))
            .Node("Unsqueeze", ["imageF", "axis1"], ["column"])
            .Node("Concat", ["column", "kept", "p"], ["joined"], ("axis", 1))
            .Node("Slice", ["joined", "axis0", "ends", "axis0"], ["head"])
            .Node("Concat", ["head", "joined"], ["twice"], ("axis", 0))
            .Node("Shape", ["twice"], ["shape"])
            .Node("Size", ["kept"], ["size"])
            .Node("Gather", ["shape", "zero"], ["length"])
            .Node("Range", ["zero", "length", "one"], ["numbers"])
            .Node("ReduceSum", ["joined", "axis0"], ["sum"])
            .Node("ReduceSum", ["joined", "axis1"], ["sums"])
            .Node("ConstantOfShape", ["length1"], ["filled"])
            .Node("Unsqueeze", ["length", "axis0"], ["length1"])
            .Node("ScatterND", ["boxes", "rows", "scaled"], ["changed"])
            .Node("Reshape", ["kept", "minus"], ["flat"])
            .Node("Greater", ["kept", "scaled"], ["truth"])
            .Node("Where", ["truth", "kept", "scaled"], ["chosen"])
            .Output("joined").Output("head").Output("twice").Output("shape").Output("size").Output("numbers").Output("sum").Output("sums")
            .Output("filled").Output("changed").Output("flat").Output("chosen"),
        share);

    [Fact]
    public void SelectionsOfSelections() => RunOnShare(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 40)
            .Initializer("axis0", [1], 0L)
            .Initializer("limit", [], 0.25f)
            .Node("NonZero", ["x"], ["at"])
            .Node("Squeeze", ["at", "axis0"], ["index"])
            .Node("Gather", ["x", "index"], ["kept"])
            .Node("Greater", ["kept", "limit"], ["above"])
            .Node("NonZero", ["above"], ["at2"])
            .Node("Squeeze", ["at2", "axis0"], ["index2"])
            .Node("Gather", ["index", "index2"], ["final"])
            .Node("Concat", ["index", "final"], ["both"], ("axis", 0))
            .Output("final").Output("both"),
        0.5f);

    /// <summary>Each selection by a mask is exported with positions of its own: they have one count.</summary>
    [Fact]
    public void EqualMasksHaveEqualCounts() => RunOnShare(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 30)
            .Input("z", OnnxDataType.Float, 30)
            .Initializer("limit", [], 0.25f)
            .Initializer("axis0", [1], 0L)
            .Node("Greater", ["x", "limit"], ["mask1"])
            .Node("NonZero", ["mask1"], ["at1"])
            .Node("Squeeze", ["at1", "axis0"], ["index1"])
            .Node("Gather", ["x", "index1"], ["a"])
            .Node("Greater", ["x", "limit"], ["mask2"])
            .Node("NonZero", ["mask2"], ["at2"])
            .Node("Squeeze", ["at2", "axis0"], ["index2"])
            .Node("Gather", ["z", "index2"], ["b"])
            .Node("Add", ["a", "b"], ["sum"])
            .Output("sum"),
        0.5f);

    /// <summary>Only the number is asked for: the step must run although nobody reads the positions.</summary>
    [Fact]
    public void OnlyTheCount() => RunOnShare(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 4, 11)
            .Node("NonZero", ["x"], ["at"])
            .Node("Shape", ["at"], ["shape"], ("start", 1))
            .Output("shape"),
        0.5f);

    internal static void RunOnShare(ModelBuilder model, float share)
    {
        byte[] bytes = model.ToBytes();
        var random = new System.Random(3);
        Tensor[] inputs = OperatorCheck.Import(bytes).Inputs.Select(v =>
        {
            Tensor tensor = OperatorCheck.RandomTensor(v, random, 0.01f, 1);
            byte[] data = tensor.Bytes.ToArray();
            int size = v.Type.Size();
            for (int i = 0; i < data.Length / size; i++)
            {
                bool keep = random.NextDouble() < share;
                ElementEvaluation.Write(data, v.Type, i, !keep ? 0 : v.Type.IsFloat() ? ElementEvaluation.Read(tensor, i) : 1);
            }

            return Tensor.FromBytes(v.Type, v.Shape, data, v.Name);
        }).ToArray();
        OperatorCheck.RunOn(bytes, inputs);
    }
}
