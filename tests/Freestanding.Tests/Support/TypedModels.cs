using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;

namespace AotCompiler.Freestanding.Tests.Support;

/// <summary>Small networks in each group of element types, made when a test wants them.</summary>
internal static class TypedModels
{
    private static readonly Dictionary<string, Func<ModelBuilder>> _models = new()
    {
        ["quantized"] = Quantized,
        ["float16"] = Float16,
        ["bfloat16"] = BFloat16,
        ["float8"] = Float8,
        ["int4"] = Int4,
        ["data-sizes"] = DataSizes,
        ["float64"] = Float64,
        ["element-types"] = ElementTypes,
        ["products"] = Products,
    };

    private static readonly Lazy<string> _folder = new(static () =>
    {
        string folder = Directory.CreateTempSubdirectory("aotc-models-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    });

    /// <summary>Path of a model's file; null if the name is none of these.</summary>
    public static string? TryPath(string name)
    {
        if (!_models.TryGetValue(name, out Func<ModelBuilder>? build))
        {
            return null;
        }

        string path = Path.Combine(_folder.Value, $"{name}.onnx");
        lock (_models)
        {
            if (!File.Exists(path))
            {
                File.WriteAllBytes(path, build().ToBytes());
            }
        }

        return path;
    }

    /// <summary>Arithmetic, comparisons, choices and conversions in every element type.</summary>
    private static ModelBuilder ElementTypes()
    {
        ModelBuilder model = new ModelBuilder(18)
            .Input("x", OnnxDataType.Float, 3, 29)
            .Input("z", OnnxDataType.Float, 29)
            .Initializer("hundred", [], 100f)
            .Initializer("one", [], 1f)
            .Node("Mul", ["x", "hundred"], ["large"])
            .Node("Mul", ["z", "hundred"], ["other"])
            .Node("Add", ["other", "one"], ["divisor"]);
        OnnxDataType[] signed = [OnnxDataType.Int8, OnnxDataType.Int16, OnnxDataType.Int32, OnnxDataType.Int64, OnnxDataType.Double];
        foreach (OnnxDataType type in (OnnxDataType[])[.. signed, OnnxDataType.UInt8, OnnxDataType.UInt16, OnnxDataType.UInt32, OnnxDataType.UInt64, OnnxDataType.Float])
        {
            string Name(string name) => $"{name}_{type}";
            void Output(string op, params string[] inputs) => model.Node(op, inputs.Select(Name).ToArray(), [Name(op)]).Output(Name(op));
            model.Node("Cast", ["large"], [Name("a")], ("to", (long)type)).Output(Name("a")).Node("Cast", ["divisor"], [Name("b")], ("to", (long)type)).Output(Name("b"));
            foreach (string op in (string[])["Add", "Sub", "Mul", "Max", "Min", "Less", "Equal", "GreaterOrEqual"])
            {
                Output(op, "a", "b");
            }

            model.Node("Where", [Name("Less"), Name("a"), Name("b")], [Name("w")]).Output(Name("w"));
            foreach (OnnxDataType to in (OnnxDataType[])[OnnxDataType.Bool, OnnxDataType.Float, OnnxDataType.Int32, OnnxDataType.UInt8, OnnxDataType.Int64])
            {
                model.Node("Cast", [Name("Add")], [Name($"to{to}")], ("to", (long)to)).Output(Name($"to{to}"));
                model.Node("Cast", [Name("Less")], [Name($"less{to}")], ("to", (long)to)).Output(Name($"less{to}"));
            }

            if (type is not (OnnxDataType.Float or OnnxDataType.Double))
            {
                Output("BitwiseAnd", "a", "b");
                Output("BitwiseXor", "a", "b");
                Output("BitwiseNot", "a");
            }

            Output("Sign", "a");
            Output("Abs", "a");
            if (signed.Contains(type))
            {
                Output("Neg", "a");
                Output("Relu", "a");
            }
        }

        return model;
    }

    /// <summary>Convolutions, dense and depthwise, and a product between quantised tensors, as QDQ and as QOperator nodes.</summary>
    private static ModelBuilder Quantized() => new ModelBuilder(17)
        .Input("x", OnnxDataType.Float, 1, 3, 11, 11)
        .Initializer("step", [], 0.015f)
        .Initializer("weight_step", [], 0.01f)
        .Initializer("zero", [], (byte)7)
        .Initializer("none", [], (sbyte)0)
        .Initializer("w1", [20, 3, 3, 3], Codes(540))
        .Initializer("w2", [20, 1, 3, 3], Codes(180))
        .Initializer("w3", [20, 20, 1, 1], Codes(400))
        .Initializer("b3", [20], Enumerable.Range(-10, 20).ToArray())
        .Initializer("w4", [20, 10], Codes(200))
        .Node("QuantizeLinear", ["x", "step", "zero"], ["q0"])
        .Node("DequantizeLinear", ["q0", "step", "zero"], ["x0"])
        .Node("DequantizeLinear", ["w1", "weight_step", "none"], ["f1"])
        .Node("Conv", ["x0", "f1"], ["c1"], ("pads", new long[] { 1, 1, 1, 1 }), ("strides", new long[] { 2, 2 }))
        .Node("Relu", ["c1"], ["r1"])
        .Node("QuantizeLinear", ["r1", "step", "zero"], ["q1"])
        .Node("DequantizeLinear", ["q1", "step", "zero"], ["x1"])
        .Node("DequantizeLinear", ["w2", "weight_step", "none"], ["f2"])
        .Node("Conv", ["x1", "f2"], ["c2"], ("pads", new long[] { 1, 1, 1, 1 }), ("group", 20L))
        .Node("QuantizeLinear", ["c2", "step", "zero"], ["q2"])
        .Node("QLinearConv", ["q2", "step", "zero", "w3", "weight_step", "none", "step", "zero", "b3"], ["q3"])
        .Node("DequantizeLinear", ["q3", "step", "zero"], ["x3"])
        .Node("GlobalAveragePool", ["x3"], ["p3"])
        .Node("Flatten", ["p3"], ["v3"])
        .Node("QuantizeLinear", ["v3", "step", "zero"], ["q4"])
        .Node("QLinearMatMul", ["q4", "step", "zero", "w4", "weight_step", "none", "step", "zero"], ["q5"])
        .Node("MatMulInteger", ["q4", "w4", "zero", "none"], ["i5"])
        .Node("DequantizeLinear", ["q5", "step", "zero"], ["x5"])
        .Node("Cast", ["i5"], ["n5"], ("to", (long)OnnxDataType.Float))
        .Node("Add", ["x5", "n5"], ["y"])
        .Output("y", OnnxDataType.Float, 1, 10);

    private static ModelBuilder Float16() => new ModelBuilder(17)
        .Input("x", OnnxDataType.Float16, 1, 3, 9, 9)
        .Initializer("w", [20, 3, 3, 3], Reals(540).Select(static v => (Half)v).ToArray())
        .Initializer("m", [20, 10], Reals(200).Select(static v => (Half)v).ToArray())
        .Node("Conv", ["x", "w"], ["c"], ("pads", new long[] { 1, 1, 1, 1 }))
        .Node("Sigmoid", ["c"], ["s"])
        .Node("Mul", ["c", "s"], ["a"])
        .Node("GlobalAveragePool", ["a"], ["p"])
        .Node("Flatten", ["p"], ["f"])
        .Node("MatMul", ["f", "m"], ["d"])
        .Node("Softmax", ["d"], ["z"])
        .Node("Cast", ["z"], ["y"], ("to", (long)OnnxDataType.Float))
        .Output("y", OnnxDataType.Float, 1, 10);

    private static ModelBuilder BFloat16() => new ModelBuilder(17)
        .Input("x", OnnxDataType.Float, 3, 37)
        .Node("Cast", ["x"], ["b"], ("to", (long)OnnxDataType.BFloat16))
        .Node("Exp", ["b"], ["e"])
        .Node("Mul", ["e", "b"], ["m"])
        .Node("ReduceSum", ["m"], ["s"], ("keepdims", 1L))
        .Node("Div", ["m", "s"], ["d"])
        .Node("Cast", ["d"], ["y"], ("to", (long)OnnxDataType.Float))
        .Output("y", OnnxDataType.Float, 3, 37);

    private static ModelBuilder Float8()
    {
        ModelBuilder model = new ModelBuilder(21).Input("x", OnnxDataType.Float, 29);
        string sum = "x";
        foreach (OnnxDataType type in new[] { OnnxDataType.Float8E4M3FN, OnnxDataType.Float8E4M3FNUZ, OnnxDataType.Float8E5M2, OnnxDataType.Float8E5M2FNUZ, OnnxDataType.BFloat16 })
        {
            model.Node("Cast", ["x"], [$"narrow_{type}"], ("to", (long)type))
                .Node("Cast", [$"narrow_{type}"], [$"wide_{type}"], ("to", (long)OnnxDataType.Float))
                .Node("Add", [sum, $"wide_{type}"], [$"sum_{type}"]);
            sum = $"sum_{type}";
        }

        return model.Node("Neg", [sum], ["y"]).Output("y", OnnxDataType.Float, 29);
    }

    /// <summary>Weights of 4 bits in blocks: by the standard's node and by ONNX Runtime's.</summary>
    private static ModelBuilder Int4() => new ModelBuilder(21)
        .Import("com.microsoft", 1)
        .Input("x", OnnxDataType.Float, 2, 64)
        .RawInitializer("w", OnnxDataType.Int4, [64, 24], Bytes(64 * 24 / 2))
        .Initializer("s", [2, 24], Reals(48))
        .Initializer("b", [24, 2, 16], Bytes(24 * 2 * 16))
        .Initializer("t", [48], Reals(48))
        .Node("DequantizeLinear", ["w", "s"], ["f"], ("axis", 0L), ("block_size", 32L))
        .Node("MatMul", ["x", "f"], ["p"])
        .Node("com.microsoft", "MatMulNBits", ["x", "b", "t"], ["q"], ("K", 64L), ("N", 24L), ("bits", 4L), ("block_size", 32L))
        .Node("Add", ["p", "q"], ["pq"])
        .RawInitializer("table", OnnxDataType.UInt4, [24, 24], Bytes(24 * 24 / 2))
        .RawInitializer("zeros", OnnxDataType.UInt4, [24, 1], Bytes(12))
        .Initializer("steps", [24, 1], Reals(24))
        .Node("ArgMax", ["pq"], ["best"], ("axis", 1L), ("keepdims", 0L))
        .Node("com.microsoft", "GatherBlockQuantized", ["table", "best", "steps", "zeros"], ["rows"], ("block_size", 32L), ("quantize_axis", 1L), ("gather_axis", 0L))
        .Node("Add", ["pq", "rows"], ["y"])
        .Output("y", OnnxDataType.Float, 2, 24);

    /// <summary>A slice, a range and a loop with a growing state, all as long as the data say.</summary>
    private static ModelBuilder DataSizes() => new ModelBuilder(17)
        .Input("x", OnnxDataType.Float, 1, 12)
        .Initializer("zero", [], 0L).Initializer("one", [], 1L).Initializer("first", [1], 0L).Initializer("axis", [1], 1L).Initializer("nothing", [], 0f)
        .Node("Greater", ["x", "nothing"], ["mask"]).Node("Cast", ["mask"], ["ones"], ("to", (long)OnnxDataType.Int64)).Node("ReduceSum", ["ones"], ["n"], ("keepdims", 0L))
        .Node("Unsqueeze", ["n", "first"], ["end"]).Node("Slice", ["x", "first", "end", "axis"], ["part"])
        .Node("Range", ["zero", "n", "one"], ["numbers"]).Node("Cast", ["numbers"], ["weights"], ("to", (long)OnnxDataType.Float))
        .Node("Mul", ["part", "weights"], ["weighted"]).Node("ReduceSum", ["weighted", "axis"], ["sum"], ("keepdims", 1L))
        .Node("Loop", ["n", "", "sum"], ["list"], ("body", new GraphBuilder()
            .Input("i", OnnxDataType.Int64).Input("go", OnnxDataType.Bool).Input("s", OnnxDataType.Float)
            .Node("ReduceMean", ["s"], ["mean"], ("axes", new long[] { 1 })).Node("Tanh", ["mean"], ["next"]).Node("Concat", ["s", "next"], ["longer"], ("axis", 1L))
            .Output("go").Output("longer")))
        .Node("ReduceSum", ["list", "axis"], ["total"], ("keepdims", 1L)).Node("Mul", ["x", "total"], ["y"])
        .Output("y", OnnxDataType.Float, 1, 12);

    /// <summary>All functions of f64.</summary>
    private static ModelBuilder Float64()
    {
        ModelBuilder model = new ModelBuilder(17).Input("x", OnnxDataType.Double, 2, 19).Initializer("three", [], 3.25).Initializer("big", [], 1e9);
        string sum = "x";
        string[] functions = ["Exp", "Log", "Sin", "Cos", "Tan", "Asin", "Acos", "Atan", "Sinh", "Cosh", "Tanh", "Asinh", "Atanh", "Erf", "Sigmoid", "Softplus", "Sqrt", "Floor", "Ceil", "Round", "Softmax", "LogSoftmax"];
        foreach (string function in functions)
        {
            model.Node(function, ["x"], [$"value_{function}"]).Node("Add", [sum, $"value_{function}"], [$"sum_{function}"]);
            sum = $"sum_{function}";
        }

        return model
            .Node("Mul", ["x", "big"], ["angle"])
            .Node("Sin", ["angle"], ["turned"])
            .Node("Pow", ["x", "three"], ["power"])
            .Node("Exp", ["x"], ["above"])
            .Node("Acosh", ["above"], ["arc"])
            .Node("Sum", [sum, "turned", "power", "arc"], ["y"])
            .Output("y", OnnxDataType.Double, 2, 19);
    }

    /// <summary>Products of matrices, and of a matrix and a column, in each type that has vectors of its own.</summary>
    private static ModelBuilder Products()
    {
        ModelBuilder model = new ModelBuilder(17).Input("x", OnnxDataType.Float, 9, 40).Initializer("w", [40, 37], Reals(1480)).Initializer("v", [40, 1], Reals(40)).Initializer("factor", [], 100f);
        model.Node("Mul", ["x", "factor"], ["a"]).Node("Mul", ["w", "factor"], ["b"]).Node("Mul", ["v", "factor"], ["c"]);
        foreach (OnnxDataType type in (OnnxDataType[])[OnnxDataType.Double, OnnxDataType.Int32, OnnxDataType.UInt32, OnnxDataType.Int64, OnnxDataType.UInt64])
        {
            string Cast(string name)
            {
                // Negative numbers of an unsigned type are what each processor makes of them.
                string from = type is OnnxDataType.UInt32 or OnnxDataType.UInt64 ? $"abs_{name}_{type}" : name;
                if (from != name)
                {
                    model.Node("Abs", [name], [from]);
                }

                model.Node("Cast", [from], [$"{name}_{type}"], ("to", (long)type));
                return $"{name}_{type}";
            }

            string a = Cast("a");
            model.Node("MatMul", [a, Cast("b")], [$"matrix_{type}"]).Output($"matrix_{type}", type, 9, 37);
            model.Node("MatMul", [a, Cast("c")], [$"column_{type}"]).Output($"column_{type}", type, 9, 1);
        }

        return model;
    }

    private static sbyte[] Codes(int count) => Bytes(count).Select(static b => (sbyte)b).ToArray();

    private static float[] Reals(int count) => Bytes(count).Select(static b => (b - 128) / 512f).ToArray();

    private static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(3).NextBytes(bytes);
        return bytes;
    }
}
