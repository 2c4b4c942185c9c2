using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;

namespace AotCompiler.Tests.Operators;

/// <summary>What the tests of Softmax, LogSoftmax and Hardmax have in common.</summary>
internal static class SoftmaxChecks
{
    /// <summary>All ways to lie in memory, in this and the flattening semantics, compiled against the plain evaluation.</summary>
    public static void Shapes(string op)
    {
        (long[] Shape, long Axis)[] cases =
        [
            ([1], 0), ([1000], 0), ([3, 7], -1), ([3, 7], 0), ([2, 5, 37], 1), ([2, 70, 3], 1), ([2, 3, 4, 33], -2), ([2, 3, 4, 83], 3), ([2, 3, 1], 2), ([2, 0, 3], 2), ([41, 3], 1), ([3, 19, 7], 2),
        ];
        foreach (int opset in new[] { 11, 13 })
        {
            var model = new ModelBuilder(opset);
            for (int i = 0; i < cases.Length; i++)
            {
                model.Input($"x{i}", OnnxDataType.Float, cases[i].Shape).Node(op, [$"x{i}"], [$"y{i}"], ("axis", cases[i].Axis)).Output($"y{i}");
            }

            OperatorCheck.Run(
                model.Input("d", OnnxDataType.Double, 2, 3, 5).Node(op, ["d"], ["default"]).Output("default"),
                low: -9,
                high: 9);
        }
    }

    /// <summary>Short slices of a transposed tensor, whose elements lie apart, and whose neighbours do as well.</summary>
    public static void ShortSlices(string op)
    {
        foreach (int count in new[] { 2, 3, 16, 17 })
        {
            OperatorCheck.Run(
                new ModelBuilder(13)
                    .Input("x", OnnxDataType.Float, 2, 5, 7, count)
                    .Node("Transpose", ["x"], ["t"], ("perm", new long[] { 0, 3, 1, 2 }))
                    .Node(op, ["t"], ["y"], ("axis", 1))
                    .Output("y"),
                low: -9,
                high: 9);
        }
    }

    /// <summary>The result of one row by the plain evaluation, which the compiled model must match in rows and in columns.</summary>
    public static float[] Row(string op, params float[] row)
    {
        byte[] model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, row.Length)
            .Input("c", OnnxDataType.Float, row.Length, 4)
            .Node(op, ["x"], ["y"])
            .Node(op, ["c"], ["z"], ("axis", 0))
            .Output("y")
            .Output("z")
            .ToBytes();
        Tensor x = Tensor.Create(ElementType.Float32, new Shape(row.Length), row);
        Tensor c = Tensor.Create(ElementType.Float32, new Shape(row.Length, 4), row.SelectMany(static v => Enumerable.Repeat(v, 4)).ToArray());
        OperatorCheck.RunOn(model, [x, c]);
        return GraphInterpreter.Run(OperatorCheck.Import(model), [x, c])[0].Floats().ToArray();
    }
}
