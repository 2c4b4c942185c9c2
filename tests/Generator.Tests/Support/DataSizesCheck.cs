using System.Collections.Generic;
using AotCompiler.Compiler;
using AotCompiler.Ir;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;

namespace AotCompiler.Tests.Support;

/// <summary>Models whose shapes depend on what their inputs hold.</summary>
internal static class DataSizesCheck
{
    /// <summary>Compiles a model with ranges of data as on the command line, <c>n.value=1..4</c>.</summary>
    public static CompiledModel Compile(ModelBuilder model, string ranges) => CompiledModel.Compile(
        model.ToBytes(), "auto", new CompilerOptions { Dimensions = OptionParser.Dimensions(ranges), CheckedArena = true });

    /// <summary>Compares the compiled model with the plain evaluation of the same graph.</summary>
    public static void Check(ModelBuilder model, string ranges, params Tensor[] inputs)
    {
        IReadOnlyList<Tensor> actual = Compile(model, ranges).RunAt([], inputs);
        IReadOnlyList<Tensor> expected = GraphInterpreter.Run(OperatorCheck.Import(model.ToBytes(), new CompilerOptions { Dimensions = OptionParser.Dimensions(ranges) }), inputs);
        for (int i = 0; i < expected.Count; i++)
        {
            OperatorCheck.AssertClose(actual[i], expected[i], 1e-6, 1e-6, $"output {i}");
        }
    }

    public static Tensor Int(long value) => Tensor.Create(ElementType.Int64, Shape.Scalar, [value]);

    public static Tensor Ints(params long[] values) => Tensor.Vector(values);

    public static Tensor Floats(params float[] values) => Tensor.Create(ElementType.Float32, new Shape(values.Length), values);
}
