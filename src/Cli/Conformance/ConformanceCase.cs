using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Compilation;
using AotCompiler.Cli.Data;
using AotCompiler.Cli.Numerics;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Onnx;

namespace AotCompiler.Cli.Conformance;

/// <summary>One case of a suite: a model and its data sets.</summary>
/// <param name="Name">Path below the suite's folder, with slashes.</param>
/// <param name="ModelPath">Full path of the model.</param>
internal sealed record ConformanceCase(string Name, string ModelPath)
{
    /// <summary>
    /// Compiles the case. Where a shape depends on an input, the integer inputs become constants with the values of the first
    /// data set, and where that is not enough all inputs do.
    /// </summary>
    /// <exception cref="ModelException">The model cannot be compiled.</exception>
    /// <exception cref="CommandException">The data cannot be read.</exception>
    public CompiledCase Compile(CompilerOptions options, CancellationToken cancellation)
    {
        ModelSource source = ModelSource.Read(ModelPath);
        IReadOnlyList<TestDataSet> sets = TestDataSet.Find(ModelPath, new ModelInputs(source.Onnx), null);
        foreach (ConstantInputs constants in Enum.GetValues<ConstantInputs>())
        {
            OnnxModel model = WithConstants(source.Onnx, sets, constants);
            var inputs = new ModelInputs(model);
            CompilationResult result = ModelCompiler.Compile(() => model, source.File.Sha256, Bind(options, inputs, sets), cancellation);
            if (result.Success)
            {
                return new CompiledCase(this, constants == ConstantInputs.None ? sets : sets.Take(1).ToArray(), inputs, constants, result);
            }

            ModelException error = ModelSource.FirstError(result);
            if (error.Diagnostic.Code != DiagnosticCodes.ShapeNotConstant || constants == ConstantInputs.All || sets.Count == 0)
            {
                throw error;
            }
        }

        throw new InvalidOperationException("every choice of constants returns or throws");
    }

    /// <summary>Compiles the case as it is for the shapes of some data.</summary>
    /// <exception cref="ModelException">The model cannot be compiled for them.</exception>
    public CompilationResult CompileFor(ModelInputs inputs, IReadOnlyDictionary<string, TensorData> tensors)
    {
        ModelSource source = ModelSource.Read(ModelPath);
        var options = new CompilerOptions { Isa = HostVectors.Narrow(TargetIsa.TryParse("auto")!), Dimensions = inputs.BindDimensions(tensors) };
        CompilationResult result = ModelCompiler.Compile(() => source.Onnx, source.File.Sha256, options, CancellationToken.None);
        return result.Success ? result : throw ModelSource.FirstError(result);
    }

    /// <summary>The operators that the model's nodes use, and the element types of the graph's inputs among theirs; nothing if the file cannot be read.</summary>
    public IReadOnlyList<OperatorUse> Operators()
    {
        try
        {
            return OperatorUse.Of(ModelSource.Read(ModelPath).Onnx);
        }
        catch (ModelException)
        {
            return [];
        }
    }

    private static CompilerOptions Bind(CompilerOptions options, ModelInputs inputs, IReadOnlyList<TestDataSet> sets)
    {
        try
        {
            return sets.Count == 0 ? options : options with { Dimensions = inputs.BindDimensions(inputs.Match(sets[0].ReadInputs(), sets[0].Name)) };
        }
        catch (CommandException)
        {
            // Data that are no tensors: the compiler says better than the data's reader what it does not support.
            return options;
        }
    }

    private static OnnxModel WithConstants(OnnxModel model, IReadOnlyList<TestDataSet> sets, ConstantInputs constants)
    {
        if (constants == ConstantInputs.None)
        {
            return model;
        }

        var inputs = new ModelInputs(model);
        IReadOnlyDictionary<string, TensorData> data = inputs.Match(sets[0].ReadInputs(), sets[0].Name);
        IEnumerable<OnnxTensor> initializers = inputs.Required
            .Where(input => input.Type is OnnxTensorType && (constants == ConstantInputs.All || data[input.Name].Type is OnnxDataType.Int64 or OnnxDataType.Int32))
            .Select(input => ToInitializer(input.Name, data[input.Name]));
        return model with { Graph = model.Graph with { Initializers = model.Graph.Initializers.AddRange(initializers) } };
    }

    private static OnnxTensor ToInitializer(string name, TensorData data) => data.Type == OnnxDataType.String
        ? OnnxTensor.FromStrings(name, [.. data.Shape], [.. data.ToStrings().Select(static text => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(text))])
        : OnnxTensor.FromBytes(name, data.Type, [.. data.Shape], data.Data);
}
