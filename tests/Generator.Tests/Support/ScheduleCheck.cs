using System.Collections.Generic;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;
using Shouldly;

namespace AotCompiler.Tests.Support;

/// <summary>Looks at what a model is lowered to, and at what its operators evaluate to.</summary>
internal static class ScheduleCheck
{
    /// <summary>The steps of a model, whose code is not compiled.</summary>
    public static IReadOnlyList<Step> Steps(ModelBuilder model, CompilerOptions? options = null)
    {
        CompilationResult result = ModelCompiler.Compile(ModelFile.FromBytes(model.ToBytes()), NoExternalData.Instance, (options ?? new CompilerOptions()) with { AcceptsInternalOperators = true });
        result.Success.ShouldBeTrue(string.Join("\n", result.Diagnostics));
        return result.Plan!.Schedule.Steps;
    }

    /// <summary>Number of copies in a compiled model.</summary>
    public static int Copies(ModelBuilder model) => Steps(model).Count(static s => s is CopyStep);

    /// <summary>Compiles a model, compares it with the interpreter and returns the number of its copies.</summary>
    public static int RunAndCountCopies(ModelBuilder model)
    {
        OperatorCheck.Run(model);
        return Copies(model);
    }

    /// <summary>Output 0 of a model as the interpreter computes it.</summary>
    public static Tensor Evaluate(ModelBuilder model, params Tensor[] inputs) =>
        GraphInterpreter.Run(OperatorCheck.Import(model.ToBytes()), inputs)[0];

    /// <summary>0, 1, 2, … as an f32 tensor.</summary>
    public static Tensor Counting(params int[] dimensions)
    {
        var shape = new Shape(dimensions);
        return Tensor.Create(ElementType.Float32, shape, Enumerable.Range(0, (int)shape.ElementCount).Select(static i => (float)i).ToArray());
    }
}
