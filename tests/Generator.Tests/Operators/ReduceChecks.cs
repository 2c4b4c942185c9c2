using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

/// <summary>What the tests of the Reduce family have in common. Many cases share a model, since compiling is what takes time.</summary>
internal static class ReduceChecks
{
    private static readonly (long[] Shape, long[]? Axes)[] _cases =
    [
        ([], null),
        ([1], null),
        ([3], [0]),
        ([300], null),
        ([3, 70], [1]),
        ([3, 70], [-2]),
        ([5, 4, 83], [1]),
        ([2, 3, 5, 37], [1, -1]),
        ([2, 3, 5, 37], [0, 2]),
        ([2, 19, 3, 3], [-1, 2]),
        ([2, 3, 1, 7], [2]),
        ([700, 9], [0]),
        ([3, 0, 2], [0]),
    ];

    /// <summary>All ways to lie in memory, keepdims on and off, compiled against the plain evaluation.</summary>
    public static void Shapes(string op, float low = -2, float high = 2)
    {
        foreach (long keep in new[] { 0L, 1L })
        {
            var model = new ModelBuilder(opset: 20);
            for (int i = 0; i < _cases.Length; i++)
            {
                (long[] shape, long[]? axes) = _cases[i];
                model.Input($"x{i}", OnnxDataType.Float, shape);
                string[] inputs = [$"x{i}"];
                if (axes is not null)
                {
                    model.Initializer($"axes{i}", [axes.Length], axes);
                    inputs = [$"x{i}", $"axes{i}"];
                }

                model.Node(op, inputs, [$"y{i}"], ("keepdims", keep)).Output($"y{i}");
            }

            OperatorCheck.Run(model, low: low, high: high);
        }
    }

    /// <summary>Element types other than f32.</summary>
    public static void Types(string op, params OnnxDataType[] types)
    {
        var model = new ModelBuilder(opset: 20).Initializer("axes", [1], 1L);
        foreach (OnnxDataType type in types)
        {
            model.Input($"x{type}", type, 2, 5, 3)
                .Node(op, [$"x{type}", "axes"], [$"y{type}"]).Output($"y{type}")
                .Node(op, [$"x{type}"], [$"z{type}"]).Output($"z{type}");
        }

        OperatorCheck.Run(model, low: 0, high: 9);
    }

    /// <summary>The result of the plain evaluation over the last axis, one row per given row.</summary>
    public static float[] Rows(string op, params float[][] rows)
    {
        byte[] model = new ModelBuilder(opset: 17)
            .Input("x", OnnxDataType.Float, rows.Length, rows[0].Length)
            .Node(op, ["x"], ["y"], ("axes", new long[] { -1 }), ("keepdims", 0))
            .Output("y")
            .ToBytes();
        Tensor x = Tensor.Create(ElementType.Float32, new Shape(rows.Length, rows[0].Length), rows.SelectMany(static r => r).ToArray());
        OperatorCheck.RunOn(model, [x]);
        return GraphInterpreter.Run(OperatorCheck.Import(model), [x])[0].Floats().ToArray();
    }

    /// <summary>The result over no elements.</summary>
    public static float Empty(string op)
    {
        byte[] model = new ModelBuilder(opset: 20)
            .Input("x", OnnxDataType.Float, 2, 0, 4)
            .Initializer("axes", [1], 1L)
            .Node(op, ["x", "axes"], ["y"])
            .Output("y")
            .ToBytes();
        Tensor x = Tensor.Create(ElementType.Float32, new Shape(2, 0, 4), System.Array.Empty<float>());
        OperatorCheck.RunOn(model, [x]);
        Tensor y = GraphInterpreter.Run(OperatorCheck.Import(model), [x])[0];
        y.Shape.ShouldBe(new Shape(2, 1, 4));
        return y.Floats()[0];
    }
}
