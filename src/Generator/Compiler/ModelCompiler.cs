using System;
using System.Collections.Generic;
using System.Threading;
using AotCompiler.Diagnostics;
using AotCompiler.Emission;
using AotCompiler.Import;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Onnx;
using AotCompiler.Optimization;
using AotCompiler.Planning;

namespace AotCompiler.Compiler;

/// <summary>The whole compiler: the stages in order. Nothing in a model file makes it throw; failures are diagnostics.</summary>
internal static class ModelCompiler
{
    /// <summary>Compiles a model.</summary>
    /// <param name="file">The model's bytes.</param>
    /// <param name="external">Gives tensors that lie in other files.</param>
    /// <param name="options">The user's choices.</param>
    /// <param name="cancellation">Ends the work with an <see cref="OperationCanceledException"/>.</param>
    public static CompilationResult Compile(ModelFile file, IExternalDataSource external, CompilerOptions options, CancellationToken cancellation = default) =>
        Compile(() => OnnxReader.Read(file.Bytes, external, ReaderLimits.Default, cancellation), file.Sha256, options, cancellation);

    /// <summary>Compiles a model that is read in the first stage, so that what is wrong with the file is a diagnostic too.</summary>
    /// <param name="read">Reads the model.</param>
    /// <param name="sha256">Hash of the file, 64 lower-case hexadecimal digits.</param>
    /// <param name="options">The user's choices.</param>
    /// <param name="cancellation">Ends the work with an <see cref="OperationCanceledException"/>.</param>
    public static CompilationResult Compile(Func<OnnxModel> read, string sha256, CompilerOptions options, CancellationToken cancellation = default)
    {
        var messages = new List<ModelDiagnostic>();
        string stage = "read";
        Graph? graph = null;
        ExecutionPlan? plan = null;
        try
        {
            OnnxModel model = FunctionInliner.Inline(read());
            stage = "import";
            graph = Import(model, options, messages, cancellation);
            stage = "optimise";
            Optimizer.Run(graph, cancellation);
            stage = "lower";
            Schedule schedule = LoweringContext.Lower(graph, options, cancellation);
            if (options.Tuning is { } tuning && TuningCheck.Check(tuning, schedule, sha256, options) is { } warning)
            {
                messages.Add(warning);
            }

            stage = "plan";
            schedule = MemoryBudget.Fit(StepOrder.Improve(schedule), options, cancellation);
            CodeGoals.Decide(schedule, ColdShare(options.Optimize));
            plan = PlanBuilder.Build(schedule, options.CheckedArena ? ArenaChecks.CanaryBytes : 0, options.ShareEverything, cancellation);
            if (options.BudgetMilliseconds is { } budget && Budget.CheckTime(schedule, DeviceSpeed.Of(options.Isa.Name), budget) is { } over)
            {
                messages.Add(over);
            }

            stage = "emit";
            GeneratedCode code = ModelEmitter.Emit(plan, new ModelMetadata(model, sha256), options, cancellation);
            return new CompilationResult(messages) { Graph = graph, Plan = plan, Code = code };
        }
        catch (ModelException e)
        {
            messages.Add(e.Diagnostic);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            messages.Add(ModelDiagnostic.Error(
                DiagnosticCodes.InternalError,
                $"The compiler failed in stage '{stage}': {e.GetType().Name}: {e.Message} This is a defect of the compiler: report it with the model. {FirstFrame(e)}"));
        }

        return new CompilationResult(messages) { Graph = graph, Plan = plan };
    }

    private static Graph Import(OnnxModel model, CompilerOptions options, List<ModelDiagnostic> messages, CancellationToken cancellation)
    {
        try
        {
            return GraphImporter.Import(model, options, messages, cancellation);
        }
        catch (ModelException e) when (e.DependsOnSizes)
        {
            throw RangeAdvice.Complete(e, model, options, cancellation);
        }
        catch (ModelException e) when (e.Diagnostic.Code == DiagnosticCodes.ShapeMismatch)
        {
            throw SizeAdvice.Complete(e, model, options, cancellation);
        }
    }

    /// <summary>
    /// Share of the estimated time whose steps are compact. A compact step may take some four times as long, so that a balanced model is slower by 2 % at most.
    /// </summary>
    private static double ColdShare(OptimizationGoal goal) => goal switch
    {
        OptimizationGoal.Size => 1,
        OptimizationGoal.Speed => 0,
        _ => 0.005,
    };

    private static string FirstFrame(Exception e)
    {
        string trace = e.StackTrace ?? string.Empty;
        int end = trace.IndexOf('\n');
        string line = (end < 0 ? trace : trace.Substring(0, end)).Trim();
        int file = line.IndexOf(" in ", StringComparison.Ordinal);
        return file < 0 ? line : line.Substring(0, file);
    }
}
