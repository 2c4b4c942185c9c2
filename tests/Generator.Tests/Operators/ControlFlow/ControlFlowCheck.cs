using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Ir;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;

namespace AotCompiler.Tests.Operators.ControlFlow;

/// <summary>Models with bodies.</summary>
internal static class ControlFlowCheck
{
    public static Tensor Bool(bool value) => Tensor.FromBytes(ElementType.Bool, Shape.Scalar, new[] { (byte)(value ? 1 : 0) }, "bool");

    public static Tensor Int(long value) => Tensor.Create(ElementType.Int64, Shape.Scalar, [value]);

    public static Tensor Floats(params float[] values) => Tensor.Create(ElementType.Float32, new Shape(values.Length), values);

    /// <summary>Runs the model compiled in all widths and interpreted, and once more with every byte of the arena watched.</summary>
    public static void Run(ModelBuilder model, params Tensor[] inputs)
    {
        byte[] bytes = model.ToBytes();
        OperatorCheck.RunOn(bytes, inputs);
        CompiledModel watched = CompiledModel.Compile(bytes, "x86-64-v3", new CompilerOptions { CheckedArena = true });
        IReadOnlyList<Tensor> expected = GraphInterpreter.Run(OperatorCheck.Import(bytes), inputs);
        for (int run = 0; run < 2; run++)
        {
            IReadOnlyList<Tensor> actual = watched.Run(inputs);
            for (int i = 0; i < expected.Count; i++)
            {
                OperatorCheck.AssertClose(actual[i], expected[i], 1e-5, 1e-6, $"watched, output {i}");
            }
        }
    }
}
